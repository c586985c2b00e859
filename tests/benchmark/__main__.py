"""Compare this service with the native server and with rdflib-endpoint, on the same data at the same time.

Run it by hand: `python tests/benchmark/run.py`. It takes some minutes and prints tables of Markdown.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import click

from kg import cache

from . import peers, tables
from .corpus import lines, quads
from .measuring import Cell, compare
from .peers import Peer
from .questions import QUESTIONS, REAL, about

_RDFLIB_UP_TO = 1000  # telegrams; beyond, it would take hours to start


@click.command()
@click.option("--telegrams", type=int, multiple=True, default=(2, 1000), show_default=True)
@click.option("--peers", "folder", type=click.Path(path_type=Path), help="Keep the other servers here.")
@click.option("--without-rdflib", is_flag=True)
def main(telegrams: tuple[int, ...], folder: Path | None, *, without_rdflib: bool) -> None:
    """Run the whole comparison for each number of TELEGRAMS."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        programs = peers.environment(folder or work / "peers")
        _say(f"{_machine()}\n\n{_versions()}")
        for count in telegrams:
            file = _data(count, work)
            slow = without_rdflib or count > _RDFLIB_UP_TO
            _one(count, file, programs, work / "log", with_rdflib=not slow)


def _one(count: int, file: Path, programs: Path, log: Path, *, with_rdflib: bool) -> None:
    _say(f"\n## {count} telegrams, {file.stat().st_size / 1e6:.3g} MB of N-Quads\n")
    with ExitStack() as stack:
        running = [
            stack.enter_context(peers.native(programs, file, log)),
            *(stack.enter_context(peers.ours(name, file, log)) for name in peers.OURS),
        ]
        if with_rdflib:
            running.append(stack.enter_context(peers.rdflib(programs, file, log)))
        table = compare(running, about(REAL) if count == 2 else QUESTIONS)
        _report(table, running)


def _report(table: Mapping[str, Mapping[str, Cell]], running: list[Peer]) -> None:
    _say(tables.ratios(table))
    _say("\nAnswers a second, four connections:\n")
    _say(tables.absolute(table, lambda cell: cell.rate, ",.0f"))
    _say("\nMinima in ms:\n")
    _say(tables.absolute(table, lambda cell: cell.best, ".3g"))
    _say(
        "\n| server | start, s | memory, MiB | processes | least own memory of a process, MiB |\n"
        + "|---" * 5
        + "|"
    )
    for peer in running:
        size = peers.memory(peer)
        _say(
            f"| {peer.name} | {peer.seconds:.2g} | {size['all']:.0f} | {size['processes']:.0f} "
            f"| {size['smallest']:.1f} |"
        )


def _data(count: int, folder: Path) -> Path:
    """Return the file with the two real telegrams and as many more as `count` needs."""
    file = folder / f"{count}.nq"
    with file.open("wb") as output:
        with cache.current().nquads.open("rb") as real:
            shutil.copyfileobj(real, output)
        if count > 2:
            output.writelines(lines(quads(count - 2)))
    return file


def _machine() -> str:
    memory = Path("/proc/meminfo").read_text().split()[1]
    cores = os.cpu_count()
    return f"{cores} cores, {int(memory) >> 20} GiB, {platform.system()}, Python {platform.python_version()}"


def _versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in ("cablegraph", "pyoxigraph", "flask", "uvicorn"))


def _say(text: str) -> None:
    click.echo(text)


if __name__ == "__main__":
    main()
