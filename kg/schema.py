"""The ontology as the build uses it: its quads, its record keys, its terms.

Sources: `ontology/*.ttl` and `ontology/context.jsonld`. Blank nodes (lists and restrictions of OWL)
get IRIs from RDF Dataset Canonicalization (RDFC-1.0), so that nothing we publish has a blank node.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from importlib.abc import Traversable
from typing import Any

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.namespaces import BASE, CG, GRAPH

ONTOLOGY_GRAPH = ox.NamedNode(f"{GRAPH}ontology")
_GENID = BASE + ".well-known/genid/"


@dataclass(frozen=True)
class Schema:
    """The ontology's triples and the JSON-LD context that records are read with."""

    triples: tuple[ox.Triple, ...]
    context: dict[str, Any]

    @cached_property
    def keys(self) -> dict[str, str]:
        """Map each record key to the IRI of its property; `type` and `id` included."""
        return {key: iri for key, value in self.context.items() if (iri := self._property(key, value))}

    @cached_property
    def key_of(self) -> dict[str, str]:
        """Map the IRI of each property back to its record key."""
        return {iri: key for key, iri in self.keys.items()}

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Return the IRIs of all terms and concepts that the ontology defines."""
        return frozenset(t.subject.value for t in self.triples if isinstance(t.subject, ox.NamedNode))

    def _property(self, key: str, value: Any) -> str | None:
        name = value["@id"] if isinstance(value, dict) else value
        if not isinstance(name, str) or key.startswith("@"):
            return None
        if name == "@type":
            return "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        if name == "@id":
            return "@id"
        prefix, _, local = name.partition(":")
        return f"{self.context[prefix]}{local}" if isinstance(value, dict) and prefix in self.context else None


def load(folder: Traversable) -> Schema:
    """Read every Turtle file of `folder` and its `context.jsonld`.

    Raises DataError with file and line where a file is not Turtle or not JSON.
    """
    triples: list[ox.Triple] = []
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".ttl")), key=lambda f: f.name):
        triples.extend(parse_turtle(file))
    context = json.loads((folder / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return Schema(tuple(without_blank_nodes(triples)), context)


def parse_turtle(file: Traversable) -> list[ox.Triple]:
    """Return the triples of one Turtle file; raises DataError with file and line."""
    try:
        quads = ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)
        return [quad.triple for quad in quads]
    except SyntaxError as error:
        raise DataError([Finding(file.name, error.lineno or 0, f"this is not Turtle: {error.msg}")]) from error


def without_blank_nodes(triples: list[ox.Triple]) -> list[ox.Triple]:
    """Return the same triples with each blank node replaced by an IRI that depends on content alone."""
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((ox.Triple(_named(q.subject), q.predicate, _named(q.object)) for q in dataset), key=str)


def _named(term: Any) -> Any:
    return ox.NamedNode(_GENID + term.value) if isinstance(term, ox.BlankNode) else term


def local_name(iri: str) -> str:
    """Return the part of a term's IRI that people read, as in `heldBy`."""
    return iri.removeprefix(str(CG)).rpartition("/")[2].rpartition("#")[2]
