"""Queries of a store: those of anybody, and our own.

What anybody asks is read-only, calls no other service, and FROM in it means what it says.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.errors import ForbiddenError, QuerySyntaxError
from kg.store import keywords

Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_ADDRESS = re.compile(rf"{keywords.SERVICE.pattern}\s+(?:silent\s*)?<([^<>\s]+)>", re.IGNORECASE)
_PLACE = re.compile(r"error at (\d+):(\d+)")


def ask(store: ox.Store, query: str) -> Result:
    """Return the result of `query` over the union of all graphs, or over those that it names with FROM.

    There is no limit of time: it runs in the caller's own process. Raises QuerySyntaxError for
    what is no query, an update among it, and ForbiddenError for a call of another service.
    """
    try:
        if keywords.has_keyword("service", query):
            keywords.parse(keywords.as_graph(query))
            raise ForbiddenError(
                "This graph calls no other service: ask the other endpoint yourself and join the answers."
            )
        return store.query(query, use_default_graph_as_union=not keywords.has_keyword("from", query))
    except SyntaxError as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        raise QuerySyntaxError(f"This is not SPARQL: {error}", line, column) from None


def projection(query: str) -> tuple[str, ...] | None:
    """Return the variables that the SELECT `query` gives, in order; None for another form.

    It looks at no data and calls nobody. Raises SyntaxError for what is no query.
    """
    found = ox.Store().query(_without_calls(query))
    if not isinstance(found, ox.QuerySolutions):
        return None
    return tuple(variable.value for variable in found.variables)


def calls_service(query: str) -> bool:
    """Return whether `query` calls a service (SPARQL 1.1 Federated Query); False for what is no query."""
    return keywords.parses(keywords.as_graph(query)) and keywords.has_keyword("service", query)


def services(query: str) -> tuple[str, ...]:
    """Return the addresses that `query` calls by name, each once; none for what is no query."""
    return tuple(dict.fromkeys(_ADDRESS.findall(query))) if calls_service(query) else ()


def _without_calls(query: str) -> str:
    return keywords.as_graph(query) if keywords.has_keyword("service", query) else query


def rows(store: ox.Store, query: str) -> ox.QuerySolutions:
    """Return the solutions of a SELECT query over the union of all graphs of `store`.

    Raises TypeError for a query of another form: the queries here are our own.
    """
    result = store.query(query, use_default_graph_as_union=True)
    if not isinstance(result, ox.QuerySolutions):
        raise TypeError("this is no SELECT query")
    return result
