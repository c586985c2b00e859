"""Which triples of an ontology are axioms of OWL 2 RL that the build applies, and what each of them reads.

The rules are those of tables 4 to 9 of https://www.w3.org/TR/owl2-profiles/ (section 4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.conversion import Triple, iri
from kg.errors import DataError, Finding
from kg.namespaces import BASE

# Axiom -> which of its ends name a property or class whose triples its rule reads. The rest of what
# a rule reads follows from lists and `owl:onProperty`.
_READS = {
    RDFS.subPropertyOf: "s", OWL.inverseOf: "so", OWL.propertyChainAxiom: "o", OWL.propertyDisjointWith: "so",
    RDFS.domain: "s", RDFS.range: "s", OWL.hasValue: "s", OWL.someValuesFrom: "o",
    RDFS.subClassOf: "s", OWL.equivalentClass: "so", OWL.disjointWith: "so", OWL.members: "",
}  # fmt: skip
_KINDS = frozenset({OWL.SymmetricProperty, OWL.TransitiveProperty, OWL.AllDisjointClasses})
# Read by rules, but setting none off.
_PARTS = frozenset({RDF.first, RDF.rest, OWL.onProperty})
_SILENT = frozenset(
    {OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.Restriction,
     OWL.versionIRI, OWL.versionInfo}
)  # fmt: skip
_TREE = frozenset({RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range})


def is_axiom(t: ox.Triple) -> bool:
    """Tell whether a rule reads `t`, as an axiom or as a part of one."""
    if not isinstance(t.object, ox.NamedNode):
        return False
    predicate, target = URIRef(t.predicate.value), URIRef(t.object.value)
    # The alignment says how our terms stand to foreign ones; what follows is for who asks in theirs.
    if predicate in _TREE and not target.startswith(BASE):
        return False
    return predicate in _READS or predicate in _PARTS or target in _KINDS


def sets_off(t: Triple) -> bool:
    """Tell whether `t` is an axiom by itself, and not a part of another."""
    return (t[1] in _READS and t[1] != OWL.members) or t[2] in _KINDS


def rank(t: Triple) -> tuple[int, str]:
    """Return a sort key: properties before classes, so that most axioms run once."""
    order: list[Node] = list(_READS)
    return (order.index(t[1]) if t[1] in order else len(order), str(t))


def reads(axioms: list[Triple], active: list[Triple]) -> Iterator[tuple[Node, Triple]]:
    """Yield each name of a property or class with each axiom that must run again when it has new triples."""
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
    """Raise DataError for OWL that no rule here applies, or that owlrl applies wrongly (hasKey)."""
    known = {*_READS, *_KINDS, *_PARTS, *_SILENT}
    names = {iri(t.object if t.predicate.value == str(RDF.type) else t.predicate) for t in triples}
    idle = sorted(n for n in names if n.startswith(str(OWL)) and URIRef(n) not in known)
    if idle:
        text = "is not applied by the build; use another axiom or a rule in queries/rules"
        raise DataError(Finding("ontology", 0, f"owl:{name.removeprefix(str(OWL))} {text}") for name in idle)
