"""A layer that calls observers after every request, such as the access log and the metrics."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

from server.web.handling import Handler, Reply

QUERY = "cablegraph.query"  # key in the WSGI environment under which the text of the query is put


_LONGEST = 300  # characters of a path
_LONGEST_QUERY = 10_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response: `size` in bytes, `seconds` until it was complete.

    `moment` is when it began, in seconds since 1970. `path` has no parameters, since they may be private.
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


class ObserverLayer:
    """The handler `inner`; all `observers` are called after each request to it."""

    def __init__(self, inner: Handler, observers: Sequence[Callable[[Exchange], None]]) -> None:
        self._inner = inner
        self._observers = observers

    async def __call__(self, environ: WSGIEnvironment) -> Reply:
        """Answer as the inner handler does."""
        begin, moment = time.monotonic(), time.time()
        reply = await self._inner(environ)
        exchange = _exchange(environ, reply, moment, time.monotonic() - begin)
        for observer in self._observers:
            observer(exchange)
        return reply


def _exchange(environ: WSGIEnvironment, reply: Reply, moment: float, seconds: float) -> Exchange:
    method = environ["REQUEST_METHOD"]
    return Exchange(
        moment=moment,
        seconds=seconds,
        client=environ.get("REMOTE_ADDR", ""),
        method=method,
        path=environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
        status=reply.status,
        size=len(reply.body),
        request_id=reply.combined().get("x-request-id", ""),
        query=environ.get(QUERY) or _query_in_address(environ),
    )


def _query_in_address(environ: WSGIEnvironment) -> str | None:
    """Return the query in the address, for responses that did not come from the application."""
    queries: list[str] = parse_qs(environ.get("QUERY_STRING", "")).get("query", [])
    return queries[0] if queries else None


def access_log_writer(write: Callable[[str], None], *, queries: bool) -> Callable[[Exchange], None]:
    """Return an observer that calls `write` with a line for each request, with `queries` also their text."""
    return lambda exchange: write(access_log_line(exchange, queries=queries))


def access_log_line(exchange: Exchange, *, queries: bool) -> str:
    """Return the line for `exchange`: one JSON object in ASCII, so that no text can forge another line.

    `ms` is the time until the last byte in milliseconds. `id` is the X-Request-ID of the response and
    the `instance` of a problem document.
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
