"""The two ways to wait: in a thread, and in an event loop; each does what the other does."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from server.engine.processes import waiting, wire
from server.engine.processes.waiting import Blocking, InLoop, Waits
from server.engine.processes.wire import Incoming

Run = Callable[[Callable[[Waits], Coroutine[Any, Any, Any]]], Any]
LARGE = bytes(range(256)) * 20_000  # more than a socket holds


@pytest.fixture(params=["thread", "loop"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Runs what is made of a way to wait."""
    if request.param == "thread":
        yield lambda made: waiting.run(made(Blocking()))
    else:
        with ThreadPoolExecutor(2, "repair") as threads:
            yield lambda made: asyncio.run(made(InLoop(threads)))


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        here.setblocking(False)
        yield here, there


def soon(seconds: float = 10) -> float:
    return time.monotonic() + seconds


def test_messages_larger_than_a_socket_holds_go_and_come(
    run: Run, ends: tuple[socket.socket, socket.socket]
) -> None:
    here, there = ends

    def echo() -> None:
        wire.send(there, *wire.receive(there))

    async def talk(waits: Waits) -> tuple[wire.Head, bytes]:
        incoming = Incoming()
        await waiting.send(waits, here, wire.message({"a": 1}, LARGE), soon())
        await waiting.receive(waits, here, incoming, soon())
        return incoming.message()

    other = threading.Thread(target=echo)
    other.start()
    assert run(talk) == ({"a": 1}, LARGE)
    other.join(5)


def test_a_message_that_is_late_may_be_waited_for_again(
    run: Run, ends: tuple[socket.socket, socket.socket]
) -> None:
    here, there = ends
    whole = wire.message({}, b"abc")

    async def talk(waits: Waits) -> tuple[wire.Head, bytes]:
        incoming = Incoming()
        there.sendall(whole[:5])
        for seconds in (0.02, -1):
            with pytest.raises(TimeoutError):
                await waiting.receive(waits, here, incoming, soon(seconds))
        there.sendall(whole[5:])
        await waiting.receive(waits, here, incoming, soon())
        return incoming.message()

    assert run(talk) == ({}, b"abc")


def test_a_reader_that_reads_nothing_is_not_waited_for_beyond_the_deadline(
    run: Run, ends: tuple[socket.socket, socket.socket]
) -> None:
    async def talk(waits: Waits) -> None:
        await waiting.send(waits, ends[0], LARGE, soon(0.02))

    with pytest.raises(TimeoutError):
        run(talk)


def test_the_end_of_the_other_side_is_an_end(run: Run, ends: tuple[socket.socket, socket.socket]) -> None:
    async def talk(waits: Waits) -> None:
        ends[1].close()
        await waiting.receive(waits, ends[0], Incoming(), soon())

    with pytest.raises(EOFError):
        run(talk)


def test_a_result_is_waited_for_and_may_be_waited_for_again(run: Run) -> None:
    there, late = Future[int](), Future[int]()
    timer = threading.Timer(0.02, there.set_result, (7,))
    timer.start()

    assert run(lambda waits: waits.result(there, 10)) == 7
    with pytest.raises(TimeoutError):
        run(lambda waits: waits.result(late, 0.01))
    late.set_result(8)
    assert run(lambda waits: waits.result(late, 0.01)) == 8
    timer.join()


def test_an_error_after_the_last_wait_is_told_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async def talk(waits: Waits) -> None:
        late = Future[int]()
        with pytest.raises(TimeoutError):
            await waits.result(late, 0.01)
        late.set_exception(OSError("broke off"))
        await asyncio.sleep(0.01)  # the loop is told

    with ThreadPoolExecutor(1) as threads:
        asyncio.run(talk(InLoop(threads)))
    gc.collect()

    assert not [record for record in caplog.records if record.name == "asyncio"]


def test_an_error_is_raised_by_the_wait_for_it(run: Run) -> None:
    late = Future[int]()
    timer = threading.Timer(0.02, late.set_exception, (OSError("broke off"),))
    timer.start()

    with pytest.raises(OSError, match="broke off"):
        run(lambda waits: waits.result(late, 10))
    timer.join()


def test_what_blocks_is_called_where_it_may_block(run: Run) -> None:
    async def called(waits: Waits) -> str:
        return await waits.call(lambda: threading.current_thread().name)

    assert run(called).partition("_")[0] in ("MainThread", "repair")


def test_a_coroutine_that_waits_for_a_loop_cannot_be_called_like_a_function() -> None:
    with pytest.raises(RuntimeError, match="must not wait"):
        waiting.run(asyncio.sleep(0))
