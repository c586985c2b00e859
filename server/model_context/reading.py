"""The graph behind a pool, read as a store is read, so that a proof needs no store of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Triple,
    parse_query_results,
)

from kg.errors import TimeLimitError
from server import lookup
from server.workers.messages import Request
from server.workers.pool import Pool

_JSON = "application/sparql-results+json"


class PooledStore:
    """Answers each pattern and query by the pool, altogether for at most `seconds` from now."""

    def __init__(self, pool: Pool, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        object: NamedNode | BlankNode | Literal | Triple | None,  # noqa: A002 - the engine's name
        graph_name: NamedNode | BlankNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """Return the quads of named graphs that fit; None fits all."""
        given = {"s": subject, "p": predicate, "o": object, "g": graph_name}
        terms = {name: f"?{name}" if term is None else str(term) for name, term in given.items()}
        pattern = f"GRAPH {terms['g']} {{ {terms['s']} {terms['p']} {terms['o']} }}"
        free = [f"?{name}" for name, term in given.items() if term is None]
        rows = lookup.rows(
            self._pool, f"SELECT {' '.join(free) or '(1 AS ?one)'} {{ {pattern} }}", self._left()
        )
        for row in rows:
            yield Quad(*(row.get(name, term) for name, term in given.items()))  # type: ignore[arg-type]

    def query(
        self, query: str, *, use_default_graph_as_union: bool = True
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Return the answer to a SELECT or ASK over the union of all graphs, as the pool always asks."""
        if not use_default_graph_as_union:
            raise ValueError("the pool asks the union of all graphs")
        types = {"solutions": _JSON, "boolean": _JSON}
        answer = self._pool.answer(Request(query, types, timeout=self._left()))  # type: ignore[arg-type]
        return parse_query_results(answer.body, QueryResultsFormat.JSON)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeLimitError(
                f"No proof was found within {self._seconds:g} s. Ask for one of its premises, or use the "
                "saved query evidence-of-a-statement."
            )
        return left
