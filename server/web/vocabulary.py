"""Prefixes of the vocabularies that describe the service (DCAT, VoID, SD), and functions for triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import PREFIXES, Namespaces

Pair = tuple[str, NamedNode | Literal]

# Prefixes of vocabularies: those of the graph, and those that only descriptions of the service need.
KNOWN: Mapping[str, str] = MappingProxyType(
    {
        **PREFIXES,
        "dcat": "http://www.w3.org/ns/dcat#",
        "ent": "http://www.w3.org/ns/entailment/",
        "formats": "http://www.w3.org/ns/formats/",
        "schema": "https://schema.org/",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "sh": "http://www.w3.org/ns/shacl#",
        "spex": "https://purl.expasy.org/sparql-examples/ontology#",
        "spdx": "http://spdx.org/rdf/terms#",
        "void-ext": "http://ldf.fi/void-ext#",
    }
)


def prefixes(names: Namespaces) -> Mapping[str, str]:
    """Return the prefixes of descriptions of a service with the namespaces `names`."""
    return {**KNOWN, **names.prefixes, "schema": KNOWN["schema"], "part": f"{names.dataset}#"}


def name(short: str) -> NamedNode:
    """Return the IRI of `prefix:local`; raises KeyError if the prefix is not in KNOWN."""
    prefix, _, local = short.partition(":")
    return NamedNode(KNOWN[prefix] + local)


def text(content: str, language: str = "en") -> Literal:
    """Return `content` as a literal with a language tag."""
    return Literal(content, language=language)


def number(value: int) -> Literal:
    """Return `value` as a literal of the datatype xsd:integer."""
    return Literal(str(value), datatype=name("xsd:integer"))


def about(subject: NamedNode, pairs: Iterable[Pair]) -> Iterator[Triple]:
    """Return a triple of `subject` for each pair of a predicate, as `prefix:local`, and an object."""
    return (Triple(subject, name(predicate), target) for predicate, target in pairs)
