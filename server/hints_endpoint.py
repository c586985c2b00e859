"""`/sparql/hints`: why the answer to a query is empty or odd, in JSON; and the link to it from that answer.

The address takes the same requests as `/sparql` and keeps nothing: the query is evaluated again, within the
same limits, when somebody follows the link. So a link works after a restart, on every host and from a stored
response. A query in the link may have `_LONGEST` bytes, as proxies and clients limit the headers of a
response; a longer one is sent to the address by POST, as it was to `/sparql`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Flask, Response, request, url_for

from kg.asking.hints.hint import Hint
from server.engine.evaluation.query_request import QueryRequest
from server.site import documents
from server.site.site import Site
from server.web import response_headers
from server.web.formats import JSON, OFFERS, Kind
from server.web.http_errors import RequestError
from server.web.sparql_protocol import Operation, operation

_LONGEST = 3_000  # bytes of the address in a link
_RELATION = "help"  # IANA's link relations: "context-sensitive help"
_METHODS = ("GET", "HEAD", "POST", "QUERY")
# The answer is made and not sent, in the first format of each kind.
_TYPES: Mapping[Kind, str] = MappingProxyType({kind: types[0] for kind, types in OFFERS.items()})


def register(app: Flask, site: Site) -> None:
    """Give `app` the address of the hints."""
    app.add_url_rule("/sparql/hints", "hints", lambda: _hints(site), methods=_METHODS)


def _hints(site: Site) -> Response:
    requested = operation(request)
    if requested.query is None:
        raise RequestError("Send the query whose answer is empty or odd, as to /sparql.")
    answer = site.services.answer(query_request(requested, _TYPES))
    return documents.json(site, {"hints": [hint.to_json() for hint in answer.hints]}, end="\n")


def query_request(requested: Operation, types: Mapping[Kind, str]) -> QueryRequest:
    """Return the request to the pool for a query with hints; `types` are the formats by kind of result."""
    return QueryRequest(
        query=requested.query or "",
        types=types,
        default_graphs=requested.default_graphs,
        named_graphs=requested.named_graphs,
        timeout=requested.timeout,
        base=request.base_url.removesuffix("/hints").removesuffix("/grounds"),
        hints=True,
    )


def add_link(response: Response, requested: Operation, hints: Sequence[Hint]) -> None:
    """Add to the `response` to `requested` a link to its `hints`, if there are any."""
    if not hints:
        return
    address = url_for("hints")
    target = f"{address}?{urlencode(requested.parameters(), doseq=True)}"
    title = f"{len(hints)} hint{'s' if len(hints) > 1 else ''} on the query"
    response_headers.link(response, target if len(target) <= _LONGEST else address, _RELATION, JSON, title)
