"""Guidelines for a kind of statement: what the README of records and the shapes say of it, and an example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_file import DraftFile, value_of
from kg.curating.drafts.draft_reading import kinds_below
from kg.errors import DataError, UnknownNameError
from kg.namespaces import CG
from kg.reading import ontology
from kg.reading.ontology import Ontology
from kg.resources import folder, listed, walk
from kg.store.sparql import rows
from kg.terms import value

_HEADING = re.compile(r"^#{2,3} (.*)\n", re.MULTILINE)
_ROW = re.compile(r"^\| `(\w+)`[^|]*\| (.*?) \| (.*?) \|$", re.MULTILINE)
_KINDS, _GENERAL = "Kinds", ("Guidelines", "A statement, key by key", "Asserted, read, ascribed, proposed")
_LONGEST = 40  # lines of an example
_SH = "http://www.w3.org/ns/shacl#"
_KEYS = f"""SELECT DISTINCT ?path ?message WHERE {{
  VALUES ?class {{ %s }} ?shape <{_SH}targetClass> ?class ; <{_SH}property> ?rule .
  ?rule <{_SH}path> ?path ; <{_SH}message> ?message . FILTER (isIRI(?path))
}} ORDER BY ?path ?message"""


@dataclass(frozen=True, slots=True)
class KindGuidance:
    """What there is to know of a kind: its purpose, the keys that it must have, all keys, an example.

    `sections` are those of the README of records that speak of it, by their headings.
    """

    kind: str
    purpose: str
    required: str
    sections: Mapping[str, str]
    keys: tuple[str, ...]
    example: str


def kinds() -> dict[str, tuple[str, str]]:
    """Return for each kind what it is for and what it must have, in the words of the README."""
    return {kind: (purpose, required) for kind, purpose, required in _ROW.findall(_sections()[_KINDS])}


def general() -> dict[str, str]:
    """Return the sections of the README that hold for every kind, by their headings."""
    return {heading: text for heading, text in _sections().items() if heading in _GENERAL}


def of(folders: CurationFolders, kind: str) -> KindGuidance:
    """Return the guidelines for `kind`, with an example from the records, or else from the shipped ones.

    Raises UnknownNameError if there is no such kind.
    """
    known = kinds()
    if kind not in known:
        raise UnknownNameError("kind of statement", kind, known)
    schema = ontology.load(folders.sources.ontology, folders.sources.names)
    named = re.compile(rf"`{kind}`|\*\*{kind}\.\*\*|type: {kind}\b")
    sections = {
        heading: text
        for heading, text in _sections().items()
        if heading not in (_KINDS, *_GENERAL[:2]) and named.search(text)
    }
    example = _example(folders.sources.records, kind) or _example(folder("records"), kind)
    return KindGuidance(kind, *known[kind], sections, _keys(folders, schema, kind), example)


def _sections() -> dict[str, str]:
    """Return the sections of kg/records/README.md by their headings."""
    text = (folder("records") / "README.md").read_text(encoding="utf-8")
    _, *parts = _HEADING.split(text)
    return {heading: body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)}


def _keys(folders: CurationFolders, schema: Ontology, kind: str) -> tuple[str, ...]:
    """Return each key that the shapes know for the kind, with what they say of it."""
    store = ox.Store()
    for file in listed(folders.sources.shapes / "stated", ".ttl"):
        store.extend(ox.Quad(*triple) for triple in ontology.parse_turtle(file))
    classes = " ".join(f"<{CG}{name}>" for name in sorted(_above(schema, kind)))
    messages: dict[str, list[str]] = {}
    for row in rows(store, _KEYS % classes):
        key = schema.key_of.get(value(row["path"]))
        if key:
            messages.setdefault(key, []).append(row["message"].value)
    return tuple(f"{key}: {'; '.join(said)}" for key, said in messages.items())


def _above(schema: Ontology, kind: str) -> Iterable[str]:
    """Return the kind and the classes above it."""
    return (name.removeprefix(CG) for name in schema.classes if kind in kinds_below(schema, name[len(CG) :]))


def _example(records: Traversable, kind: str) -> str:
    """Return the first record of the kind that is not long, after the name of its file; empty for none."""
    for name, file in walk(records):
        if name.startswith("telegram/") and name.endswith(".yaml"):
            try:
                read = DraftFile.read(name, file.read_bytes())
            except DataError:  # a file that is itself one record, or a mistake that the check reports
                continue
            for key, node in read.nodes.items():
                if value_of(node, "type") == kind and len(read.spans[key]) <= _LONGEST:
                    return f"# {name}\n{read.text(key)}"
    return ""
