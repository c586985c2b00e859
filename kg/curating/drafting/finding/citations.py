"""References of a text to other documents: by number with series or possessor, by date, and in its notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.number_lists import (
    NUMBER_LIST,
    NUMBER_SIGN,
    POINTED,
    fitting,
    is_one,
    written_out,
)
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import CERTAIN, PROBABLE, Found, SourceText

# Said once more before a choice of many words, so that none of them is tried in the middle of a word.
_WORD_BEGINS = r"\b(?=\w)"
_POSSESSOR = (
    r"(?P<owner>\b(?:your|our|my|his|its|their|yours|ваш\w*|наш\w*|мой|su|nuestro|mi)"
    r"|\b(?-i:[A-Z])\w+(?:\s(?:of\s)?(?-i:[A-Z])\w+)?'s?)"
)
_ABBREVIATED = (
    r"(?P<short>\b(?:re)?(?:Emb|Dep|Con|Leg|Miss|our|my|ur|your|ref|Amemb|Con?gen)(?:cir)?(?:tel|des|desp|gram|inst)s?\b\.?"
    r"|\b(?:re|ref|ur)?(?:Dept|Emb|Leg|Con)s\b\.?|\b(?:{series})\b)"
)
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# What may follow a number without a sign, since a number of things is followed by these things.
_BEFORE_BARE = (
    r"(?=\s*(?:[,;.:)\]\n]|$)|\s\(\d{1,2}\)|\s\(\d{3}[A-Z]?\.|\s\([A-Z]\w+\s\d+\)|\s\[\d{1,5}\??\]|\s+(?:of|dated|from|to|and|paragraph|regarding|section|re|de|y|от|и)\b"
    r"|\s+(?:yesterday|to-?day|last|just|concerning|about|sent|addressed|repeated|received|transmitted)\b"
    r"|\s+(?:is|are|was|were|has|have|had|came|crossed|should|will|may|refers?|states?|I|we|which)\b"
    rf"|\s+(?:{_MONTHS}))"
)
# What continues a list of numbers with days: one with its day, or the last of them without.
_CONTINUED = re.compile(
    r"(?:,?\s*\d{1,2}(?::\d\d)?(?:\s\[[\d:]+\??\])?\s[ap]\.?\s?m\.?|,?\s(?:12\s)?(?:noon|midnight))?"
    rf"\s*[,;]?\s*(?P<last>and\s+)?(?:{NUMBER_SIGN}\s*)?(?P<list>\d{{1,6}})"
    rf"(?=(?:\s\[\d+\??\])?,?\s(?:of\s)?(?:{_MONTHS})|(?(last)\s*(?:[,;.:)\]\n]|$)|(?!)))",
    re.IGNORECASE,
)
# The day of a date, as in `cable 18 January`: a number is followed by the month with its day.
_DAY = re.compile(rf"(?:[12]?\d|3[01])\s(?:{_MONTHS})[a-z]*\.?(?![a-z.])(?!\s?\d{{1,2}}(?!\d))")
_DAYS = 31  # of a month: a number up to that may be a day
_NEAR = 60  # characters within which the date of a cited document follows its number


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
    def _kinds(self) -> str:
        kinds = alternatives(self.tables["references"]["kinds"])
        qualities = r"circular|urgent|coded|cipher\w*|confidential|secret|written|mail|naval|telegraphic"
        return rf"(?P<kind>(?:(?:{qualities})\s+)?(?:{kinds})(?:e?s)?)"

    @cached_property
    def _posts(self) -> str:
        """Return the pattern of a post, as a telegram from there is cited: `Ref: A. Paris 877`."""
        return alternatives([*self.tables["references"]["posts"], *self.tables.places])

    @cached_property
    def _leading(self) -> str:
        """Return the pattern of the words that lead to a number alone, as in `sent to you under No. 3`."""
        words = self.tables["references"]
        leading = alternatives(form for word in words["leading"] for form in (word, word.capitalize()))
        return rf"\b(?:{leading})(?:\s(?:{alternatives(words['between'])}))*"

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        gap = r"\s*(?:\[[^\]\n]{0,30}\]\s*)?"
        numbers = rf"(?P<list>{NUMBER_LIST})(?![\w/])(?!-\w)(?!\.\d)(?!,\d)"
        offices = alternatives(self.tables["references"]["offices"])
        owners = rf"{_WORD_BEGINS}(?:{_POSSESSOR}|(?P<office>\b(?:{offices})'s?))"
        short = _WORD_BEGINS + _ABBREVIATED.replace(
            "{series}", alternatives(self.tables["references"]["series"])
        )
        return [
            re.compile(rf"{owners}{gap}(?P<list>[A-Z]-\d{{1,5}})(?!\w)"),
            re.compile(
                rf"{owners}{gap}(?i:{self._kinds})?[,:]?{gap}(?i:{NUMBER_SIGN})\s*{numbers}", re.IGNORECASE
            ),
            re.compile(rf"{owners}{gap}(?i:{self._kinds}){gap}{numbers}{_BEFORE_BARE}", re.IGNORECASE),
            re.compile(
                rf"{owners}{gap}(?i:{self._kinds})\s(?:of|dated)\s[\w\s]{{3,24}}(?:,\s[\w:.\s]{{2,10}})?,?\s{NUMBER_SIGN}\s*{numbers}",
                re.IGNORECASE,
            ),
            re.compile(
                rf"{_WORD_BEGINS}(?:\b(?P<owner>[Yy]our|[Oo]ur|[Mm]y|[Mm]i|[Ss]u|[Нн]аш\w*|[Вв]аш\w*|[A-Z]\w+(?:-[A-Z]\w+)?'s)|(?P<office>\b(?:{offices})'s?)){gap}{numbers}{_BEFORE_BARE}"
            ),
            re.compile(
                rf"(?<=\s)(?:(?<=\bRe\s)|(?<=\bRef\s)|(?<=\bRef:\s)|(?<=\bRefs:\s)|(?<=\bre\s)|(?<=\b[A-H]\.\s)|(?<=\(\b[A-H]\)\s))(?P<office>{self._posts})\s(?:tel\w*\s)?{numbers}(?=\s*[,;.:()\n]|$|\s\(|\sand\b)"
            ),
            re.compile(
                rf"{owners}{gap}(?i:{NUMBER_SIGN})\s*(?P<list>{POINTED.pattern})(?![\d/])", re.IGNORECASE
            ),
            re.compile(rf"{short}{gap}(?:{NUMBER_SIGN})?\s*{numbers}", re.IGNORECASE),
            re.compile(rf"(?<![\w-]){self._kinds}{gap}{NUMBER_SIGN}\s*{numbers}", re.IGNORECASE),
            re.compile(
                rf"(?<![\w-])(?P<kind>(?:telegram|despatch|airgram|cable|instruction)(?:e?s)?){gap}{numbers}{_BEFORE_BARE}",
                re.IGNORECASE,
            ),
            re.compile(
                rf"(?:^|(?<=\n)|(?<=erence:\s)|(?<=re\s))\s*(?:to\s+)?(?:{NUMBER_SIGN})\s?{numbers}(?=\s*(?:\((?:incoming|entry|вх)|/\s*{NUMBER_SIGN}))",
                re.IGNORECASE,
            ),
            re.compile(
                rf"(?:^|(?<=\n))\s*(?:to|re|in reply to|на|a)\s+{NUMBER_SIGN}\s?{numbers}", re.IGNORECASE
            ),
            re.compile(rf"{self._leading}\s(?i:{NUMBER_SIGN})\s*{numbers}"),
        ]

    def find(self, source: SourceText, low: int, high: int, year: int | None = None) -> list[CitedDocument]:
        """Return the references between two places, in their order."""
        text, taken = source.plain, list[tuple[int, int]]()
        found: list[CitedDocument] = []
        for pattern in self._patterns:
            for match in pattern.finditer(text, low, high):
                if any(start < match.end("list") and match.start() < end for start, end in taken):
                    continue
                if self._is_other_number(text, match):
                    continue
                whole = is_one(match["list"], year, match.group())
                end = match.end("list") if whole else fitting(text, *match.span("list"))
                taken.append((match.start(), end))
                found.append(self._reference(source, match, end, year))
        found += [more for one in found for more in self._continued(source, one, taken, year)]
        return _each_once(sorted(found, key=lambda reference: reference.label.start))

    def _is_other_number(self, text: str, match: re.Match[str]) -> bool:
        """Return whether the number is of something else, such as a page, or the day of a date."""
        after = text[match.end("list") : match.end("list") + 12]
        if re.match(r"\s*(?:o'clock|a\.?m|p\.?m|per\s?cent|%|:\d|st\b|nd\b|rd\b|th\b)", after):
            return True
        if _DAY.match(text, match.start("list")):
            return True
        owner = (match.groupdict().get("owner") or "").lower()
        return bool(
            re.match(
                r"(?:treaty|public|executive|document|series|bulletin|today|yesterday|it|let|that|one)\b",
                owner,
            )
        )

    def _reference(
        self, source: SourceText, match: re.Match[str], end: int, year: int | None
    ) -> CitedDocument:
        parts = match.groupdict()
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        printed = source.plain[match.start("list") : end]
        whole = is_one(printed, year, match.group()) or printed[0].isalpha()
        numbers = (printed,) if whole else tuple(written_out(printed))
        date_, after = self._date_after(source.plain, end, year)
        incoming = re.match(
            rf"\s*(?:\((?:incoming|entry|вх\w*)\.?|/)\s*(?:{NUMBER_SIGN})?\s*(\d+)\s*[)/]",
            source.plain[end : end + 40],
            re.I,
        )
        kind = " ".join((parts.get("kind") or parts.get("short") or "").lower().split())
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
        gap = re.match(
            r"\s*(?:\([^)\n]{0,40}\)|/[^/\n]{0,30}/|\[\d{1,5}\??\])?[\s,]*(?:of|dated|from|de|от)?\s*(?:the\s)?",
            text[end : end + _NEAR],
        )
        start = end + (gap.end() if gap else 0)
        dates = self.dates.find(text, start, min(len(text), start + 30), year)
        if dates and dates[0].start == start:
            return dates[0].value, dates[0].end
        return "", end

    def _continued(
        self, source: SourceText, one: CitedDocument, taken: list[tuple[int, int]], year: int | None
    ) -> Iterator[CitedDocument]:
        """Yield the references that follow one with the same possessor: `my 32, May 3, and 35, May 4`."""
        place = int(one.extra["after"])
        while one.date and (match := _CONTINUED.match(source.plain, place)):
            if not match.group().strip().startswith((",", "and", ";")) and "and" not in match.group():
                return
            if any(start < match.end() and match.start("list") < end for start, end in taken):
                return
            date_, place = self._date_after(source.plain, match.end(), year)
            if not date_ and not _is_next(match.group("list"), one.numbers[0]):
                return
            taken.append((match.start("list"), match.end()))
            label, after = source.found(*match.span("list")), {"after": str(place)}
            yield CitedDocument(label, one.owner, one.kind, (match.group("list"),), date=date_, extra=after)


def _is_next(number: str, first: str) -> bool:
    """Return whether a number without a day goes on with a list, of which `first` is known, and is no day."""
    return len(number) == len(first) and number > first and int(number) > _DAYS


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
