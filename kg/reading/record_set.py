"""Records as read from files, with the file and line of each record, key and value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.errors import Finding

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source position: file, and line counted from 1."""

    file: str
    line: int


@dataclass
class RecordFile:
    """One record file: its path below the records folder, its base IRI and its JSON-LD objects.

    `prefix` stands before the path in findings; that of a draft leads to its folder.
    """

    file: str
    base: str
    objects: list[Object] = field(default_factory=list)
    prefix: str = ""

    @property
    def shown(self) -> str:
        """Return the path that findings name."""
        return self.prefix + self.file


@dataclass
class Records:
    """All record files, the source line of every record and key, and the findings so far.

    `things` has the source line of each record by IRI, nested ones included. `values` has the source lines
    and texts of each (IRI, key). `unread` has the IRI of each file that could not be read: records below
    it may exist.
    """

    documents: list[RecordFile] = field(default_factory=list)
    things: dict[str, SourceLine] = field(default_factory=dict)
    values: dict[tuple[str, str], list[tuple[SourceLine, str]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def place(self, subject: str, key: str | None = None, value: str | None = None) -> SourceLine | None:
        """Return the line where `subject` has `key` (and `value`), else where it begins, else None."""
        written = self.values.get((subject, key or ""), [])
        exact = [place for place, text in written if value is not None and _stands_for(text, value)]
        places = exact or [place for place, _ in written]
        return places[0] if places else self.things.get(subject)

    def may_hold(self, iri: str) -> bool:
        """Return whether `iri` is a record, or could be one in a file that could not be read."""
        return iri in self.things or any(_below(iri, file) for file in self.unread)


def _stands_for(written: str, value: str) -> bool:
    """Return whether a written text, such as `event:ori-session`, stands for the IRI or text `value`."""
    names = (written, written.replace(":", "/", 1))
    return written == value or value.endswith(tuple(mark + name for mark in "/#" for name in names))


def _below(iri: str, file: str) -> bool:
    # A file that could not be read may also hold a single record, which is named by its path.
    return iri == file or iri.startswith((file + "/", file + "#"))
