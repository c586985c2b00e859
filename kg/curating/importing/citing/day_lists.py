"""Lists of days of what is cited, as in `notes of May 1, 11, and 20, and of June 3`: a document for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kg.curating.importing.citing.citation_words import DatedReferences, VolumeCitation
from kg.curating.importing.citing.cited_days import MONTHS
from kg.curating.importing.citing.told_parties import ToldParties
from kg.curating.importing.volumes.place_zones import clock

# What continues a list: a day of the same month, or one with its month.
_MORE = re.compile(
    rf"(?:,\s*|,?\s+)(?P<last>and\s+)?(?P<of>(?:(?:those|that)\s)?(?:of|dated)\s)?(?:the\s)?"
    rf"(?P<day>(?P<month>{MONTHS}\s)?(?P<number>\d{{1,2}})(?:st|nd|rd|th|d)?)"
    rf"(?![\w/:%-]|\.\d|,\d\d\d)(?!\s(?:of\s)?{MONTHS})"
)
_YEAR = re.compile(r",?\s(?P<year>(?:1[5-9]|20)\d\d)(?!\d)")
_HOUR = re.compile(r"(?:,?\s\d{1,2}(?::\d\d)?\s[ap]\.?\s?m\b\.?|,?\s(?:noon|midnight))?")
_CLOCK = re.compile(r"\s[ap]\.?\s?m\b")  # behind the number of an hour
_LEAP_DAY = "02-29"  # which another year may not have
_AFTER = re.compile(r"\s*(?:[,;.:)\]]|$)|\s+(?P<word>\w+)|(?P<word_>)")


@dataclass(frozen=True)
class DayLists:
    """Finds the references by date of one document, with each day of a list."""

    dated: DatedReferences

    def apart(self, low: int, high: int, others: Sequence[VolumeCitation]) -> Iterator[VolumeCitation]:
        """Yield the references that meet none of the others, each with those of the days that follow it."""
        kept = [one for one in self.dated.find(low, high) if not one.meets(others)]
        for one in kept:
            yield from self._in_year([one, *self._after(one, high, [*others, *kept])])

    def days(self, first: str, end: int, count: int) -> list[str]:
        """Return the `count` days of a list whose first ends at a place; `first` for all if it has others.

        So each of several numbers has its own, as in `Nos. 41, 43 and 44 of May 3, May 4 and May 5`.
        """
        text, found = self.dated.text, [first]
        while match := _MORE.match(text, _HOUR.match(text, end).end()):  # type: ignore[union-attr]
            day, end = self._day(found[-1], match, len(text))
            if not day or _CLOCK.match(text, end):
                break
            found.append(day)
        return found if len(found) == count else [first] * count

    @cached_property
    def _parties(self) -> ToldParties:
        return ToldParties(self.dated.posts)

    def _in_year(self, listed: Sequence[VolumeCitation]) -> Iterator[VolumeCitation]:
        """Yield the references of a list, in the year that stands behind the last day for all."""
        text = self.dated.text
        year = _YEAR.match(text, listed[-1].end) or _YEAR.search(text, listed[-1].start, listed[-1].end)
        for one in listed:
            own = len(listed) == 1 or one.date.endswith(_LEAP_DAY) or _YEAR.search(text, one.start, one.end)
            yield one if own or year is None else replace(one, date=f"{year['year']}{one.date[4:]}")

    def _after(
        self, first: VolumeCitation, high: int, others: Sequence[VolumeCitation]
    ) -> Iterator[VolumeCitation]:
        """Yield the references of the days that follow the one of a reference."""
        text, last = self.dated.text, first
        while match := _MORE.match(text, _HOUR.match(text, last.end, high).end(), high):  # type: ignore[union-attr]
            day, end = self._day(last.date, match, high)
            if not (day and self._is_listed(match, last.kind, end)):
                return
            last = replace(last, start=match.start("day"), end=end, date=day, hour=clock(text, end))
            if last.meets(others):
                return
            yield last

    def _day(self, last: str, match: re.Match[str], high: int) -> tuple[str, int]:
        """Return the day that continues a list, of the month of the last one if it has none, and its end."""
        if match.group("month"):
            return self.dated.days.at(match.start("day"), high)
        try:
            day = date.fromisoformat(last).replace(day=int(match.group("number")))
        except ValueError:
            return "", match.end()
        return day.isoformat(), match.end()

    def _is_listed(self, match: re.Match[str], kind: str, end: int) -> bool:
        """Return whether a number is the day of a further document, and does not count what follows it."""
        if match.group("month"):
            return bool(match.group("of")) or not kind or self._parties.is_plural(kind)
        if not self._parties.is_plural(kind):
            return False
        word = _AFTER.match(self.dated.text, end)["word"]  # type: ignore[index]
        return not word or (bool(match.group("last")) and self._parties.goes_on(word))
