"""Where things are written, so that whatever is found later can name file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.errors import Finding

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where something is written: file, and line counted from 1."""

    file: str
    line: int


@dataclass
class RecordFile:
    """One record file: its name below the records folder, its base IRI and its JSON-LD objects."""

    file: str
    base: str
    objects: list[Object] = field(default_factory=list)


@dataclass
class Records:
    """All record files, the place of every record and of every key in it, and what is wrong so far.

    `things` has the IRI of each record, nested ones included; `values` the places and written texts
    of each (IRI, key). `unread` has the IRI of each file that could not be read: what lies below it
    may exist.
    """

    documents: list[RecordFile] = field(default_factory=list)
    things: dict[str, SourceLine] = field(default_factory=dict)
    values: dict[tuple[str, str], list[tuple[SourceLine, str]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def place(self, subject: str, key: str | None = None, value: str | None = None) -> SourceLine | None:
        """Return where `subject` says `key` (with `value`, where given), or where it begins."""
        written = self.values.get((subject, key or ""), [])
        exact = [place for place, text in written if value is not None and _same(text, value)]
        found = exact or [place for place, _ in written]
        return found[0] if found else self.things.get(subject)

    def may_hold(self, iri: str) -> bool:
        """Return whether `iri` is a record, or could be one in a file that could not be read."""
        return iri in self.things or any(_below(iri, file) for file in self.unread)


def _same(written: str, value: str) -> bool:
    """Return whether a written text, `event:ori-session` for example, stands for an IRI or a value."""
    names = (written, written.replace(":", "/", 1))
    return written == value or value.endswith(tuple(mark + name for mark in "/#" for name in names))


def _below(iri: str, file: str) -> bool:
    # A file that could not be read may also have been one thing, named by its path.
    return iri == file or iri.startswith((file + "/", file + "#"))
