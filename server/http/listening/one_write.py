"""The response to one request, sent in one write: uvicorn writes head and body apart.

Of two writes the client wakes twice, and on a busy machine takes the processor from the server in between.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

Header = tuple[bytes, bytes]

CLOSE: Header = (b"connection", b"close")
_JOINED = 65_536  # bytes of a body; to copy a larger one would take longer than to write it apart
_BODILESS = frozenset({204, 304})  # RFC 9110 section 6.4.1


class OneWrite:
    """`send` of ASGI for the request of `cycle`: takes the head of the response, then its whole body."""

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._start: Any = None

    async def send(self, message: Any) -> None:
        """Keep the first message; send both with the second, unless the client has left.

        Raises RuntimeError for a body without its Content-Length; nothing is sent then.
        """
        if self._start is None:
            self._start = message
            return
        cycle = self._cycle
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if not cycle.disconnected:
            self._write(self._start["status"], self._start["headers"], message["body"])

    def _write(self, status: int, headers: list[Header], body: bytes) -> None:
        cycle = self._cycle
        if cycle.scope["method"] == "HEAD" or status in _BODILESS:
            body = b""
        elif (b"content-length", b"%d" % len(body)) not in headers:
            raise RuntimeError(f"The response has {len(body)} bytes and another Content-Length, or none.")
        closes = CLOSE in headers
        if not (closes or cycle.keep_alive):
            headers = [*headers, CLOSE]
        cycle.keep_alive = cycle.keep_alive and not closes
        cycle.response_started, cycle.waiting_for_100_continue = True, False
        head = _head(status, [*cycle.default_headers, *headers])
        if len(body) <= _JOINED:
            cycle.transport.write(head + body)
        else:
            cycle.transport.write(head)
            cycle.transport.write(body)
        self._complete()

    def _complete(self) -> None:
        """Do what uvicorn does when a response is complete: the next request of a pipeline is answered."""
        cycle = self._cycle
        cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()


def _head(status: int, headers: list[Header]) -> bytes:
    return b"".join((STATUS_LINE[status], *(b"%s: %s\r\n" % header for header in headers), b"\r\n"))
