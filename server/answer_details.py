"""`/sparql/hints` and `/sparql/grounds`: why an answer is empty or odd, and what its rows rest on, in JSON.

Both addresses take the same requests as `/sparql` and keep nothing: the query is evaluated again, within the
same limits, when somebody follows the link of an answer. So a link works after a restart, on every host and
from a stored response, and an answer of `/sparql` pays nothing for its grounds. A query in a link may have
`_LONGEST` bytes, as proxies and clients limit the headers of a response; a longer one is sent to the address
by POST, as it was to `/sparql`.

The answers to saved questions have their grounds in a header, too: see `server/pages/questions/routes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Flask, Response, request, url_for

from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.site import answer_grounds, documents
from server.site.site import Site
from server.web import response_headers
from server.web.formats import JSON, OFFERS, Kind
from server.web.http_errors import RequestError
from server.web.sparql_protocol import Operation, operation

_LONGEST = 3_000  # bytes of the address in a link
_HELP = "help"  # IANA's link relations: "context-sensitive help"
_METHODS = ("GET", "HEAD", "POST", "QUERY")
# The answer is made and not sent, in the first format of each kind.
_TYPES: Mapping[Kind, str] = MappingProxyType({kind: types[0] for kind, types in OFFERS.items()})


def register(app: Flask, site: Site) -> None:
    """Give `app` the addresses of hints and grounds."""
    app.add_url_rule("/sparql/hints", "hints", lambda: _hints(site), methods=_METHODS)
    app.add_url_rule("/sparql/grounds", "grounds", lambda: _grounds(site), methods=_METHODS)


def _hints(site: Site) -> Response:
    hints = [hint.to_json() for hint in _answer(site).hints]
    return documents.json(site, {"hints": hints}, end="\n")


def _grounds(site: Site) -> Response:
    return documents.json(site, answer_grounds.count(site.pool, _answer(site)).to_json(), end="\n")


def _answer(site: Site) -> QueryAnswer:
    """Return the answer to the query of the present request; raises RequestError without a query."""
    requested = operation(request)
    if requested.query is None:
        raise RequestError("Send the query that was answered, as to /sparql.")
    endpoint = request.base_url.rpartition("/")[0]  # relative IRIs in the query are resolved as there
    return site.services.answer(query_request(requested, _TYPES, endpoint))


def query_request(requested: Operation, types: Mapping[Kind, str], endpoint: str) -> QueryRequest:
    """Return the request to the pool for a query that was sent to the address `endpoint`, with hints.

    `types` are the formats by kind of result.
    """
    return QueryRequest(
        query=requested.query or "",
        types=types,
        default_graphs=requested.default_graphs,
        named_graphs=requested.named_graphs,
        timeout=requested.timeout,
        base=endpoint,
        hints=True,
    )


def add_links(response: Response, requested: Operation, answer: QueryAnswer) -> None:
    """Add to the `response` to `requested` links to the hints on `answer` and to its grounds, if any."""
    if answer.hints:
        title = f"{len(answer.hints)} hint{'s' if len(answer.hints) > 1 else ''} on the query"
        response_headers.link(response, _target("hints", requested), _HELP, JSON, title)
    if answer_grounds.may_have(answer):
        answer_grounds.add_link(response, _target("grounds", requested))


def _target(endpoint: str, requested: Operation) -> str:
    """Return the address with the query of `requested`, or without if it would be too long."""
    address = url_for(endpoint)
    target = f"{address}?{urlencode(requested.parameters(), doseq=True)}"
    return target if len(target) <= _LONGEST else address
