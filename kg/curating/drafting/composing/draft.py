"""A draft: what was found of a document, with place and certainty of each value, as one JSON object."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.curating.drafting.finding.citations import CitedDocument
from kg.curating.drafting.finding.number_lists import NumberList, is_list
from kg.curating.drafting.heads.parties import Party
from kg.curating.drafting.source.found import Found, SourceText

SINGLE = (
    *("title", "date", "document_type", "copy_number", "place", "received"),
    *("translator", "archive", "record_id", "record_url"),
)
LISTS = (
    *("classification", "priority", "enclosures", "persons", "organisations", "places"),
    *("distribution", "other_dates"),
)
Json = dict[str, object]


@dataclass
class Draft:
    """What was found of one document."""

    id: str
    source: SourceText
    single: dict[str, Found] = field(default_factory=dict)
    lists: dict[str, list[Found]] = field(default_factory=dict)
    sender: list[Party] = field(default_factory=list)
    recipient: list[Party] = field(default_factory=list)
    numbers: list[NumberList] = field(default_factory=list)
    references: list[CitedDocument] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    body: tuple[int, int] = (0, 0)
    head_end: int = 0
    form_end: int = 0  # of the labels and marks of a form, behind which its writer speaks
    signed: bool = False  # with a date
    same_as: list[str] = field(default_factory=list)
    form: bool = False  # a head in the manner of a form, without a title that names both sides
    posts: list[Found] = field(default_factory=list)  # places that labels of the head tell
    offices: set[str] = field(default_factory=set)  # parties that are no persons

    def put(self, member: str, found: Found | None) -> None:
        """Set a member that is not set yet, if anything was found."""
        if found is not None and found.value and member not in self.single:
            self.single[member] = found

    def add(self, member: str, found: Iterable[Found]) -> None:
        """Add values to a list, each once, without regard to case."""
        known = self.lists.setdefault(member, [])
        for one in found:
            if one.value and one.value.casefold() not in {other.value.casefold() for other in known}:
                known.append(one)

    @property
    def written_by(self) -> str:
        """Return the day by which the document was written: its date, else its arrival; empty for none."""
        found = self.single.get("date") or self.single.get("received")
        return found.value if found else ""

    @property
    def year(self) -> int | None:
        """Return the year of the document, if its date or its arrival was found."""
        return int(self.written_by[:4]) if self.written_by else None

    def as_json(self) -> Json:
        """Return the object that `cablegraph draft --json` prints; what was not found is left out."""
        members: Json = {"id": self.id}
        members |= {name: self.single[name].value for name in SINGLE if name in self.single}
        members |= {name: [f.value for f in self.lists[name]] for name in LISTS if self.lists.get(name)}
        members["sender"] = [party.as_json() for party in self.sender]
        members["recipient"] = [party.as_json() for party in self.recipient]
        members["numbers"] = self._numbers()
        members["references"] = [_reference(one) for one in self.references]
        if self.same_as:
            members["same_telegram_as"] = self.same_as
        members["text"] = {
            "sha256": hashlib.sha256(self.source.text.encode()).hexdigest(),
            "length": len(self.source.text),
        }
        if self.source.remarks or self.remarks:
            members["remarks"] = [*self.source.remarks, *self.remarks]
        members["anchors"] = self.anchors()
        return members

    def _numbers(self) -> dict[str, object]:
        found: dict[str, list[str]] = {}
        for numbers in self.numbers:
            known = found.setdefault(numbers.series, [])
            known += [number for number in numbers.numbers if number not in known]
        printed = {
            f"{numbers.series}_as_printed": numbers.printed.value
            for numbers in self.numbers
            if is_list(numbers.printed.value) and numbers.series != "file"
        }
        return {**found, **printed}

    def anchors(self) -> Json:
        """Return the place and certainty of each value: one for a single value, a list for a list."""
        found: Json = {name: anchor(self.single[name]) for name in SINGLE if name in self.single}
        found |= {name: [anchor(f) for f in self.lists[name]] for name in LISTS if self.lists.get(name)}
        for side in ("sender", "recipient"):
            parties: list[Party] = getattr(self, side)
            if parties:
                found[side] = [anchor(Found(p.name, p.start, p.end, p.certainty)) for p in parties]
        if self.numbers:
            found["numbers"] = [{"series": n.series, **anchor(n.printed)} for n in self.numbers]
        if self.references:
            found["references"] = [anchor(one.label) for one in self.references]
        return found


def anchor(found: Found) -> dict[str, object]:
    """Return start, end and certainty; a value from outside of the text has no place."""
    place = {"start": found.start, "end": found.end} if found.start >= 0 else {}
    return {**place, "certainty": found.certainty}


def _reference(one: CitedDocument) -> Json:
    members: Json = {"label": one.label.value}
    for name in ("kind", "date", "edition_document", "target"):
        if getattr(one, name):
            members[name] = getattr(one, name)
    if one.owner:
        members["whose"] = one.owner
    for name in ("numbers", "incoming"):
        if getattr(one, name):
            members[name] = list(getattr(one, name))
    return members
