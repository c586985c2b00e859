"""`/sparql/hints`, `/sparql/grounds`, `/cite/sparql`: hints on an answer, its grounds, its citation.

The first two take the same requests as `/sparql` and keep nothing: the query is evaluated again, within the
same limits, when somebody follows the link of an answer. So a link works after a restart, on every host and
from a stored response, and an answer of `/sparql` pays nothing for its grounds. A query in a link may have
`_LONGEST` bytes, as proxies and clients limit the headers of a response; a longer one is sent to the address
by POST, as it was to `/sparql`.

The answers to saved questions have their grounds in a header, too: see `server/pages/questions/routes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Flask, Response, request, url_for

from kg.asking.questions.citation import Citation, today
from kg.reading.collection.description import Description
from kg.store import keywords
from server.engine.evaluation import syntax_errors
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.site import answer_grounds, documents, reference_responses
from server.site.reference_responses import PageReference
from server.site.site import Site
from server.web import response_headers
from server.web.formats import JSON, OFFERS, Kind
from server.web.http_errors import RequestError
from server.web.sparql_protocol import URI_LIMIT, Operation, operation

_HINTS, _GROUNDS = "/sparql/hints", "/sparql/grounds"
_LONGEST = 3_000  # bytes of the address in a link
_HELP = "help"  # IANA's link relations: "context-sensitive help"
_METHODS = ("GET", "HEAD", "POST", "QUERY")
# The answer is made and not sent, in the first format of each kind.
_TYPES: Mapping[Kind, str] = MappingProxyType({kind: types[0] for kind, types in OFFERS.items()})


def register(app: Flask, site: Site) -> None:
    """Give `app` the addresses of hints, grounds and citations."""
    app.add_url_rule(_HINTS, "hints", lambda: _hints(site), methods=_METHODS)
    app.add_url_rule("/cite/sparql", "cite.sparql", lambda: _cite(site), methods=_METHODS)
    app.add_url_rule(_GROUNDS, "grounds", lambda: _grounds(site), methods=_METHODS)


def _hints(site: Site) -> Response:
    hints = [hint.to_json() for hint in _answer(site).hints]
    return documents.json(site, {"hints": hints}, end="\n")


def _grounds(site: Site) -> Response:
    return answer_grounds.response(site, _answer(site))


def _cite(site: Site) -> Response:
    """Return the citation of the answer to the query of the present request, which is not evaluated."""
    requested = _requested()
    form = reference_responses.chosen(requested.format_name or "")
    query = requested.query or ""
    try:
        keywords.parse(keywords.as_graph(query), prefixes=site.names.prefixes)
    except SyntaxError as error:
        raise syntax_errors.explain(query, str(error)) from None
    return reference_responses.response(citation(requested, site.data_version, site.about).reference, form)


def citation(requested: Operation, version: str, about: Description) -> Citation:
    """Return the citation of the answer to `requested` from the data `version` of the collection `about`."""
    return Citation(version, today(), asked=replace(requested, timeout=None).parameters(), about=about)


def page_reference(requested: Operation, version: str, about: Description) -> PageReference | None:
    """Return the same for a page; None if its query is too long for an address."""
    address = f"{url_for('cite.sparql')}?{urlencode(requested.parameters(), doseq=True)}"
    if len(address) > URI_LIMIT:
        return None
    return reference_responses.of_page(citation(requested, version, about).reference, address)


def _requested() -> Operation:
    """Return the present request for a query; raises RequestError without one."""
    requested = operation(request.environ)
    if requested.query is None:
        raise RequestError("Send the query that was answered, as to /sparql.")
    return requested


def _answer(site: Site) -> QueryAnswer:
    """Return the answer to the query of the present request; raises RequestError without a query."""
    requested = _requested()
    endpoint = request.base_url.rpartition("/")[0]  # relative IRIs in the query are resolved as there
    return site.services.answer(query_request(requested, _TYPES, endpoint), request.remote_addr or "")


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


def links(requested: Operation, answer: QueryAnswer, root: str) -> list[tuple[str, str]]:
    """Return the fields `Link` that lead to the hints on `answer` to `requested` and to its grounds, if any.

    `root` is the path of this service.
    """
    values = []
    if answer.hints:
        title = f"{len(answer.hints)} hint{'s' if len(answer.hints) > 1 else ''} on the query"
        values.append(response_headers.link_value(_target(root + _HINTS, requested), _HELP, JSON, title))
    if answer_grounds.may_have(answer):
        values.append(answer_grounds.link_value(_target(root + _GROUNDS, requested)))
    return [("Link", value) for value in values]


def _target(address: str, requested: Operation) -> str:
    """Return `address` with the query of `requested`, or without if it would be too long."""
    target = f"{address}?{urlencode(requested.parameters(), doseq=True)}"
    return target if len(target) <= _LONGEST else address
