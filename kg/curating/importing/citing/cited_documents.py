"""References of a document of a volume: by number, by date, by the page or document that a note names.

A note that stands at a reference says where the edition prints what is cited, or that it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.citations import CitedDocument
from kg.curating.drafting.source.tei_volume import Tag, TeiDocument
from kg.curating.importing.citing.citation_notes import NoteReader, led
from kg.curating.importing.citing.citation_words import DatedReferences, VolumeCitation
from kg.curating.importing.citing.cited_days import LISTED, MONTHS
from kg.curating.importing.citing.cited_posts import CitedPosts
from kg.curating.importing.citing.day_lists import DayLists
from kg.curating.importing.volumes.place_zones import clock
from kg.curating.importing.volumes.posts import side_of

_OF_ALL = re.compile(r"\W*(?:(?P<two>Neither|Both)|None|All)\b")  # what a note says of several documents
_REPLY = re.compile(
    r"\b(?:repl(?:y|ies|ying)|answer(?:ing)?|respon(?:se|ding)|acknowledg\w+|receipt of"
    r"|refer(?:s|ring|ence)?|received)\b[^.]{0,80}$",
    re.IGNORECASE,
)
_CORRECTED = re.compile(r"\s*\[(\d{1,5})\]")  # by the edition, as in `No. 3448 [3948]`
_NEAR = 48  # characters between a reference and the mark of its note
_APART = 60  # characters between two references of which one note speaks
_OF_TWO = 150  # the same where the note speaks of two, which are then the last two
# Day, hour and party between a number and the mark of its note, as in `5 of May 3, from the Consul at Varna`.
_FULLY = re.compile(
    rf"(?:,?\s(?:of\s|dated\s)?{MONTHS}\s\d{{1,2}}(?:,\s\d{{4}})?(?:,?\s[\d:]+\s[ap]\.\s?m\.)?)?"
    r"(?:,?\s(?:from|to)(?:\s(?:the|in|at|of|for|on|and|detail|[A-Z][\w'-]*)(?!\w)){1,12})?"
)
_FIRST = 240  # characters of a body in which a reference stands at its beginning
_LEAP_DAY = "02-29"
_OPENING = 12  # characters before a reference that opens a body
# What stands ahead: the number, and for whom and from whom it is, as in `29. For Brask from Vane. 4.`,
# `29. [From Brask.]` and `29. Strictly confidential to Brask.`
_AHEAD = re.compile(
    r"\s*(?:(?:No\.\s*)?\d+\.?\s+"
    r"|\[?(?:[A-Z][a-z]+\s(?:\w+\s){0,4}?f|F)(?:or|rom)\s[^.\n]{1,80}\.\]?\s*"
    r"|(?:(?:Strictly\s|Most\s)?(?:[Cc]onfidential|[Ss]ecret|[Uu]rgent|[Pp]ersonal)(?:\sand\s\w+)?\sto\s[^.\n]{1,60}\.\s*))+"
)
# The relation of what stands in one list with what opens a body, by the sides of the two.
_LISTED_AS = {("to", "to"): "repliesTo", ("from", "to"): "repliesTo", ("from", "from"): "supplements"}
_SHORT = {
    "dep": "department",
    "emb": "embassy",
    "leg": "legation",
    "con": "consulate",
    "our": "our",
    "my": "my",
    "ur": "your",
    "you": "your",
}
_WRITERS = {"instruction": "department", "despatch": "legation", "dispatch": "legation"}
Noted = tuple[VolumeCitation, Tag | None]


@dataclass
class CitationReader:
    """Reads the references of one document."""

    document: TeiDocument
    draft: Draft
    finders: Finders
    posts: tuple[tuple[str, ...], tuple[str, ...]]
    used: dict[int, int] = field(
        default_factory=dict
    )  # notes at references, and where they cite of their own

    def read(self) -> list[VolumeCitation]:
        """Return the references in their order."""
        cited = [one for one in self.draft.references if not self._is_own(one)]
        found = [each for one in cited for each in self._numbered(one)]
        dated = DayLists(self._dated).apart(*self.draft.body, found)
        found += [replace(one, side="") if self._is_enclosed(one.start) else one for one in [*dated]]
        found.sort(key=lambda one: one.start)
        found = [self._linked(self._before_it(one).denied_in(self._dated.text)) for one in found]
        found = list(self._related(self._with_notes(found)))
        links = [*self.document.tagged("ref"), *(page for page, _ in self._notes.pages)]
        outside = [link for link in links if not self._is_in_note(link)]
        of_links = [
            self._notes.with_beside(VolumeCitation(link.start, link.end, **target), link.start)
            for link in outside
            for target in self._notes.targets(link)
        ]
        found += [one for one in of_links if not one.meets(found)]
        for note in self._marked:
            found += self._notes.own(note, self.used.get(note.start, note.start))
        return sorted(found, key=lambda one: (one.start, one.end))

    @cached_property
    def _dated(self) -> DatedReferences:
        day = self.draft.single.get("date")
        text = self.document.source.plain
        return DatedReferences(self.finders, text, day.value if day else "", self.draft.year, self.posts)

    @cached_property
    def _notes(self) -> NoteReader:
        return NoteReader(self.document, self.finders, self._dated)

    @cached_property
    def _marked(self) -> list[Tag]:
        """Return the notes that have a mark in the text."""
        return [tag for tag in self.document.tagged("note") if "mark" in tag.attributes]

    def _is_in_note(self, tag: Tag) -> bool:
        return any(note.start <= tag.start < note.end for note in self._marked)

    def _is_enclosed(self, place: int) -> bool:
        """Return whether a place lies in an enclosure, whose writer and reader are not those of the head."""
        return any(inner.start <= place < inner.end for inner in self.document.tagged("attachment"))

    def _is_own(self, one: CitedDocument) -> bool:
        """Return whether a number is that of the document itself, or is all of the first line."""
        text, (start, end) = self.document.source.plain, (one.label.start, one.label.end)
        if any(start <= own.printed.start < end for own in self.draft.numbers):
            return True
        line = text[text.rfind("\n", 0, start) + 1 : start].strip() + text[end : text.find("\n", end)].strip(
            " ."
        )
        begins = start - self.draft.body[0] < _OPENING
        return begins and not line and not (one.owner or _writer(one.kind))

    def _numbered(self, one: CitedDocument) -> Iterator[VolumeCitation]:
        """Yield a reference for each number that stands in the words of one; in an enclosure others write."""
        place = max(int(one.extra.get("after", one.label.end)), one.label.end)
        owner = one.owner if one.owner != "its" else ""  # whose that is, only the kind may tell
        side = side_of(owner or _writer(one.kind), *self.posts)
        side = "" if self._is_enclosed(one.label.start) else side
        hour = clock(self.document.source.plain, place)
        told = CitedPosts(side=side) if side else self._notes.posts.after(one.label.end, one.owner)
        corrected = _CORRECTED.match(self.document.source.plain, one.label.end)
        numbers = [corrected.group(1)] if corrected and len(one.numbers) == 1 else one.numbers
        day = self._dated.days.corrected(one.date, one.label.end, place) or self._dated.days.after(place)
        day, place = (told.day, told.day_end) if told.day and not day else (day, place if one.date else 0)
        days = DayLists(self._dated).days(day, place, len(numbers)) if place else [day] * len(numbers)
        for number, own in zip(numbers, days, strict=True):
            yield VolumeCitation(
                one.label.start, one.label.end, told.side, one.kind, number, own or told.day,
                hour or told.hour,
                sender=told.sender, recipient=told.recipient,
            )  # fmt: skip

    def _with_notes(self, found: list[VolumeCitation]) -> list[VolumeCitation]:
        """Return the references with what the notes at them say, of several where a note speaks of all."""
        noted: list[VolumeCitation] = []
        for n, one in enumerate(found):
            after = min((other.start for other in found[n:] if other.start > one.start), default=None)
            one_, note = self._noted(one, len(self.document.source.plain) if after is None else after)
            if note and one_.not_printed and not one_.page:
                self._deny_before(note, noted, one_)
            noted.append(one_)
        return [*self._denied_ahead(noted)]

    def _denied_ahead(self, noted: list[VolumeCitation]) -> Iterator[VolumeCitation]:
        """Yield the references; those are not printed that a note at the colon before them denies."""
        text = self.document.source.plain
        marks = [(int(note.attributes["mark"]), note) for note in self._marked]
        of_all = {mark for mark, note in marks if text[mark - 1] == ":" and self._notes.denies_all(note)}
        for one in noted:
            is_denied = not one.page and any(0 <= one.start - mark < _APART for mark in of_all)
            of_all |= {one.end} if is_denied else set()
            yield replace(one, not_printed=one.not_printed or "not printed") if is_denied else one

    def _deny_before(self, note: Tag, noted: list[VolumeCitation], one: VolumeCitation) -> None:
        """Say of the references before one that they are not printed, if a note at it speaks of them, too."""
        of_all = _OF_ALL.match(self.document.source.plain, note.start)
        most = 0 if of_all is None else 1 if of_all["two"] else len(noted)
        later = one
        for n, before in reversed([*enumerate(noted)][-most:] if most else []):
            most_apart = _OF_TWO if of_all["two"] else _APART  # type: ignore[index]
            if before.page or before.near or not 0 <= later.start - before.end < most_apart:
                return
            noted[n] = replace(before, not_printed=before.not_printed or one.not_printed)
            later = before

    def _noted(self, one: VolumeCitation, after: int) -> Noted:
        """Return a reference with what the first note at it says; numbers of one list share the last note."""
        told = _FULLY.match(self.document.source.plain, one.end).end()  # type: ignore[union-attr]
        last = max(one.end + 1, min(max(one.end + _NEAR, told), after))
        at = [note for note in self._marked if one.start < int(note.attributes["mark"]) <= last]
        free = [note for note in at if note.start not in self.used]
        for note in [*free, *at[-1:]]:
            if said := self._notes.said(one, note):
                if note.start in self.used and not said[0].not_printed:
                    continue
                self.used[note.start] = said[1]
                return said[0], note
        return one, None

    def _before_it(self, one: VolumeCitation) -> VolumeCitation:
        """Return a reference with its day in the year before, if it lies ahead and no year is written."""
        day = self.draft.written_by
        if not (len(day) == len(one.date) and one.date > day):
            return one
        written = self.document.source.plain[one.start : one.end + _NEAR]
        if one.date[:4] in written or one.date[5:] == _LEAP_DAY:
            return one
        return replace(one, date=f"{int(one.date[:4]) - 1}{one.date[4:]}")

    def _linked(self, one: VolumeCitation) -> VolumeCitation:
        """Return a reference with the target of the link that stands in its words."""
        target = next(iter(self._notes.targets(Tag("", one.start, one.end, {}))), None)
        return led(one, target) if target else one

    def _related(self, found: list[VolumeCitation]) -> Iterator[VolumeCitation]:
        """Yield the references with their relations; what stands in one list with the first follows it."""
        last: VolumeCitation | None = None
        for one in found:
            relation = self._relation(one)
            if last and last.relation and self._is_listed(last.end, one.start):
                relation = relation or _LISTED_AS.get((last.side, one.side), "")
            last = replace(one, relation=relation)
            yield last

    def _is_listed(self, low: int, high: int) -> bool:
        """Return whether only days, hours, numbers and `and` stand between two references."""
        return bool(LISTED.fullmatch(self.document.source.plain, low, high))

    def _relation(self, one: VolumeCitation) -> str:
        """Return the relation of a reference, if it opens the body: an answer, or an addition."""
        low = self.draft.body[0]
        before = self.document.source.plain[low : one.start]
        opening = len(_AHEAD.sub("", before, count=1)) < _OPENING
        if one.side == "to" and (opening or (len(before) < _FIRST and _REPLY.search(before))):
            return "repliesTo"
        return "supplements" if one.side == "from" and opening else ""


def _writer(kind: str) -> str:
    """Return who writes a document that is called so, in short as in `Deptel`, or what only some write."""
    if " " not in kind:
        for begin, owner in _SHORT.items():
            if kind.removeprefix("re").startswith(begin):
                return owner
    return next((owner for word, owner in _WRITERS.items() if word in kind), "")
