"""The parent of the workers follows commands; what it forks is handed in."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading

import pytest
from pyoxigraph import Store

from kg.errors import CablegraphError
from server import zygote
from server.messages import Limits

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_it_forks_kills_and_buries_and_at_the_end_kills_the_rest() -> None:
    here, there = socket.socketpair()
    started: list[subprocess.Popen[bytes]] = []

    def fork(_: int) -> int:
        started.append(subprocess.Popen(SLEEPER))
        return started[-1].pid

    thread = threading.Thread(target=zygote.obey, args=(there, fork))
    thread.start()
    with there:
        with here:
            first, _ = (command(here, zygote.FORK, there) for _ in range(2))
            status = command(here, zygote.KILL + zygote.NUMBER.pack(first))
        thread.join(10)

    assert os.WTERMSIG(status) == signal.SIGKILL
    for process in started:
        process.returncode = -9  # the zygote has waited for it
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)


def command(sock: socket.socket, message: bytes, sent: socket.socket | None = None) -> int:
    socket.send_fds(sock, [message], [sent.fileno()] if sent else [])
    return int(zygote.NUMBER.unpack(sock.recv(8))[0])


def test_a_graph_that_cannot_be_loaded_is_said_so() -> None:
    def load() -> Store:
        raise CablegraphError("there is no such graph")

    with pytest.raises(CablegraphError, match=r"cannot be loaded: there is no such graph"):
        zygote.start(load, Limits())


def test_a_loader_that_dies_is_noticed() -> None:
    def load() -> Store:
        os._exit(3)

    with pytest.raises(CablegraphError, match="ended without a reason"):
        zygote.start(load, Limits())
