"""Closure of the whole graph: of the shared records, of each telegram, and across telegrams.

Each telegram is closed with the shared records alone, so that cost grows linearly with the number of
telegrams. Rules of the stage `before` infer triples that OWL then uses; rules of the stage `after` use
what OWL inferred. What telegrams say of shared things is closed at the end, over these things alone:
the claims of a telegram are not inferred anew from what another telegram says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.inference.contradictions import Clash, clashes
from kg.inference.proofs import Prover
from kg.inference.rdflib_terms import Triple, from_rdflib, to_rdflib
from kg.inference.reasoner import Reasoner, is_wanted
from kg.inference.rules import Rule, of_stage
from kg.namespaces import CG, SHIPPED, Namespaces, is_inferred, layer_name
from kg.reading.ontology import ONTOLOGY_GRAPH, local_name
from kg.reading.triples import LINKS, SHARED

Progress = Callable[[str], None]


@dataclass
class Inferred:
    """The inferred quads, and the contradictions that were met, each once."""

    quads: list[ox.Quad] = field(default_factory=list)
    contradictions: list[Clash] = field(default_factory=list)


def infer(store: ox.Store, reasoner: Reasoner, rules: Sequence[Rule], progress: Progress) -> Inferred:
    """Return what follows from the graphs of `store`, with a graph of inferred quads for each telegram.

    `store` holds the stated graphs and the ontology; the inferred quads are added to it.
    """
    work = _Closure(store, reasoner, rules)
    shared, start = work.shared, f"{work.names.graph}telegram/"
    work.close_graph(shared, ())
    names = sorted(g.value for g in store.named_graphs() if g.value.startswith(start))
    context = reasoner.usable([*work.triples(shared), *work.triples(work.inferred(shared))])
    for name in names:
        progress(f"inferring {layer_name(name)}")
        work.close_graph(ox.NamedNode(name), context)
    work.drop_repeated()
    progress("inferring across telegrams")
    work.close_across()
    work.result.contradictions = clashes(work.messages, Prover(store, rules)) if work.messages else []
    return work.result


def between_collections(store: ox.Store, rules: Sequence[Rule], names: Namespaces) -> list[ox.Quad]:
    """Return what `rules` draw from the graphs of several collections, in a graph of the first of them.

    No axiom is applied: what one collection says of a thing is not said of it in another.
    """
    target = ox.NamedNode(f"{names.graph}inferred/several")
    drawn = {triple for rule in rules for triple in rule.apply(store, ())}
    new = (t for t in sorted(drawn, key=str) if _joins(t, names) and not _is_in(store, t))
    return [ox.Quad(t.subject, t.predicate, t.object, target) for t in new]


def _joins(triple: ox.Triple, names: Namespaces) -> bool:
    """Return whether the triple joins a thing of one collection to one of another."""
    ends = (str(triple.subject)[1:-1], str(triple.object)[1:-1])
    return all(map(names.names, ends)) and names.home(ends[0]) != names.home(ends[1])


class _Closure:
    def __init__(self, store: ox.Store, reasoner: Reasoner, rules: Sequence[Rule]) -> None:
        self.store, self.reasoner, self.names = store, reasoner, reasoner.names
        self.shared = ox.NamedNode(f"{self.names.graph}{SHARED}")
        self.across = ox.NamedNode(f"{self.names.graph}inferred/across")
        self.before, self.after, last = (of_stage(rules, s) for s in ("before", "after", "across"))
        # A rule that applies within one telegram also applies across two.
        self.last = [*self.after, *last]
        self.result = Inferred()
        self.messages: dict[str, None] = {}

    def triples(self, graph: ox.NamedNode) -> list[ox.Triple]:
        return [quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)]

    def inferred(self, graph: ox.NamedNode) -> ox.NamedNode:
        """Return the name of the graph that holds what is inferred from `graph`."""
        return ox.NamedNode(f"{self.names.graph}inferred/{layer_name(graph.value)}")

    def close_graph(self, graph: ox.NamedNode, context: Sequence[Triple]) -> None:
        """Close one graph, together with the shared records, under rules and ontology."""
        target, shared = self.inferred(graph), self.shared
        seen = list(dict.fromkeys([graph, target, shared, self.inferred(shared), ONTOLOGY_GRAPH]))
        self._apply_rules(self.before, seen, target)
        self._apply_owl([*self.triples(graph), *self.triples(target)], target, context, seen)
        self._apply_rules(self.after, seen, target)

    def drop_repeated(self) -> None:
        """Keep each triple only in the first graph that it follows in, if no graph states it.

        So a telegram is closed without a look at others, and the graphs together hold a triple once.
        """
        first: dict[ox.Triple, ox.Quad] = {}
        for quad in self.result.quads:
            held = {
                q.graph_name
                for q in self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
            }
            stated = any(not is_inferred(str(graph)[1:-1]) for graph in held)
            if stated or first.setdefault(quad.triple, quad) is not quad:
                self.store.remove(quad)
        self.result.quads = [quad for quad in self.result.quads if quad in self.store]

    def close_across(self) -> None:
        """Close what all telegrams together say of the things that they share."""
        self._apply_rules(self.last, (), self.across)
        while new := self._apply_owl(self._triples_between_shared(), self.across, ()):
            if not self._apply_rules(self.last, (), self.across, new):
                break

    def _triples_between_shared(self) -> Iterable[ox.Triple]:
        return dict.fromkeys(quad.triple for quad in self.store if _between_shared(quad, self.names))

    def _apply_owl(
        self,
        stated: Iterable[ox.Triple],
        target: ox.NamedNode,
        context: Sequence[Triple],
        graphs: Sequence[ox.NamedNode] = (),
    ) -> list[ox.Quad]:
        closure = self.reasoner.close(self.reasoner.usable(stated), context)
        self.messages.update(dict.fromkeys(closure.contradictions))
        return self._add((from_rdflib(t) for t in closure.triples), target, graphs)

    def _apply_rules(
        self,
        rules: Sequence[Rule],
        graphs: Sequence[ox.NamedNode],
        target: ox.NamedNode,
        changed: Sequence[ox.Quad] | None = None,
    ) -> bool:
        """Apply the `rules` that read a `changed` quad (None: all rules) until nothing new follows.

        Returns whether anything was inferred.
        """
        new: list[ox.Quad] = []
        for rule in rules if changed is None else _readers(rules, changed):
            new += self._add(filter(self._may_draw, rule.apply(self.store, graphs)), target, graphs)
        if new:
            self._apply_rules(rules, graphs, target, new)
        return bool(new)

    def _add(
        self, triples: Iterable[ox.Triple], target: ox.NamedNode, graphs: Sequence[ox.NamedNode]
    ) -> list[ox.Quad]:
        """Add what `graphs` do not hold (if empty, what no graph holds) to the graph `target`."""
        unknown = [t for t in triples if not self._holds(t, graphs)]
        new = [ox.Quad(t.subject, t.predicate, t.object, target) for t in unknown]
        self.store.extend(new)
        self.result.quads += new
        return new

    def _may_draw(self, triple: ox.Triple) -> bool:
        return may_draw(triple, self.names)

    def _holds(self, triple: ox.Triple, graphs: Sequence[ox.NamedNode]) -> bool:
        if not graphs:
            return _is_in(self.store, triple)
        subject, predicate, target = triple.subject, triple.predicate, triple.object
        return any(ox.Quad(subject, predicate, target, graph) in self.store for graph in graphs)


def _is_in(store: ox.Store, triple: ox.Triple) -> bool:
    return any(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))


def _readers(rules: Sequence[Rule], new: Iterable[ox.Quad]) -> list[Rule]:
    """Return the rules whose patterns mention a term of the new quads."""
    terms = {term for quad in new for term in (quad.predicate, quad.object)}
    names = {local_name(term.value) for term in terms if isinstance(term, ox.NamedNode)}
    return [rule for rule in rules if names & rule.reads]


def may_draw(triple: ox.Triple, names: Namespaces = SHIPPED) -> bool:
    """Return whether a rule may draw `triple`; a rule, unlike an axiom, may also draw a literal value."""
    if isinstance(triple.object, ox.Literal):
        return names.names(str(triple.subject)[1:]) and triple.predicate.value.startswith(CG)
    return is_wanted(to_rdflib(triple), names)


def _between_shared(quad: ox.Quad, names: Namespaces) -> bool:
    """Return whether a quad joins two things that more than one telegram can speak of."""
    excluded = quad.graph_name in (ONTOLOGY_GRAPH, ox.NamedNode(f"{names.graph}{LINKS}"))
    return not excluded and _is_shared(quad.subject, names) and _is_shared(quad.object, names)


def _is_shared(term: object, names: Namespaces) -> bool:
    """Return whether `term` is an IRI that is not below a telegram's; a telegram itself is shared."""
    if not isinstance(term, ox.NamedNode):
        return False
    name = term.value.removeprefix(f"{names.id}telegram/")
    return name == term.value or "/" not in name
