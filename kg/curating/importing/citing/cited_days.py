"""Days as a text tells them of what it cites: with a month or without, in words, or as `yesterday`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from kg.curating.drafting.composing.finders import Finders

MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_WORDS = (  # of days, from the first to the thirty-first
    r"(?:(?:twenty|thirty)-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th|d)"
_MONTH_TOLD = r"(?:inst|ult|of\sth(?:is|e\spresent|e\scurrent)\smonth|of\slast\smonth)"
_ORDINALS = (
    rf"(?:,?\s(?:and\s)?(?:the\s)?{_ORDINAL}){{0,4}}"  # before the month, as in `18th and 19th instant`
)
_LIKE = r"yesterday|to-?day|even\sdate|this\s(?:same\s)?da(?:te|y)"
_OF = r"(?:(?<=\sof\s)|(?<=\sof\sthe\s)|(?<=\son\sthe\s)|(?<=\bdated\s)|(?<=\bdated\sthe\s))"
# Where a day begins. Without its month it stands behind `of`, `on` or `dated`.
DAY = (
    rf"(?={MONTHS}\s(?:\d|(?:the\s)?(?:{_WORDS})\b)|(?:\d{{1,2}}|{_ORDINAL}|(?:{_WORDS})(?=\sof\s))\s(?:of\s)?{MONTHS}"
    rf"|{_ORDINAL}{_ORDINALS}\s{_MONTH_TOLD}|(?:{_WORDS})\s{_MONTH_TOLD}|{_OF}(?:{_ORDINAL}|{_WORDS}|{_LIKE})\b)"
)
_OF_MONTH = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|d)|(?P<word>{_WORDS}))"
    rf"(?P<more>{_ORDINALS})\s(?P<month>inst|ult|of\sth|of\slast)[\w.]*(?:\s(?:present|current|month))*(?=\W|$)"
)
_IN_WORDS = re.compile(
    rf"(?P<month>{MONTHS})\s(?:the\s)?(?P<word>{_WORDS})\b|(?P<word_>{_WORDS})\sof\s(?P<month_>{MONTHS})(?!\w)"
)
# The last one before the document, as in `your letter of the 18th, which came`.
_LAST = re.compile(
    rf"{_OF}(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|d)|(?P<word>{_WORDS})|(?P<like>{_LIKE}))\b"
    rf"(?:'s\sdate)?(?!,?\s(?:and\s)?(?:the\s)?{_ORDINAL}\s(?:of\s)?{MONTHS})(?=\s*(?:[.,;:)\]]|$)|\s(?P<next>[A-Za-z]+))"
)
_RANKS = ("first", "second", "third", "1st", "2d", "2nd", "3d", "3rd")  # as in `of second class`
_GAP = re.compile(r"\s*(?:\[[^\]\n]{1,12}\])?,?\s*(?:of|dated)?\s*(?:the\s)?")
_LONGEST = 24  # characters of a date
# By the edition, as in `May 4 [5]`; what it only supposes, `May 4 [5?]`, is left as written.
_CORRECTED_DAY = re.compile(rf"{MONTHS}\s?\d{{1,2}}\s?\[(?P<day>\d{{1,2}})\]")

# What stands between the references of a list, as in `455, July 6, 11 p.m., 458, July 8, and 459`.
LISTED = re.compile(
    rf"(?:{MONTHS}|[\s,;]|\[[^\]\n]{{1,12}}\]|\d{{1,4}}(?::\d\d)?(?:st|nd|rd|th|d)?(?!\w)|[ap]\.\s?m\."
    r"|(?:and|of|the|dated|noon|midnight|instant|ultimo)(?!\w)|Nos?\.)+"
)


@dataclass(frozen=True)
class CitedDays:
    """Reads the days of one text; `day` is that of its document, `follows` stand behind a day alone."""

    finders: Finders
    text: str
    day: str
    year: int | None
    follows: Sequence[str] = ()

    def after(self, place: int) -> str:
        """Return the day that follows a number, as in `No. 5 [6] of the 3d instant`; else an empty text."""
        gap = _GAP.match(self.text, place)
        low = gap.end() if gap else place
        several = _OF_MONTH.match(self.text, low)
        if several and several["more"]:  # `Nos. 5 and 6 of the 3d and 4th instant`: each number has its own
            return ""
        return self.at(low, len(self.text))[0]

    def corrected(self, day: str, low: int, high: int) -> str:
        """Return a day as the edition corrects it between two places, else as it is."""
        match = _CORRECTED_DAY.search(self.text, low, high)
        try:
            return date.fromisoformat(f"{day[:8]}{int(match['day']):02}").isoformat() if match else day
        except ValueError:
            return day

    def at(self, place: int, high: int) -> tuple[str, int]:
        """Return the day that begins at a place, and where it ends; an empty text if none does."""
        dates = self.finders.dates.find(self.text, place, min(high, place + _LONGEST), self.year)
        if dates and dates[0].start == place and len(dates[0].value) == 10:
            return dates[0].value, dates[0].end
        if match := _OF_MONTH.match(self.text, place, high):
            return self._of_month(match), match.start("more") if match["more"] else match.end()
        if self.year and (match := _IN_WORDS.match(self.text, place, high)):
            return self._in_words(match), match.end()
        match = _LAST.match(self.text, place, high)
        return (self._last(match), match.end()) if match and self._is_day(match) else ("", place)

    def _is_day(self, match: re.Match[str]) -> bool:
        """Return whether a day without its month counts nothing, as in `note of the second party`."""
        then = match["next"] or ""
        if not then or match["like"] or then in self.follows or then.endswith(("ing", "ed")):
            return True
        return not self.text.endswith("the", 0, match.start() - 1) and match.group() not in _RANKS

    @cached_property
    def _counted(self) -> dict[str, int]:
        days: dict[str, int] = self.finders.tables["dates"]["days"]
        return days

    def _in_words(self, match: re.Match[str]) -> str:
        """Return a day whose month is told, as in `January sixth`."""
        word = self._counted[match["word"] or match["word_"]]
        found = self.finders.dates.find(f"{match['month'] or match['month_']} {word}", year=self.year)
        return found[0].value if found else ""

    def _of_month(self, match: re.Match[str]) -> str:
        """Return a day of the month in which the document was written, or of the one before."""
        if len(self.day) != 10:
            return ""
        first = date.fromisoformat(self.day).replace(day=1)
        before = match.group("month") in ("ult", "of last")
        return _in_month(before_month(first) if before else first, self._number(match))

    def _last(self, match: re.Match[str]) -> str:
        """Return a day without its month: the last one up to the day of the document."""
        if len(self.day) != 10:
            return ""
        own = date.fromisoformat(self.day)
        if match["like"]:
            return (own - timedelta(days=match["like"] == "yesterday")).isoformat()
        number, first = self._number(match), own.replace(day=1)
        return _in_month(first if number <= own.day else before_month(first), number)

    def _number(self, match: re.Match[str]) -> int:
        return int(match["day"]) if match["day"] else self._counted[match["word"]]


def before_month(first: date) -> date:
    """Return the first day of the month before that of a first day."""
    return (first - timedelta(days=1)).replace(day=1)


def _in_month(first: date, day: int) -> str:
    try:
        return first.replace(day=day).isoformat()
    except ValueError:
        return ""
