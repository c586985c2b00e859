"""The links between this data set and each catalogue as VoID linksets.

https://www.w3.org/TR/void/ section 5: a linkset has one predicate; its target on our side is the part of the
data set that is of one class, on the other side the catalogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pyoxigraph as ox
from rdflib import DCTERMS, FOAF, RDF, VOID, XSD

from kg.links.authorities import AUTHORITIES, named
from kg.namespaces import CG, GRAPH, PREFIXES

_MATCHES = {f"{PREFIXES['skos']}{name}": name for name in ("exactMatch", "closeMatch")}
_INFERRED = f"{GRAPH}inferred/"


def described(quads: Sequence[ox.Quad], dataset: str) -> Iterator[ox.Triple]:
    """Yield the linksets of `quads` as parts of `dataset`, and the catalogues that they lead to.

    Classes are those that records state; a thing has one of them.
    """
    classes = {
        str(q.subject): q.object
        for q in quads
        if q.predicate.value == str(RDF.type) and not str(q.graph_name).startswith(f"<{_INFERRED}")
    }
    counts: Counter[tuple[str, str, str]] = Counter()
    for quad in (q for q in quads if q.predicate.value in _MATCHES):
        item = named(quad.object.value) if isinstance(quad.object, ox.NamedNode) else None
        class_ = classes.get(str(quad.subject))
        if item and isinstance(class_, ox.NamedNode):
            counts[item[0].name, quad.predicate.value, class_.value] += 1
    for (name, predicate, class_iri), count in sorted(counts.items()):
        yield from _linkset(dataset, name, predicate, class_iri, count)
    for name in sorted({name for name, _, _ in counts}):
        yield from _catalogue(name)


def _linkset(dataset: str, name: str, predicate: str, class_: str, count: int) -> Iterator[ox.Triple]:
    kind = class_.removeprefix(str(CG))
    node, part = f"{dataset}#links-{name}-{_MATCHES[predicate]}-{kind}", f"{dataset}#cg-{kind}"
    yield _triple(dataset, VOID.subset, ox.NamedNode(node))
    yield _triple(node, RDF.type, ox.NamedNode(str(VOID.Linkset)))
    yield _triple(node, VOID.linkPredicate, ox.NamedNode(predicate))
    yield _triple(node, VOID.subjectsTarget, ox.NamedNode(part))
    yield _triple(node, VOID.objectsTarget, ox.NamedNode(AUTHORITIES[name].concept))
    yield _triple(node, VOID.triples, ox.Literal(str(count), datatype=ox.NamedNode(str(XSD.integer))))
    yield _triple(part, VOID["class"], ox.NamedNode(class_))


def _catalogue(name: str) -> Iterator[ox.Triple]:
    authority = AUTHORITIES[name]
    node = authority.concept
    yield _triple(node, RDF.type, ox.NamedNode(str(VOID.Dataset)))
    yield _triple(node, DCTERMS.title, ox.Literal(authority.title, language="en"))
    yield _triple(node, VOID.uriSpace, ox.Literal(authority.iri.partition("{}")[0]))
    yield _triple(node, FOAF.homepage, ox.NamedNode(authority.home))


def _triple(subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(str(predicate)), target)
