"""The graph about the graphs: what each layer holds, where it comes from, under which licence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import DCTERMS, PROV, RDF, VOID, XSD

from kg.links import linksets
from kg.namespaces import BASE, GRAPH

META = f"{GRAPH}meta"
DATASET = f"{BASE}dataset"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "cablegraph: diplomatic telegrams as a knowledge graph"
AUTHOR = "The cablegraph project"
# Without the data version: that is a hash over this statement, too.
CITATION = f"{AUTHOR}. {TITLE}. {BASE}"
_TITLES = {
    "shared": "Things that more than one telegram speaks of, as recorded",
    "links": "Links to other catalogues, with evidence",
    "queries": "The saved queries, their parameters and what they name",
    "ontology": "The ontology, its concepts and its alignment",
    "meta": "Description of the data set and its graphs",
    "telegram/": "What one telegram says, as recorded",
    "inferred/": "What follows by ontology and rules",
}


def describe(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the description of the data set in VoID and PROV: its graphs with their counts, its linksets."""
    quads = list(quads)
    counts = Counter(q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode))
    result = [
        _link(DATASET, RDF.type, VOID.Dataset),
        _text(DATASET, DCTERMS.title, TITLE),
        _link(DATASET, DCTERMS.license, LICENCE),
        _text(DATASET, DCTERMS.bibliographicCitation, CITATION),
        _quad(DATASET, VOID.uriSpace, ox.Literal(f"{BASE}id/")),
    ]
    for graph in (*sorted(counts), META):
        result += _graph(graph, counts.get(graph, 0))
    links = linksets.described(quads, DATASET)
    return [*result, *(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(META)) for t in links)]


def _graph(graph: str, count: int) -> list[ox.Quad]:
    name = graph.removeprefix(str(GRAPH))
    title = next(text for start, text in _TITLES.items() if name.startswith(start))
    entry = [
        _link(DATASET, VOID.subset, graph),
        _link(graph, RDF.type, VOID.Dataset),
        _text(graph, DCTERMS.title, title),
        _link(graph, DCTERMS.license, LICENCE),
        _text(graph, DCTERMS.bibliographicCitation, f"{title}. In: {CITATION}"),
    ]
    if count:
        number = ox.Literal(str(count), datatype=ox.NamedNode(str(XSD.integer)))
        entry.append(_quad(graph, VOID.triples, number))
    if name.startswith("inferred/") and name != "inferred/across":
        entry.append(_link(graph, PROV.wasDerivedFrom, str(GRAPH) + name.removeprefix("inferred/")))
    return entry


def _link(subject: str, predicate: str, target: str) -> ox.Quad:
    return _quad(subject, predicate, ox.NamedNode(str(target)))


def _text(subject: str, predicate: str, text: str) -> ox.Quad:
    return _quad(subject, predicate, ox.Literal(text, language="en"))


def _quad(subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(str(predicate)), target, ox.NamedNode(META))
