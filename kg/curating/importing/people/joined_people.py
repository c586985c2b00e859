"""People whom a person has said to be one and the same, read from a table in SSSOM, and how they are joined.

A row counts if somebody stands for it: by `reviewer_label`, or as author of a `semapv:ManualMappingCuration`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.curating.importing.references.record_quads import Record
from kg.errors import DataError, Finding
from kg.reading import comment_header

_BY_HAND = "semapv:ManualMappingCuration"
_ASKED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_LONGEST = 1000  # characters of a note
Pair = frozenset[str]


@dataclass(frozen=True)
class JoinedPeople:
    """Who is one: the key that is kept for each other key, and who said so; and who is known to be two."""

    kept: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by the key that is kept
    apart: frozenset[Pair] = frozenset()

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the key of each person who is joined with others."""
        return frozenset((*self.kept, *self.said))

    def decided(self, one: str, other: str) -> bool:
        """Return whether a person has said that two are one, or that they are not."""
        kept = [self.kept.get(key, key) for key in (one, other)]
        pairs = {frozenset(pair) for pair in ((one, other), kept)}
        return kept[0] == kept[1] or bool(pairs & self.apart)

    def records(self, value: Any) -> Any:
        """Return records in which each name of a person who is joined is that which is kept."""
        if isinstance(value, dict):
            return {key: self.records(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.records(one) for one in value]
        kind, colon, key = value.partition(":") if isinstance(value, str) else ("", "", "")
        return f"actor:{self.kept[key]}" if kind == "actor" and colon and key in self.kept else value

    def actors(self, known: Mapping[str, Record]) -> dict[str, Record]:
        """Return the actors, those who are one with one record: all labels, notes, and who said so."""
        groups: dict[str, list[str]] = {}
        for key in known:
            groups.setdefault(self.kept.get(key, key), []).append(key)
        return {kept: self._one(kept, [known[key] for key in keys]) for kept, keys in groups.items()}

    def _one(self, kept: str, records: list[Record]) -> Record:
        if kept not in self.said:
            return records[0]
        labels = sorted({one["label"]["en"] for one in records}, key=lambda label: (-len(label), label))
        first = next((one["label"]["en"] for one in records if "note" in one), labels[0])
        notes = sorted({one["note"] for one in records if "note" in one})
        joined: Record = {**records[0], "label": {"en": first}, "note": [*notes, *self.said[kept]]}
        others = [label for label in labels if label != first]
        return joined | ({"variant": {"en": others}} if others else {})


def read(file: Path, base: str) -> JoinedPeople:
    """Return what a table says; raises DataError for rows that cannot be read or contradict each other."""
    text = file.read_text("utf-8-sig")
    header = comment_header.read(str(file), "".join(_lines(text, head=True)), "#").values
    prefixes = {"actor": f"{base}id/actor/", **header.get("curie_map", {})}
    table = csv.DictReader(_lines(text, head=False), delimiter="," if file.suffix == ".csv" else "\t")
    missing = [name for name in _ASKED if name not in (table.fieldnames or ())]
    before = text.count("\n", 0, text.find(table.fieldnames[0]) if table.fieldnames else 0)
    if missing:
        raise DataError([Finding(str(file), before + 1, f"the column {missing[0]} is missing")])
    reader = _DecisionReader(str(file), f"{base}id/actor/", prefixes)
    for number, row in enumerate(table, before + 2):
        reader.row(number, {key: (cell or "").strip() for key, cell in row.items() if isinstance(key, str)})
    return reader.joined()


def _lines(text: str, *, head: bool) -> Iterator[str]:
    return (line for line in text.splitlines(keepends=True) if line.startswith("#") == head)


@dataclass
class _DecisionReader:
    """The rows of a table so far."""

    file: str
    people: str  # how the IRI of a person begins
    prefixes: Mapping[str, str]
    root: dict[str, str] = field(default_factory=dict)
    said: dict[str, set[str]] = field(default_factory=dict)  # by a key of the pair
    denied: dict[Pair, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def row(self, line: int, cells: Mapping[str, str]) -> None:
        """Take in a row that somebody stands for."""
        who = cells.get("reviewer_label", "")
        if not who and cells["mapping_justification"] == _BY_HAND:
            who = cells.get("author_label", "")
        if not who or cells["predicate_id"] != "skos:exactMatch":
            return
        one, other = (self._key(line, cells[name]) for name in ("subject_id", "object_id"))
        if not one or not other or one == other:
            return
        if cells.get("predicate_modifier"):
            self.denied[frozenset((one, other))] = line
            return
        first, second = sorted((self._kept(one), self._kept(other)), key=_order)
        if first != second:
            self.root[second] = first
        when = f" on {cells['mapping_date']}" if cells.get("mapping_date") else ""
        why = f": {cells['comment']}" if cells.get("comment") else ""
        said = f"{who} says{when} that {one} and {other} are one{why}"
        self.said.setdefault(one, set()).add(said[:_LONGEST])

    def joined(self) -> JoinedPeople:
        """Return who is one; raises DataError if a pair that is denied is one by other rows."""
        for pair, line in self.denied.items():
            if len({self._kept(key) for key in pair}) == 1:
                told = " and ".join(sorted(pair))
                self.findings.append(
                    Finding(self.file, line, f"other rows say that {told} are one; mend them")
                )
        if self.findings:
            raise DataError(self.findings)
        said: dict[str, set[str]] = {}
        for key, texts in self.said.items():
            said.setdefault(self._kept(key), set()).update(texts)
        kept = {key: self._kept(key) for key in self.root}
        apart = {*self.denied, *(frozenset(self._kept(key) for key in pair) for pair in self.denied)}
        return JoinedPeople(kept, {key: tuple(sorted(said[key])) for key in sorted(said)}, frozenset(apart))

    def _kept(self, key: str) -> str:
        while key in self.root:
            key = self.root[key]
        return key

    def _key(self, line: int, curie: str) -> str:
        prefix, _, local = curie.partition(":")
        iri = f"{self.prefixes[prefix]}{local}" if prefix in self.prefixes else curie
        if iri.startswith(self.people) and iri != self.people:
            return iri.removeprefix(self.people)
        text = f"{curie or 'an empty cell'} is no actor of <{self.people}>; write actor: and its key"
        self.findings.append(Finding(self.file, line, text))
        return ""


def _order(key: str) -> tuple[bool, str]:
    """Return by what the key that is kept comes first: those of lists before others, then by spelling."""
    return not key.partition("-")[2].startswith("p-"), key
