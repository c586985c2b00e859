"""The command `serve`, with a small graph handed in."""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import request
from pyoxigraph import Store

from kg.cache import CachedBuild
from kg.cli.group import Commands
from kg.errors import BusyError, CablegraphError
from kg.reading.collection.collection import Collection
from server import create_app
from server.cli.preparing import prepare
from server.cli.serve import Build, command, serve
from server.engine.evaluation.query_request import Limits
from server.engine.workers import graph_file
from server.engine.workers.pool import Pool

from ..running import children


@pytest.fixture
def graph(tmp_path: Path, loader: Callable[[], Store]) -> CachedBuild:
    path = tmp_path / "graph.nq"
    path.write_text(str(loader()), encoding="utf-8")
    return graph_file.at(path)


def group(build: Build) -> Commands:
    """Return the command line with `serve`, which turns errors into exit codes."""
    return Commands(commands={"serve": command(build)})


def served(app: click.Command, arguments: list[str], visit: Callable[[str], None]) -> tuple[int, str, str]:
    """Run a command that listens; `visit` is given the address once it does.

    Return the exit code and what the command wrote to standard output and standard error.
    """
    read, write = os.pipe()
    said: list[str] = []
    errors = io.StringIO()

    def guest() -> None:
        said.append(out.readline())
        visit(said[0].split()[-1])

    with open(read, encoding="utf-8") as out:  # noqa: PTH123 - a descriptor
        visitor = threading.Thread(target=guest)
        visitor.start()
        with (
            open(write, "w", buffering=1, encoding="utf-8") as stdout,  # noqa: PTH123
            redirect_stdout(stdout),
            redirect_stderr(errors),
            pytest.raises(SystemExit) as ended,
        ):
            app.main([*arguments, "--port", "0", "--workers", "1"])
        visitor.join(10)
        said.append(out.read())
    return int(str(ended.value.code)), "".join(said), errors.getvalue()


def end_after(visit: Callable[[str], None]) -> Callable[[str], None]:
    """Return a visitor that ends the service when it has made its visit."""

    def visitor(address: str) -> None:
        try:
            visit(address)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    return visitor


def test_it_serves_the_graph_and_says_where(graph: CachedBuild, tmp_path: Path) -> None:
    asked: list[Path | None] = []
    seen: list[bytes | str] = []

    def build(texts: Path | None, _: Callable[[str], None], __: Collection) -> CachedBuild:
        asked.append(texts)
        return graph

    def visit(address: str) -> None:
        url = f"{address}sparql?format=csv&query=SELECT(COUNT(*)AS?n)%7B?s?p?o%7D"
        with urllib.request.urlopen(url, timeout=60) as response:  # noqa: S310
            seen.extend((address, response.read()))

    code, said, _ = served(command(build), ["--timeout", "3", "--texts", str(tmp_path)], end_after(visit))

    assert seen[1:] == [b"n\r\n12\r\n"]
    assert (code, asked) == (0, [tmp_path])
    assert said == f"cablegraph is listening on {seen[0]!s}\n"


def spares() -> set[int]:
    """Return the spare processes of all pools of this process: its children, and those of their children."""
    first = children(os.getpid())
    both = {*first, *(pid for one in first for pid in children(one))}
    return {
        pid for pid in both if Path(f"/proc/{pid}/comm").read_text(encoding="ascii") == "cablegraph-more\n"
    }


def test_log_figures_and_limits_are_there_when_asked_for(graph: CachedBuild) -> None:
    seen: list[int] = []
    options = ["--metrics", "--access-log", "--rate", "1", "--behind-proxy"]

    def visit(address: str) -> None:
        seen.extend(status(address, path) for path in ("metrics", "", "", "readyz"))

    _, _, errors = served(command(lambda *_: graph), options, end_after(visit))
    entries = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]

    assert seen == [200, 200, 429, 200]
    assert sorted((entry["path"], entry["status"]) for entry in entries) == [
        ("/", 200),
        ("/", 429),
        ("/metrics", 200),
        ("/readyz", 200),
    ]


def status(address: str, path: str = "") -> int:
    """Return the status of the response."""
    try:
        with urllib.request.urlopen(address + path, timeout=60) as response:  # noqa: S310
            return int(response.status)
    except urllib.error.HTTPError as error:
        return int(error.code)


def test_a_file_is_served_instead_of_the_records(graph: CachedBuild) -> None:
    def build(*_: object) -> CachedBuild:
        raise AssertionError("the records are not to be built")

    seen: list[int] = []
    options = ["--graph", str(graph.nquads)]
    code, said, errors = served(command(build), options, end_after(lambda at: seen.append(status(at))))

    assert seen == [200]
    assert code == 0, errors
    assert "listening" in said


def test_without_anyone_to_replace_lost_processes_it_ends_with_a_reason(graph: CachedBuild) -> None:
    others = spares()

    def kill(address: str) -> None:
        assert status(address) == 200
        for pid in spares() - others:
            os.kill(pid, signal.SIGKILL)

    code, _, errors = served(group(lambda *_: graph), ["serve"], kill)

    assert code == 2
    assert "start the service again" in errors


def test_a_graph_that_cannot_be_built_ends_with_its_reason() -> None:
    def build(*_: object) -> CachedBuild:
        raise CablegraphError("records/x.yaml:3: no such actor")

    result = CliRunner().invoke(group(build), ["serve", "--port", "0"])

    assert result.exit_code == 2
    assert result.stderr == "cablegraph: records/x.yaml:3: no such actor\n"


def test_a_broken_file_ends_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("nonsense", encoding="utf-8")
    result = CliRunner().invoke(group(lambda *_: graph_file.at(path)), ["serve", "--port", "0"])

    assert result.exit_code == 2
    assert "cannot be loaded" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["--port", "99999"], ["--timeout", "0"], ["--workers", "0"], ["--texts", "/none"]]
)
def test_wrong_options_are_refused(arguments: list[str], graph: CachedBuild) -> None:
    assert CliRunner().invoke(command(lambda *_: graph), arguments).exit_code == 2


def test_the_command_line_finds_it_under_its_name() -> None:
    assert serve.name == "serve"


def test_help_tells_the_defaults(graph: CachedBuild) -> None:
    text = " ".join(CliRunner().invoke(command(lambda *_: graph), ["--help"]).stdout.split())

    for default in ("127.0.0.1", "8000", "10.0"):
        assert f"default: {default}" in text


def test_what_the_first_visitor_needs_is_made_at_the_start_and_after_a_reload(graph: CachedBuild) -> None:
    asked: queue.Queue[str] = queue.Queue()
    refusals = [BusyError("busy")]  # what fails is tried again for the first visitor
    ended = threading.Event()
    with Pool(lambda: graph_file.load(graph), Limits(workers=1), graph.version) as pool:
        app = create_app(pool, data_version=pool.version, queries={})

        @app.before_request
        def noted() -> None:
            asked.put(request.full_path)
            if refusals:
                raise refusals.pop()

        thread = threading.Thread(target=prepare, args=(app, pool, ended))
        thread.start()
        first = [asked.get(timeout=60) for _ in range(18)]
        pool.reload(graph)
        second = [asked.get(timeout=60) for _ in range(18)]
        ended.set()
        thread.join()

    assert first == second
    assert first[0] == "/search?q=first&format=html"
    assert len(set(first)) == 18
