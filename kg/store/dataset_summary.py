"""What the data set says of itself beside its graphs: description, publisher, date, vocabularies, examples.

The terms are those of VoID (https://www.w3.org/TR/void/ section 2) and Dublin Core.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

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
_NAMESPACE = re.compile(r".*[/#]")


def triples(quads: Iterable[ox.Quad], dataset: str, publisher: str) -> Iterator[ox.Triple]:
    """Yield the description of `dataset`, whose graph is `quads`; `publisher` is the name of a project."""
    quads = list(quads)
    agent = f"{dataset}#publisher"
    yield _triple(dataset, f"{DCTERMS}description", ox.Literal(DESCRIPTION, language="en"))
    yield _triple(dataset, DCTERMS.publisher, ox.NamedNode(agent))
    yield _triple(agent, RDF.type, ox.NamedNode(FOAF.Project))
    yield _triple(agent, FOAF.name, ox.Literal(publisher, language="en"))
    for date in _last_date(quads):
        yield _triple(dataset, DCTERMS.modified, ox.Literal(date, datatype=ox.NamedNode(XSD.date)))
    for name in _FORMATS:
        yield _triple(dataset, VOID.feature, ox.NamedNode(f"http://www.w3.org/ns/formats/{name}"))
    for space in sorted(vocabularies(quads)):
        yield _triple(dataset, VOID.vocabulary, ox.NamedNode(space))
    for thing in examples(quads):
        yield _triple(dataset, VOID.exampleResource, ox.NamedNode(thing))


def vocabularies(quads: Iterable[ox.Quad]) -> set[str]:
    """Return the namespaces of the properties of `quads`, and of the classes that things are said to have."""
    names = {quad.predicate.value for quad in quads}
    names |= {
        quad.object.value
        for quad in quads
        if quad.predicate.value == RDF.type and isinstance(quad.object, ox.NamedNode)
    }
    return {found[0] for name in names if (found := _NAMESPACE.match(name))}


def examples(quads: Iterable[ox.Quad]) -> list[str]:
    """Return for each kind of thing the one that most statements point to; among equals the first by name."""
    pointed = Counter(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode))
    described = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    found = []
    for kind in THINGS:
        start = f"{ID}{kind}/"
        own = [iri for iri in described if iri.startswith(start) and "/" not in iri[len(start) :]]
        found += [min(own, key=lambda iri: (-pointed[iri], iri))] if own else []
    return found


def _last_date(quads: Iterable[ox.Quad]) -> list[str]:
    """Return the last date of a curation, as a list of one; none without curations."""
    curations = {
        quad.subject
        for quad in quads
        if quad.predicate.value == RDF.type and quad.object == ox.NamedNode(CG.Curation)
    }
    dates = {
        quad.object.value
        for quad in quads
        if quad.predicate.value == DCTERMS.date
        and quad.subject in curations
        and isinstance(quad.object, ox.Literal)
    }
    return sorted(dates)[-1:]


def _triple(subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), target)
