"""Infer the whole graph: the shared records once, then each telegram, then what spans telegrams.

Each telegram sees the shared records and itself, so cost grows with the number of telegrams and no
faster. `before` rules draw triples that OWL then uses; `after` rules use what OWL drew. What several
telegrams say of the things they share is closed at the end, over these things alone: the claims of
a telegram are not drawn anew from what another telegram says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.inference.contradictions import Clash, clashes
from kg.inference.proofs import Prover
from kg.inference.rdflib_terms import Triple, from_rdflib, to_rdflib
from kg.inference.reasoner import Reasoner, wanted
from kg.inference.rules import Rule, of_stage
from kg.namespaces import GRAPH, ID
from kg.reading.ontology import ONTOLOGY_GRAPH, local_name
from kg.reading.triples import LINKS, SHARED

INFERRED = f"{GRAPH}inferred/"
ACROSS = ox.NamedNode(f"{INFERRED}across")
_TELEGRAMS = f"{GRAPH}telegram/"
Progress = Callable[[str], None]


@dataclass
class Inferred:
    """The inferred quads, and what contradicts what, each contradiction once."""

    quads: list[ox.Quad] = field(default_factory=list)
    contradictions: list[Clash] = field(default_factory=list)


def infer(store: ox.Store, reasoner: Reasoner, rules: Sequence[Rule], progress: Progress) -> Inferred:
    """Return what follows from the graphs of `store`; each telegram's part in its own graph.

    `store` holds stated graphs and the ontology; inferred quads are added to it on the way.
    """
    work = _Closure(store, reasoner, rules)
    shared = ox.NamedNode(SHARED)
    work.one(shared, ())
    names = sorted(g.value for g in store.named_graphs() if g.value.startswith(_TELEGRAMS))
    context = reasoner.usable([*work.triples(shared), *work.triples(inferred_graph(shared))])
    for name in names:
        progress(f"inferring {name.removeprefix(str(GRAPH))}")
        work.one(ox.NamedNode(name), context)
    progress("inferring what spans telegrams")
    work.across()
    work.result.contradictions = clashes(work.messages, Prover(store, rules)) if work.messages else []
    return work.result


def inferred_graph(graph: ox.NamedNode) -> ox.NamedNode:
    """Return the graph of what is inferred from `graph`."""
    return ox.NamedNode(INFERRED + graph.value.removeprefix(str(GRAPH)))


class _Closure:
    def __init__(self, store: ox.Store, reasoner: Reasoner, rules: Sequence[Rule]) -> None:
        self.store, self.reasoner = store, reasoner
        self.before, self.after, last = (of_stage(rules, s) for s in ("before", "after", "across"))
        # What a rule draws within one telegram it also draws from two.
        self.last = [*self.after, *last]
        self.result = Inferred()
        self.messages: dict[str, None] = {}

    def triples(self, graph: ox.NamedNode) -> list[ox.Triple]:
        return [quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)]

    def one(self, graph: ox.NamedNode, context: Sequence[Triple]) -> None:
        """Close one graph under rules and ontology."""
        target, shared = inferred_graph(graph), ox.NamedNode(SHARED)
        seen = list(dict.fromkeys([graph, target, shared, inferred_graph(shared), ONTOLOGY_GRAPH]))
        self._draw(self.before, seen, target)
        self._owl([*self.triples(graph), *self.triples(target)], target, context)
        self._draw(self.after, seen, target)

    def across(self) -> None:
        """Close what all telegrams together say of the things they share."""
        self._draw(self.last, (), ACROSS)
        while new := self._owl(self._said(), ACROSS, ()):
            if not self._draw(self.last, (), ACROSS, new):
                break

    def _said(self) -> Iterable[ox.Triple]:
        return dict.fromkeys(quad.triple for quad in self.store if _between_shared(quad))

    def _owl(
        self, stated: Iterable[ox.Triple], target: ox.NamedNode, context: Sequence[Triple]
    ) -> list[ox.Quad]:
        closure = self.reasoner.close(self.reasoner.usable(stated), context)
        self.messages.update(dict.fromkeys(closure.contradictions))
        return self._add((from_rdflib(t) for t in closure.triples), target)

    def _draw(
        self,
        rules: Sequence[Rule],
        graphs: Sequence[ox.NamedNode],
        target: ox.NamedNode,
        changed: Sequence[ox.Quad] | None = None,
    ) -> bool:
        """Apply `rules` that read what has `changed` (None: all) to the fixpoint; tell whether they drew."""
        new: list[ox.Quad] = []
        for rule in rules if changed is None else _reading(rules, changed):
            new += self._add(filter(_wanted, rule.apply(self.store, graphs)), target)
        if new:
            self._draw(rules, graphs, target, new)
        return bool(new)

    def _add(self, triples: Iterable[ox.Triple], target: ox.NamedNode) -> list[ox.Quad]:
        new = [ox.Quad(t.subject, t.predicate, t.object, target) for t in triples if not self._known(t)]
        self.store.extend(new)
        self.result.quads += new
        return new

    def _known(self, triple: ox.Triple) -> bool:
        return any(self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))


def _reading(rules: Sequence[Rule], new: Iterable[ox.Quad]) -> list[Rule]:
    """Return the rules that can draw something from what is new."""
    terms = {term for quad in new for term in (quad.predicate, quad.object)}
    names = {local_name(term.value) for term in terms if isinstance(term, ox.NamedNode)}
    return [rule for rule in rules if names & rule.reads]


def _wanted(triple: ox.Triple) -> bool:
    return wanted(to_rdflib(triple))


def _between_shared(quad: ox.Quad) -> bool:
    """Return whether a quad joins two things that more than one telegram can speak of."""
    aside = quad.graph_name in (ONTOLOGY_GRAPH, ox.NamedNode(LINKS))
    return not aside and _is_shared(quad.subject) and _is_shared(quad.object)


def _is_shared(term: object) -> bool:
    """Return whether `term` is an IRI outside the folders of telegrams; a telegram itself is outside."""
    if not isinstance(term, ox.NamedNode):
        return False
    name = term.value.removeprefix(f"{ID}telegram/")
    return name == term.value or "/" not in name
