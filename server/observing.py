"""A layer around the application that tells observers of every request, whichever part answered it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

QUERY = "cablegraph.query"  # where in the environment the application leaves the text of the query


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what became of it: `size` in bytes, `seconds` until the last of them was sent.

    `moment` is when it began, in seconds since 1970. `path` has no parameters, which may be private.
    """

    moment: float
    seconds: float
    client: str
    method: str
    path: str
    status: int
    size: int
    request_id: str
    query: str | None


class Observed:
    """The application `app`, every request to which is told to all `observers`."""

    def __init__(self, app: WSGIApplication, observers: Sequence[Callable[[Exchange], None]]) -> None:
        self._app = app
        self._observers = observers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does (PEP 3333)."""
        begin, moment = time.monotonic(), time.time()
        told: dict[str, str] = {}

        def noting(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
            told.update((name.lower(), value) for name, value in headers)
            told[":status"] = status[:3]
            return start_response(status, headers, *more)

        def tell() -> None:
            exchange = _exchange(environ, told, moment, time.monotonic() - begin)
            for observer in self._observers:
                observer(exchange)

        return ClosingIterator(self._app(environ, noting), tell)


def _exchange(environ: WSGIEnvironment, told: dict[str, str], moment: float, seconds: float) -> Exchange:
    method = environ["REQUEST_METHOD"]
    return Exchange(
        moment=moment,
        seconds=seconds,
        client=environ.get("REMOTE_ADDR", ""),
        method=method,
        path=environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
        status=int(told.get(":status", "0")),
        size=0 if method == "HEAD" else int(told.get("content-length", "0")),
        request_id=told.get("x-request-id", ""),
        query=environ.get(QUERY) or _asked(environ),
    )


def _asked(environ: WSGIEnvironment) -> str | None:
    """Return the query in the address, for answers that were given without asking the application."""
    given: list[str] = parse_qs(environ.get("QUERY_STRING", "")).get("query", [])
    return given[0] if given else None
