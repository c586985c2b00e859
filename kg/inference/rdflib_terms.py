"""Conversion of terms and triples between pyoxigraph and rdflib."""

from __future__ import annotations

from collections.abc import MutableMapping

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.term import Node

Triple = tuple[Node, Node, Node]


def to_rdflib(triple: ox.Triple) -> Triple:
    """Return the same triple in rdflib's terms."""
    return (term(triple.subject), URIRef(triple.predicate.value), term(triple.object))


def term(value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> Node:
    """Return a pyoxigraph term as an rdflib term; a literal keeps its text, a plain one has no datatype."""
    if isinstance(value, ox.Literal):
        if value.language:
            return Literal(value.value, lang=value.language)
        plain = value.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        datatype = None if plain else URIRef(value.datatype.value)
        return Literal(value.value, datatype=datatype, normalize=False)
    return URIRef(value.value) if isinstance(value, ox.NamedNode) else URIRef(str(value))


def from_rdflib(triple: Triple) -> ox.Triple:
    """Return a triple of IRIs in pyoxigraph's terms."""
    subject, predicate, target = (ox.NamedNode(str(node)) for node in triple)
    return ox.Triple(subject, predicate, target)


def interned(triple: ox.Triple, names: MutableMapping[str, URIRef]) -> Triple:
    """Return a triple of IRIs in rdflib's terms, with one object per IRI, kept in `names`.

    rdflib compares identical terms faster than equal ones.
    """
    subject, predicate, target = (intern(iri(part), names) for part in triple)
    return (subject, predicate, target)


def intern(iri: str, names: MutableMapping[str, URIRef]) -> URIRef:
    """Return the rdflib object of `iri` from `names`, and add it there if it is new."""
    return names.get(iri) or names.setdefault(iri, URIRef(iri))


def iri(part: object) -> str:
    """Return the IRI of a named node, and any other term in N-Triples syntax."""
    return part.value if isinstance(part, ox.NamedNode) else str(part)
