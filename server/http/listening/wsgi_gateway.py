"""An ASGI 3 application that calls a WSGI one (PEP 3333) from an event loop and from threads.

The body of the request is read before a thread is used, so that a slow client holds none. The
application is called in the loop. If it has not started its response then, the body of the response is
read in a thread (`server.web.wsgi`).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import Executor
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.middleware.proxy_fix import ProxyFix

from server.http.listening import early_refusal
from server.web.http_errors import RequestError
from server.web.request_target import without_empty_port
from server.web.sparql_protocol import BODY_LIMIT
from server.web.wsgi import ResponseHead, read_all

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_Response = tuple[int, list[tuple[bytes, bytes]], bytes]

_CACHED = 1024  # header fields whose converted form is kept
_LATE = "The body of the request did not arrive in time."
_CLOSE = (b"connection", b"close")
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
    """The application `app` for an event loop, with `threads` to wait in.

    `app` must not wait when it is called, only when its body is read, as `wsgi.defer` ensures for any
    application. `body_timeout` is how many seconds the body of a request may take. With `behind_proxy`
    the last proxy's headers about client, scheme, host and prefix are trusted; without it the headers of
    a proxy are removed.
    """

    def __init__(
        self,
        app: WSGIApplication,
        threads: Executor,
        *,
        body_timeout: float = 30.0,
        behind_proxy: bool = False,
    ) -> None:
        self._app = app
        self._threads = threads
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
            self._trust_proxy(environ, ResponseHead())
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
            status, headers, content = await self._respond(environ)
            # A client that was not asked to send its body may send another request in its place.
            await _send((status, [*headers, _CLOSE] if unread else headers, content), send)

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

    async def _respond(self, environ: WSGIEnvironment) -> _Response:
        head = ResponseHead()
        pieces = self._app(environ, head)
        if head.status:
            body = read_all(pieces)
        else:
            body = await asyncio.get_running_loop().run_in_executor(self._threads, read_all, pieces)
        return self._complete(head, body)

    def _complete(self, head: ResponseHead, body: bytes) -> _Response:
        fields = [
            self._encode(name, value) for name, value in head.fields if name != "Date"
        ]  # uvicorn adds it
        status = head.status[:3]
        if status not in ("204", "304") and not any(name == b"content-length" for name, _ in fields):
            fields.append((b"content-length", str(len(body)).encode()))
        return int(status), fields, body

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


def _encode(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("latin-1"), value.encode("latin-1")


def _no_application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:  # noqa: ARG001 - PEP 3333
    """Return no body: the application behind ProxyFix, which is used only to change the environment."""
    return ()


async def _send(response: _Response, send: Send) -> None:
    status, headers, body = response
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
