"""A layer that tells observers of every request, whichever part answered it; the access log is one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wsgi import ClosingIterator

from server.web.wsgi import ResponseHead

QUERY = "cablegraph.query"  # where in the environment the application leaves the text of the query


_LONGEST = 300  # characters of a path
_LONGEST_QUERY = 10_000


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
        head = ResponseHead(start_response)

        def tell() -> None:
            exchange = _exchange(environ, head, moment, time.monotonic() - begin)
            for observer in self._observers:
                observer(exchange)

        return ClosingIterator(self._app(environ, head), tell)


def _exchange(environ: WSGIEnvironment, head: ResponseHead, moment: float, seconds: float) -> Exchange:
    method, fields = environ["REQUEST_METHOD"], head.combined()
    return Exchange(
        moment=moment,
        seconds=seconds,
        client=environ.get("REMOTE_ADDR", ""),
        method=method,
        path=environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
        status=int(head.status[:3] or 0),
        size=0 if method == "HEAD" else int(fields.get("content-length", "0")),
        request_id=fields.get("x-request-id", ""),
        query=environ.get(QUERY) or _asked(environ),
    )


def _asked(environ: WSGIEnvironment) -> str | None:
    """Return the query in the address, for answers that were given without asking the application."""
    given: list[str] = parse_qs(environ.get("QUERY_STRING", "")).get("query", [])
    return given[0] if given else None


def access_log_writer(write: Callable[[str], None], *, queries: bool) -> Callable[[Exchange], None]:
    """Return an observer that gives `write` a line for each request; with `queries` their texts too."""
    return lambda exchange: write(access_log_line(exchange, queries=queries))


def access_log_line(exchange: Exchange, *, queries: bool) -> str:
    """Return the line for `exchange`: one JSON object in ASCII, so that no text can forge another line.

    `ms` is how long the answer took in milliseconds; `id` is what the answer carries as
    X-Request-ID and a problem document as `instance`.
    """
    entry: dict[str, object] = {
        "time": datetime.fromtimestamp(exchange.moment, UTC).isoformat(timespec="milliseconds"),
        "id": exchange.request_id,
        "client": exchange.client,
        "method": exchange.method[:20],
        "path": exchange.path[:_LONGEST],
        "status": exchange.status,
        "bytes": exchange.size,
        "ms": round(exchange.seconds * 1000, 1),
    }
    if queries and exchange.query is not None:
        entry["query"] = exchange.query[:_LONGEST_QUERY]
    return json.dumps(entry)
