"""The ontology, read from Turtle and JSON-LD: its triples, classes, and the keys of records.

Sources: `ontology/*.ttl` and `ontology/context.jsonld`. Blank nodes (lists and restrictions of OWL)
get IRIs by RDF Dataset Canonicalization (RDFC-1.0), so that the published graph has no blank nodes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.namespaces import BASE, CG, GRAPH, PREFIXES, SHIPPED, Namespaces
from kg.resources import listed
from kg.terms import value

# The ontology is the same in all collections, and so is the name of its graph.
ONTOLOGY_GRAPH = ox.NamedNode(f"{GRAPH}ontology")
RDF_TYPE = PREFIXES["rdf"] + "type"
_CLASS = PREFIXES["owl"] + "Class"
GENID = BASE + ".well-known/genid/"
# `@type` of a key in the context -> what the key takes; a key with any other or no `@type` takes text.
_TAKES = {"@id": "thing", "@vocab": "word"}


@dataclass(frozen=True, slots=True)
class Key:
    """A record key: the IRI of its property, and the kind of value that it takes.

    `takes` is "text", "word" (a value of a list), "thing" (a reference or a nested record) or
    "languages" (a text for each language).
    """

    iri: str
    takes: str


@dataclass(frozen=True)
class Ontology:
    """The ontology's triples, the JSON-LD context that records are read with, and its namespaces."""

    triples: tuple[ox.Triple, ...]
    context: dict[str, Any]
    names: Namespaces = SHIPPED

    @cached_property
    def keys(self) -> dict[str, Key]:
        """Return the definition of each record key, `type` and `id` included."""
        return {name: key for name, entry in self.context.items() if (key := self._key(name, entry))}

    @cached_property
    def key_of(self) -> dict[str, str]:
        """Return the record key of each property IRI."""
        return {key.iri: name for name, key in self.keys.items()}

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """Return the prefixes that records may use."""
        return tuple(k for k, v in self.context.items() if isinstance(v, str) and "://" in v and k[0] != "@")

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Return the IRIs of all terms and concepts that the ontology defines."""
        return frozenset(t.subject.value for t in self.triples if isinstance(t.subject, ox.NamedNode))

    @cached_property
    def classes(self) -> frozenset[str]:
        """Return the IRIs of the classes in our own namespace."""
        return frozenset(
            value(t.subject)
            for t in self.triples
            if t.predicate.value == RDF_TYPE and value(t.object) == _CLASS and value(t.subject).startswith(CG)
        )

    def _key(self, name: str, entry: Any) -> Key | None:
        if entry == "@type":
            return Key(RDF_TYPE, "word")
        if entry == "@id":
            return Key("@id", "thing")
        if name.startswith("@") or not isinstance(entry, dict):  # a prefix is a plain text
            return None
        prefix, _, local = entry["@id"].partition(":")
        takes = _TAKES.get(str(entry.get("@type")), "text")
        if entry.get("@container") == "@language":
            takes = "languages"
        return Key(f"{self.context[prefix]}{local}", takes)


def load(folder: Traversable, names: Namespaces = SHIPPED) -> Ontology:
    """Return the ontology in the Turtle files of `folder` and its `context.jsonld`.

    `names` has the namespaces of the things that records name with it.

    Raises DataError with file and line of each file that is not valid Turtle or JSON.
    """
    triples: list[ox.Triple] = []
    findings: list[Finding] = []
    for file in listed(folder, ".ttl"):
        try:
            triples.extend(parse_turtle(file))
        except DataError as error:
            findings += error.findings
    try:
        context = parse_context(folder / "context.jsonld")
    except DataError as error:
        findings += error.findings
    if findings:
        raise DataError(findings)
    return Ontology(tuple(without_blank_nodes(triples)), context, names)


def parse_turtle(file: Traversable) -> list[ox.Triple]:
    """Return the triples of one Turtle file; raises DataError with file and line if it is not valid."""
    try:
        quads = ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)
        return [quad.triple for quad in quads]
    except SyntaxError as error:
        raise DataError(
            [Finding(file.name, error.lineno or 0, f"this is not Turtle: {error.msg}")]
        ) from error


def parse_context(file: Traversable) -> dict[str, Any]:
    """Return the context of one JSON-LD file; raises DataError with file and line if it has none."""
    try:
        content = json.loads(file.read_bytes())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        line, problem = getattr(error, "lineno", 0), getattr(error, "msg", "it is not UTF-8")
        raise DataError([Finding(file.name, line, f"this is not JSON: {problem}")]) from error
    if not isinstance(content, dict) or not isinstance(content.get("@context"), dict):
        raise DataError([Finding(file.name, 1, 'this is not a JSON-LD context; write {"@context": {…}}')])
    return dict(content["@context"])


def without_blank_nodes(triples: list[ox.Triple], genid: str = GENID) -> list[ox.Triple]:
    """Return the triples, sorted, with each blank node replaced by an IRI that depends on content alone.

    The IRIs begin with `genid` and are numbered from 0, so each document needs a `genid` of its own.
    """
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    def skolemized(term: Any) -> Any:
        return ox.NamedNode(genid + term.value) if isinstance(term, ox.BlankNode) else term

    triples = [ox.Triple(skolemized(q.subject), q.predicate, skolemized(q.object)) for q in dataset]
    return sorted(triples, key=str)


def local_name(iri: str) -> str:
    """Return the local name of a term's IRI, as in `heldBy`."""
    return iri.removeprefix(str(CG)).rpartition("/")[2].rpartition("#")[2]
