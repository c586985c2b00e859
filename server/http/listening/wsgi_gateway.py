"""Let an application of WSGI (PEP 3333) be served by an event loop (ASGI 3, HTTP part).

The body is collected before a thread is taken, so that a client that sends slowly holds none. The
application is called in the loop; unless it has started its response then, its body is read in a thread
(`server.web.wsgi`).
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
from server.web.sparql_protocol import BODY_LIMIT
from server.web.wsgi import ResponseHead, read_all

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_Answer = tuple[int, list[tuple[bytes, bytes]], bytes]

_NAMES = 1024  # headers of which the other form is remembered
_LATE = "The body of the request did not come in time."
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

    `app` must not wait when it is called, only when its body is read, as `wsgi.defer` makes any
    application. `patience` is how many seconds the body of a request may take. With `behind_proxy` the
    last proxy's word about client, scheme, host and prefix is believed; without it headers by which a
    proxy forwards are left out.
    """

    def __init__(
        self,
        app: WSGIApplication,
        threads: Executor,
        *,
        patience: float = 30.0,
        behind_proxy: bool = False,
    ) -> None:
        self._app = app
        self._threads = threads
        self._patience = patience
        self._left_out: tuple[bytes, ...] = () if behind_proxy else _FORWARDING
        self._believe = ProxyFix(_nothing, x_for=1, x_proto=1, x_host=1, x_prefix=1) if behind_proxy else None
        self._variable = lru_cache(_NAMES)(_variable)
        self._encoded = lru_cache(_NAMES)(_encoded)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; nothing is answered to a client that left before it was complete."""
        environ = _environ(scope, self._variables(scope["headers"]))
        if self._believe:  # before anything looks at the environment,
            self._believe(environ, ResponseHead())
        try:
            body = await self._body(environ, receive)
        except TimeoutError:
            late = RequestError(_LATE, "request-timeout")
            await _send(early_refusal.refusal(late, {"request-timeout": self._patience}), send)
            return
        if body is None:
            return
        environ["wsgi.input"] = BytesIO(body)
        unread = not body and "HTTP_EXPECT" in environ
        # At the end of the service nobody waits for the answer any more.
        with suppress(asyncio.CancelledError):
            status, headers, content = await self._answered(environ)
            # A client that was not told to send its body may send another request in its place.
            await _send((status, [*headers, _CLOSE] if unread else headers, content), send)

    async def _body(self, environ: WSGIEnvironment, receive: Receive) -> bytes | None:
        """Return the body; None when the client has left. Raises TimeoutError.

        Nothing is read of one that is announced as too large: the application refuses it.
        """
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None  # taken off by the server
        announced = int(environ.get("CONTENT_LENGTH") or 0)  # only digits get past the parser
        if not (chunked or 0 < announced <= BODY_LIMIT):
            return b""
        async with asyncio.timeout(self._patience):
            body = await _collected(receive)
        if chunked and body is not None:
            environ["CONTENT_LENGTH"] = str(len(body))
        return body

    async def _answered(self, environ: WSGIEnvironment) -> _Answer:
        head = ResponseHead()
        pieces = self._app(environ, head)
        if head.status:
            body = read_all(pieces)
        else:
            body = await asyncio.get_running_loop().run_in_executor(self._threads, read_all, pieces)
        return self._complete(head, body)

    def _complete(self, head: ResponseHead, body: bytes) -> _Answer:
        fields = [self._encoded(name, value) for name, value in head.fields if name != "Date"]  # uvicorn's
        status = head.status[:3]
        if status not in ("204", "304") and not any(name == b"content-length" for name, _ in fields):
            fields.append((b"content-length", str(len(body)).encode()))
        return int(status), fields, body

    def _variables(self, headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        variables: dict[str, str] = {}
        for name, value in headers:
            key = self._variable(name)
            if not key or (self._left_out and name.startswith(self._left_out)):
                continue
            text = value.decode("latin-1")
            variables[key] = f"{variables[key]}, {text}" if key in variables else text
        return variables


async def _collected(receive: Receive) -> bytes | None:
    """Return the body, of one that is too large the first part; None when the client has left."""
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
    """Return the environment of PEP 3333 but for the body; bytes become characters of Latin-1."""
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
    """Return the variable for a header (RFC 3875 section 4.1.18), empty if it could pass for another."""
    if b"_" in name:
        return ""
    return _SPECIAL.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"


def _encoded(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("latin-1"), value.encode("latin-1")


def _nothing(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:  # noqa: ARG001 - PEP 3333
    """Be the application behind ProxyFix, of which only what it does to the environment is wanted."""
    return ()


async def _send(answer: _Answer, send: Send) -> None:
    status, headers, body = answer
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
