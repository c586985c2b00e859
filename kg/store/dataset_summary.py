"""What the data set says of itself beside its graphs: description, publisher, date, vocabularies, examples.

The terms are those of VoID (https://www.w3.org/TR/void/ section 2) and Dublin Core.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import CG, DCTERMS, FOAF, ID, RDF, THINGS, VOID, XSD

DESCRIPTION = (
    "What diplomatic telegrams say: who holds, reported, did or withheld what, according to whom, how the "
    "reporter knows it and in which quoted words; rival readings, ascribed claims and proposed texts apart "
    "from what passages assert; and what follows by ontology and rules, in graphs of its own. A statement is "
    "what a passage says, not a fact."
)
# Names in https://www.w3.org/ns/formats/ of the syntaxes in which the data come.
_FORMATS = ("Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML")
_TYPE, _DATE = ox.NamedNode(RDF.type), ox.NamedNode(DCTERMS.date)
_NAMESPACE = re.compile(r".*[/#]")


@dataclass(frozen=True, slots=True)
class Summary:
    """What is looked up in all quads of a data set: vocabularies, examples, days of curations."""

    vocabularies: frozenset[str]
    examples: Sequence[str]
    dates: Sequence[str]


def summary(quads: Iterable[ox.Quad], things: str = ID) -> Summary:
    """Return the summary of `quads`; `things` is the namespace of the things of the data set."""
    quads = list(quads)
    return Summary(frozenset(vocabularies(quads)), examples(quads, things), _dates(quads))


def triples(found: Summary, dataset: str, publisher: str) -> Iterator[ox.Triple]:
    """Yield the description of `dataset` with the summary `found`; `publisher` is the name of a project."""
    agent = f"{dataset}#publisher"
    yield _triple(dataset, f"{DCTERMS}description", ox.Literal(DESCRIPTION, language="en"))
    yield _triple(dataset, DCTERMS.publisher, ox.NamedNode(agent))
    yield _triple(agent, RDF.type, ox.NamedNode(FOAF.Project))
    yield _triple(agent, FOAF.name, ox.Literal(publisher, language="en"))
    for date in sorted(found.dates)[-1:]:
        yield _triple(dataset, DCTERMS.modified, ox.Literal(date, datatype=ox.NamedNode(XSD.date)))
    for name in _FORMATS:
        yield _triple(dataset, VOID.feature, ox.NamedNode(f"http://www.w3.org/ns/formats/{name}"))
    for space in sorted(found.vocabularies):
        yield _triple(dataset, VOID.vocabulary, ox.NamedNode(space))
    for thing in found.examples:
        yield _triple(dataset, VOID.exampleResource, ox.NamedNode(thing))


def vocabularies(quads: Iterable[ox.Quad]) -> set[str]:
    """Return the namespaces of the properties of `quads`, and of the classes that things are said to have."""
    names = {quad.predicate.value for quad in quads}
    names |= {
        quad.object.value
        for quad in quads
        if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode)
    }
    return namespaces(names)


def namespaces(names: Iterable[str]) -> set[str]:
    """Return the namespaces of the IRIs `names`, up to the last slash or number sign."""
    return {found[0] for name in names if (found := _NAMESPACE.match(name))}


def examples(quads: Iterable[ox.Quad], things: str = ID) -> list[str]:
    """Return for each kind of thing the one that most statements point to; among equals the first by name."""
    pointed = Counter(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode))
    described = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    return most_pointed_to(pointed, described, things)


def most_pointed_to(pointed: Mapping[str, int], described: Iterable[str], things: str) -> list[str]:
    """Return for each kind of thing the one of `described` with the most in `pointed`, as `examples` does."""
    found = []
    for kind in THINGS:
        start = f"{things}{kind}/"
        own = [iri for iri in described if iri.startswith(start) and "/" not in iri[len(start) :]]
        found += [min(own, key=lambda iri: (-pointed.get(iri, 0), iri))] if own else []
    return found


def _dates(quads: Iterable[ox.Quad]) -> list[str]:
    """Return the dates of all curations."""
    kind = ox.NamedNode(CG.Curation)
    curations = {quad.subject for quad in quads if quad.predicate == _TYPE and quad.object == kind}
    dates = {
        quad.object.value
        for quad in quads
        if quad.predicate == _DATE and quad.subject in curations and isinstance(quad.object, ox.Literal)
    }
    return sorted(dates)


def _triple(subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), target)
