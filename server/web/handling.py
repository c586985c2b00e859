"""Handlers: each is awaited for the whole response to a request, which is an environment of WSGI (PEP 3333).

A handler never blocks the event loop. A layer is a handler in front of another. The application, which may
wait for whatever it likes, is called in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete response: status, header fields, body."""

    status: int
    fields: Fields
    body: bytes

    def combined(self) -> dict[str, str]:
        """Return the fields by lower-case name, several of a name joined (RFC 9110 section 5.2)."""
        values: dict[str, str] = {}
        for name, value in self.fields:
            key = name.lower()
            values[key] = f"{values[key]}, {value}" if key in values else value
        return values


Handler = Callable[[WSGIEnvironment], Awaitable[Reply]]


class InThreads:
    """The WSGI application `app` as a handler that calls it in one of `threads`."""

    def __init__(self, app: WSGIApplication, threads: Executor) -> None:
        self._app = app
        self._threads = threads

    async def __call__(self, environ: WSGIEnvironment) -> Reply:
        """Answer one request."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, reply_of, self._app, environ)


def reply_of(app: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """Return the response of `app`, read to its end."""
    head: list[tuple[str, Fields]] = []

    def start(status: str, fields: Fields, _error: Any = None, /) -> Callable[[bytes], object]:
        head[:] = [(status, fields)]
        return _no_write

    pieces = app(environ, start)
    try:
        body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    status, fields = head[0]
    return Reply(int(status[:3]), fields, body)


def _no_write(_: bytes) -> object:
    raise NotImplementedError("the application must return its body; write() is not supported")
