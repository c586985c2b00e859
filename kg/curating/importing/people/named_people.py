"""The people of documents: how each is named, in which offices, and in which years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.curating.importing.volumes.document_records import DocumentRecords

LISTED = "The list of persons of "  # how the note of a person of a list begins
Row = dict[str, Any]


@dataclass
class NamedPerson:
    """One person of a run: key, label, note of a list, volume, names and offices as written, and years."""

    key: str
    label: str
    note: str
    volume: str
    names: set[str] = field(default_factory=set)
    offices: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    documents: int = 0

    def add(self, row: Row) -> None:
        """Add what a document says of the person."""
        self.note = self.note or row["note"]
        self.label = max(self.label, row["label"], key=len)  # the one with more of the name
        self.names.update(row["names"])
        self.offices.update(row["offices"])
        self.years.update([row["year"]] if row["year"] else [])
        self.documents += 1

    @property
    def years_shown(self) -> str:
        """Return the years, from the first to the last."""
        if not self.years:
            return ""
        first, last = min(self.years), max(self.years)
        return str(first) if first == last else f"{first}–{last}"


def people_rows(records: DocumentRecords) -> list[Row]:
    """Return a row for each person that a document shares with others of its volume, or who is of a list."""
    actors: Mapping[str, Row] = records.actors.things.get("actor", {})
    people: dict[str, Row] = {
        f"actor:{key}": {
            "key": key,
            "label": one["label"]["en"],
            "note": one.get("note", ""),
            "names": [],
            "offices": [],
        }
        for key, one in actors.items()
        if one["type"] == "Person" and not f"{key}-".startswith(f"{records.frame.name}-")
    }
    namings: Mapping[str, Row] = records.frame.files.get("namings", {})
    for naming in namings.values():
        row = people.get(naming["names"])
        if row is not None:
            kind = "offices" if "title" in naming else "names"
            row[kind].append(naming.get("title", naming["asWritten"]))
    day, _ = records.dates.moment()
    year = int(day[:4]) if day[:4].isdecimal() else 0
    volume = records.document.volume.identifier
    return [row | {"year": year, "volume": volume} for row in people.values()]


def named_people(rows: Iterable[Row]) -> Mapping[str, NamedPerson]:
    """Return the people of all rows by key; what a row says is added to those of other documents."""
    people: dict[str, NamedPerson] = {}
    for row in rows:
        one = NamedPerson(row["key"], row["label"], row["note"], row["volume"])
        people.setdefault(row["key"], one).add(row)
    return people


def offices_of(one: NamedPerson) -> Iterator[str]:
    """Yield the offices of a person: as heads write them, behind the name in its label, as its list says."""
    yield from sorted(one.offices)
    if one.note.startswith(LISTED):
        yield from one.note.partition(" says: ")[2].strip(" …").split("; ")
    elif ", " in one.label:
        yield re.sub(r"^(?:Jr|Sr)\.?,? *", "", one.label.partition(", ")[2])
