"""Queries to the worker pool with answers as Python objects: solutions as terms, graphs as triples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.terms import short
from server.engine.evaluation.query_request import QueryRequest
from server.engine.workers.pool import Pool

Term = NamedNode | BlankNode | Literal | Triple
Row = dict[str, Term]

JSON_ROWS = "application/sparql-results+json"
_TRIPLES, _WORD = "application/n-triples", "text/boolean"


def rows(pool: Pool, query: str, timeout: float | None = None) -> list[Row]:
    """Return the solutions of a SELECT over the union of all graphs, each without its unbound variables.

    `timeout`, in seconds, can only lower the pool's limit. Raises what `Pool.answer` raises.
    """
    answer = pool.answer(QueryRequest(query, {"solutions": JSON_ROWS}, timeout=timeout))
    return parsed(answer.body)


def parsed(body: bytes) -> list[Row]:
    """Return the solutions in `body`, SPARQL results in JSON, each without its unbound variables."""
    solutions = parse_query_results(body, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - only a SELECT may be answered
    names = [variable.value for variable in solutions.variables]
    bindings = [{name: solution[name] for name in names} for solution in solutions]
    return [{name: term for name, term in row.items() if term is not None} for row in bindings]


def saved_rows(
    pool: Pool,
    queries: Mapping[str, SavedQuery],
    name: str,
    /,
    **things: str,
) -> list[Row]:
    """Return the solutions of the saved query `name` among `queries` about `things`, IRIs by parameter.

    There are none if an operator's own folder of queries lacks it. Raises what `rows` and `fill_query` raise.
    """
    query = queries.get(name)
    if query is None:
        return []
    given = {parameter: short(NamedNode(iri), pool.names) for parameter, iri in things.items()}
    return rows(pool, fill_query(query, given, partial(rows, pool)).text)


def triples(pool: Pool, query: str, graphs: tuple[str, ...] | None = None) -> list[Triple]:
    """Return the triples of a CONSTRUCT over `graphs`, by default over the union of all graphs."""
    answer = pool.answer(QueryRequest(query, {"graph": _TRIPLES}, default_graphs=graphs))
    return [quad.triple for quad in parse(answer.body, RdfFormat.N_TRIPLES)]


def holds(pool: Pool, graph: str) -> bool:
    """Return whether there is a named graph `graph` with at least one statement.

    Raises RequestError if `graph` is not a valid IRI.
    """
    answer = pool.answer(QueryRequest("ASK { ?s ?p ?o }", {"boolean": _WORD}, default_graphs=(graph,)))
    return answer.body == b"true"


def value(term: Term) -> str:
    """Return the IRI, lexical form or blank node label of `term`; a triple as N-Triples writes it."""
    return str(term) if isinstance(term, Triple) else term.value


def values(variable: str, iris: Iterable[str]) -> str:
    """Return a VALUES block for `iris`; raises ValueError for an invalid IRI, against injection."""
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(iri)) for iri in iris)} }}"
