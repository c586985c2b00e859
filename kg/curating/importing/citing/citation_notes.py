"""Notes of an edition: what one says of a reference that it stands at, and what it cites of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.citations import CitedDocument
from kg.curating.drafting.source.tei_volume import Tag, TeiDocument
from kg.curating.importing.citing.citation_words import DatedReferences, VolumeCitation
from kg.curating.importing.citing.cited_days import LISTED
from kg.curating.importing.citing.cited_posts import PostReader
from kg.curating.importing.citing.day_lists import DayLists
from kg.curating.importing.citing.printed_pages import PrintedPages, Target
from kg.curating.importing.volumes.place_zones import clock

_NOT_PRINTED = re.compile(
    r"\b(?:not (?:been |here )?(?:re)?(?:printed|produced)"
    r"|(?:neither|none)\s(?:[^.;\n]{1,80}?\s)??(?:re)?printed"
    r"|(?:not|neither|none)(?: of these \w+)? (?:been )?found in [^.;\n]{0,20}files?\b"
    r"|not (?:enclosed|found in (?:the )?Department))",
    re.IGNORECASE,
)
# What is said of another text than the one that is cited, as in `Spanish text not printed`.
_OTHER_TEXT = re.compile(r"\W*(?:The )?[A-Z]\w+ text(?: is)? not ")
_TARGET = re.compile(r"(?P<volume>[\w-]*)#(?:(?P<document>d\d+)(?:fn\d+)?|(?P<page>pg_\w+))")
_SEE = re.compile(r"\W*See\b")  # leads to a further document, not to the one that is cited
_OTHER = re.compile(
    r"(?:-|\b(?:footnotes?|notes?|fn\.) (?:\d+\w?(?:,\s|\sand\s)?)+)\s*$"
)  # the end of a range, or a note
_BESIDE = re.compile(
    r"\W*(?:(?:See|To|In)\s(?:also\s)?(?:the\s(?:[a-z]+\s){1,2})?)?([Ss]upra|[Ii]nfra)\b(?!,?\s(?:p|note|foot))"
)
_BESIDE_AFTER = re.compile(r"[\s,]*(?:(?:\d{4}|[\d:.]+\s[ap]\.m\.|noon|midnight)[\s,]*)*(supra|infra)\b")
_OF_THE_DAY = re.compile(r"\W*(?:\d+\s*)?(?:Dated|Of|Telegram|Despatch|Note|Letter|(?=[A-Z][a-z]+\.? \d))\b")
_CHANGED = re.compile(r"\b(?:amended|revised|modified|corrected)\s*$")
_KIND = re.compile(
    r"gram|cable|patch|instruction|note|letr|ltr|letter|memo|circular|^tel\b|wire|message|repl|answer|response"
)
_SAME_BREATH = 100  # characters behind a document in which a note says that it is not printed
_BEFORE = 120  # characters before a link that tell what it leads to
_BESIDE_MARK = 80  # characters of the text before the mark of a note, or before a link in the text
_SENTENCE = re.compile(
    r"\w{3,}[.”\"]+\s[A-Z][a-z]+\s[a-z]|\n"
)  # a further one between what is told and a link
_BEGINS = 2  # characters of a note before its first word
_FOLLOWING = re.compile(r"\bff\b|[–—-]\s*\d")  # several documents from a page on
_HOUR = re.compile(r"\d+(?::\d+)?\s(?:\[\d+\]\s)?[ap]\.\s?m\.")
_NUMBER = re.compile(r"(?<![\d.,:/])[1-9]\d{1,4}(?![\d:/]|[.,]\d|st|nd|rd|th|%)")


@dataclass(frozen=True)
class NoteReader:
    """Reads the notes of one document."""

    document: TeiDocument
    finders: Finders
    dated: DatedReferences

    @cached_property
    def posts(self) -> PostReader:
        """Return the reader of what is told behind the number of a document."""
        return PostReader(self.finders, self.document.source.plain, self.dated.year, self.dated.posts)

    def said(self, one: VolumeCitation, note: Tag) -> tuple[VolumeCitation, int] | None:
        """Return a reference with what a note at it says, and the place from which the note cites of its own.

        None says that the note tells neither where the document is printed nor that it is not.
        """
        text = self.document.source.plain[note.start : note.end]
        beside, denied = _BESIDE.match(text), _NOT_PRINTED.search(text)
        if denied and not _OTHER_TEXT.match(text):
            one_, place = (
                replace(one, not_printed=" ".join(denied.group().split())),
                note.start + denied.end(),
            )
            links = self._links(note)
            if not links or note.start + denied.start() < links[0][0].start:
                named = [*self._named(note.start, note.start + denied.start())]
                place = note.start if named and not one.number else place  # these words tell its number
                return self._of_the_day(one_, text), place
        links = [] if _SEE.match(text) else self._links(note)
        if not links and not beside:
            return None
        if beside:
            return replace(one, near=beside.group(1).lower()), note.start + beside.end()
        link, target = links[0]
        if any(_is_another(one, named) for named in [*self._named(note.start, link.start)][-1:]):
            return None
        return self._of_the_day(led(one, target), text), link.end

    def _of_the_day(self, one: VolumeCitation, text: str) -> VolumeCitation:
        """Return a reference with the day that the note gives, if its own words gave none."""
        dates = self._dates(text) if not one.date and _OF_THE_DAY.match(text) else []
        return replace(one, date=dates[0], hour=one.hour or clock(text, text.find(",") + 1)) if dates else one

    def _dates(self, text: str) -> list[str]:
        found = self.finders.dates.find(text, 0, None, self.dated.year)
        return [one.value for one in found if len(one.value) == 10 and not _CHANGED.search(text[: one.start])]

    def targets(self, tag: Tag) -> list[Target]:
        """Return volume and page or document that the links within an element lead to."""
        return [target for _, target in self._links(tag)]

    def _links(self, tag: Tag) -> list[tuple[Tag, Target]]:
        links = [tag] if tag.name == "ref" else self.document.tagged("ref", (tag.start, tag.end))
        found = [(link, _TARGET.fullmatch(link.attributes.get("target", ""))) for link in links]
        told = [(link, match.groupdict("")) for link, match in found if match]
        pages = [one for one in self.pages if tag.start <= one[0].start and one[0].end <= tag.end]
        return sorted([*told, *pages], key=lambda one: one[0].start)

    @cached_property
    def pages(self) -> list[tuple[Tag, Target]]:
        """Return the pages that the text names without a link, with what a link would lead to."""
        named = PrintedPages(self.document.source.plain, self.document.volume.identifier)
        tags = self.document.tagged("ref")
        links = [link for link in tags if _TARGET.fullmatch(link.attributes.get("target", ""))]
        notes = [note for note in self.document.tagged("note") if "mark" in note.attributes]
        found = [*named.find(0, len(named.text))]
        found += [one for note in notes for one in named.documents(note.start, note.end)]
        return [
            (page, target)
            for page, target in found
            if not any(link.start < page.end and page.start < link.end for link in links)
        ]

    def own(self, note: Tag, low: int) -> Iterator[VolumeCitation]:
        """Yield what a note cites from a place on: links with the words before them, numbers, days."""
        source = self.document.source
        beside = _BESIDE.match(source.plain, low, note.end) if low == note.start else None
        if beside:  # at words that name the document by what it says
            yield VolumeCitation(*beside.span(1), near=beside.group(1).lower())
        named = [one for one in self._named(low, note.end) if self._is_kind(one)]
        last = low
        for link, target in self._links(note):
            if link.start < low:
                continue
            start = max(last, link.start - _BEFORE)
            before, last = source.plain[start : link.start], link.end
            told = [one for one in named if start <= one.start and one.end <= link.start]
            named = [one for one in named if one not in told[-1:]]
            if not _OTHER.search(before):
                one = self._of_link(link, target, told[-1:], before)
                mark = int(note.attributes.get("mark", note.start))
                yield one if told else self.with_beside(one, mark)
        own = [one for one in named if not self._is_in_link(note, one)]
        ends = [*(one.start for one in own[1:]), note.end]
        yield from self._together([self._denied(one, end) for one, end in zip(own, ends, strict=False)])

    def _is_kind(self, one: VolumeCitation) -> bool:
        """Return whether words call what is cited a telegram or the like, or name its series or its post."""
        words = self.finders.tables["references"]
        series = {word.lower() for key in ("series", "papers") for word in words[key]}
        is_told = one.number[:1].isalpha() or one.sender or one.hour
        return bool(not one.number or _KIND.search(one.kind) or one.kind in series or is_told)

    def _denied(self, one: VolumeCitation, high: int) -> VolumeCitation:
        """Return a document that a note names with what the note says of it in the same breath."""
        denied = _NOT_PRINTED.search(self.document.source.plain, one.end, min(high, one.end + _SAME_BREATH))
        return replace(one, not_printed=" ".join(denied.group().split())) if denied else one

    def _together(self, own: list[VolumeCitation]) -> list[VolumeCitation]:
        """Return documents of a note, of which those in one list are all not printed, if the last is not."""
        text, told = self.document.source.plain, own[-1:]
        for one in reversed(own[:-1]):
            listed = LISTED.fullmatch(text, one.end, told[0].start) or one.start == told[0].start
            said = told[0].not_printed if listed and not one.not_printed else one.not_printed
            told.insert(0, replace(one, not_printed=said))
        return told

    def denies_all(self, note: Tag) -> bool:
        """Return whether a note begins by saying of several documents that none is printed."""
        denied = _NOT_PRINTED.search(self.document.source.plain, note.start, note.end)
        begins = denied and denied.start() - note.start < _BEGINS
        return bool(begins and denied.group()[:4].lower() in ("none", "neit"))  # type: ignore[union-attr]

    def with_beside(self, one: VolumeCitation, place: int) -> VolumeCitation:
        """Return the reference of a link to a page, with the numbers and days that stand before a place.

        They are no claim of the reference: they choose among what is printed on the page.
        """
        source = self.document.source
        words = source.plain[one.start : one.end + len(" ff.")]
        if one.number or one.date or not one.page or _FOLLOWING.search(words):
            return one
        text = _HOUR.sub("", source.plain[max(0, place - _BESIDE_MARK) : place])
        dates = self.finders.dates.find(text, 0, None, self.dated.year)
        for found in reversed(dates):
            text = text[: found.start] + text[found.end :]
        days = [found.value for found in dates if len(found.value) == len("1962-10-23")]
        return replace(one, beside=" ".join([*_NUMBER.findall(text), *days]))

    def _named(self, low: int, high: int) -> Iterator[VolumeCitation]:
        """Yield the documents that a note names by number, and by date where no number stands."""
        found = [
            one
            for each in self.finders.references.find(self.document.source, low, high, self.dated.year)
            for one in self._numbered(each)
        ]
        yield from found
        by_day = DayLists(replace(self.dated, is_edition=True)).apart(low, high, found)
        for one in by_day:
            beside = _BESIDE_AFTER.match(self.document.source.plain, one.end)
            yield replace(one, side="", near=beside.group(1) if beside else "")

    def _numbered(self, each: CitedDocument) -> Iterator[VolumeCitation]:
        place = max(int(each.extra.get("after", each.label.end)), each.label.end)
        text = self.document.source.plain
        beside = _BESIDE_AFTER.match(text, place)
        near = beside.group(1) if beside else ""
        told = self.posts.after(each.label.end, each.owner)
        for number in each.numbers:
            label, hour = each.label, clock(text, place) or told.hour
            yield VolumeCitation(
                label.start, label.end, told.side, each.kind, number, each.date or told.day, hour,
                near=near, sender=told.sender, recipient=told.recipient,
            )  # fmt: skip

    def _is_in_link(self, note: Tag, one: VolumeCitation) -> bool:
        return any(link.start < one.end and one.start < link.end for link, _ in self._links(note))

    def _of_link(self, link: Tag, target: Target, told: list[VolumeCitation], before: str) -> VolumeCitation:
        """Return the reference of a link, with number and day of the document that is named before it."""
        if told:
            between = self.document.source.plain[told[0].end : link.start]
            start = link.start if _SENTENCE.search(between) else told[0].start
            return led(replace(told[0], start=start, end=link.end), target)
        date = next(iter(self._dates(before)[-1:]), "")
        number = next(iter(re.findall(r"\bNo\.\s*(\d+)", before)[-1:]), "")
        return VolumeCitation(link.start, link.end, number=number, date=date, **target)


def _is_another(one: VolumeCitation, named: VolumeCitation) -> bool:
    """Return whether what a note names has another day than the reference at which the note stands."""
    same = one.number and one.number == named.number
    return bool(one.date and named.date and one.date != named.date and not same)


def led(one: VolumeCitation, target: Target) -> VolumeCitation:
    """Return a reference with the volume and the page or document that a link leads to."""
    place = {key: target[key] for key in ("volume", "page", "document")}
    return replace(one, unlinked=target.get("unlinked", ""), **place)  # type: ignore[arg-type]
