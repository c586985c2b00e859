"""A parent in a thread of this process follows commands; what it forks is handed in."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.engine.processes.forking import Parent, is_open, obey
from server.engine.processes.wire import Head
from server.web.http_errors import LostProcessError, ServerFaultError

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@contextmanager
def parent(fork: Callable[[int, Head], int]) -> Iterator[Parent]:
    """A parent that obeys in a thread until the context ends."""
    here, there = socket.socketpair()

    def follow() -> None:
        with there:
            obey(there, fork)

    thread = threading.Thread(target=follow)
    thread.start()
    made = Parent(os.getpid(), here)
    yield made
    made.close()
    thread.join(10)
    assert not thread.is_alive()


def test_it_forks_kills_and_waits_and_at_the_end_kills_the_rest() -> None:
    started: list[subprocess.Popen[bytes]] = []
    heads: list[Head] = []

    def fork(_: int, head: Head) -> int:
        started.append(subprocess.Popen(SLEEPER))
        heads.append(head)
        return started[-1].pid

    here, there = socket.socketpair()
    with here, there, parent(fork) as made:
        first, second = made.fork(there, {"kind": "x"}), made.fork(there)
        status = made.kill(first)
        assert made.kill(first) == -1  # it is not its child any more
        assert made.alive

    assert heads == [{"kind": "x"}, {}]
    assert {first, second} == {process.pid for process in started}
    assert os.WTERMSIG(status) == signal.SIGKILL
    for process in started:
        process.returncode = -9  # the parent has waited for it
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)


def test_a_system_without_a_further_process_is_said_so() -> None:
    def fork(*_: object) -> int:
        raise BlockingIOError("no process")

    here, there = socket.socketpair()
    with here, there, parent(fork) as made:
        with pytest.raises(ServerFaultError, match="no further process"):
            made.fork(there)
        assert made.alive


def test_a_parent_that_is_gone_is_noticed() -> None:
    here, there = socket.socketpair()
    made = Parent(1, here)
    there.close()

    assert not made.alive
    with pytest.raises(LostProcessError):
        made.kill(2)
    made.close()
    made.stop()
    assert not made.alive


def test_a_socket_is_open_as_long_as_its_other_side_is() -> None:
    here, there = socket.socketpair()
    with here:
        assert is_open(here)
        there.sendall(b"x")
        assert is_open(here)
        there.close()
        here.recv(1)
        assert not is_open(here)
    assert not is_open(here)


KNOTS = """
import gc, os, socket, pyoxigraph
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.workers.pool import Pool

class Knot:
    def __init__(self):
        self.me, self.sockets = self, socket.socketpair()

def load():
    os.register_at_fork(after_in_child=gc.collect)  # when the worker has just been forked
    return pyoxigraph.Store()

gc.disable()
for _ in range(200):
    Knot()
with Pool(load, Limits(workers=1)) as pool:
    print(pool.answer(QueryRequest("ASK {}", {"boolean": "text/csv"})).kind)
"""
NUMBERS = """
import os, pyoxigraph
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.workers.pool import Pool

for _ in range(5):
    os.pipe()
os.register_at_fork(after_in_child=lambda: os.closerange(3, 13))  # those of the pipes
with Pool(pyoxigraph.Store, Limits(workers=1)) as pool:
    print(pool.answer(QueryRequest("ASK {}", {"boolean": "text/csv"})).kind)
"""


@pytest.mark.parametrize("program", [KNOTS, NUMBERS], ids=["garbage", "handlers"])
def test_what_the_parent_had_does_not_close_the_sockets_of_a_worker(program: str) -> None:
    """A forked process has the objects of its parent, and its handlers, which know numbers from there."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "boolean\n"), done.stderr
