"""Two ways to wait for sockets, threads and futures: in a thread of its own, or in an event loop.

The rules of the pool are written once, as coroutines that wait only by one of these. With `Blocking` such a
coroutine never gives up control, so that `run` can call it like a function.
"""

from __future__ import annotations

import asyncio
import select
import socket
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, Protocol, TypeVar

from server.engine.processes.wire import Incoming

_LARGEST = 1 << 20  # bytes that are read at once
_READ, _WRITE = select.POLLIN, select.POLLOUT
Result = TypeVar("Result")
Given = ParamSpec("Given")


class Waits(Protocol):
    """What a coroutine of the pool may wait for. All raise TimeoutError after that many seconds."""

    async def ready(self, sock: socket.socket, event: int, seconds: float) -> None:
        """Return when the socket has bytes to read, or room for bytes to write."""

    async def result(self, future: Future[Result], seconds: float) -> Result:
        """Return the result of `future`, which may be waited for again after a TimeoutError."""

    async def call(
        self, function: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
    ) -> Result:
        """Return what `function` returns, which may wait in its own way."""


class Blocking:
    """Waits by blocking the present thread."""

    async def ready(self, sock: socket.socket, event: int, seconds: float) -> None:
        """Return when the socket is ready."""
        poll = select.poll()
        poll.register(sock, event)
        if not poll.poll(1000 * seconds):
            raise TimeoutError

    async def result(self, future: Future[Result], seconds: float) -> Result:
        """Return the result of `future`."""
        return future.result(seconds)

    async def call(
        self, function: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
    ) -> Result:
        """Return what `function` returns."""
        return function(*args, **named)


class InLoop:
    """Waits in the running event loop, which meanwhile does other things; `threads` are for what blocks."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads

    async def ready(self, sock: socket.socket, event: int, seconds: float) -> None:
        """Return when the socket is ready."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(seconds, _fail, ready)
        add, remove = (
            (loop.add_reader, loop.remove_reader) if event == _READ else (loop.add_writer, loop.remove_writer)
        )
        add(sock, _finish, ready)
        try:
            await ready
        finally:
            timer.cancel()
            remove(sock)

    async def result(self, future: Future[Result], seconds: float) -> Result:
        """Return the result of `future`."""
        waiting = asyncio.wrap_future(future)
        waiting.add_done_callback(_take_error)
        done, _ = await asyncio.wait([waiting], timeout=seconds)  # it does not cancel what it waits for
        if not done:
            raise TimeoutError
        return waiting.result()

    async def call(
        self, function: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
    ) -> Result:
        """Return what `function` returns, called in a thread."""
        call = self._threads.submit(function, *args, **named)
        return await asyncio.wrap_future(call)


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Return the result of a coroutine that waits only by `Blocking`."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: Result = end.value
        return result
    coroutine.close()
    raise RuntimeError("a coroutine that is called like a function must not wait for an event loop")


async def send(waits: Waits, sock: socket.socket, message: bytes, deadline: float) -> None:
    """Send all of `message`; raises TimeoutError at `deadline`, OSError if the other side is gone."""
    left = memoryview(message)
    while left:
        try:
            left = left[sock.send(left) :]
        except BlockingIOError:
            await waits.ready(sock, _WRITE, _remaining(deadline))


async def receive(waits: Waits, sock: socket.socket, incoming: Incoming, deadline: float) -> None:
    """Read until `incoming` is a whole message.

    Raises TimeoutError at `deadline`, after which it may be called again; EOFError or OSError if the other
    side is gone or has sent more.
    """
    while missing := incoming.missing:
        try:
            piece = sock.recv(min(_LARGEST, missing))
        except BlockingIOError:
            await waits.ready(sock, _READ, _remaining(deadline))
        else:
            incoming.add(piece)


def _remaining(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_exception(TimeoutError())


def _take_error(future: asyncio.Future[Any]) -> None:
    """Take the error of what nobody waits for any more.

    Else the loop tells it as lost, from the garbage collector, in whatever code runs at that moment.
    """
    if not future.cancelled():
        future.exception()
