"""A pool of worker processes that answer SPARQL queries and are killed when they take too long."""

from __future__ import annotations

import os
import queue
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pyoxigraph import Store

from kg.errors import BusyError, MemoryLimitError, QuerySyntaxError, TimeLimitError
from server import zygote
from server.messages import Answer, Head, Limits, Request, receive, request_to_head, send
from server.refusals import ServerFaultError
from server.worker import answer_from, memory_message

__all__ = ["Answer", "Limits", "Pool", "Request"]

_BUSY = "All workers are busy with other queries; ask again in a moment."
_CLOSING = "The service is closing."
_LATE = (
    "The query took longer than {seconds:g} s and was ended. Join on fewer variables, narrow a pattern, "
    "or take a part with LIMIT inside a sub-query; asking the same again will not help."
)
_NO_POOL = "The service has lost its data process and must be started again."


@dataclass(frozen=True, slots=True)
class _Worker:
    pid: int
    sock: socket.socket


class Pool:
    """Workers that share one store, which `load` makes in a process of its own.

    Make it before the first thread, and in the thread that lives longest: on Linux the processes
    end with the thread that started them. `process` is the id of the process that holds the data,
    the parent of all workers. Raises CablegraphError when `load` fails.
    """

    def __init__(self, load: Callable[[], Store], limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._closed = False
        self.process, self._control = zygote.start(load, self.limits)
        self._free: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for _ in range(self.limits.workers):
            self._free.put(self._hire())

    def __enter__(self) -> Self:
        """Return the pool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pool."""
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the process that holds the data is there."""
        with self._lock:
            return not self._closed and _is_open(self._control)

    @property
    def idle(self) -> int:
        """How many workers wait for a query."""
        return self._free.qsize()

    def answer(self, request: Request) -> Answer:
        """Return the complete answer to `request`.

        Raises QuerySyntaxError, ForbiddenError (service or update), TimeLimitError,
        MemoryLimitError, SizeLimitError, BusyError after `limits.wait` seconds without a free
        worker, NotAcceptableError when the request wants no format of the result's kind, and
        ServerFaultError when the pool itself is broken.
        """
        head, query = _encoded(request)
        worker = self._next_worker()
        healthy = False
        try:
            reply = self._exchange(worker, head, query)
            healthy = True
        except TimeoutError:
            raise TimeLimitError(_LATE.format(seconds=head["seconds"])) from None
        except (EOFError, OSError):
            if self._closed:
                raise BusyError(_CLOSING) from None
            raise MemoryLimitError(memory_message(self.limits)) from None
        finally:
            self._give_back(worker, healthy=healthy)
        return answer_from(*reply)

    def close(self) -> None:
        """End all processes of the pool and wait for them; a second call does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._control.close()
            os.waitpid(self.process, 0)
        while not self._free.empty():
            self._free.get().sock.close()

    def _next_worker(self) -> _Worker:
        worker = self._take()
        while not self._closed and not _is_open(worker.sock):  # somebody killed it while it waited
            self._give_back(worker, healthy=False)
            worker = self._take()
        return worker

    def _take(self) -> _Worker:
        try:
            return self._free.get(timeout=self.limits.wait)
        except queue.Empty:
            if self.alive:
                raise BusyError(_BUSY) from None
            raise ServerFaultError(_NO_POOL) from None

    def _exchange(self, worker: _Worker, head: Head, query: bytes) -> tuple[Head, bytes]:
        seconds = min(self.limits.timeout, head["timeout"] or self.limits.timeout)
        head["seconds"] = seconds
        deadline = time.monotonic() + seconds
        worker.sock.settimeout(seconds)
        send(worker.sock, head, query)
        return receive(worker.sock, deadline)

    def _give_back(self, worker: _Worker, *, healthy: bool) -> None:
        if healthy and not self._closed:
            self._free.put(worker)
            return
        worker.sock.close()
        if not self._closed:
            self._command(zygote.KILL + zygote.NUMBER.pack(worker.pid))
            self._free.put(self._hire())

    def _hire(self) -> _Worker:
        here, there = socket.socketpair()
        with there, ExitStack() as unless_hired:
            unless_hired.enter_context(here)
            worker = _Worker(self._command(zygote.FORK, there), here)
            unless_hired.pop_all()
        return worker

    def _command(self, message: bytes, sent: socket.socket | None = None) -> int:
        with self._lock:
            try:
                socket.send_fds(self._control, [message], [sent.fileno()] if sent else [])
                reply = self._control.recv(zygote.NUMBER.size, socket.MSG_WAITALL)
                return int(zygote.NUMBER.unpack(reply)[0])
            except (OSError, struct.error):
                raise ServerFaultError(_NO_POOL) from None


def _is_open(sock: socket.socket) -> bool:
    """Tell whether the other side of `sock`, which has nothing to say now, is still there."""
    sock.settimeout(None)  # with a time-out Python would wait for something to read
    try:
        return bool(sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError as error:
        return isinstance(error, BlockingIOError)


def _encoded(request: Request) -> tuple[Head, bytes]:
    head = request_to_head(request)
    try:
        return head, head.pop("query").encode()
    except UnicodeEncodeError:
        raise QuerySyntaxError("This is not SPARQL: it holds half of a surrogate pair.") from None
