"""One client connection, with limits for slow, silent, malformed and oversized requests.

uvicorn speaks HTTP/1.1 with httptools (llhttp). This module adds limits, problem documents, the rule
about Host, responses for clients that have closed their side, HTTP/1.1 responses to requests that
offer another protocol (Upgrade), and responses in one write.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import NoReturn

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from kg.errors import BusyError, CablegraphError
from server.http.listening import early_refusal
from server.http.listening.one_write import OneWrite
from server.web.http_errors import RequestError
from server.web.sparql_protocol import URI_LIMIT

_UPGRADE_FIELDS = frozenset({b"upgrade", b"http2-settings"})


HEAD_LIMIT = 65_536  # bytes of address and headers; the application has lower limits of its own
CONNECTIONS = 500
_LIMITS = {"uri-too-long": URI_LIMIT, "headers-too-large": HEAD_LIMIT}
_VERSIONS = frozenset({"1.0", "1.1"})
_LINGER = 2.0  # seconds that a refused client has to read the response
_WHOLE = 4  # a whole request may take so many times as long as its head
_MALFORMED = "This is not a valid request of HTTP/1.1 (RFC 9112)."
_INCOMPLETE = "The connection was closed before the request was complete."
_HOST = "A request of HTTP/1.1 must have the header Host exactly once (RFC 9112 section 3.2)."
_LONG_ADDRESS = "The address is too long; send the query by POST."
_LONG_HEAD = "Address and headers together are too large; send fewer or shorter headers."
_FULL = "All connections that this service allows are in use; try again in a moment."


def without_upgrade(method: bytes, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the head of an HTTP/1.1 request without its Upgrade; `headers` have lower-case names."""
    lines = [b"%s %s HTTP/1.1" % (method, target)]
    for name, value in headers:
        if name in _UPGRADE_FIELDS:
            continue
        kept = _without_options(value) if name == b"connection" else value
        lines.append(b"%s: %s" % (name, kept))
    return b"\r\n".join([*lines, b"", b""])


def _without_options(value: bytes) -> bytes:
    options = [option.strip() for option in value.split(b",")]
    return b", ".join(option for option in options if option.lower() not in _UPGRADE_FIELDS)


class Connection(HttpToolsProtocol):
    """A connection that ends if its client neither sends a request nor reads a response.

    `idle` is for how many seconds it may do neither.
    """

    idle = 15.0
    _watch: asyncio.TimerHandle | None = None
    _unread = 0  # bytes of responses that the client had not read at the last check
    _last_read = 0.0  # when that number last changed
    _head_since: float | None = None  # since when the head of a request is awaited
    _request_since: float | None = None  # since when a request is arriving
    _head = 0  # bytes of its address and headers
    _hosts = 0  # number of its Host fields
    _reason: CablegraphError | None = None  # why the request is refused, beyond what the parser finds
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; refuse the connection if there are more than CONNECTIONS."""
        super().connection_made(transport)
        self._head_since = self.loop.time()
        if len(self.connections) > CONNECTIONS:
            transport.write(early_refusal.message(early_refusal.refusal(BusyError(_FULL), _LIMITS)))
            transport.close()
        else:
            self._schedule_check()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timer."""
        super().connection_lost(exc)
        if self._watch is not None:
            self._watch.cancel()

    def data_received(self, data: bytes) -> None:
        """Parse some bytes; discard those of a refused client, so that it can read the response."""
        if self._refused:
            return
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            head = without_upgrade(self.parser.get_method(), self.url, self.headers)
            self.parser = httptools.HttpRequestParser(self)
            self.data_received(head + data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._reason or RequestError(_MALFORMED))

    def eof_received(self) -> bool:  # type: ignore[override]
        """Accept no more requests; return whether a response is still to be sent (RFC 9112 section 9.6)."""
        if self._request_since is not None and not self._refused:
            self._refuse(RequestError(_INCOMPLETE))
        if self._answering:
            self.cycle.keep_alive = False
        return self._answering and not self.cycle.disconnected

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._head_since = self._request_since = self.loop.time()
        self._head = self._hosts = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Add a piece of the address."""
        self._count(len(url), "uri-too-long", _LONG_ADDRESS)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header field."""
        self._count(len(name) + len(value) + 4, "headers-too-large", _LONG_HEAD)
        if self._head_since is None:
            return  # a trailer field, never merged into the header (RFC 9110 section 6.5.1)
        self._hosts += name.lower() == b"host"
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Check the head of the request, and begin to answer it."""
        version = self.parser.get_http_version()
        if version not in _VERSIONS or self.parser.get_method() == b"CONNECT":
            self._fail(RequestError(_MALFORMED))
        if self._hosts > 1 or (not self._hosts and version == "1.1"):
            self._fail(RequestError(_HOST))
        if not self.parser.should_upgrade():
            self._head_since = None
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the request is complete."""
        if not self.parser.should_upgrade():
            self._request_since = None
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        whole = OneWrite(cycle)
        super()._start_asgi_task(cycle, lambda scope, receive, _: app(scope, receive, whole.send))

    @property
    def _answering(self) -> bool:
        """Whether a response is still to be sent or to be finished."""
        return self.cycle is not None and not self.cycle.response_complete

    def _count(self, length: int, problem: str, message: str) -> None:
        self._head += length
        if self._head > HEAD_LIMIT:
            self._fail(RequestError(message, problem))

    def _fail(self, error: CablegraphError) -> NoReturn:
        """Make the parser stop, and keep the reason."""
        self._reason = error
        raise error

    def _refuse(self, error: CablegraphError) -> None:
        """Respond with `error`, but never in the place of another response, and end the connection."""
        in_body = self._request_since is not None and self._head_since is None
        self._refused = True
        if in_body and (self.pipeline or not self._answering):  # other responses first, or sent already
            self.transport.close()
        elif self._answering and not in_body:
            self._head_since = self._request_since = None
            self.cycle.keep_alive = False  # the response to the earlier request is sent, then it ends
        else:
            if in_body:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self.transport.write(early_refusal.message(early_refusal.refusal(error, _LIMITS)))
            self.transport.write_eof()
            self.loop.call_later(_LINGER, self.transport.abort)

    def _schedule_check(self) -> None:
        self._watch = self.loop.call_later(self.idle / 4, self._check)

    def _check(self) -> None:
        """End the connection if its client has been silent for too long."""
        now, unread = self.loop.time(), self.transport.get_write_buffer_size()
        if unread != self._unread:
            self._unread, self._last_read = unread, now
        if self._head_since is None and not self._answering and self.timeout_keep_alive_task is None:
            self._head_since = now  # bytes arrived that do not begin a request
        late = now - self.idle
        if (
            (unread and self._last_read < late)
            or (self._head_since is not None and self._head_since < late)
            or (self._request_since is not None and self._request_since < now - _WHOLE * self.idle)
        ):
            self.transport.abort()
        else:
            self._schedule_check()


def with_idle_limit(seconds: float) -> type[Connection]:
    """Return a subclass of Connection that waits `seconds` for its client."""
    return type("IdleLimitConnection", (Connection,), {"idle": seconds})
