"""The MCP tool `why`: the proof of a triple, down to quoted words, found by queries to the pool."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field
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

from kg import terms
from kg.asking.questions import sources
from kg.errors import TimeLimitError, UnknownNameError
from kg.inference import proofs
from kg.inference.rules import Rule
from kg.terms import short
from server.engine.evaluation.query_request import QueryRequest
from server.engine.workers.pool import Pool
from server.model_context.answer_models import ProofModel, StepModel
from server.model_context.tool_context import ToolContext, answer_fields, source_fields, with_tool_errors
from server.pages.things import unknown_names
from server.site import pool_queries
from server.site.pool_queries import value

_JSON = "application/sparql-results+json"
MOST = 500  # steps of a proof that are shown
SECONDS = 30.0  # for one proof, which takes hundreds of small queries
_JOINING = 20  # properties suggested if there is no such triple
Name = Annotated[str, Field(max_length=2_000)]


class PooledStore:
    """A store for the prover that sends each pattern and query to the pool, for `seconds` in all."""

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
        """Yield the quads of named graphs that match; None matches all."""
        given = {"s": subject, "p": predicate, "o": object, "g": graph_name}
        terms = {name: f"?{name}" if term is None else str(term) for name, term in given.items()}
        pattern = f"GRAPH {terms['g']} {{ {terms['s']} {terms['p']} {terms['o']} }}"
        free = [f"?{name}" for name, term in given.items() if term is None]
        rows = pool_queries.rows(
            self._pool, f"SELECT {' '.join(free) or '(1 AS ?one)'} {{ {pattern} }}", self._left()
        )
        for row in rows:
            yield Quad(*(row.get(name, term) for name, term in given.items()))  # type: ignore[arg-type]

    def query(
        self, query: str, *, use_default_graph_as_union: bool = True
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Return the answer to a SELECT or ASK over the union of all graphs, the pool's default graph."""
        if not use_default_graph_as_union:
            raise ValueError("the pool queries the union of all graphs")
        types = {"solutions": _JSON, "boolean": _JSON}
        answer = self._pool.answer(QueryRequest(query, types, timeout=self._left()))  # type: ignore[arg-type]
        return parse_query_results(answer.body, QueryResultsFormat.JSON)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeLimitError(
                f"No proof was found within {self._seconds:g} s. Try one of its premises, or use the "
                "saved query evidence-of-a-statement."
            )
        return left


class ProofTools:
    """The tool that finds proofs by the `rules` of inference, with `kg.inference.proofs`."""

    def __init__(self, context: ToolContext, rules: Sequence[Rule]) -> None:
        self._context = context
        self._rules = rules
        self._reading = threading.Lock()  # parsing the rules is not thread-safe

    @with_tool_errors
    def why(
        self,
        subject: Annotated[Name, Field(description="a thing, such as actor:che-guevara")],
        property: Annotated[Name, Field(description="a property, such as silentAt, or a for the type")],  # noqa: A002
        value: Annotated[Name, Field(description="a thing, such as event:ori-session")],
    ) -> ProofModel:
        """Explain why the graph has this triple: rule and premises, down to what records state and quote."""
        triple = Triple(*(self._node(name) for name in (subject, property, value)))
        own = self._context.pool.names
        store = PooledStore(self._context.pool, SECONDS)
        with self._reading:
            prover = proofs.Prover(store, self._rules)
        proof, title = prover.prove(triple), " ".join(short(term, own) for term in triple)
        if proof is None:
            raise UnknownNameError("statement", title, self._joining(triple))
        steps = list(_steps(proof, 0))
        stated = {term for step in proof.leaves() for term in _things(step.triple)}
        cut = f"{len(steps)} steps, of which {MOST} are shown." if len(steps) > MOST else ""
        evidence = sources.of_things(self._context.ask, stated)
        return ProofModel(
            steps=steps[:MOST],
            **answer_fields(self._context.citation(f"why {title}")),
            **source_fields(evidence, cut),
        )

    def _joining(self, triple: Triple) -> list[str]:
        """Return statements of the graph with the same subject and object, at most _JOINING."""
        ends = triple.subject, triple.object
        query = f"SELECT DISTINCT ?p {{ {ends[0]} ?p {ends[1]} }} ORDER BY ?p LIMIT {_JOINING}"
        rows, own = pool_queries.rows(self._context.pool, query), self._context.pool.names
        return [" ".join((short(ends[0], own), short(row["p"]), short(ends[1], own))) for row in rows]

    def _node(self, given: str) -> NamedNode:
        """Return the node called `given`; raises UnknownNameError and UnknownThingError."""
        try:
            node = NamedNode(terms.expand(given.strip(), self._context.pool.names))
        except ValueError:
            raise UnknownNameError("thing", given, ()) from None
        anywhere = f"{{ {node} ?a ?b }} UNION {{ ?a {node} ?b }} UNION {{ ?a ?b {node} }}"
        if not pool_queries.rows(self._context.pool, f"SELECT (1 AS ?held) {{ {anywhere} }} LIMIT 1"):
            raise unknown_names.unknown(self._context.pool, node.value)
        return node


def _steps(step: proofs.ProofStep, depth: int) -> Iterator[StepModel]:
    subject, predicate, target = step.triple
    yield StepModel(
        depth=depth,
        subject=value(subject),
        property=short(predicate),
        value=value(target),
        rule=step.rule,
        reason=step.reason,
        graph=step.graph,
        quotes=list(step.quotes),
    )
    for premise in step.premises:
        yield from _steps(premise, depth + 1)


def _things(triple: Triple) -> Iterator[str]:
    return (term.value for term in (triple.subject, triple.object) if isinstance(term, NamedNode))
