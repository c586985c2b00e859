"""Records as N-Quads, in the way in which the JSON-LD context reads them, a document at a time and fast.

`kg.reading.triples` reads record files through a JSON-LD parser; a test holds that both give the same quads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kg.namespaces import THINGS

Record = dict[str, Any]
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
# What N-Quads writes in another way within a text.
_ESCAPED = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


@dataclass(frozen=True, slots=True)
class _Term:
    """A key of the context: its property, and how its values are written."""

    property: str
    takes: str  # "thing", "word", "languages", or "text"
    words: str = ""  # the namespace of the words
    suffix: str = ""  # language or datatype of texts


@dataclass
class QuadWriter:
    """Writes records below the base IRI of a collection; `context` is that of the ontology."""

    context: Mapping[str, Any]
    base: str

    @cached_property
    def _terms(self) -> dict[str, _Term]:
        terms = self.context.items()
        return {key: self._term(entry) for key, entry in terms if isinstance(entry, dict)}

    def things(self, kind: str, records: Mapping[str, Record]) -> Iterator[str]:
        """Yield the quads of shared things of one kind, as of the file `actor.yaml`."""
        graph = f"<{self.base}graph/shared>"
        for name, record in records.items():
            yield from self._record(f"{self.base}id/{kind}/{name}", record, f"{self.base}id/", graph)

    def document(self, name: str, files: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
        """Yield the quads of the record folder of a document; `index` is the document itself."""
        folder = f"{self.base}id/telegram/{name}"
        graph = f"<{self.base}graph/telegram/{name}>"
        for file, records in files.items():
            if file == "index":
                yield from self._record(folder, records["index"], f"{folder}/", graph)
                continue
            for key, record in records.items():
                yield from self._record(f"{folder}/{file}/{key}", record, f"{folder}/", graph)

    def _record(self, iri: str, record: Record, folder: str, graph: str) -> Iterator[str]:
        for key, value in record.items():
            if key == "type":
                yield f"<{iri}> {_TYPE} <{self.context['@vocab']}{value}> {graph} .\n"
                continue
            term = self._terms[key]
            if term.takes == "languages":
                for language, texts in value.items():
                    for text in texts if isinstance(texts, list) else [texts]:
                        yield f'<{iri}> {term.property} "{_escaped(text)}"@{language} {graph} .\n'
                continue
            for n, one in enumerate(value, 1) if isinstance(value, list) else [(0, value)]:
                if isinstance(one, dict):
                    nested = f"{iri}#{key}/{n}" if n else f"{iri}#{key}"
                    yield f"<{iri}> {term.property} <{nested}> {graph} .\n"
                    yield from self._record(nested, one, folder, graph)
                else:
                    yield f"<{iri}> {term.property} {self._value(term, str(one), folder)} {graph} .\n"

    def _value(self, term: _Term, text: str, folder: str) -> str:
        if term.takes == "text":
            return f'"{_escaped(text)}"{term.suffix}'
        if term.takes == "word":
            known = None if term.words else self.context.get(text)
            words = term.words or self.context["@vocab"]
            return f"<{self._expanded(known['@id']) if isinstance(known, dict) else words + text}>"
        return f"<{self._thing(text, folder)}>"

    def _thing(self, text: str, folder: str) -> str:
        prefix, colon, local = text.partition(":")
        if not colon:
            return folder + text
        return f"{self.base}id/{prefix}/{local}" if prefix in THINGS else self._expanded(text)

    def _expanded(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        known = self.context.get(prefix)
        return f"{known}{local}" if isinstance(known, str) else name

    def _term(self, entry: Mapping[str, Any]) -> _Term:
        property_ = f"<{self._expanded(entry['@id'])}>"
        kind = entry.get("@type", "")
        if entry.get("@container") == "@language":
            return _Term(property_, "languages")
        if kind == "@id":
            return _Term(property_, "thing")
        if kind == "@vocab":
            return _Term(property_, "word", entry.get("@context", {}).get("@vocab", ""))
        suffix = f"@{entry['@language']}" if "@language" in entry else ""
        return _Term(property_, "text", suffix=suffix or (f"^^<{self._expanded(kind)}>" if kind else ""))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)
