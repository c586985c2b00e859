"""The command `serve`, with a small graph handed in."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from kg.cache import Built
from kg.commands import Commands
from kg.errors import CablegraphError
from server.command import Build, command, serve


@pytest.fixture
def graph(tmp_path: Path, loader: Callable[[], Store]) -> Built:
    path = tmp_path / "graph.nq"
    path.write_text(str(loader()), encoding="utf-8")
    return Built(path, "v1")


def group(build: Build) -> Commands:
    """Return the command line with `serve`, which turns errors into exit codes."""
    return Commands(commands={"serve": command(build)})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def test_it_serves_the_graph_and_says_where(graph: Built, tmp_path: Path) -> None:
    port, asked, seen = free_port(), [], []

    def build(texts: Path | None, _: Callable[[str], None]) -> Built:
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


def test_a_graph_that_cannot_be_built_ends_with_its_reason() -> None:
    def build(*_: object) -> Built:
        raise CablegraphError("records/x.yaml:3: no such actor")

    result = CliRunner().invoke(group(build), ["serve"])

    assert result.exit_code == 2
    assert result.stderr == "cablegraph: records/x.yaml:3: no such actor\n"


def test_a_broken_file_ends_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("nonsense", encoding="utf-8")
    result = CliRunner().invoke(group(lambda *_: Built(path, "v")), ["serve", "--port", "0"])

    assert result.exit_code == 2
    assert "cannot be loaded" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["--port", "99999"], ["--timeout", "0"], ["--workers", "0"], ["--texts", "/none"]]
)
def test_wrong_options_are_refused(arguments: list[str], graph: Built) -> None:
    assert CliRunner().invoke(command(lambda *_: graph), arguments).exit_code == 2


def test_the_command_line_finds_it_under_its_name() -> None:
    assert serve.name == "serve"


def test_help_tells_the_defaults(graph: Built) -> None:
    text = " ".join(CliRunner().invoke(command(lambda *_: graph), ["--help"]).stdout.split())

    for default in ("127.0.0.1", "8000", "10.0"):
        assert f"default: {default}" in text
