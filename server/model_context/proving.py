"""The tool that tells why a triple is in the graph, down to quoted words."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field
from pyoxigraph import NamedNode, Triple

from kg import terms, why
from kg.errors import UnknownNameError
from kg.rules import Rule
from kg.terms import short
from server import lookup, names
from server.lookup import value
from server.model_context import sources
from server.model_context.desk import Desk, about, sourced, telling
from server.model_context.reading import PooledStore
from server.model_context.shapes import Proof, Step

MOST = 500  # steps of a proof that are shown
SECONDS = 30.0  # for one proof, which takes some hundred small queries
_JOINING = 20  # properties that are offered instead
Name = Annotated[str, Field(max_length=2_000)]


class Proving:
    """Finds proofs by the `rules` of inference; see kg.why."""

    def __init__(self, desk: Desk, rules: Sequence[Rule]) -> None:
        self._desk = desk
        self._rules = rules
        self._reading = threading.Lock()  # the parser of the rules serves one thread at a time

    @telling
    def why(
        self,
        subject: Annotated[Name, Field(description="a thing, such as actor:che-guevara")],
        property: Annotated[Name, Field(description="a property, such as silentAt, or a for the type")],  # noqa: A002
        value: Annotated[Name, Field(description="a thing, such as event:ori-session")],
    ) -> Proof:
        """Tell why the graph says this: the rule and its premises, down to what records state and quote."""
        triple = Triple(*(self._known(given) for given in (subject, property, value)))
        store = PooledStore(self._desk.pool, SECONDS)
        with self._reading:
            prover = why.Prover(store, self._rules)
        proof, asked = prover.prove(triple), " ".join(map(short, triple))
        if proof is None:
            raise UnknownNameError("statement", asked, self._joining(triple))
        steps = list(_steps(proof, 0))
        stated = {term for step in proof.leaves() for term in _things(step.triple)}
        cut = f"{len(steps)} steps, of which {MOST} are shown." if len(steps) > MOST else ""
        found = sources.of_things(self._desk.pool, stated)
        return Proof(steps=steps[:MOST], **about(self._desk.titled(f"why {asked}")), **sourced(found, cut))

    def _joining(self, triple: Triple) -> list[str]:
        """Return what the graph says between subject and object, at most some of it."""
        ends = triple.subject, triple.object
        query = f"SELECT DISTINCT ?p {{ {ends[0]} ?p {ends[1]} }} ORDER BY ?p LIMIT {_JOINING}"
        rows = lookup.rows(self._desk.pool, query)
        return [" ".join((short(ends[0]), short(row["p"]), short(ends[1]))) for row in rows]

    def _known(self, given: str) -> NamedNode:
        """Return the node that `given` stands for; raises UnknownNameError and UnknownThingError."""
        try:
            node = NamedNode(terms.expand(given.strip()))
        except ValueError:
            raise UnknownNameError("thing", given, ()) from None
        anywhere = f"{{ {node} ?a ?b }} UNION {{ ?a {node} ?b }} UNION {{ ?a ?b {node} }}"
        if not lookup.rows(self._desk.pool, f"SELECT (1 AS ?held) {{ {anywhere} }} LIMIT 1"):
            raise names.unknown(self._desk.pool, node.value)
        return node


def _steps(step: why.Step, depth: int) -> Iterator[Step]:
    subject, predicate, target = step.triple
    yield Step(
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
