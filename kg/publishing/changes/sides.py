"""Side of a comparison: the statements of one graph, stated and inferred, with labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.namespaces import CG, PREFIXES, SHIPPED, Namespaces, is_inferred, layer_name
from kg.reading.ontology import GENID
from kg.terms import short, value

TYPE = PREFIXES["rdf"] + "type"
# Properties whose value is the label of a thing, the best first.
_LABELS = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel", str(CG.content), str(CG.asWritten))


@dataclass(frozen=True)
class Side:
    """The statements of one graph.

    `quads` are all of them. `stated` and `inferred` are the triples by their named graphs, without the
    description of the data set; a triple in both kinds of graphs is stated. `labels` maps an IRI to its
    English label. `names` has the namespaces of the collection.
    """

    quads: frozenset[ox.Quad]
    stated: frozenset[ox.Triple]
    inferred: frozenset[ox.Triple]
    labels: Mapping[str, str]
    names: Namespaces = SHIPPED

    @property
    def triples(self) -> frozenset[ox.Triple]:
        """Return the triples of all graphs, without the description of the data set."""
        return self.stated | self.inferred

    @property
    def layered(self) -> bool:
        """Return whether every statement is in a named graph."""
        return all(isinstance(quad.graph_name, ox.NamedNode) for quad in self.quads)

    def store(self) -> ox.Store:
        """Return a new store with all quads."""
        store = ox.Store()
        store.extend(self.quads)
        return store

    def layers(self) -> Counter[str]:
        """Return the number of statements in each named graph, by its name below `graph/`."""
        return Counter(layer_name(value(quad.graph_name)) for quad in self.quads)


def side(quads: Iterable[ox.Quad], layers: bool = True) -> Side:
    """Return the side of `quads`; without `layers` their named graphs are ignored.

    Raises DataError for blank nodes, which have no name by which to compare them.
    """
    own = frozenset(quads)
    if any(isinstance(term, ox.BlankNode) for quad in own for term in (quad.subject, quad.object)):
        raise DataError(
            [Finding("graph", 0, "it has blank nodes; use two dumps of cablegraph, which have none")]
        )
    names = _names(own)
    if not layers:
        own = frozenset(ox.Quad(*quad.triple) for quad in own)
    content = [quad for quad in own if not _describes_data_set(quad, names)]
    stated = frozenset(q.triple for q in content if not is_inferred(value(q.graph_name)))
    inferred = frozenset(q.triple for q in content) - stated
    return Side(own, stated, inferred, _labels(own), names)


def _names(quads: Iterable[ox.Quad]) -> Namespaces:
    """Return the namespaces of the collection, by the name of the graph that describes the others."""
    graphs = {value(quad.graph_name) for quad in quads}
    described = min((graph for graph in graphs if graph.endswith("/graph/meta")), default="")
    return Namespaces(described.removesuffix("graph/meta")) if described else SHIPPED


def _describes_data_set(quad: ox.Quad, names: Namespaces) -> bool:
    """Return whether `quad` describes the data set, its graphs or linksets, whose counts always change."""
    subject = value(quad.subject)
    about = subject.partition("#")[0] == names.dataset or subject.startswith(names.graph)
    return about or subject.endswith("/graph/ontology") or value(quad.graph_name) == f"{names.graph}meta"


def thing(term: object) -> str:
    """Return the IRI of the thing to which a subject belongs: itself, or the one in which it is nested.

    It is an empty text for the numbered axioms of the ontology, which belong to no thing.
    """
    iri = value(term)
    if iri.startswith(GENID):
        return ""
    return iri.partition("#")[0] if "/id/" in iri else iri


def words(term: object, sides: Iterable[Side]) -> str:
    """Return a term in words: the text of a literal, the label of a thing, or else its short name."""
    if isinstance(term, ox.Literal):
        return term.value
    both = list(sides)
    labels = (one.labels.get(value(term), "") for one in both)
    return next(filter(None, labels), "") or short(term, both[-1].names)


def _labels(quads: Iterable[ox.Quad]) -> dict[str, str]:
    best: dict[str, tuple[int, str]] = {}
    for quad in quads:
        predicate, text = quad.predicate.value, quad.object
        if predicate in _LABELS and isinstance(text, ox.Literal) and text.language in (None, "en"):
            iri = value(quad.subject)
            candidate = (_LABELS.index(predicate), text.value)
            best[iri] = min(candidate, best.get(iri, candidate))
    return {iri: text for iri, (_, text) in best.items()}
