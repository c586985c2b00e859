"""The description of the data set and its named graphs in VoID and PROV: counts, sources, licence.

Links to other catalogues are described as linksets (VoID section 5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg.namespaces import BASE, CG, DCTERMS, FOAF, GRAPH, PREFIXES, PROV, RDF, VOID, XSD
from kg.reading.authorities import AUTHORITIES, catalogue_item
from kg.store import dataset_summary

META = f"{GRAPH}meta"
DATASET = f"{BASE}dataset"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "cablegraph: diplomatic telegrams as a knowledge graph"
AUTHOR = "The cablegraph project"
# Without the data version, which is a hash that covers this statement.
CITATION = f"{AUTHOR}. {TITLE}. {BASE}"

_MATCHES = {f"{PREFIXES['skos']}{name}": name for name in ("exactMatch", "closeMatch")}
_INFERRED = f"{GRAPH}inferred/"
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
    """Return the description of the data set, as quads of the graph `meta`: its graphs and linksets."""
    quads = list(quads)
    counts = Counter(q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode))
    result = [
        _link(DATASET, RDF.type, VOID.Dataset),
        _text(DATASET, f"{DCTERMS}title", TITLE),
        _link(DATASET, DCTERMS.license, LICENCE),
        _text(DATASET, DCTERMS.bibliographicCitation, CITATION),
        _quad(DATASET, VOID.uriSpace, ox.Literal(f"{BASE}id/")),
    ]
    for graph in (*sorted(counts), META):
        result += _graph(graph, counts.get(graph, 0))
    more = (*dataset_summary.triples(quads, DATASET, AUTHOR), *linksets(quads, DATASET))
    return [*result, *(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(META)) for t in more)]


def _graph(graph: str, count: int) -> list[ox.Quad]:
    name = graph.removeprefix(GRAPH)
    title = next(text for start, text in _TITLES.items() if name.startswith(start))
    entry = [
        _link(DATASET, VOID.subset, graph),
        _link(graph, RDF.type, VOID.Dataset),
        _text(graph, f"{DCTERMS}title", title),
        _link(graph, DCTERMS.license, LICENCE),
        _text(graph, DCTERMS.bibliographicCitation, f"{title}. In: {CITATION}"),
    ]
    if count:
        number = ox.Literal(str(count), datatype=ox.NamedNode(XSD.integer))
        entry.append(_quad(graph, VOID.triples, number))
    if name.startswith("inferred/") and name != "inferred/across":
        entry.append(_link(graph, PROV.wasDerivedFrom, GRAPH + name.removeprefix("inferred/")))
    return entry


def linksets(quads: Sequence[ox.Quad], dataset: str) -> Iterator[ox.Triple]:
    """Yield the description of the linksets of `quads`, as subsets of `dataset`, and of their catalogues.

    There is one linkset for each catalogue, property and class; the class is the one that records state.
    """
    classes = {
        str(q.subject): q.object
        for q in quads
        if q.predicate.value == RDF.type and not str(q.graph_name).startswith(f"<{_INFERRED}")
    }
    counts: Counter[tuple[str, str, str]] = Counter()
    for quad in (q for q in quads if q.predicate.value in _MATCHES):
        item = catalogue_item(quad.object.value) if isinstance(quad.object, ox.NamedNode) else None
        class_ = classes.get(str(quad.subject))
        if item and isinstance(class_, ox.NamedNode):
            counts[item[0].name, quad.predicate.value, class_.value] += 1
    for (name, predicate, class_iri), count in sorted(counts.items()):
        yield from _linkset(dataset, name, predicate, class_iri, count)
    for name in sorted({name for name, _, _ in counts}):
        yield from _catalogue(name)


def _linkset(dataset: str, name: str, predicate: str, class_: str, count: int) -> Iterator[ox.Triple]:
    kind = class_.removeprefix(CG)
    node, part = f"{dataset}#links-{name}-{_MATCHES[predicate]}-{kind}", f"{dataset}#cg-{kind}"
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


def _link(subject: str, predicate: str, target: str) -> ox.Quad:
    return _quad(subject, predicate, ox.NamedNode(target))


def _text(subject: str, predicate: str, text: str) -> ox.Quad:
    return _quad(subject, predicate, ox.Literal(text, language="en"))


def _quad(subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), target, ox.NamedNode(META))


def _triple(subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), target)
