"""WSGI (PEP 3333): status and fields of a response, its whole body, and applications called when read.

The call of an application and the reading of its body are two steps. An application that need not wait
starts the response in the first; one that may wait leaves its work to the second. So a server sees after
the call whether it needs a thread for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Fields = list[tuple[str, str]]


class ResponseHead:
    """A `start_response` that keeps status and header fields, and passes them on to `start`, if any.

    Until the application has called it, `status` is empty.
    """

    def __init__(self, start: StartResponse | None = None) -> None:
        self._start = start
        self.status = ""
        self.fields: Fields = []

    def __call__(self, status: str, fields: Fields, error: Any = None, /) -> Callable[[bytes], object]:
        """Take status and header fields from the application."""
        self.status, self.fields = status, fields
        return self._start(status, fields, error) if self._start else _no_write

    def combined(self) -> dict[str, str]:
        """Return the fields by lower-case name, several of a name joined (RFC 9110 section 5.2)."""
        values: dict[str, str] = {}
        for name, value in self.fields:
            key = name.lower()
            values[key] = f"{values[key]}, {value}" if key in values else value
        return values


def read_all(pieces: Iterable[bytes]) -> bytes:
    """Return the joined pieces of a body, and close them."""
    try:
        return b"".join(pieces)
    finally:
        _close(pieces)


def defer(app: WSGIApplication) -> WSGIApplication:
    """Return an application that calls `app` only when the body of the response is read."""

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
    raise NotImplementedError("the application must return its body; write() is not supported")
