"""The OWL 2 RL reasoner: owlrl with a queue of axioms, limited to triples that users query.

The rules are those of OWL 2 RL/RDF (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules).
owlrl's cost grows faster than linearly with the number of triples. So the shared records are closed
once and then each telegram by itself, with only the triples that a rule can use.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import owlrl
import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.errors import DataError, Finding
from kg.inference.rdflib_terms import Triple, intern, interned, iri, term
from kg.namespaces import BASE, CG, ID, SHIPPED, Namespaces
from kg.reading.ontology import Ontology

# Predicate of an axiom -> its ends (subject, object) that name a property or class whose triples the rule
# reads. What else a rule reads follows from lists and `owl:onProperty`.
_READS = {
    RDFS.subPropertyOf: "s", OWL.inverseOf: "so", OWL.propertyChainAxiom: "o", OWL.propertyDisjointWith: "so",
    RDFS.domain: "s", RDFS.range: "s", OWL.hasValue: "s", OWL.someValuesFrom: "o",
    RDFS.subClassOf: "s", OWL.equivalentClass: "so", OWL.disjointWith: "so", OWL.members: "",
}  # fmt: skip
_KINDS = frozenset({OWL.SymmetricProperty, OWL.TransitiveProperty, OWL.AllDisjointClasses})
# Read by rules as parts of axioms, but no axioms by themselves.
_PARTS = frozenset({RDF.first, RDF.rest, OWL.onProperty})
# Allowed in the ontology; no rule reads them.
_IGNORED = frozenset(
    {OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.Restriction,
     OWL.versionIRI, OWL.versionInfo, OWL.DeprecatedClass, OWL.DeprecatedProperty, OWL.deprecated}
)  # fmt: skip
_TREE = frozenset({RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range})


def is_axiom(t: ox.Triple) -> bool:
    """Return whether a rule reads `t`, as an axiom or as a part of one."""
    if not isinstance(t.object, ox.NamedNode):
        return False
    predicate, target = URIRef(t.predicate.value), URIRef(t.object.value)
    # The alignment relates our terms to foreign ones; triples in foreign terms are not inferred.
    if predicate in _TREE and not target.startswith(BASE):
        return False
    return predicate in _READS or predicate in _PARTS or target in _KINDS


def is_whole_axiom(t: Triple) -> bool:
    """Return whether `t` is an axiom by itself, not a part of another axiom."""
    return (t[1] in _READS and t[1] != OWL.members) or t[2] in _KINDS


def rank(t: Triple) -> tuple[int, str]:
    """Return a sort key that puts properties before classes, so that most axioms run only once."""
    order: list[Node] = list(_READS)
    return (order.index(t[1]) if t[1] in order else len(order), str(t))


def reads(axioms: list[Triple], active: list[Triple]) -> Iterator[tuple[Node, Triple]]:
    """Yield each property or class with each axiom that must run again when it has new triples."""
    graph = Graph()
    for triple in axioms:
        graph.add(triple)
    for axiom in active:
        subject, predicate, target = axiom
        ends = _READS.get(URIRef(str(predicate)), "s")
        names = {subject} if "s" in ends else set()
        names |= {target} if "o" in ends else set()
        names |= {*graph.objects(subject, OWL.onProperty), *graph.objects(subject, OWL.members)}
        for name in sorted(names, key=str):
            yield from ((member, axiom) for member in (Collection(graph, name) or [name]))


def refuse_unsupported(triples: Iterable[ox.Triple]) -> None:
    """Raise DataError for OWL terms that no rule here applies, or that owlrl applies wrongly (hasKey)."""
    known = {*_READS, *_KINDS, *_PARTS, *_IGNORED}
    names = {iri(t.object if t.predicate.value == str(RDF.type) else t.predicate) for t in triples}
    unsupported = sorted(n for n in names if n.startswith(str(OWL)) and URIRef(n) not in known)
    if unsupported:
        text = "is not applied by the build; use another axiom or a rule in queries/rules"
        raise DataError(
            Finding("ontology", 0, f"owl:{name.removeprefix(str(OWL))} {text}") for name in unsupported
        )


@dataclass
class Closure:
    """The inferred triples, and owlrl's messages about contradictions."""

    triples: set[Triple] = field(default_factory=set)
    contradictions: list[str] = field(default_factory=list)


