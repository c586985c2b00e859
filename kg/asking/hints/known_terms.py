"""The terms of our namespaces that a graph has: which of them resemble a name, and what replaces a term."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice

import pyoxigraph as ox

from kg.asking.hints.lookups import Lookups
from kg.asking.hints.term_names import ALIKE, WORD, likeness
from kg.namespaces import BASE, CG, DCTERMS, PREFIXES, RDF, SHIPPED, Namespaces
from kg.terms import value

_RDFS, _SKOS, _OWL = PREFIXES["rdfs"], PREFIXES["skos"], PREFIXES["owl"]
_TYPE, _LABEL = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{_RDFS}label")
_SCHEME = ox.NamedNode(f"{_SKOS}inScheme")
_DEFINED_BY, _ONTOLOGY = ox.NamedNode(f"{_RDFS}isDefinedBy"), ox.NamedNode(f"{BASE}ontology")
_DEPRECATED, _REPLACED = ox.NamedNode(f"{_OWL}deprecated"), ox.NamedNode(f"{DCTERMS}isReplacedBy")
_MOST, _SCANNED = 3, 3_000  # names suggested; triples read to find things of a kind
_IN_LABEL = 89  # the likeness of a label that has all words of the unknown name among others


class KnownTerms:
    """The terms that the graph behind `lookups` has; `names` has the namespaces of its collection."""

    def __init__(self, lookups: Lookups, names: Namespaces = SHIPPED) -> None:
        self._lookups = lookups
        self.names = names

    def successors(self, term: ox.NamedNode) -> list[str] | None:
        """Return what replaces the retired `term`; None if it is not retired (owl:deprecated)."""
        if not any(value(quad.object) in ("true", "1") for quad in self._lookups.quads(term, _DEPRECATED)):
            return None
        return sorted({_iri(quad.object) for quad in self._lookups.quads(term, _REPLACED)})

    def defined(self, term: ox.NamedNode) -> bool:
        """Return whether the ontology in the graph defines `term`."""
        return next(self._lookups.quads(term, _DEFINED_BY), None) is not None

    def nearest(self, iri: str, role: str) -> list[str]:
        """Return the IRIs that resemble the unknown `iri`, the likeliest first, no retired ones.

        `role` is "class", "property" or "" and says what stands in its place.
        """
        if iri.startswith(CG):
            local = iri.removeprefix(CG)
            scores = ((self._likeness(local, other), other) for other in self._fitting(role))
        else:
            folder = iri[: iri.rfind("/") + 1]
            names = ((other.removeprefix(folder), other) for other in self._things(folder))
            scores = ((likeness(iri.removeprefix(folder), name), other) for name, other in names)
        ranked = [other for _, other in sorted((-score, other) for score, other in scores if score >= ALIKE)]
        current = (name for other in ranked for name in self._current(other) if name != iri)
        return list(islice(dict.fromkeys(current), _MOST))

    def _current(self, iri: str) -> list[str]:
        """Return the IRI itself, or what replaces it."""
        successors = self.successors(ox.NamedNode(iri))
        return [iri] if successors is None else successors

    def _fitting(self, role: str) -> list[str]:
        """Return the terms of the ontology that are named as `role` is: a class with a capital."""
        return [iri for iri in self._labels if not role or iri[len(CG) :][:1].isupper() == (role == "class")]

    @cached_property
    def _labels(self) -> dict[str, set[str]]:
        """Return the words of the English label of each term of the ontology."""
        found = sorted({_iri(quad.subject) for quad in self._lookups.quads(None, _DEFINED_BY, _ONTOLOGY)})
        return {iri: self._label(ox.NamedNode(iri)) for iri in found if iri.startswith(CG)}

    def _label(self, term: ox.NamedNode) -> set[str]:
        texts = (quad.object for quad in self._lookups.quads(term, _LABEL))
        english = (text.value for text in texts if isinstance(text, ox.Literal) and text.language == "en")
        return {word.lower() for text in english for word in re.findall(r"\w+", text)}

    def _likeness(self, local: str, iri: str) -> float:
        in_label = {word.lower() for word in WORD.findall(local)} <= self._labels[iri]
        return max(likeness(local, iri.removeprefix(CG)), _IN_LABEL * in_label)

    def _things(self, folder: str) -> list[str]:
        """Return the IRIs in `folder` that the graph has; not all of them if it has very many."""
        if folder.startswith(self.names.graph):
            return [_iri(graph) for graph in self._lookups.store.named_graphs()]
        kind = folder.removeprefix(f"{self.names.home(folder)}id/").rstrip("/")
        of_kind = ox.NamedNode(f"{CG}{kind.capitalize()}") if kind.isalpha() else _ONTOLOGY
        for wanted in ((_SCHEME, ox.NamedNode(folder.rstrip("/"))), (_TYPE, of_kind), (_LABEL, None)):
            quads = islice(self._lookups.quads(None, *wanted), _SCANNED)
            inside = {iri for quad in quads if (iri := _iri(quad.subject)).startswith(folder)}
            if inside:
                return sorted(inside)
        return []


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
