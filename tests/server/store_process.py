"""Stores of others as processes of their own, on a free port of this machine, ended with a context."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_START = 60.0  # seconds


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until it listens, and end it with the context; what it writes is in `log` in the folder."""
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=folder, stdout=output, stderr=output) as process,
    ):
        try:
            _wait(port, process, log)
            yield process
        finally:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"the server does not listen: {log.read_text(encoding='utf-8', errors='replace')[-500:]}")


def oxigraph(port: int) -> list[str]:
    """Return the command of Oxigraph's server in memory; its absence skips the test."""
    program = os.environ.get("CABLEGRAPH_OXIGRAPH") or shutil.which("oxigraph")
    if not program:
        pytest.skip("oxigraph is not here; pip install oxigraph, or name it in CABLEGRAPH_OXIGRAPH")
    return [program, "serve", "--union-default-graph", "--bind", f"127.0.0.1:{port}"]


def virtuoso(folder: Path, port: int, own: int) -> list[str]:
    """Return the command of a Virtuoso in `folder`, and write its settings; `own` is the port of its protocol."""
    program = shutil.which("virtuoso-t")
    if not program or not shutil.which("isql-vt"):
        pytest.skip("Virtuoso is not here; apt-get install virtuoso-opensource-7-bin")
    settings = f"""
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = {own}
DisableUnixSocket = 1
DirsAllowed = .
MaxSortedTopRows = 1000000
[HTTPServer]
ServerPort = {port}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 100000
"""
    (folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
    return [program, "+foreground", "+configfile", "virtuoso.ini"]
