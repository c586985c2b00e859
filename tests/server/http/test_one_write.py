"""Responses in one write: what is written, and what happens to the connection, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from server.http.listening.one_write import CLOSE, Header, OneWrite


class Cycle(SimpleNamespace):
    """A request of uvicorn that has been read, on a connection that notes what is done to it."""

    def __init__(self, method: str = "GET", **given: Any) -> None:
        self.done: list[object] = []
        super().__init__(
            scope={"method": method},
            flow=SimpleNamespace(write_paused=False, drain=self._drain),
            default_headers=[(b"date", b"now")],
            keep_alive=True,
            disconnected=False,
            response_started=False,
            response_complete=False,
            waiting_for_100_continue=True,
            message_event=SimpleNamespace(set=lambda: self.done.append("woken")),
            transport=SimpleNamespace(write=self.done.append, close=lambda: self.done.append("closed")),
            on_response=lambda: self.done.append("complete"),
        )
        self.__dict__.update(given)

    async def _drain(self) -> None:
        self.done.append("drained")


def answered(cycle: Cycle, body: bytes, *headers: Header, status: int = 200) -> Sequence[object]:
    """Return what the connection of `cycle` was told."""

    async def send() -> None:
        response = OneWrite(cycle)  # type: ignore[arg-type]
        await response.send({"status": status, "headers": list(headers)})
        assert cycle.done == []
        await response.send({"body": body})

    asyncio.run(send())
    return cycle.done


LENGTH = (b"content-length", b"2")
HEAD = b"HTTP/1.1 200 OK\r\ndate: now\r\ncontent-length: 2\r\n"


def test_head_and_body_are_written_at_once() -> None:
    cycle = Cycle()

    assert answered(cycle, b"ab", LENGTH) == [HEAD + b"\r\nab", "woken", "complete"]
    assert (cycle.response_started, cycle.response_complete, cycle.keep_alive) == (True, True, True)
    assert not cycle.waiting_for_100_continue


@pytest.mark.parametrize(
    ("keep_alive", "headers"), [(False, (LENGTH,)), (True, (LENGTH, CLOSE))], ids=["client", "service"]
)
def test_a_connection_that_is_to_end_says_so_once(keep_alive: bool, headers: Sequence[Header]) -> None:
    cycle = Cycle(keep_alive=keep_alive)

    assert answered(cycle, b"ab", *headers) == [
        HEAD + b"connection: close\r\n\r\nab",
        "woken",
        "closed",
        "complete",
    ]
    assert not cycle.keep_alive


def test_a_head_without_its_body_keeps_the_length() -> None:
    assert answered(Cycle("HEAD"), b"ab", LENGTH)[0] == HEAD + b"\r\n"
    assert answered(Cycle(), b"", status=304)[0] == b"HTTP/1.1 304 Not Modified\r\ndate: now\r\n\r\n"


def test_a_large_body_is_not_copied() -> None:
    body = b"x" * 65_537

    assert answered(Cycle(), body, (b"content-length", b"65537"))[1] is body


def test_a_body_of_another_length_is_not_sent() -> None:
    """RFC 9112 section 6.3: what is too much would be read as the next response."""
    cycle = Cycle()

    with pytest.raises(RuntimeError, match="3 bytes"):
        answered(cycle, b"abc", LENGTH)
    assert (cycle.done, cycle.response_started) == ([], False)


def test_a_client_that_reads_slowly_is_waited_for_and_one_that_left_is_not() -> None:
    slow = Cycle()
    slow.flow.write_paused = True

    assert answered(slow, b"ab", LENGTH)[0] == "drained"
    assert answered(Cycle(disconnected=True), b"ab", LENGTH) == []
