"""The command `serve`, with a small graph handed in."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from kg.cache import CachedBuild
from kg.cli.group import Commands
from kg.errors import CablegraphError
from server.cli.serve import Build, command, serve
from server.engine.workers import graph_file


@pytest.fixture
def graph(tmp_path: Path, loader: Callable[[], Store]) -> CachedBuild:
    path = tmp_path / "graph.nq"
    path.write_text(str(loader()), encoding="utf-8")
    return graph_file.at(path)


def group(build: Build) -> Commands:
    """Return the command line with `serve`, which turns errors into exit codes."""
    return Commands(commands={"serve": command(build)})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def test_it_serves_the_graph_and_says_where(graph: CachedBuild, tmp_path: Path) -> None:
    port, asked, seen = free_port(), [], []

    def build(texts: Path | None, _: Callable[[str], None]) -> CachedBuild:
        asked.append(texts)
        return graph

    def visit() -> None:
        url = f"http://127.0.0.1:{port}/sparql?format=csv&query=SELECT(COUNT(*)AS?n)%7B?s?p?o%7D"
        for _ in range(200):
            try:
                with urllib.request.urlopen(url, timeout=5) as response:
                    seen.append(response.read())
                break
            except OSError:
                time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    visitor = threading.Timer(0.3, visit)
    arguments = ["--port", str(port), "--workers", "1", "--timeout", "3", "--texts", str(tmp_path)]
    visitor.start()
    result = CliRunner().invoke(command(build), arguments)
    visitor.join(10)

    assert seen == [b"n\r\n12\r\n"]
    assert (result.exit_code, asked) == (0, [tmp_path])
    assert result.stdout == f"cablegraph is listening on http://127.0.0.1:{port}/\n"


def spares() -> set[int]:
    """Return the spare processes of all pools of this process."""
    names = {
        int(path.parent.name): path.read_text(encoding="utf-8") for path in Path("/proc").glob("[0-9]*/comm")
    }
    mine = {pid for pid in names if os.getpgid(pid) == os.getpgid(0)}
    return {pid for pid in mine if names[pid] == "cablegraph-more\n"}


def test_log_figures_and_limits_are_there_when_asked_for(graph: CachedBuild) -> None:
    port, seen = free_port(), []

    def visit() -> None:
        seen.extend(status(port, path) for path in ("/metrics", "/", "/", "/readyz"))
        os.kill(os.getpid(), signal.SIGTERM)

    visitor = threading.Timer(0.3, visit)
    visitor.start()
    options = [
        "--port",
        str(port),
        "--workers",
        "1",
        "--metrics",
        "--access-log",
        "--rate",
        "1",
        "--behind-proxy",
    ]
    result = CliRunner().invoke(command(lambda *_: graph), options)
    visitor.join(10)
    entries = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]

    assert seen == [200, 200, 429, 200]
    assert sorted((entry["path"], entry["status"]) for entry in entries) == [
        ("/", 200),
        ("/", 429),
        ("/metrics", 200),
        ("/readyz", 200),
    ]


def status(port: int, path: str) -> int:
    """Return the status of the answer, which is waited for until the server listens."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return int(error.code)
        except OSError:
            time.sleep(0.02)
    return 0


def test_a_file_is_served_instead_of_the_records(graph: CachedBuild) -> None:
    def build(*_: object) -> CachedBuild:
        raise AssertionError("the records are not to be built")

    port, seen = free_port(), []

    def visit() -> None:
        seen.append(status(port, "/"))
        os.kill(os.getpid(), signal.SIGTERM)

    visitor = threading.Thread(target=visit)
    visitor.start()
    options = ["--graph", str(graph.nquads), "--port", str(port), "--workers", "1"]
    result = CliRunner().invoke(command(build), options)
    visitor.join(10)

    assert seen == [200]
    assert result.exit_code == 0, result.output
    assert "listening" in result.stdout


def test_without_anyone_to_replace_lost_processes_it_ends_with_a_reason(graph: CachedBuild) -> None:
    port, others = free_port(), spares()

    def kill() -> None:
        assert status(port, "/") == 200
        for pid in spares() - others:
            os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    result = CliRunner().invoke(group(lambda *_: graph), ["serve", "--port", str(port), "--workers", "1"])
    killer.join(10)

    assert result.exit_code == 2
    assert "start the service again" in result.stderr


def test_a_graph_that_cannot_be_built_ends_with_its_reason() -> None:
    def build(*_: object) -> CachedBuild:
        raise CablegraphError("records/x.yaml:3: no such actor")

    result = CliRunner().invoke(group(build), ["serve"])

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
