"""One side of a comparison: the statements of a graph, told apart and with the words for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.namespaces import BASE, CG, GRAPH, ID, PREFIXES
from kg.store.layers import DATASET, META
from kg.terms import short, value

INFERRED = f"{GRAPH}inferred/"
TYPE = PREFIXES["rdf"] + "type"
_GENID = f"{BASE}.well-known/genid/"
# The properties whose value is what people call a thing, the best first.
_LABELS = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel", str(CG.content), str(CG.asWritten))


@dataclass(frozen=True)
class Side:
    """The statements of one graph.

    `quads` are all. `stated` and `inferred` are the triples by where they stand, without those that
    describe the data set; a triple that stands in both is stated. `labels` maps an IRI to its English label.
    """

    quads: frozenset[ox.Quad]
    stated: frozenset[ox.Triple]
    inferred: frozenset[ox.Triple]
    labels: Mapping[str, str]

    @property
    def triples(self) -> frozenset[ox.Triple]:
        """Return what the graph says, wherever it stands, but not of itself."""
        return self.stated | self.inferred

    @property
    def layered(self) -> bool:
        """Return whether every statement stands in a named graph."""
        return all(isinstance(quad.graph_name, ox.NamedNode) for quad in self.quads)

    def store(self) -> ox.Store:
        """Return a new store with all quads."""
        found = ox.Store()
        found.extend(self.quads)
        return found

    def layers(self) -> Counter[str]:
        """Return the number of statements in each named graph, by its name below `graph/`."""
        return Counter(value(quad.graph_name).removeprefix(GRAPH) for quad in self.quads)


def side(quads: Iterable[ox.Quad], layers: bool = True) -> Side:
    """Return the side of `quads`; without `layers` named graphs are left out of account.

    Raises DataError for blank nodes, which have no name to compare.
    """
    found = frozenset(quads)
    if any(isinstance(term, ox.BlankNode) for quad in found for term in (quad.subject, quad.object)):
        raise DataError(
            [Finding("graph", 0, "it has blank nodes; compare two dumps of cablegraph, which have none")]
        )
    if not layers:
        found = frozenset(ox.Quad(*quad.triple) for quad in found)
    told = [quad for quad in found if not _of_itself(quad)]
    stated = frozenset(q.triple for q in told if not value(q.graph_name).startswith(INFERRED))
    inferred = frozenset(q.triple for q in told) - stated
    return Side(found, stated, inferred, _labels(found))


def _of_itself(quad: ox.Quad) -> bool:
    """Return whether a statement is of the data set, its graphs or linksets, whose counts always change."""
    subject = value(quad.subject)
    about = subject.partition("#")[0] == DATASET or subject.startswith(str(GRAPH))
    return about or value(quad.graph_name) == META


def thing(term: object) -> str:
    """Return the IRI of the thing that a subject belongs to: itself, or what it is nested in.

    The numbered axioms of the ontology belong to nothing that has a name; for them it is empty.
    """
    iri = value(term)
    if iri.startswith(_GENID):
        return ""
    return iri.partition("#")[0] if iri.startswith(str(ID)) else iri


def words(term: object, sides: Iterable[Side]) -> str:
    """Return a term as people say it: the text of a literal, the label of a thing, else its short name."""
    if isinstance(term, ox.Literal):
        return term.value
    known = (one.labels.get(value(term), "") for one in sides)
    return next(filter(None, known), "") or short(term)


def _labels(quads: Iterable[ox.Quad]) -> dict[str, str]:
    best: dict[str, tuple[int, str]] = {}
    for quad in quads:
        predicate, text = quad.predicate.value, quad.object
        if predicate in _LABELS and isinstance(text, ox.Literal) and text.language in (None, "en"):
            iri = value(quad.subject)
            candidate = (_LABELS.index(predicate), text.value)
            best[iri] = min(candidate, best.get(iri, candidate))
    return {iri: text for iri, (_, text) in best.items()}
