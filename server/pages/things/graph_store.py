"""Graphs as a whole (SPARQL 1.1 Graph Store HTTP Protocol), the reading side of it.

GET and HEAD (sections 5.2 and 5.6); whatever would write is answered with 405 (section 5.1). The
default graph is the union of all graphs, as it is for a query.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request, url_for

from kg.errors import MemoryLimitError, SizeLimitError, TimeLimitError
from server.engine.evaluation.query_request import QueryRequest
from server.pages.things import unknown_names
from server.site import documents, pool_queries
from server.site.site import Site
from server.web.addresses import canonical
from server.web.http_errors import RequestError
from server.web.sparql_protocol import parameters

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"

_TOO_LARGE = (
    "This graph is too large to be made into one answer. Take it as a file, from the address in “dumps”, or "
    "in smaller graphs."
)


def register(app: Flask, site: Site) -> None:
    """Give `app` the address of its graphs; a name of a graph of ours leads there."""
    app.add_url_rule("/graphs", "graphs", lambda: _graph(site))


def _graph(site: Site) -> Response:
    name = _named(parameters(request.query_string))
    media_type = documents.requested_type()
    graphs = None if name is None else (name,)
    if name is not None and not pool_queries.holds(site.pool, name):
        raise unknown_names.unknown(site.pool, name)
    try:
        answer = site.pool.answer(QueryRequest(_ALL, {"graph": media_type}, default_graphs=graphs))
    except (SizeLimitError, MemoryLimitError, TimeLimitError):
        raise SizeLimitError(_TOO_LARGE) from None
    return documents.response(site, answer.body, media_type)


def _named(given: list[tuple[str, str]]) -> str | None:
    """Return the graph that the parameters name, None for the default graph (section 4.2).

    Raises RequestError unless they name exactly one, by an absolute IRI.
    """
    named = [(key, value) for key, value in given if key in ("default", "graph")]
    if len(named) != 1:
        raise RequestError("Name exactly one graph: with ?default, or with ?graph= and its IRI.")
    ((key, value),) = named
    if key == "default":
        return None
    if not _absolute(value):
        raise RequestError(f"A graph must be named by an absolute IRI, not {value!r}.")
    return value


def _absolute(iri: str) -> bool:
    try:
        return bool(urlsplit(iri).scheme)
    except ValueError:  # half an IPv6 address
        return False


def lead(site: Site, path: str) -> Response:
    """Return the way (303) from the name of a graph to its statements; 404 if there is no such graph."""
    name = canonical(path)
    if not pool_queries.holds(site.pool, name):
        raise unknown_names.unknown(site.pool, name)
    asked = request.args.get("format")  # never HTML, which leads elsewhere; None is left out
    return redirect_to(url_for("graphs", graph=name, format=asked))


def redirect_to(address: str) -> Response:
    """Return a 303 to `address` (RFC 9110 section 15.4.4)."""
    response = redirect(address, 303)
    assert isinstance(response, Response)  # noqa: S101 - the class that Flask makes
    return response