class _Rules(owlrl.OWLRL_Semantics):
    """owlrl's rules, each applied again only when triples that it reads have changed.

    owlrl's own loop offers every triple to every rule in every round. Each of its rules is triggered by an
    axiom and looks up the data itself, so a queue of axioms gives the same result. Reflexive `owl:sameAs`
    (eq-ref) and the schema rules (scm-*) are left out: they make two thirds of what owlrl infers, and no
    query needs them.
    """

    def __init__(self, graph: Graph, known: set[Triple]) -> None:
        super().__init__(graph, axioms=False, daxioms=False)
        self.known = known

    def run(self, axioms: Iterable[Triple], readers: dict[Node, list[Triple]]) -> None:
        """Apply `axioms`, then those that read the new triples, until nothing new follows."""
        queue = dict.fromkeys(axioms)
        while queue:
            axiom = next(iter(queue))
            del queue[axiom]
            for group in (self._properties, self._classes, self._class_axioms):
                group(axiom, 0)
            for name in sorted({_name(triple) for triple in self.added_triples}, key=str):
                queue.update(dict.fromkeys(readers.get(name, ())))
            self.known |= self.added_triples
            self.flush_stored_triples()

    def store_triple(self, t: Triple) -> None:
        """Add `t`, unless it is known, its subject is a literal, or its object is `owl:Thing`."""
        if t not in self.known and not isinstance(t[0], Literal) and t[2] != OWL.Thing:
            self.added_triples.add(t)


class Reasoner:
    """A reasoner for one ontology, which is prepared once for all graphs.

    Raises DataError if the ontology has an axiom that is not applied here. `work` counts the runs of the
    engine, and the triples handed to all of them.
    """

    def __init__(self, schema: Ontology) -> None:
        self.names = schema.names
        ours = [t for t in schema.triples if not iri(t.subject).startswith(str(ID))]
        refuse_unsupported(ours)
        self._names: dict[str, URIRef] = {str(RDF.type): RDF.type}
        self._all = [interned(t, self._names) for t in ours if is_axiom(t)]
        self._active = sorted((t for t in self._all if is_whole_axiom(t)), key=rank)
        self._readers: dict[Node, list[Triple]] = defaultdict(list)
        for name, axiom in reads(self._all, self._active):
            self._readers[name].append(axiom)
        self._domains = {s: o for s, p, o in self._all if p == RDFS.domain}
        self.work = {"runs": 0, "triples": 0}

    @property
    def axioms(self) -> tuple[list[Triple], list[Triple]]:
        """Return the triples of the ontology that rules of OWL read, and those that are whole axioms."""
        return self._all, self._active

    def usable(self, triples: Iterable[ox.Triple]) -> list[Triple]:
        """Return the triples that a rule can read or infer, in rdflib's terms.

        Of those with a literal, one for each subject and domain is kept: nothing more follows from others.
        """
        names, kept = dict(self._names), []
        literals: dict[tuple[str, Node], Triple] = {}
        for t in triples:
            predicate = self._names.get(t.predicate.value)
            if isinstance(t.object, ox.NamedNode) and predicate:
                kept.append(interned(t, names))
            elif isinstance(t.object, ox.Literal) and predicate in self._domains:
                key = (iri(t.subject), self._domains[predicate])
                literals.setdefault(key, (intern(key[0], names), predicate, term(t.object)))
        return [*kept, *literals.values()]

    def close(self, stated: Iterable[Triple], context: Iterable[Triple] = ()) -> Closure:
        """Return what follows from `stated` together with `context`, without the triples of either.

        `context` must be closed already, as the shared records are.
        """
        premises = {*self._all, *context, *stated}
        graph = Graph(store="SimpleMemory")
        for triple in premises:
            graph.add(triple)
        self.work["runs"] += 1
        self.work["triples"] += len(premises)
        engine = _Rules(graph, set(premises))
        engine.run(self._active, self._readers)
        return Closure(
            {t for t in engine.known - premises if is_wanted(t, self.names)}, sorted(engine.error_messages)
        )


def is_wanted(triple: Triple, names: Namespaces = SHIPPED) -> bool:
    """Return whether `triple` uses our term about our thing, and joins it to another resource."""
    subject, predicate, target = triple
    named = target if predicate == RDF.type else predicate
    return (
        names.names(str(subject))
        and str(named).startswith(str(CG))
        and subject != target
        and not isinstance(target, Literal)
    )


def _name(triple: Triple) -> Node:
    """Return the class or property that a triple is an instance of."""
    return triple[2] if triple[1] == RDF.type else triple[1]
