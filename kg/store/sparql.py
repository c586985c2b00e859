"""SPARQL queries on a store: untrusted ones, which are restricted, and our own.

Untrusted queries are read-only and call no other service; without FROM they read the union of all graphs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.errors import ForbiddenError, QuerySyntaxError
from kg.namespaces import PREFIXES
from kg.store import keywords, known_prefixes

_KNOWN = MappingProxyType(PREFIXES)
TOTAL = "rows"  # the variable of `counting`
Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_ADDRESS = re.compile(rf"{keywords.SERVICE.pattern}\s+(?:silent\s*)?<([^<>\s]+)>", re.IGNORECASE)
_PLACE = re.compile(r"error at (\d+):(\d+)")

# What the graph says of a thing and what points to it, each with the name of the other end and whether it
# is inferred only.
_DESCRIPTION = f"""SELECT ?direction ?property ?value ?label ?inferred {{
  {{ SELECT DISTINCT ?direction ?property ?value {{
    {{ %(thing)s ?property ?value . BIND ("of" AS ?direction) }}
    UNION {{ ?value ?property %(thing)s . BIND ("to" AS ?direction) }}
  }} }}
  OPTIONAL {{
    ?value <{PREFIXES["rdfs"]}label>|<{PREFIXES["skos"]}prefLabel> ?label . FILTER (lang(?label) = "en")
  }}
  BIND (NOT EXISTS {{
    GRAPH ?stated {{ {{ %(thing)s ?property ?value }} UNION {{ ?value ?property %(thing)s }} }}
    FILTER (!CONTAINS(STR(?stated), "/graph/inferred/"))
  }} AS ?inferred)
}} ORDER BY ?direction ?property ?value"""


def ask(store: ox.Store, query: str, prefixes: Mapping[str, str] = _KNOWN) -> Result:
    """Return the result of `query` over the union of all graphs, or over those that it names with FROM.

    The known `prefixes` need not be declared. There is no time limit: the query runs in the process of the
    caller. Raises QuerySyntaxError if it is not a query, or is an update, and ForbiddenError if it calls
    another service.
    """
    known = dict(prefixes)
    parse = partial(keywords.parse, prefixes=known)
    try:
        if keywords.has_keyword("service", query, parse):
            parse(keywords.as_graph(query))
            raise ForbiddenError(
                "This graph calls no other service; query the other endpoint yourself and join the answers."
            )
        union = not keywords.has_keyword("from", query, parse)
        return store.query(query, prefixes=known, use_default_graph_as_union=union)
    except SyntaxError as error:
        unknown = [name for name, iri in known_prefixes.undeclared(query).items() if not iri]
        if unknown:
            raise QuerySyntaxError(
                f"The prefix {unknown[0]}: is not declared; begin the query with PREFIX {unknown[0]}: <…>"
            ) from None
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        raise QuerySyntaxError(f"This is not SPARQL: {error}", line, column) from None


def description(thing: ox.NamedNode) -> str:
    """Return the SELECT for what the graph says of `thing` and what points to it."""
    return _DESCRIPTION % {"thing": thing}


def projection(query: str) -> tuple[str, ...] | None:
    """Return the variables that the SELECT `query` projects, in order; None for another query form.

    No data is read and no service called. Raises SyntaxError if it is not a query.
    """
    result = ox.Store().query(_without_calls(query))
    if not isinstance(result, ox.QuerySolutions):
        return None
    return tuple(variable.value for variable in result.variables)


def counting(query: str) -> str:
    """Return a query for the number of rows of the SELECT `query`, which it gives as `?rows`."""
    declarations = keywords.prologue(query)
    return f"{declarations}\nSELECT (COUNT(*) AS ?{TOTAL}) {{ {{\n{query[len(declarations) :]}\n}} }}"


def calls_service(query: str) -> bool:
    """Return whether `query` calls a service (SPARQL 1.1 Federated Query); False if it is not a query."""
    return keywords.has_keyword("service", query) and keywords.parses(keywords.as_graph(query))


def services(query: str) -> tuple[str, ...]:
    """Return the service addresses that `query` calls by IRI, each once; none if it is not a query."""
    return tuple(dict.fromkeys(_ADDRESS.findall(query))) if calls_service(query) else ()


def _without_calls(query: str) -> str:
    return keywords.as_graph(query) if keywords.has_keyword("service", query) else query


def rows(store: ox.Store, query: str) -> ox.QuerySolutions:
    """Return the solutions of a SELECT query over the union of all graphs of `store`.

    The query is one of our own, so that one of another form is a programming error: TypeError.
    """
    result = store.query(query, use_default_graph_as_union=True)
    if not isinstance(result, ox.QuerySolutions):
        raise TypeError("this is not a SELECT query")
    return result


def bindings(store: ox.Store, query: str) -> list[dict[str, Any]]:
    """Return the solutions of a SELECT query as the terms by name, without unbound variables.

    The query may be untrusted: raises what `ask` raises, and TypeError for another query form.
    """
    result = ask(store, query)
    if not isinstance(result, ox.QuerySolutions):
        raise TypeError("this is not a SELECT query")
    names = [variable.value for variable in result.variables]
    found = (zip(names, solution, strict=True) for solution in result)
    return [{name: term for name, term in row if term is not None} for row in found]
