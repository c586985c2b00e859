"""HTTP route `/graphs`: whole graphs, read-only (SPARQL 1.1 Graph Store HTTP Protocol).

GET and HEAD (sections 5.2 and 5.6) are supported; other methods get 405 (section 5.1). The default graph is
the union of all graphs, as in queries.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request, url_for

from kg.errors import MemoryLimitError, SizeLimitError, TimeLimitError
from kg.store.statistics import StatisticsOf
from server.engine.evaluation.query_request import QueryRequest
from server.pages.things import unknown_names
from server.site import documents, pool_queries
from server.site.site import Site
from server.web.addresses import canonical
from server.web.http_errors import RequestError
from server.web.sparql_protocol import parameters

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_SHORTEST = 24  # bytes of a statement on average, in the shortest format
_TOO_LARGE = (
    "This graph is too large for one response. Download it as a file from the address in “dumps”, or "
    "request smaller graphs."
)


def register(app: Flask, site: Site, statistics: StatisticsOf) -> None:
    """Add the route of the graphs to `app`; `redirect_to_graph` leads there.

    `statistics` returns the counts of a data version.
    """
    app.add_url_rule("/graphs", "graphs", lambda: _graph(site, statistics))


def _graph(site: Site, statistics: StatisticsOf) -> Response:
    name = _requested_graph(parameters(request.query_string))
    media_type = documents.requested_type()
    graphs = None if name is None else (name,)
    if name is not None and not pool_queries.holds(site.pool, name):
        raise unknown_names.unknown(site.pool, name)
    counted = statistics(site.data_version)
    if name is None and counted and counted.statements * _SHORTEST > site.pool.limits.result:
        raise SizeLimitError(_TOO_LARGE)
    try:
        answer = site.pool.answer(QueryRequest(_ALL, {"graph": media_type}, default_graphs=graphs))
    except (SizeLimitError, MemoryLimitError, TimeLimitError):
        raise SizeLimitError(_TOO_LARGE) from None
    return documents.response(site, answer.body, media_type)


def _requested_graph(given: list[tuple[str, str]]) -> str | None:
    """Return the IRI of the graph that the parameters name, None for the default graph (section 4.2).

    Raises RequestError unless they name exactly one graph, by an absolute IRI.
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


def redirect_to_graph(site: Site, path: str) -> Response:
    """Return a redirect (303) from the name of a graph to its statements.

    Raises UnknownThingError if there is no such graph.
    """
    name = canonical(path, site.names)
    if not pool_queries.holds(site.pool, name):
        raise unknown_names.unknown(site.pool, name)
    # The format is never HTML, for which there is a page; url_for leaves None out.
    return see_other(url_for("graphs", graph=name, format=request.args.get("format")))


def see_other(address: str) -> Response:
    """Return a redirect with the status 303 to `address` (RFC 9110 section 15.4.4)."""
    response = redirect(address, 303)
    assert isinstance(response, Response)  # noqa: S101 - the response class of Flask
    return response
