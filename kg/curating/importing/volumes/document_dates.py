"""Dates of a document of a volume: when it was written, with the hour and zone of its place, and received."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.source.tei_volume import Tag, TeiDocument
from kg.curating.importing.volumes.place_zones import GREENWICH, Bounds, PlaceZones, clock
from kg.curating.importing.volumes.posts import DEPARTMENT

_WHEN = ("when", "from", "notBefore")
_LAST = ("to", "notAfter")
_TO_THE_MINUTE = re.compile(r"\d[:.]\s?\d\d\s?[ap]|\d{4}\s?Z")
_ZULU = re.compile(r"\d\s?(?:Z|G\.?M\.?T)\b")
_AFTER = re.compile(r"[\s,-]*(?:\d{1,2}(?:[:.]\s?\d\d)?\s?[ap]\.?\s?m\b\.?|(?:12\s)?(?:noon|midnight))")
_CLOSED = re.compile(
    r"[^\]\n]{0,29}(?=\])|[^()\n]{0,29}(?=\))"
)  # up to the bracket that ends the words on an arrival
_BEFORE = re.compile(r"(?:\d{1,2}(?::\s?\d\d)?\s[ap]\.m\.|noon|midnight)(?=[\s,]*(?:on\s)?$)")
Dated = tuple[Bounds, tuple[int, int]]  # bounds, and where the words stand


@dataclass
class DocumentDates:
    """The dates of one document; a date that is none is told with its line and left out."""

    document: TeiDocument
    draft: Draft
    zones: PlaceZones
    addressed: tuple[str, ...]
    findings: list[tuple[int, str]] = field(default_factory=list)  # line in the file, message
    used: set[str] = field(default_factory=set)  # zones

    def sent(self) -> Dated | None:
        """Return the date of the document; None if its words give none."""
        return self._sent

    @cached_property
    def _sent(self) -> Dated | None:
        place = self.draft.single.get("place")
        for line in self.document.tagged("dateline"):
            if line.start < self.draft.body[0]:
                for tag in self.document.tagged("date", (line.start, line.end)):
                    if found := self._of_tag(tag, place.value if place else ""):
                        return found
        date = self.draft.single.get("date")
        if date is None or date.start < 0 or len(date.value) != 10:
            return None
        hour = clock(self.draft.source.plain, date.end)
        return self._dated(date.value, hour, (date.start, date.end), place.value if place else "")

    def received(self) -> Dated | None:
        """Return when the document was received, in the time of the seat of whom it is addressed to."""
        found = self.draft.single.get("received")
        if found is None or found.start < 0:
            return None
        plain = self.draft.source.plain
        after = re.match(r"[\s,—–-]*", plain[found.end :])
        hour = clock(plain, found.end + (after.end() if after else 0)) or clock(plain, found.start)
        if not hour and (before := _BEFORE.search(plain[max(0, found.start - 20) : found.start])):
            hour = clock(before.group(), 0)
        closed = _CLOSED.match(plain, found.end)
        end = closed.end() if closed else -1
        if end < 0 and (told := _AFTER.match(plain, found.end)):
            end = told.end()
        seats = (self.zones.seats.get(party.name, "") for party in self.draft.recipient)
        place = "Washington" if DEPARTMENT in self.addressed else next(filter(None, seats), "")
        return self._dated(found.value, hour, (found.start, end if end > 0 else found.end), place)

    def enclosed(self, start: int) -> Dated | None:
        """Return the first date that an element gives within the enclosure whose head begins at a place."""
        for inner in self.document.tagged("attachment"):
            if inner.start <= start < inner.end:
                for tag in self.document.tagged("date", (inner.start, inner.end)):
                    if found := self._of_tag(tag, ""):
                        return found
        return None

    def moment(self) -> tuple[str, str]:
        """Return the day and, if it is known, the hour when the document was written, by the clocks there.

        For an undated document it is the day by which it was written: references are sought before it.
        """
        if self._sent is None:
            day = self.draft.written_by
            return (day if self.zones.bounds(day, "") else ""), ""
        bounds = self._sent[0]
        earliest = bounds["earliest"]
        return earliest[:10], earliest[11:16] if bounds["precision"] in ("hour", "minute") else ""

    def _of_tag(self, tag: Tag, place: str) -> Dated | None:
        when = next((tag.attributes[key] for key in _WHEN if key in tag.attributes), "")
        if not when:
            return None
        # The element of some dates holds the line on the receipt, too, which has an hour of its own.
        words = self.draft.source.plain[tag.start : tag.end].partition("\n")[0]
        if len(when) == len("1962-10-23") and (hour := clock(self.draft.source.plain, tag.end)):
            when = f"{when}T{hour}:00"  # an hour that stands behind the element
        exact, zulu = bool(_TO_THE_MINUTE.search(words)), bool(_ZULU.search(words))
        bounds = self.zones.bounds(when, GREENWICH if zulu else place, to_the_minute=exact)
        last = next((tag.attributes[key] for key in _LAST if key in tag.attributes), when)
        if bounds and last[:10] > when[:10] and (end := self.zones.bounds(last, place)):
            bounds = {**bounds, "latest": end["latest"], "precision": "vague"}
        if bounds is None:
            line = int(tag.attributes.get("line", 0))
            self.findings.append((line, f"the date {when!r} is none of the calendar; it is left out"))
            return None
        self.used.add(bounds["zone"])
        return bounds, (tag.start, tag.start + len(words))

    def _dated(self, day: str, hour: str, words: tuple[int, int], place: str) -> Dated | None:
        exact = bool(_TO_THE_MINUTE.search(self.draft.source.plain[slice(*words)]))
        bounds = self.zones.bounds(f"{day}T{hour}:00" if hour else day, place, to_the_minute=exact)
        if bounds is None:
            return None
        self.used.add(bounds["zone"])
        return bounds, words
