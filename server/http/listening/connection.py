"""One connection of a client, which may be slow, silent, wrong or endless, but not without end.

uvicorn speaks HTTP/1.1 with httptools, which is llhttp; what is added here are limits, problem
documents, the rule about Host, answers for clients that have shut their side down, and requests that
offer another protocol, which are answered in this one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import NoReturn

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.errors import BusyError, CablegraphError
from server.http.listening import early_refusal
from server.web.http_errors import RequestError
from server.web.sparql_protocol import URI_LIMIT

_OFFERS = frozenset({b"upgrade", b"http2-settings"})


HEAD_LIMIT = 65_536  # bytes of address and headers; the application has limits of its own below that
CONNECTIONS = 500
_LIMITS = {"uri-too-long": URI_LIMIT, "headers-too-large": HEAD_LIMIT}
_VERSIONS = frozenset({"1.0", "1.1"})
_LINGER = 2.0  # seconds for a refused client to read why
_WHOLE = 4  # a request may take so many times as long as its head
_MALFORMED = "This cannot be read as a request of HTTP/1.1 (RFC 9112)."
_INCOMPLETE = "The connection was shut before the request was complete."
_HOST = "A request of HTTP/1.1 has the header Host once and once only (RFC 9112 section 3.2)."
_LONG_ADDRESS = "The address is too long; send the query by POST."
_LONG_HEAD = "Address and headers are too long together."
_FULL = "There are as many connections as this service allows; ask again in a moment."


def without_offer(method: bytes, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the head of a request of HTTP/1.1 without its offer; names of headers in small letters."""
    lines = [b"%s %s HTTP/1.1" % (method, target)]
    for name, value in headers:
        if name in _OFFERS:
            continue
        kept = _without_options(value) if name == b"connection" else value
        lines.append(b"%s: %s" % (name, kept))
    return b"\r\n".join([*lines, b"", b""])


def _without_options(value: bytes) -> bytes:
    options = [option.strip() for option in value.split(b",")]
    return b", ".join(option for option in options if option.lower() not in _OFFERS)


class Connection(HttpToolsProtocol):
    """A connection that ends when its client neither sends a request nor reads its answer.

    `idle` is for how many seconds it may do neither.
    """

    idle = 15.0
    _watch: asyncio.TimerHandle | None = None
    _unread = 0  # bytes of answers that the client had not read at the last look
    _moved = 0.0  # when that number last changed
    _awaited: float | None = None  # since when the head of a request is to come
    _begun: float | None = None  # since when a request has been coming
    _head = 0  # bytes of its address and headers
    _hosts = 0  # how often it names the host
    _reason: CablegraphError | None = None  # what is wrong with it, beyond what the parser finds
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; above CONNECTIONS at once nobody else is let in."""
        super().connection_made(transport)
        self._awaited = self.loop.time()
        if len(self.connections) > CONNECTIONS:
            transport.write(early_refusal.message(early_refusal.refusal(BusyError(_FULL), _LIMITS)))
            transport.close()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        if self._watch is not None:
            self._watch.cancel()

    def data_received(self, data: bytes) -> None:
        """Take some bytes; those of a refused client are thrown away, so that it can read why."""
        if self._refused:
            return
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            head = without_offer(self.parser.get_method(), self.url, self.headers)
            self.parser = httptools.HttpRequestParser(self)
            self.data_received(head + data[offer.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._reason or RequestError(_MALFORMED))

    def eof_received(self) -> bool:  # type: ignore[override]
        """Take no further request; tell whether an answer is still to be sent (RFC 9112 section 9.6)."""
        if self._begun is not None and not self._refused:
            self._refuse(RequestError(_INCOMPLETE))
        if self._answering:
            self.cycle.keep_alive = False
        return self._answering and not self.cycle.disconnected

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._awaited = self._begun = self.loop.time()
        self._head = self._hosts = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self._count(len(url), "uri-too-long", _LONG_ADDRESS)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._count(len(name) + len(value) + 4, "headers-too-large", _LONG_HEAD)
        if self._awaited is None:
            return  # behind the body: never to be taken for a header (RFC 9110 section 6.5.1)
        self._hosts += name.lower() == b"host"
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Take the end of the headers."""
        version = self.parser.get_http_version()
        if version not in _VERSIONS or self.parser.get_method() == b"CONNECT":
            self._fail(RequestError(_MALFORMED))
        if self._hosts > 1 or (not self._hosts and version == "1.1"):
            self._fail(RequestError(_HOST))
        if not self.parser.should_upgrade():
            self._awaited = None
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Take the end of a request."""
        if not self.parser.should_upgrade():
            self._begun = None
            super().on_message_complete()

    @property
    def _answering(self) -> bool:
        """Whether an answer is still to be given, or to be finished."""
        return self.cycle is not None and not self.cycle.response_complete

    def _count(self, length: int, problem: str, message: str) -> None:
        self._head += length
        if self._head > HEAD_LIMIT:
            self._fail(RequestError(message, problem))

    def _fail(self, error: CablegraphError) -> NoReturn:
        """Make the parser stop, and remember why."""
        self._reason = error
        raise error

    def _refuse(self, error: CablegraphError) -> None:
        """Answer with `error`, but never in the place of another answer, and end the connection."""
        of_body = self._begun is not None and self._awaited is None
        self._refused = True
        if of_body and (self.pipeline or not self._answering):  # others first, or answered before
            self.transport.close()
        elif self._answering and not of_body:
            self._awaited = self._begun = None
            self.cycle.keep_alive = False  # what was asked before is answered, then it ends
        else:
            if of_body:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self.transport.write(early_refusal.message(early_refusal.refusal(error, _LIMITS)))
            self.transport.write_eof()
            self.loop.call_later(_LINGER, self.transport.abort)

    def _wait(self) -> None:
        self._watch = self.loop.call_later(self.idle / 4, self._look)

    def _look(self) -> None:
        """End the connection when its client has been waited for too long."""
        now, unread = self.loop.time(), self.transport.get_write_buffer_size()
        if unread != self._unread:
            self._unread, self._moved = unread, now
        if self._awaited is None and not self._answering and self.timeout_keep_alive_task is None:
            self._awaited = now  # something came that begins no request
        late = now - self.idle
        if (
            (unread and self._moved < late)
            or (self._awaited is not None and self._awaited < late)
            or (self._begun is not None and self._begun < now - _WHOLE * self.idle)
        ):
            self.transport.abort()
        else:
            self._wait()


def patient(seconds: float) -> type[Connection]:
    """Return a kind of Connection that waits `seconds` for its client."""
    return type("Patient", (Connection,), {"idle": seconds})
