"""The access log: a line of JSON for every request."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from server.observing import Exchange

_LONGEST = 300  # characters of a path
_LONGEST_QUERY = 10_000


def writer(write: Callable[[str], None], *, queries: bool) -> Callable[[Exchange], None]:
    """Return an observer that gives `write` a line for each request; with `queries` their texts too."""
    return lambda exchange: write(line(exchange, queries=queries))


def line(exchange: Exchange, *, queries: bool) -> str:
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
