"""Dates in texts: day or month first, Roman months, words, Russian and Spanish; as ISO, with their places.

A date of which day and month cannot be told apart is left out: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import CERTAIN, PROBABLE, Found

_CORRECTION = r"(?:\s*\[(?:and\s|or\s)?\d{1,2}\??\])?"
_LATIN = str.maketrans("ХІ", "XI")  # Cyrillic letters of Roman months
_CENTURY = 1900  # of a year of two digits


@dataclass(frozen=True)
class DateFinder:
    """Finds dates by the table of months."""

    tables: WordTables

    @cached_property
    def _months(self) -> dict[str, int]:
        months = self.tables["dates"]["months"]
        return {word: number for number, words in months.items() for word in words}

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        month = rf"(?P<month>{alternatives(self._months)})\.?"
        day = r"(?P<day>\d{1,2})\"?(?:\s?(?:st|nd|rd|th|d|-?го|º))?" + _CORRECTION
        word = rf"(?P<word>{alternatives(self.tables['dates']['days'])})"
        year = r"(?P<year>(?:1[5-9]|20)\d\d)"
        roman = rf"(?P<roman>{alternatives(self.tables['dates']['roman'])}|[XХIІV]{{1,4}})"
        short = r"(?P<year>(?:1[5-9]|20)\d\d|\d\d)(?!\d)"
        forms = (
            r"(?<!\d)(?P<year>(?:1[5-9]|20)\d\d)(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
            rf"(?<![\d/.])(?P<day>\d{{1,2}})\s?[-/.\s]\s?(?-i:{roman})\s?[-/.\s]\s?{short}(?:\s?г\.)?",
            rf"(?<![\d/.])(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark){short}",
            rf"(?<!\w){month}\s*{day},?\s+(?:of\s+)?{year}(?!\d)",
            rf"(?<![\w.:]){day}\s*(?:(?:day\s+)?of\s+|de\s+|-)?\s*{month}(?:,|\s+of|\s+de|-)?\s*{year}(?!\d)(?:\s?(?:г\.|года))?",
            rf"(?<!\w)(?:the\s+)?{word}(?:\s+day)?\s+(?:of\s+)?{month},?\s+{year}(?!\d)",
            rf"(?<!\w){month}\s+(?:the\s+)?{word},?\s+{year}(?!\d)",
            rf"(?<!\w){month}\s*{day}(?![\d:])",
            rf"(?<![\w.:]){day}\s+(?:of\s+|de\s+)?{month}(?!\w)",
            rf"(?<!\w){month},?\s+{year}(?!\d)",
        )
        return [re.compile(form, re.IGNORECASE) for form in forms]

    def find(self, text: str, start: int = 0, end: int | None = None, year: int | None = None) -> list[Found]:
        """Return the dates between two places, in their order; one without a year takes `year`.

        Where `year` is None, dates without one are left out. A month with its year is a date as well.
        """
        found: list[Found] = []
        taken: list[
            tuple[int, int]
        ] = []  # also of what is no valid date, whose month and year are none either
        for pattern in self._patterns:
            for match in pattern.finditer(text, start, len(text) if end is None else end):
                if any(low < match.end() and match.start() < high for low, high in taken):
                    continue
                value, certainty = self._value(match.groupdict(), year)
                if value or match.groupdict().get("year"):
                    taken.append(match.span())
                if value:
                    found.append(Found(value, *match.span(), certainty))
        return sorted(found, key=lambda one: one.start)

    def _value(self, parts: dict[str, str | None], year: int | None) -> tuple[str, str]:
        """Return the ISO form and how sure it is; an empty text if the parts are no date."""
        written = parts.get("year")
        if not written and re.fullmatch("may|march|mar|jan|dec", parts.get("month") or ""):
            return "", CERTAIN  # the verbs: a month without a capital needs its year
        known = _year(written) if written else year
        if known is None:
            return "", CERTAIN
        if parts.get("first"):
            pairs = list(_ordered(int(parts["first"] or 0), int(parts["second"] or 0)))
            return (_iso(known, *pairs[0]), CERTAIN) if len(pairs) == 1 else ("", CERTAIN)
        month, day = self._month(parts), self._day(parts)
        if day is None:
            return f"{known:04d}-{month:02d}", CERTAIN
        return _iso(known, month, day), CERTAIN if written else PROBABLE

    def _month(self, parts: dict[str, str | None]) -> int:
        if parts.get("roman"):
            roman: list[str] = self.tables["dates"]["roman"]
            return roman.index((parts["roman"] or "").translate(_LATIN).upper()) + 1
        if parts.get("number"):
            return int(parts["number"] or 0)
        return self._months[(parts["month"] or "").lower()]

    def _day(self, parts: dict[str, str | None]) -> int | None:
        if parts.get("day"):
            return int(parts["day"] or 0)
        if parts.get("word"):
            days: dict[str, int] = self.tables["dates"]["days"]
            return days[" ".join((parts["word"] or "").lower().split())]
        return None


def _year(written: str) -> int:
    return int(written) if len(written) > 2 else _CENTURY + int(written)


def _ordered(first: int, second: int) -> Iterator[tuple[int, int]]:
    """Yield the month and day that two numbers may mean: once where they are told apart."""
    if first == second <= 12:
        yield first, second
        return
    if first > 12 >= second or (first <= 12 and second <= 12):
        yield second, first
    if second > 12 >= first or (first <= 12 and second <= 12):
        yield first, second


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
