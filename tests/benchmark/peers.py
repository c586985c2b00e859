"""The servers that are compared: each a process of its own on loopback, on the same file."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

PACKAGES = ("oxigraph>=0.5,<0.6", "rdflib-endpoint[cli]>=0.6,<0.7")
_ROOT = Path(__file__).parents[2]
_START = 900.0  # seconds; rdflib reads slowly
_END = 20.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A running server: where it listens, at which path, how long it took to start, its processes."""

    name: str
    port: int
    path: str
    seconds: float
    pid: int


# The service without and with its memory of answers.
OURS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cold": ("-m", "kg", "serve", "--cache-size", "0"),
        "warm": ("-m", "kg", "serve", "--cache-size", "64"),
    }
)


def environment(folder: Path) -> Path:
    """Return the programs of a virtual environment in `folder` that has the other servers."""
    programs = folder / "bin"
    if not (programs / "rdflib-endpoint").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([programs / "pip", "install", "--quiet", *PACKAGES], check=True)
    return programs


@contextmanager
def ours(name: str, file: Path, log: Path) -> Iterator[Peer]:
    """Run this service on `file`, as one of OURS."""
    command = [sys.executable, *OURS[name], "--graph", str(file), "--timeout", "120"]
    with _running(name, command, "/sparql", log, port="--port") as peer:
        yield peer


@contextmanager
def native(programs: Path, file: Path, log: Path) -> Iterator[Peer]:
    """Run `oxigraph serve-read-only` on a database made of `file`, which is not timed."""
    database = log.parent / f"{file.stem}.oxigraph"
    if not database.exists():
        load = [programs / "oxigraph", "load", "--location", database, "--file", file]
        subprocess.run(load, check=True, capture_output=True)
    command = [str(programs / "oxigraph"), "serve-read-only", "--location", str(database)]
    with _running("native", [*command, "--union-default-graph"], "/query", log, bind="--bind") as peer:
        yield peer


@contextmanager
def rdflib(programs: Path, file: Path, log: Path) -> Iterator[Peer]:
    """Run `rdflib-endpoint` on `file`."""
    command = [str(programs / "rdflib-endpoint"), "serve", str(file), "--host", "127.0.0.1"]
    with _running("rdflib", command, "/", log, port="--port") as peer:
        yield peer


@contextmanager
def _running(
    name: str, command: list[str], path: str, log: Path, *, port: str = "", bind: str = ""
) -> Iterator[Peer]:
    number = _free_port()
    where = [port, str(number)] if port else [bind, f"127.0.0.1:{number}"]
    begin = time.monotonic()
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [*command, *where], cwd=_ROOT, stdout=output, stderr=output, process_group=0
        ) as process,
    ):
        try:
            _wait(number, process)
            yield Peer(name, number, path, time.monotonic() - begin, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(_END)
            except subprocess.TimeoutExpired:  # a query that cannot be stopped
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ChildProcessError(f"the server ended with {process.returncode}; see the log")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the server does not listen; see the log")


def memory(peer: Peer) -> Mapping[str, float]:
    """Return resident memory in MiB: of each process of `peer` its own part, and shared parts once."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    sizes = {pid: _smaps(pid) for pid in pids if _group(pid) == peer.pid or _ancestor(pid, peer.pid)}
    return {
        "all": sum(size["Pss"] for size in sizes.values()) / 1024,
        "smallest": min((size["Uss"] for size in sizes.values()), default=0) / 1024,
        "processes": float(len(sizes)),
    }


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _ancestor(pid: int, wanted: int) -> bool:
    while pid > 1:
        if pid == wanted:
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            return False
    return False


def _smaps(pid: int) -> dict[str, int]:
    sizes = {"Pss": 0, "Uss": 0}
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return sizes
    for line in lines:
        key, _, rest = line.partition(":")
        if key == "Pss":
            sizes["Pss"] = int(rest.split()[0])
        elif key in ("Private_Clean", "Private_Dirty"):
            sizes["Uss"] += int(rest.split()[0])
    return sizes
