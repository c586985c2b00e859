"""An ASGI 3 application that makes an environment of WSGI (PEP 3333) of each request, for a handler.

The body of the request is read before the handler is called, so that a slow client holds no thread.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.middleware.proxy_fix import ProxyFix

from server.http.listening import early_refusal
from server.http.listening.one_write import CLOSE, Header
from server.web.handling import Handler, Reply
from server.web.http_errors import RequestError
from server.web.request_target import without_empty_port
from server.web.sparql_protocol import BODY_LIMIT

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_Response = tuple[int, list[Header], bytes]

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # RFC 9110 section 5.5
_CACHED = 1024  # header fields whose converted form is kept
_LATE = "The body of the request did not arrive in time."
_FORWARDING = (b"forwarded", b"x-forwarded-")
_SPECIAL = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_CONSTANT: WSGIEnvironment = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


class Gateway:
    """The handler `handler` for an event loop.

    `body_timeout` is how many seconds the body of a request may take. With `behind_proxy` the last proxy's
    headers about client, scheme, host and prefix are trusted; without it the headers of a proxy are removed.
    """

    def __init__(self, handler: Handler, *, body_timeout: float = 30.0, behind_proxy: bool = False) -> None:
        self._handler = handler
        self._body_timeout = body_timeout
        self._removed: tuple[bytes, ...] = () if behind_proxy else _FORWARDING
        self._trust_proxy = (
            ProxyFix(_no_application, x_for=1, x_proto=1, x_host=1, x_prefix=1) if behind_proxy else None
        )
        self._variable = lru_cache(_CACHED)(_variable)
        self._encode = lru_cache(_CACHED)(_encode)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, unless its client left before it was complete."""
        environ = _environ(scope, self._variables(scope["headers"]))
        if self._trust_proxy:  # before anything else reads the environment
            self._trust_proxy(environ, _no_start)
        if "HTTP_HOST" in environ:
            environ["HTTP_HOST"] = without_empty_port(environ["HTTP_HOST"])
        try:
            body = await self._body(environ, receive)
        except TimeoutError:
            late = RequestError(_LATE, "request-timeout")
            await _send(early_refusal.refusal(late, {"request-timeout": self._body_timeout}), send)
            return
        if body is None:
            return
        environ["wsgi.input"] = BytesIO(body)
        unread = not body and "HTTP_EXPECT" in environ
        # When the service ends, no client waits for the response.
        with suppress(asyncio.CancelledError):
            reply = await self._handler(environ)
            # A client that was not asked to send its body may send another request in its place.
            await _send((reply.status, self._fields(reply) + [CLOSE] * unread, reply.body), send)

    async def _body(self, environ: WSGIEnvironment, receive: Receive) -> bytes | None:
        """Return the body of the request; None if the client has left. Raises TimeoutError.

        A body that Content-Length declares too large is not read; the application refuses it.
        """
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None  # uvicorn has decoded it
        declared = int(environ.get("CONTENT_LENGTH") or 0)  # the parser lets only digits pass
        if not (chunked or 0 < declared <= BODY_LIMIT):
            return b""
        async with asyncio.timeout(self._body_timeout):
            body = await _read_body(receive)
        if chunked and body is not None:
            environ["CONTENT_LENGTH"] = str(len(body))
        return body

    def _fields(self, reply: Reply) -> list[Header]:
        fields = [
            self._encode(name, value) for name, value in reply.fields if name != "Date"
        ]  # uvicorn adds it
        length = (b"content-length", b"%d" % len(reply.body))
        has = length in fields or any(name == length[0] for name, _ in fields)  # that of HEAD is another
        if not has and reply.status not in (204, 304):
            fields.append(length)
        return fields

    def _variables(self, headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        variables: dict[str, str] = {}
        for name, value in headers:
            key = self._variable(name)
            if not key or (self._removed and name.startswith(self._removed)):
                continue
            text = value.decode("latin-1")
            variables[key] = f"{variables[key]}, {text}" if key in variables else text
        return variables


async def _read_body(receive: Receive) -> bytes | None:
    """Return the body, only the first part if it is too large; None if the client has left."""
    collected = bytearray()
    more = True
    while more and len(collected) <= BODY_LIMIT:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        collected += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(collected)


def _environ(scope: Scope, variables: dict[str, str]) -> WSGIEnvironment:
    """Return the environment of PEP 3333 without the body; bytes become characters of Latin-1."""
    host, port = scope.get("server") or ("", 0)
    return {
        **_CONSTANT,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        **variables,
    }


def _variable(name: bytes) -> str:
    """Return the variable of a header (RFC 3875 section 4.1.18), empty if it is ambiguous."""
    if b"_" in name:
        return ""
    return _SPECIAL.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"


def _encode(name: str, value: str) -> Header:
    """Return a header field as bytes; raises ValueError for one that would break the head of a response."""
    if _CONTROL.search(value):
        raise ValueError(f"The header field {name} has a control character: {value!r}")
    return name.lower().encode("latin-1"), value.encode("latin-1")


def _no_application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:  # noqa: ARG001 - PEP 3333
    """Return no body: the application behind ProxyFix, which is used only to change the environment."""
    return ()


def _no_start(status: str, fields: object, error: object = None, /) -> Callable[[bytes], object]:  # noqa: ARG001 - PEP 3333
    """Start no response."""
    return bytes


async def _send(response: _Response, send: Send) -> None:
    status, headers, body = response
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
