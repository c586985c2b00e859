"""JSON-LD for people and for programs that read JSON: plain triples, in the words that records use.

JSON-LD 1.1 API section 5.6 (compaction, https://www.w3.org/TR/json-ld11-api/), for contexts of the form of
`ontology/context.jsonld`. PyLD, which compacts with any context, takes some three times as long, brings a
client of the web with it and loses the `#` of an IRI that ends with it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pyoxigraph as ox

from kg.namespaces import RDF, XSD
from kg.store.reading_order import OrderedGraph

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KEYWORDS = ("@id", "@type")

_Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True)
class _Property:
    """One entry of the context that names a property, and of which kind its plain values are.

    `datatype` is an IRI, `@id` or `@vocab`; `scope` is the context of the values.
    """

    name: str
    datatype: str = ""
    language: str = ""
    by_language: bool = False
    scope: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, term: _Term) -> bool:
        """Return whether a plain value would be read as `term` and nothing else."""
        if not isinstance(term, ox.Literal):
            return self.datatype in ("@id", "@vocab")
        if term.language or self.by_language or self.language:
            return bool(term.language) and (self.by_language or self.language == term.language)
        return term.datatype.value == (self.datatype or XSD.string)


def write(
    graph: OrderedGraph,
    output: io.BytesIO,
    context: Mapping[str, Any],
) -> None:
    """Write `graph` to `output` in the order of reading, with `context` and compacted with it.

    If a name of the context is the scheme of an IRI, which would be read as that name, it is written
    without context.

    Raises ValueError for a triple of a triple, which JSON-LD does not have.
    """
    writer = _NodeWriter({} if _schemes(graph.terms) & context.keys() else context)
    entries = (f"{json.dumps(name)}: {_json(entry)}" for name, entry in writer.context.items())
    nodes = (
        json.dumps(writer.node(block), ensure_ascii=False, indent=1)
        for section in graph.sections
        for block in section.blocks
    )
    head, body = ",\n".join(entries), ",\n".join(nodes)
    output.write(f'{{"@context": {{\n{head}\n}},\n"@graph": [\n{body}\n]}}\n'.encode())


def _schemes(terms: Iterable[object]) -> set[str]:
    """Return the schemes of all IRIs in `terms`."""
    named = (term.datatype if isinstance(term, ox.Literal) else term for term in terms)
    return {term.value.partition(":")[0] for term in named if isinstance(term, ox.NamedNode)}


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


class _NodeWriter:
    """Writer of node objects in the words of one context."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        """Keep `context`, and find its prefixes, properties and other names of keywords."""
        self.context = context
        spaces = {name: iri for name, iri in context.items() if isinstance(iri, str) and "://" in iri}
        self._prefixes = sorted(
            ((iri, name) for name, iri in spaces.items() if name[0] != "@"), key=lambda item: -len(item[0])
        )
        self._id, self._type = (
            next((name for name, entry in context.items() if entry == keyword), keyword)
            for keyword in _KEYWORDS
        )
        self._properties: dict[str, list[_Property]] = {}
        for name, entry in context.items():
            if isinstance(entry, dict):
                self._properties.setdefault(self._meaning(entry), []).append(self._property(name, entry))

    def _property(self, name: str, entry: Mapping[str, Any]) -> _Property:
        return _Property(
            name,
            self._meaning(entry.get("@type", "")),
            entry.get("@language", ""),
            entry.get("@container") == "@language",
            entry.get("@context", {}),
        )

    def node(self, triples: Sequence[ox.Triple]) -> dict[str, Any]:
        """Return the node object of one subject."""
        node: dict[str, Any] = {self._id: self._reference(triples[0].subject)}
        for predicate, group in groupby(triples, key=lambda triple: triple.predicate):
            for triple in group:
                self._add(node, predicate.value, triple.object)
        return {key: _one_or_many(entry) for key, entry in node.items()}

    def _add(self, node: dict[str, Any], predicate: str, term: object) -> None:
        if not isinstance(term, _Term):
            raise ValueError(f"JSON-LD has no triples of triples, such as {term}")
        if predicate == RDF.type and isinstance(term, ox.NamedNode):
            node.setdefault(self._type, []).append(self._word(term.value, {}))
            return
        known = self._properties.get(predicate, ())
        fitting = next((one for one in known if one.fits(term)), None)
        name = fitting.name if fitting else self._short(predicate)
        if fitting and fitting.by_language and isinstance(term, ox.Literal):
            node.setdefault(name, {}).setdefault(term.language, []).append(term.value)
        else:
            node.setdefault(name, []).append(self._plain(term, fitting) if fitting else self._full(term))

    def _plain(self, term: _Term, fitting: _Property) -> str:
        """Return the value `term` of a property whose kind of values is known."""
        if isinstance(term, ox.NamedNode) and fitting.datatype == "@vocab":
            return self._word(term.value, fitting.scope)
        return term.value if isinstance(term, ox.Literal) else self._reference(term)

    def _full(self, term: _Term) -> str | dict[str, str]:
        """Return the value `term` with its kind."""
        if not isinstance(term, ox.Literal):
            return {self._id: self._reference(term)}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype.value == XSD.string:
            return term.value
        return {"@value": term.value, "@type": self._short(term.datatype.value)}

    def _word(self, iri: str, scope: Mapping[str, Any]) -> str:
        """Return the word for `iri` in the vocabulary of `scope` or the context, or the IRI."""
        names = {**self.context, **scope}
        word = iri.removeprefix(names.get("@vocab", ""))
        if word != iri and _WORD.fullmatch(word) and self._meaning(names.get(word, iri)) == iri:
            return word
        return iri if scope else self._short(iri)  # a scope can give a prefix another meaning

    def _reference(self, term: object) -> str:
        return self._short(term.value) if isinstance(term, ox.NamedNode) else str(term)

    def _short(self, iri: str) -> str:
        for space, name in self._prefixes:
            if iri.startswith(space) and not iri.startswith("//", len(space)):
                return f"{name}:{iri.removeprefix(space)}"
        return iri

    def _meaning(self, entry: str | Mapping[str, Any]) -> str:
        """Return the IRI that an entry of the context defines."""
        iri = entry if isinstance(entry, str) else entry["@id"]
        prefix, colon, local = iri.partition(":")
        return f"{self.context[prefix]}{local}" if colon and prefix in self.context else iri


def _one_or_many(entry: Any) -> Any:
    if isinstance(entry, dict):
        return {name: _one_or_many(values) for name, values in entry.items()}
    return entry[0] if isinstance(entry, list) and len(entry) == 1 else entry
