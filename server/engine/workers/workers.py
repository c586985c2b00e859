"""The workers of one state of the graph, and the data process that holds it and forks them."""

from __future__ import annotations

import queue
import socket
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from kg.errors import BusyError, MemoryLimitError, TimeLimitError
from server.engine.evaluation.query_request import Limits
from server.engine.workers.forking import Parent, is_open, pair
from server.engine.workers.wire import Head, receive, send
from server.engine.workers.worker import memory_message
from server.web.http_errors import LostProcessError, ServerFaultError

_BUSY = "All workers are busy with other queries; try again in a moment."
_CLOSING = "The service is closing."
_LATE = (
    "The query took longer than {seconds:g} s and was stopped. Join on fewer variables, narrow a pattern, "
    "or take a part with LIMIT in a subquery; sending the same query again will not help."
)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that answers queries: its process ID, and the socket to send them to."""

    pid: int
    sock: socket.socket


class Workers:
    """Workers forked by one `parent`, the data process, which holds the data of `version`.

    `users` is the number of threads that use them, counted by the owner. `replaced` is the number of
    workers that were killed, or died, and were replaced.
    """

    def __init__(self, parent: Parent, limits: Limits, version: str) -> None:
        self.parent, self.version, self._limits = parent, version, limits
        self.users = 0
        self.replaced = 0
        self.closed = False
        # None is a place for a worker that is still to be started.
        self._free: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        try:
            for _ in range(limits.workers):
                self._free.put(self._start())
        except BaseException:
            self._close_sockets()
            raise

    @property
    def alive(self) -> bool:
        """Whether the data process is running."""
        return not self.closed and self.parent.alive

    @property
    def idle(self) -> int:
        """How many workers wait for a query."""
        return self._free.qsize()

    def ask(self, head: Head, query: bytes) -> tuple[Head, bytes]:
        """Return the message with which a worker answers `query`.

        Raises TimeLimitError, MemoryLimitError, BusyError after `wait` seconds without a free
        worker or if the workers are closed, LostProcessError if the data process was killed,
        and ServerFaultError if the system allows no further process.
        """
        seconds = min(self._limits.timeout, head["timeout"] or self._limits.timeout)
        worker = self._next()
        healthy = False
        try:
            reply = self._reply(worker, head | {"seconds": seconds}, query)
            healthy = True
        finally:
            self._give_back(worker, healthy=healthy)
        return reply

    def close(self) -> None:
        """End the workers and the data process; a second call does nothing."""
        if self.closed:
            return
        self.closed = True
        self.parent.close()
        self._close_sockets()

    def _close_sockets(self) -> None:
        while not self._free.empty():
            worker = self._free.get()
            if worker:
                worker.sock.close()

    def _start(self) -> Worker:
        here, there = pair()
        with there, ExitStack() as on_failure:
            on_failure.enter_context(here)
            worker = Worker(self.parent.fork(there), here)
            on_failure.pop_all()
        return worker

    def _reply(self, worker: Worker, head: Head, query: bytes) -> tuple[Head, bytes]:
        """Return the message of `worker`; raises as `ask` does if it is late or has died."""
        seconds = head["seconds"]
        deadline = time.monotonic() + seconds
        try:
            worker.sock.settimeout(seconds)
            send(worker.sock, head, query)
            return receive(worker.sock, deadline)
        except TimeoutError:
            raise TimeLimitError(_LATE.format(seconds=seconds)) from None
        except (EOFError, OSError):
            raise self._reason_of_death() from None

    def _reason_of_death(self) -> MemoryLimitError | BusyError | LostProcessError:
        """Return the error for a worker that died during a query; all workers die with their parent."""
        if self.closed:
            return BusyError(_CLOSING)
        if not self.parent.alive:
            return LostProcessError("The data process was killed.")
        return MemoryLimitError(memory_message(self._limits))

    def _next(self) -> Worker:
        if self.closed:
            raise BusyError(_CLOSING)
        worker = self._take()
        while not self.closed and (worker is None or not is_open(worker.sock)):
            self._replace(worker)
            worker = self._take()
        if worker is None:
            raise BusyError(_CLOSING)
        return worker

    def _take(self) -> Worker | None:
        try:
            return self._free.get(timeout=self._limits.wait)
        except queue.Empty:
            raise BusyError(_CLOSING if self.closed else _BUSY) from None

    def _give_back(self, worker: Worker, *, healthy: bool) -> None:
        if healthy and not self.closed:
            self._free.put(worker)
        elif self.closed:
            worker.sock.close()
        else:
            with suppress(ServerFaultError):  # the next query tries again and gets the error
                self._replace(worker)

    def _replace(self, worker: Worker | None) -> None:
        """Replace `worker` by a new one, or by None if none can be started now."""
        replacement = None
        try:
            if worker:
                worker.sock.close()
                self.parent.kill(worker.pid)
            replacement = self._start()
            self.replaced += 1
        finally:
            self._free.put(replacement)
