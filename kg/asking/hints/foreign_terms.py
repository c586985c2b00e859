"""Classes and properties of other vocabularies that a graph uses: which of them resemble an unknown one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice

import pyoxigraph as ox

from kg.asking.hints.lookups import Lookups
from kg.asking.hints.term_names import ALIKE, likeness, misspelt
from kg.namespaces import BASE, CG, PREFIXES, RDF

_TYPE = ox.NamedNode(f"{RDF}type")
_DEFINED_BY, _ONTOLOGY = ox.NamedNode(f"{PREFIXES['rdfs']}isDefinedBy"), ox.NamedNode(f"{BASE}ontology")
_NAMESPACES = tuple(namespace for name, namespace in PREFIXES.items() if not namespace.startswith(BASE))
_MOST = 3  # names suggested
_VERY = 85  # the likeness of a name, of 100, from which none is looked for that is more like it
_TYPED = 300  # triples with a class that are read to find classes
_OF_ONE = 40  # triples that are read of one thing


@dataclass(frozen=True, slots=True)
class ForeignTerms:
    """The terms of other vocabularies that the graph behind `lookups` has."""

    lookups: Lookups

    def has(self, iri: str, role: str) -> bool:
        """Return whether any triple has `iri` in its `role`, "class" or "property"."""
        node = ox.NamedNode(iri)
        if role == "property":
            return self.lookups.used(node)
        return next(self.lookups.quads(None, _TYPE, node), None) is not None

    def namesakes(self, local: str, role: str) -> list[str]:
        """Return the terms of other known vocabularies with the local name `local`."""
        return [iri for namespace in _NAMESPACES if self.has(iri := f"{namespace}{local}", role)]

    def nearest(self, iri: str, role: str) -> list[str]:
        """Return the IRIs in `role` that resemble the unknown `iri`, the likeliest first.

        They have a name that is like it among those of some things of each class, or the same name in another
        vocabulary; if none is very like it, one letter more, less or otherwise.
        """
        namespace = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
        local = iri.removeprefix(namespace)
        found = [*self.namesakes(local, role), *self._like(namespace, local, role)]
        if not any(likeness(local, near.removeprefix(namespace)) >= _VERY for near in found):
            spelt = (near for name in misspelt(local) if self.has(near := f"{namespace}{name}", role))
            found = [*islice(spelt, 1), *found]
        return list(islice(dict.fromkeys(found), _MOST))

    def _like(self, namespace: str, local: str, role: str) -> list[str]:
        known = self._classes() if role == "class" else self._properties()
        inside = sorted(iri for iri in known if iri.startswith(namespace))
        scores = [(likeness(local, iri.removeprefix(namespace)), iri) for iri in inside]
        return [iri for score, iri in sorted(scores, key=lambda pair: (-pair[0], pair[1])) if score >= ALIKE]

    def _classes(self) -> set[str]:
        """Return some classes that things have, and those of the ontology."""
        typed = islice(self.lookups.quads(None, _TYPE), _TYPED)
        own = (quad.subject for quad in self.lookups.quads(None, _DEFINED_BY, _ONTOLOGY))
        every = {
            node.value for node in chain((q.object for q in typed), own) if isinstance(node, ox.NamedNode)
        }
        return {iri for iri in every if not iri.startswith(CG) or iri[len(CG) :][:1].isupper()}

    def _properties(self) -> set[str]:
        """Return the properties of one thing of each of these classes."""
        found = set()
        for class_ in sorted(self._classes()):
            typed = next(self.lookups.quads(None, _TYPE, ox.NamedNode(class_)), None)
            if typed is not None and isinstance(typed.subject, ox.NamedNode):
                said = islice(self.lookups.quads(typed.subject), _OF_ONE)
                found |= {quad.predicate.value for quad in said}
        return found
