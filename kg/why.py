"""Why a triple is in the graph: the rule and the premises, down to what records state.

A proof is found on demand by matching the rules backwards; nothing about it is stored. The OWL
rules have the names of https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.namespaces import CG, GRAPH
from kg.premises import Premises
from kg.rules import Rule

_INFERRED = f"{GRAPH}inferred/"


@dataclass(frozen=True)
class Step:
    """One triple and why it holds: `rule` is "stated" (then `graph` says where) or a rule's name."""

    triple: ox.Triple
    rule: str
    graph: str = ""
    premises: tuple[Step, ...] = ()
    quotes: tuple[str, ...] = field(default=())


def explain(store: ox.Store, rules: Sequence[Rule], triple: ox.Triple) -> Step | None:
    """Return a proof of `triple` from what is stated, or None if the graph does not hold it."""
    return _Prover(store, rules).prove(triple, frozenset())


class _Prover:
    def __init__(self, store: ox.Store, rules: Sequence[Rule]) -> None:
        self.store = store
        self.candidates = Premises(store, rules)

    def prove(self, triple: ox.Triple, path: frozenset[ox.Triple]) -> Step | None:
        graphs = sorted(q.graph_name.value for q in self._quads(triple))
        stated = next((graph for graph in graphs if not graph.startswith(_INFERRED)), None)
        if stated:
            return Step(triple, "stated", stated, (), tuple(self._quotes(triple)))
        if not graphs or triple in path:
            return None
        return self._derived(triple, path | {triple})

    def _derived(self, triple: ox.Triple, path: frozenset[ox.Triple]) -> Step | None:
        for rule, premises in self.candidates.of(triple):
            steps = []
            for premise in premises:
                step = self.prove(premise, path)
                if step is None:
                    break
                steps.append(step)
            else:
                return Step(triple, rule, "", tuple(steps))
        return None

    def _quads(self, triple: ox.Triple) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)

    def _quotes(self, triple: ox.Triple) -> list[str]:
        """Return the quoted words under the statement that the triple belongs to."""
        query = f"""SELECT ?quote WHERE {{
            {triple.subject} <{CG.evidence}>|<{CG.basedOn}> ?anchor .
            ?anchor <http://www.w3.org/ns/oa#exact> ?quote }} ORDER BY ?quote"""
        return [row["quote"].value for row in self.store.query(query, use_default_graph_as_union=True)]


def lines(step: Step, shorten: object = str, depth: int = 0) -> Iterator[str]:
    """Yield the proof as indented lines for people; `shorten` turns a term into text."""
    write = shorten if callable(shorten) else str
    triple = " ".join(write(term) for term in step.triple)
    source = f"stated in {write(ox.NamedNode(step.graph))}" if step.graph else f"by {step.rule}, because"
    quotes = "".join(f' "{quote}"' for quote in step.quotes)
    yield f"{'  ' * depth}{triple}  [{source}{':' if quotes else ''}{quotes}]"
    for premise in step.premises:
        yield from lines(premise, shorten, depth + 1)
