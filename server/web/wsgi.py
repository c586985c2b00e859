"""WSGI (PEP 3333): the head of a response, its body as one, an application that works when that is read.

The call of an application and the reading of its body are two steps. Whoever can answer at once starts the
response in the first; whoever may wait leaves its work to the second. So a server sees after the call whether
it needs a thread for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Fields = list[tuple[str, str]]


class ResponseHead:
    """A `start_response` that remembers status and header fields, and passes them on to `start`, if any.

    Until the application has called it, `status` is empty.
    """

    def __init__(self, start: StartResponse | None = None) -> None:
        self._start = start
        self.status = ""
        self.fields: Fields = []

    def __call__(self, status: str, fields: Fields, error: Any = None, /) -> Callable[[bytes], object]:
        """Take the head from the application."""
        self.status, self.fields = status, fields
        return self._start(status, fields, error) if self._start else _no_write

    def combined(self) -> dict[str, str]:
        """Return the fields by small names, several of a name as one (RFC 9110 section 5.2)."""
        values: dict[str, str] = {}
        for name, value in self.fields:
            key = name.lower()
            values[key] = f"{values[key]}, {value}" if key in values else value
        return values


def whole(pieces: Iterable[bytes]) -> bytes:
    """Return the pieces of a body as one, and close them."""
    try:
        return b"".join(pieces)
    finally:
        _close(pieces)


def deferred(app: WSGIApplication) -> WSGIApplication:
    """Return `app` as an application that is asked only when the body of its response is read."""

    def call(environ: WSGIEnvironment, start: StartResponse) -> Iterator[bytes]:
        pieces = app(environ, start)
        try:
            yield from pieces
        finally:
            _close(pieces)

    return call


def _close(pieces: Iterable[bytes]) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()


def _no_write(_: bytes) -> object:
    raise NotImplementedError("the application returns its body and writes none")
