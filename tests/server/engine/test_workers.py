"""Workers in threads, made by a parent of this test: what happens when the system is short of everything."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from pyoxigraph import Store

from kg.errors import BusyError, MemoryLimitError
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.processes.forking import Parent, pair
from server.engine.processes.waiting import Blocking, run
from server.engine.processes.wire import Head, request_to_head
from server.engine.workers.worker import work
from server.engine.workers.workers import Workers
from server.web.http_errors import LostProcessError, ServerFaultError


class Threads(Parent):
    """Makes workers as threads; it can be full or lost, and its workers can die of a query."""

    def __init__(self, full_after: int | None = None) -> None:
        here, self._there = socket.socketpair()
        super().__init__(os.getpid(), here)
        self.full_after = full_after
        self.lost = self.deadly = False
        self.seconds = 0.0  # that a query takes
        self.socks: list[socket.socket] = []
        self.killed: list[int] = []
        self.threads: list[threading.Thread] = []

    @property
    def alive(self) -> bool:
        return not self.lost

    def fork(self, given: socket.socket, head: Head | None = None) -> int:  # noqa: ARG002
        if self.lost:
            raise LostProcessError("lost")
        if self.full_after is not None and len(self.socks) >= self.full_after:
            raise ServerFaultError("no further process")
        sock = given.dup()
        self.socks.append(sock)
        self.threads.append(threading.Thread(target=self._work, args=(sock,)))
        self.threads[-1].start()
        return len(self.socks)

    def _work(self, sock: socket.socket) -> None:
        with suppress(OSError):  # the other side was closed, or this one shut
            work(sock, Store(), Limits(), lambda _: self._die_of_a_query(sock))

    def _die_of_a_query(self, sock: socket.socket) -> None:
        time.sleep(self.seconds)
        if self.deadly:
            sock.shutdown(socket.SHUT_RDWR)

    def kill(self, pid: int) -> int:
        if self.lost:
            raise LostProcessError("lost")
        self.killed.append(pid)
        self.die(pid)
        return 9

    def die(self, pid: int) -> None:
        """Let a worker end as a process does: its side of the socket is shut."""
        with suppress(OSError):  # it may have died before
            self.socks[pid - 1].shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._there.close()
        super().close()
        for pid in range(1, len(self.socks) + 1):
            self.die(pid)
        for thread in self.threads:
            thread.join(5)
        for sock in self.socks:
            sock.close()


@pytest.fixture
def parent() -> Iterator[Threads]:
    made = Threads()
    yield made
    made.close()


def ask(workers: Workers) -> tuple[Head, bytes]:
    head = request_to_head(QueryRequest("", {"boolean": "text/boolean"}))
    del head["query"]
    return run(workers.ask(Blocking(), head, b"ASK {}"))


LIMITS = Limits(workers=2, wait=0.05)


def test_workers_of_which_one_cannot_be_started_leave_no_socket_open() -> None:
    parent = Threads(full_after=1)
    with pytest.raises(ServerFaultError, match="no further process"):
        Workers(parent, LIMITS, "v")

    assert parent.socks[0].recv(1) == b""  # the other side was closed
    parent.close()


def test_a_place_without_a_worker_is_filled_when_the_system_allows_it_again(parent: Threads) -> None:
    workers = Workers(parent, Limits(workers=1, wait=0.05), "v")
    parent.full_after = 1
    parent.die(1)
    for _ in range(3):
        with pytest.raises(ServerFaultError, match="no further process"):
            ask(workers)
    assert workers.idle == 1
    parent.full_after = None

    assert ask(workers)[1] == b"true"
    assert (workers.replaced, parent.killed) == (1, [1])
    workers.close()


def test_a_worker_that_dies_at_work_and_cannot_be_replaced_leaves_its_place(parent: Threads) -> None:
    workers = Workers(parent, Limits(workers=1, wait=0.05), "v")
    parent.full_after = 1
    parent.deadly = True

    with pytest.raises(MemoryLimitError):
        ask(workers)
    assert workers.idle == 1
    workers.close()


def test_without_the_process_with_the_data_a_death_is_no_fault_of_the_query(parent: Threads) -> None:
    workers = Workers(parent, LIMITS, "v")
    for worker in (1, 2):
        parent.die(worker)
    parent.lost = True

    with pytest.raises(LostProcessError):
        ask(workers)
    assert not workers.alive
    workers.close()


def test_closed_workers_answer_no_more(parent: Threads) -> None:
    workers = Workers(parent, LIMITS, "v")
    assert workers.alive
    workers.close()
    workers.close()

    assert not workers.alive
    with pytest.raises(BusyError, match="closing"):
        ask(workers)


def test_who_waits_for_a_worker_when_all_are_closed_is_told(parent: Threads) -> None:
    workers = Workers(parent, Limits(workers=0, wait=0.3), "v")
    closer = threading.Timer(0.1, workers.close)
    closer.start()
    with pytest.raises(BusyError, match="closing"):
        ask(workers)
    closer.join()


def test_nobody_is_refused_as_long_as_others_get_a_worker(parent: Threads) -> None:
    workers = Workers(parent, Limits(workers=1, wait=2, patience=9), "v")
    parent.seconds = 0.4
    begin = time.monotonic()
    with ThreadPoolExecutor(8) as threads:  # the last one waits for longer than two seconds
        answers = list(threads.map(lambda _: ask(workers)[1], range(8)))

    assert answers == [b"true"] * 8
    assert time.monotonic() - begin > 3
    workers.close()


def test_a_system_without_sockets_is_said_so() -> None:
    def make() -> tuple[socket.socket, socket.socket]:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with pytest.raises(ServerFaultError, match="no further socket: Too many open files"):
        pair(make)
