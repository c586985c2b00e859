"""References of a text to other documents: by number with series or possessor, by date, and in its notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from kg.curating.drafting.finding.citation_patterns import CitationPatterns
from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.number_lists import (
    CONTINUED,
    DAY_OF_DATE,
    MONTHS_BEGIN,
    NUMBER_SIGN,
    fitting,
    is_next,
    is_one,
    written_out,
)
from kg.curating.drafting.finding.word_tables import WordTables
from kg.curating.drafting.source.found import CERTAIN, PROBABLE, Found, SourceText

_FAR = 160  # characters before the number of a copy that tell of what it is one
_ENCLOSURES = re.compile(r"\W*Encl(?:osures?|s?\.)?\b")  # a line that lists them begins so
_BY_POST = 1944  # the year from which telegrams are cited by their post and number alone
_YEARS = re.compile(r"1[5-9]\d\d|20\d\d")
_NEAR = 60  # characters within which the date of a cited document follows its number


# What stands between a number and its day; behind a full stop a day is its own if an hour follows.
_GAP = re.compile(
    r"\s*(?:\([^)\n]{0,40}\)|/[^/\n]{0,30}/|\[\d{1,5}\??\])?(?P<stop>\.(?=\s))?[\s,]*(?:of|dated|from|de|от)?\s*(?:the\s)?"
)
# What continues a list of numbers of which each has its post, and a list of papers of one series.
_BETWEEN_POSTS = re.compile(
    rf"\s(?:from|to)(?:\s[A-Z][\w.'-]*){{1,3}}(?:,\s(?:both\s)?(?:{MONTHS_BEGIN})[a-z.]*\s\d{{1,2}}(?:,\s\d{{4}})?)?"
    r"(?:[,;]\s(?:and\s)?|\sand\s)(?P<list>\d{1,6})(?=\s(?:from|to)\s[A-Z])"
)
_PAPERS = re.compile(
    r"(?:[,;]\s(?:and\s)?|\sand\s)(?P<list>\d{1,6}/\d{1,3}|\d{1,3}(?:-\d{1,3}){1,2})(?![\w/-])(?!,\d)"
)
_LETTERED = re.compile(r"(?:,\s|,?\sand\s)(?P<list>(?:CA|[ADG])-\d{1,5})(?![\w-])")  # airgrams
_HOUR = re.compile(r",?\s(?:\d{1,2}(?::\d\d)?\s[ap]\.?\s?m\b|noon|midnight)")


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A reference to another document as the text makes it."""

    label: Found
    owner: str = ""
    kind: str = ""
    numbers: tuple[str, ...] = ()
    incoming: tuple[str, ...] = ()
    edition_document: str = ""
    date: str = ""
    target: str = ""
    extra: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class ReferenceFinder:
    """Finds references by number."""

    tables: WordTables
    dates: DateFinder

    @cached_property
    def _patterns(self) -> CitationPatterns:
        return CitationPatterns(self.tables)

    def find(self, source: SourceText, low: int, high: int, year: int | None = None) -> list[CitedDocument]:
        """Return the references between two places, in their order."""
        text, taken = source.plain, list[tuple[int, int]]()
        found: list[CitedDocument] = []
        for pattern in self._patterns.all if (year or 0) >= _BY_POST else self._patterns.early:
            for match in pattern.finditer(text, low, high):
                if any(start < match.end("list") and match.start() < end for start, end in taken):
                    continue
                if self._is_other_number(text, match) or self._cites_nothing(match):
                    continue
                whole = is_one(match["list"], year, match.group()) or match.re is self._patterns.papers
                end = match.end("list") if whole else fitting(text, *match.span("list"))
                taken.append((match.start(), end))
                found.append(self._reference(source, match, end, year))
        found += [more for one in found for more in self._continued(source, one, taken, year)]
        found += [more for one in found for more in self._listed(source, one, taken)]
        return _each_once(sorted(found, key=lambda reference: reference.label.start))

    def _is_other_number(self, text: str, match: re.Match[str]) -> bool:
        """Return whether the number is of something else, such as a page, or the day of a date."""
        after = text[match.end("list") : match.end("list") + 12]
        if re.match(r"\s*(?:o'clock|a\.?m|p\.?m|per\s?cent|%|:\d|st\b|nd\b|rd\b|th\b)", after):
            return True
        if DAY_OF_DATE.match(text, match.start("list")):
            return True
        owner = (match.groupdict().get("owner") or "").lower()
        return bool(
            re.match(
                r"(?:treaty|public|executive|document|series|bulletin|today|yesterday|it|let|that|one)\b",
                owner,
            )
        )

    def _cites_nothing(self, match: re.Match[str]) -> bool:
        """Return whether a number is of no copy, or behind a post a year, or of an enclosure in a list."""
        if match.re is self._patterns.copied:
            return not self._patterns.copy.search(match.string, max(0, match.start() - _FAR), match.start())
        if match.re is self._patterns.behind_party:
            line = match.string.rfind("\n", 0, match.start()) + 1
            return _ENCLOSURES.match(match.string, line, match.start()) is not None
        return match.re is self._patterns.posted and _YEARS.fullmatch(match["list"]) is not None

    def _reference(
        self, source: SourceText, match: re.Match[str], end: int, year: int | None
    ) -> CitedDocument:
        parts = match.groupdict()
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        start = match.start("office") if match.re is self._patterns.coded and parts["office"] else start
        printed = source.plain[match.start("list") : end]
        whole = (
            is_one(printed, year, match.group()) or printed[0].isalpha() or match.re is self._patterns.papers
        )
        numbers = (printed,) if whole else tuple(written_out(printed))
        date_, after = self._date_after(source.plain, end, year)
        incoming = re.match(
            rf"\s*(?:\((?:incoming|entry|вх\w*)\.?|/)\s*(?:{NUMBER_SIGN})?\s*(\d+)\s*[)/]",
            source.plain[end : end + 40],
            re.I,
        )
        kind = " ".join((parts.get("kind") or parts.get("short") or "").lower().split())
        if match.re in self._patterns.wired:
            kind = "telegram" if printed[0].isdigit() else "airgram"
        owner = (parts.get("owner") or parts.get("office") or "").lower()
        certainty = (
            CERTAIN
            if "№" in match.group() or parts.get("kind") or parts.get("short") or "o." in match.group()
            else PROBABLE
        )
        return CitedDocument(
            source.found(start, end, certainty),
            owner,
            kind,
            numbers,
            (incoming.group(1),) if incoming else (),
            date=date_,
            extra={"after": str(after)},
        )

    def _date_after(self, text: str, end: int, year: int | None) -> tuple[str, int]:
        """Return the date that follows a number, and where it ends."""
        gap = _GAP.match(text, end, end + _NEAR)
        start = gap.end() if gap else end
        dates = self.dates.find(text, start, min(len(text), start + 30), year)
        if (
            dates
            and dates[0].start == start
            and not (gap and gap["stop"] and not _HOUR.match(text, dates[0].end))
        ):
            return dates[0].value, dates[0].end
        return "", end

    def _continued(
        self, source: SourceText, one: CitedDocument, taken: list[tuple[int, int]], year: int | None
    ) -> Iterator[CitedDocument]:
        """Yield the references that follow one with the same possessor: `my 32, May 3, and 35, May 4`."""
        place = int(one.extra["after"])
        while one.date and (match := CONTINUED.match(source.plain, place)):
            if not match.group().strip().startswith((",", "and", ";")) and "and" not in match.group():
                return
            if any(start < match.end() and match.start("list") < end for start, end in taken):
                return
            date_, place = self._date_after(source.plain, match.end(), year)
            if not date_ and not is_next(match.group("list"), one.numbers[0]):
                return
            taken.append((match.start("list"), match.end()))
            label, after = source.found(*match.span("list")), {"after": str(place)}
            yield CitedDocument(label, one.owner, one.kind, (match.group("list"),), date=date_, extra=after)

    def _listed(
        self, source: SourceText, one: CitedDocument, taken: list[tuple[int, int]]
    ) -> Iterator[CitedDocument]:
        """Yield what goes on: with a post for each, `45 from Varna, 46 from Bern`, or `ABC 7/3; 7/4`."""
        listed = _PAPERS if self._patterns.papers.match(source.plain, one.label.start) else _BETWEEN_POSTS
        listed = _LETTERED if one.numbers and _LETTERED.fullmatch(f", {one.numbers[0]}") else listed
        place = one.label.end
        while match := listed.match(source.plain, place):
            start, place = match.span("list")
            if any(low < place and start < high for low, high in taken):
                return
            taken.append((start, place))
            extra = {"after": str(place)}
            yield CitedDocument(source.found(start, place), "", one.kind, (match["list"],), extra=extra)


def _each_once(found: list[CitedDocument]) -> list[CitedDocument]:
    """Return the references without repetitions: the same numbers, and no other date."""
    kept: list[CitedDocument] = []
    for one in found:
        same = next(
            (
                n
                for n, k in enumerate(kept)
                if k.numbers == one.numbers and (not k.date or not one.date or k.date == one.date)
            ),
            None,
        )
        if same is None:
            kept.append(one)
        elif one.date and not kept[same].date:
            kept[same] = one
    return kept
