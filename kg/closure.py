"""Infer the whole graph: the shared records once, then each telegram, then what spans telegrams.

Each telegram sees the shared records and itself, so cost grows with the number of telegrams and no
faster. `before` rules draw triples that OWL then uses; `after` and `across` rules use what OWL drew
and run until nothing new comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.inference import Reasoner, Triple, from_rdflib
from kg.namespaces import GRAPH, ID
from kg.rules import Rule, of_stage
from kg.schema import ONTOLOGY_GRAPH
from kg.triples import SHARED

INFERRED = f"{GRAPH}inferred/"
Progress = Callable[[str], None]


@dataclass
class Inferred:
    """The inferred quads, and what contradicts what."""

    quads: list[ox.Quad] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)


def infer(store: ox.Store, reasoner: Reasoner, rules: Sequence[Rule], progress: Progress) -> Inferred:
    """Return what follows from the graphs of `store`; each telegram's part in its own graph.

    `store` holds stated graphs and the ontology; inferred quads are added to it on the way.
    """
    work = _Closure(store, reasoner, rules)
    shared = ox.NamedNode(SHARED)
    work.one(shared, ())
    telegrams = sorted((g for g in store.named_graphs() if "/graph/telegram/" in g.value), key=str)
    context = reasoner.usable([*work.triples(shared), *work.triples(inferred_graph(shared))])
    for graph in telegrams:
        progress(f"inferring {graph.value.removeprefix(str(GRAPH))}")
        work.one(graph, context)
    work.across()
    return work.result


def inferred_graph(graph: ox.NamedNode) -> ox.NamedNode:
    """Return the graph of what is inferred from `graph`."""
    return ox.NamedNode(INFERRED + graph.value.removeprefix(str(GRAPH)))


class _Closure:
    def __init__(self, store: ox.Store, reasoner: Reasoner, rules: Sequence[Rule]) -> None:
        self.store, self.reasoner = store, reasoner
        self.before, self.after, self.last = (of_stage(rules, s) for s in ("before", "after", "across"))
        self.result = Inferred()

    def triples(self, graph: ox.NamedNode) -> list[ox.Triple]:
        return [quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)]

    def one(self, graph: ox.NamedNode, context: Sequence[Triple]) -> None:
        """Close one graph under rules and ontology."""
        target, shared = inferred_graph(graph), ox.NamedNode(SHARED)
        seen = list(dict.fromkeys([graph, target, shared, inferred_graph(shared), ONTOLOGY_GRAPH]))
        self._draw(self.before, seen, target)
        self._owl(graph, target, context)
        while self._draw(self.after, seen, target):
            pass

    def across(self) -> None:
        """Apply the rules that need all telegrams, to the fixpoint."""
        while self._draw(self.last, (), ox.NamedNode(INFERRED + "across")):
            pass

    def _owl(self, graph: ox.NamedNode, target: ox.NamedNode, context: Sequence[Triple]) -> int:
        stated = self.reasoner.usable([*self.triples(graph), *self.triples(target)])
        closure = self.reasoner.close(stated, context)
        self.result.contradictions += [c for c in closure.contradictions if c not in self.result.contradictions]
        return self._add((from_rdflib(t) for t in closure.triples), target)

    def _draw(self, rules: Sequence[Rule], graphs: Sequence[ox.NamedNode], target: ox.NamedNode) -> int:
        return sum(self._add(rule.apply(self.store, graphs), target) for rule in rules)

    def _add(self, triples: Iterable[ox.Triple], target: ox.NamedNode) -> int:
        new = [
            ox.Quad(t.subject, t.predicate, t.object, target)
            for t in triples
            if t.subject != t.object and t.subject.value.startswith(str(ID)) and not self._known(t)
        ]
        self.store.extend(new)
        self.result.quads += new
        return len(new)

    def _known(self, triple: ox.Triple) -> bool:
        return any(self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))
