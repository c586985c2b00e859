"""Materialise what follows from the ontology, with owlrl, and only what somebody would ask for.

The rules are those of OWL 2 RL/RDF (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules).
owlrl's cost grows faster than linearly with the number of triples, so the shared records are closed
once, and then each telegram by itself, with nothing but the triples that a rule can use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import owlrl
import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.namespaces import CG, ID
from kg.schema import Schema

Triple = tuple[Node, Node, Node]

# What the rules of OWL 2 RL read of an ontology; labels, definitions and annotations they do not.
_AXIOMS = frozenset(
    {
        RDF.type, RDF.first, RDF.rest,
        RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range,
        OWL.inverseOf, OWL.propertyChainAxiom, OWL.equivalentClass, OWL.equivalentProperty,
        OWL.disjointWith, OWL.propertyDisjointWith, OWL.members,
        OWL.onProperty, OWL.hasValue, OWL.someValuesFrom, OWL.allValuesFrom,
        OWL.intersectionOf, OWL.unionOf, OWL.complementOf, OWL.oneOf,
    }
)  # fmt: skip
_NOT_AXIOMS = frozenset({OWL.Ontology, URIRef("http://www.w3.org/2004/02/skos/core#ConceptScheme")})


@dataclass
class Closure:
    """What was inferred, and owlrl's messages about contradictions, if any."""

    triples: set[Triple] = field(default_factory=set)
    contradictions: list[str] = field(default_factory=list)


class _Rules(owlrl.OWLRL_Semantics):
    """owlrl's engine without the rules whose consequences nobody asks for.

    Reflexive `owl:sameAs` (eq-ref) and the schema tables (scm-*) make two thirds of what owlrl
    derives; each triple that is kept costs time in every later round.
    """

    def rules(self, t: Triple, cycle_num: int) -> None:
        """Apply the rules that `t` sets off; called by owlrl for each triple of each round."""
        # Each rule is written in owlrl under the axiom that it needs and then looks up the data
        # itself, so handing it data triples only makes it compare names in vain.
        if t[1] not in _AXIOMS or (t[1] == RDF.type and not str(t[2]).startswith(str(OWL))):
            return
        self._properties(t, cycle_num)
        self._classes(t, cycle_num)
        self._class_axioms(t, cycle_num)

    def store_triple(self, t: Triple) -> None:
        """Keep `t` unless its subject is a literal or it says that something is an `owl:Thing`."""
        if not isinstance(t[0], Literal) and t[2] != OWL.Thing:
            super().store_triple(t)


class Reasoner:
    """Closes graphs under one ontology; the ontology is prepared once."""

    def __init__(self, schema: Schema) -> None:
        self._axioms = [to_rdflib(t) for t in schema.triples if _is_axiom(t)]
        self._used = frozenset(_used_properties(self._axioms))

    def usable(self, triples: Iterable[ox.Triple]) -> list[Triple]:
        """Return the triples that some rule can use, as rdflib terms; literals never are."""
        return [
            to_rdflib(t)
            for t in triples
            if isinstance(t.object, ox.NamedNode) and (URIRef(t.predicate.value) in self._used)
        ]

    def close(self, stated: Iterable[Triple], context: Iterable[Triple] = ()) -> Closure:
        """Return what follows from `stated` together with `context`, without what either says.

        `context` must be closed already, for example the closed shared records.
        """
        graph = Graph()
        known = {*self._axioms, *context, *stated}
        for triple in known:
            graph.add(triple)
        engine = _Rules(graph, False, False, False)  # noqa: FBT003 (owlrl's own signature)
        engine.closure()
        found = {t for t in graph if t not in known and _wanted(t)}
        return Closure(found, list(engine.error_messages))


def _is_axiom(t: ox.Triple) -> bool:
    concept = t.subject.value.startswith(str(ID))
    if concept or not isinstance(t.object, ox.NamedNode):
        return False
    # The alignment says how our terms stand to foreign ones; what follows is for who asks in theirs.
    tree = t.predicate.value in (str(RDFS.subClassOf), str(RDFS.subPropertyOf))
    if tree and not t.object.value.startswith(str(CG)):
        return False
    return URIRef(t.predicate.value) in _AXIOMS and URIRef(t.object.value) not in _NOT_AXIOMS


def _used_properties(axioms: Iterable[Triple]) -> Iterator[Node]:
    """Yield the properties that an axiom mentions; a triple with another one leads nowhere."""
    yield RDF.type
    for subject, predicate, target in axioms:
        if predicate in (RDFS.subPropertyOf, OWL.propertyChainAxiom, OWL.propertyDisjointWith):
            yield from (subject, target)
        elif predicate in (RDFS.domain, RDFS.range):
            yield subject
        elif predicate in (RDF.first, OWL.onProperty, OWL.inverseOf):
            yield target
        elif predicate == RDF.type and target in (OWL.SymmetricProperty, OWL.TransitiveProperty):
            yield subject


def _wanted(triple: Triple) -> bool:
    subject, predicate, target = triple
    return (
        str(subject).startswith(str(ID))
        and (str(predicate).startswith(str(CG)) or (predicate == RDF.type and str(target).startswith(str(CG))))
        and subject != target
        and not isinstance(target, Literal)
    )


def to_rdflib(triple: ox.Triple) -> Triple:
    """Return the same triple in rdflib's terms."""
    return (term(triple.subject), URIRef(triple.predicate.value), term(triple.object))


def term(value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> Node:
    """Return an oxigraph term as an rdflib term; plain strings carry no datatype in either."""
    if isinstance(value, ox.Literal):
        if value.language:
            return Literal(value.value, lang=value.language)
        plain = value.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        return Literal(value.value, datatype=None if plain else URIRef(value.datatype.value))
    return URIRef(value.value) if isinstance(value, ox.NamedNode) else URIRef(str(value))


def from_rdflib(triple: Triple) -> ox.Triple:
    """Return a triple of IRIs in oxigraph's terms."""
    subject, predicate, target = (ox.NamedNode(str(node)) for node in triple)
    return ox.Triple(subject, predicate, target)
