"""The description of the data set and its named graphs in VoID and PROV: counts, sources, licence.

Links to other catalogues are described as linksets (VoID section 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.namespaces import (
    BASE,
    CG,
    DCTERMS,
    FOAF,
    PROV,
    RDF,
    VOID,
    XSD,
    is_inferred,
    layer_name,
)
from kg.reading.authorities import AUTHORITIES
from kg.reading.collection.description import Description
from kg.store import dataset_summary
from kg.store.dataset_summary import MATCHES, GraphFacts

DATASET = f"{BASE}dataset"
META = f"{BASE}graph/meta"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "cablegraph: diplomatic telegrams as a knowledge graph"
AUTHOR = "The cablegraph project"
# What `kg/collection.yaml` says, for what is not yet handed the description of a collection.
OURS = Description(TITLE, BASE, LICENCE, AUTHOR)

_FROM_ALL = ("inferred/across", "inferred/several")  # drawn from more than one graph
_TITLES = {
    "shared": "Things that more than one telegram speaks of, as recorded",
    "links": "Links to other catalogues, with evidence",
    "queries": "The saved queries, their parameters and what they name",
    "ontology": "The ontology, its concepts and its alignment",
    "meta": "Description of the data set and its graphs",
    "telegram/": "What one telegram says, as recorded",
    "inferred/": "What follows by ontology and rules",
}


def describe(quads: Iterable[ox.Quad], about: Description = OURS) -> list[ox.Quad]:
    """Return the description of the data set, as quads of the graph `meta`: its graphs and linksets."""
    return described(found(quads, about.names.id), about)


def found(quads: Iterable[ox.Quad], things: str) -> GraphFacts:
    """Return what the description of `quads` tells; `things` is the namespace of the things."""
    terms = ((str(q.subject), str(q.predicate), str(q.object), str(q.graph_name)) for q in quads)
    return dataset_summary.facts(sorted(terms), things)


def described(found: GraphFacts, about: Description = OURS) -> list[ox.Quad]:
    """Return the description of the data set of which `found` is told."""
    return list(_Layers(about).described(found))


class _Layers:
    """The description of one collection and its graphs."""

    def __init__(self, about: Description) -> None:
        names = about.names
        self.about, self.names, self.dataset = about, names, names.dataset
        self.meta = f"{names.graph}meta"

    def described(self, found: GraphFacts) -> Iterator[ox.Quad]:
        yield self._link(self.dataset, RDF.type, VOID.Dataset)
        yield self._text(self.dataset, f"{DCTERMS}title", self.about.title)
        yield self._link(self.dataset, DCTERMS.license, self.about.licence)
        yield self._text(self.dataset, DCTERMS.bibliographicCitation, self.about.citation)
        yield self._quad(self.dataset, VOID.uriSpace, ox.Literal(self.names.id))
        own = (graph for graph in sorted(found.counts) if self._is_own(graph))
        for other in self.about.others:
            yield self._link(self.dataset, VOID.subset, other.names.dataset)
        for graph in (*own, self.meta):
            yield from self._graph(graph, found.counts.get(graph, 0))
        summary = dataset_summary.triples(found.summary, self.dataset, self.about.curator)
        for t in (*summary, *linksets(found.links, self.dataset)):
            yield ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(self.meta))

    def _is_own(self, graph: str) -> bool:
        """Return whether `graph` is not one of a collection that is read together with this one."""
        return graph == f"{BASE}graph/ontology" or graph.startswith(self.names.graph)

    def _graph(self, graph: str, count: int) -> Iterator[ox.Quad]:
        name = layer_name(graph)
        title = next((text for start, text in _TITLES.items() if name.startswith(start)), f"Graph {name}")
        yield self._link(self.dataset, VOID.subset, graph)
        yield self._link(graph, RDF.type, VOID.Dataset)
        yield self._text(graph, f"{DCTERMS}title", title)
        yield self._link(graph, DCTERMS.license, self.about.licence)
        yield self._text(graph, DCTERMS.bibliographicCitation, f"{title}. In: {self.about.citation}")
        if count:
            number = ox.Literal(str(count), datatype=ox.NamedNode(XSD.integer))
            yield self._quad(graph, VOID.triples, number)
        if is_inferred(graph) and name not in _FROM_ALL:
            source = f"{self.names.graph}{name.removeprefix('inferred/')}"
            yield self._link(graph, PROV.wasDerivedFrom, source)

    def _link(self, subject: str, predicate: str, target: str) -> ox.Quad:
        return self._quad(subject, predicate, ox.NamedNode(target))

    def _text(self, subject: str, predicate: str, text: str) -> ox.Quad:
        return self._quad(subject, predicate, ox.Literal(text, language="en"))

    def _quad(self, subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), target, ox.NamedNode(self.meta))


def linksets(counts: Mapping[tuple[str, str, str], int], dataset: str) -> Iterator[ox.Triple]:
    """Yield the description of linksets, as subsets of `dataset`, and of their catalogues.

    There is one linkset for each catalogue, property and class in `counts`.
    """
    for (name, predicate, class_iri), count in sorted(counts.items()):
        yield from _linkset(dataset, name, predicate, class_iri, count)
    for name in sorted({name for name, _, _ in counts}):
        yield from _catalogue(name)


def _linkset(dataset: str, name: str, predicate: str, class_: str, count: int) -> Iterator[ox.Triple]:
    kind = class_.removeprefix(CG)
    node, part = f"{dataset}#links-{name}-{MATCHES[predicate]}-{kind}", f"{dataset}#cg-{kind}"
    yield _triple(dataset, VOID.subset, ox.NamedNode(node))
    yield _triple(node, RDF.type, ox.NamedNode(VOID.Linkset))
    yield _triple(node, VOID.linkPredicate, ox.NamedNode(predicate))
    yield _triple(node, VOID.subjectsTarget, ox.NamedNode(part))
    yield _triple(node, VOID.objectsTarget, ox.NamedNode(AUTHORITIES[name].concept))
    yield _triple(node, VOID.triples, ox.Literal(str(count), datatype=ox.NamedNode(XSD.integer)))
    yield _triple(part, f"{VOID}class", ox.NamedNode(class_))


def _catalogue(name: str) -> Iterator[ox.Triple]:
    authority = AUTHORITIES[name]
    node = authority.concept
    yield _triple(node, RDF.type, ox.NamedNode(VOID.Dataset))
    yield _triple(node, f"{DCTERMS}title", ox.Literal(authority.title, language="en"))
    yield _triple(node, VOID.uriSpace, ox.Literal(authority.iri.partition("{}")[0]))
    yield _triple(node, FOAF.homepage, ox.NamedNode(authority.home))


def _triple(subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), target)
