"""Numbers of documents: lists and ranges written out, and the words before them that name their series."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import PROBABLE, Found

NUMBER_SIGN = r"(?:\#|№|\bn[uú]m(?:ero)?s?\.?|\bn\.?[ºo°]s?\.?|\bnos?\.?|\bnumbers?|\bnr\.?)"
_ONE = r"\d{1,6}(?:(?:\s?[-/]\s?|\sthrough\s)\d{1,6}(?![\d/]))?"
_NEXT = (
    r"(?:(?:\s?,\s?(?:and\s)?|\s(?:and|и|y|&)\s|\s?;\s?)"
    rf"(?:{NUMBER_SIGN}\s?)?{_ONE}(?![\d:]|\s?[ap]\.?\s?m\b))"
)
NUMBER_LIST = rf"{_ONE}{_NEXT}{{0,9}}"
MONTHS_BEGIN = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# What may follow a number without a sign, since a number of things is followed by these things.
BEFORE_BARE = (
    r"(?=\s*(?:[,;.:)\]\n]|$)|\s\(\d{1,2}\)|\s\(\d{3}[A-Z]?\.|\s\([A-Z]\w+\s\d+\)|\s\[\d{1,5}\??\]|\s+(?:of|dated|from|to|and|paragraph|regarding|section|re|de|y|от|и)\b"
    r"|\s+(?:yesterday|to-?day|last|just|concerning|about|sent|addressed|repeated|received|transmitted)\b"
    r"|\s+(?:is|are|was|were|has|have|had|came|crossed|should|will|may|not|says|paras?|rptd|refers?|states?|I|we|which)\b"
    rf"|\s+(?:{MONTHS_BEGIN}))"
)
# What continues a list of numbers with days: one with its day, or the last of them without.
CONTINUED = re.compile(
    r"(?:,?\s*\d{1,2}(?::\d\d)?(?:\s\[[\d:]+\??\])?\s[ap]\.?\s?m\.?|,?\s(?:12\s)?(?:noon|midnight))?"
    rf"\s*[,;]?\s*(?P<last>and\s+)?(?:{NUMBER_SIGN}\s*)?(?P<list>\d{{1,6}})"
    rf"(?=(?:\s\[\d+\??\])?,?\s(?:of\s)?(?:{MONTHS_BEGIN})|(?(last)\s*(?:[,;.:)\]\n]|$)|(?!)))",
    re.IGNORECASE,
)
# The day of a date, as in `cable 18 January`: a number is followed by the month with its day.
DAY_OF_DATE = re.compile(rf"(?:[12]?\d|3[01])\s(?:{MONTHS_BEGIN})[a-z]*\.?(?![a-z.])(?!\s?\d{{1,2}}(?!\d))")
_DAYS = 31  # of a month: a number up to that may be a day
# One number behind a word that counts nothing, as in `telegram 34 reported`.
ONE_ALONE = (
    r"(?P<list>\d{1,6})(?![\w/]|[-–]\w|\.\d|,\d)"
    r"(?!\s?(?:[ap]\.?\s?m|days?|hours?|weeks?|months?|years?|times|copies)\b)"
)
# Several behind a plural, as in `telegrams 34 and 35 reported`.
SEVERAL = r"(?P<list>\d{2,6}(?:,\s\d{2,6}){0,8},?\sand\s\d{2,6})(?![\w/%]|[-–]\w|\.\d|,\d|\s?[ap]\.?\s?m\b)"
# A number that is no list: with letters behind a stroke, as in `2217/GS`, or with points, as in `84.310`.
_LETTERED = r"[A-Z]{1,2}[-–]\d{1,5}|(?:\d{1,3}/)?\d{1,3}(?:\.\d{3})+|\d{1,6}/[A-Z]{1,4}(?:/\d{1,4})?"
POINTED = re.compile(r"(?:\d{1,3}/)?\d{1,3}\.\d{3}")  # one number with a point, as in `84.310`
_WITH_STROKE = re.compile(r"\d{4,}/\d{1,3}")
_SEVERAL = re.compile(r"\bn(?:[ºo°]?s|umbers|[uú]m(?:ero)?s)\b|№№", re.IGNORECASE)
# The file number of an old printed series, as in `763.72/7855: Telegram` and `184.1 Vane, Rollo`.
_ADDED = r"(?:\s(?:[Ss]upp\.|F\.\s?W\.|½?[a-z](?=\s*(?:[:,]|$))))?(?:,\s(?:[a-z]|\d{1,3})(?=\s*(?::|$)))?"
FILE_NOTE = re.compile(
    r"^(?:File\s+No\.?\s*)?(?P<lot>[A-Z][\w. ]*?\.\s)?"
    r"(?P<file>(?:\w+\.[\w.]+(?:\s[A-Za-z][\w ]{0,30})?\s?[A-Za-z]?|(?<=\.\s)\d{3,}"
    r"|\d{3}(?!\d)[\w.]*(?:\s[\w(][\w .,()'-]{0,50}?)?)/[\w\-½/]+" + _ADDED + r"|\d{3}\.\d[\w.]*"
    r"(?:[ -]+[A-Z][\w., -]{1,40}?)?(?=\s*(?::|$)))\s*"
    r"(?P<kind>:?\s*(?:Circular\s)?(?:Telegram|telegram|Airgram|Despatch))?"
)
# A file number of a source note: decimal as in `611.98/3-458`, by subject as in `POL 27-7 OST`, or of a film.
_FILED = (
    r"(?:\d{2,3}[A-Z]?\.\s?[\w.-]+(?:\s(?:[A-Z][\w.]*\s?){1,4})?/[\w-]+|\d{3}[A-Z]?\.[\w.-]*\w"
    r"|[A-Z]{2,5}(?:\s\([A-Z]{2,6}\))?\s(?:\d[\d-]*|[A-Z])[^.;,()\[\]]*|[A-Z]\d{4,6}-\d{3,4})"
)
_MOST = 60  # numbers in a range
_LONG = 4  # digits of a number with a stroke, as in `217089-34`
_STAMP = re.compile(r"\d{6}Z")  # day and hour by which staffs cite what they sent, as in `030405Z`


@dataclass(frozen=True, slots=True)
class NumberList:
    """The numbers of one series that stand together, and as they are printed."""

    series: str
    numbers: tuple[str, ...]
    printed: Found


def written_out(printed: str) -> list[str]:
    """Return each number of a list such as `811, 812-813`, of which all have about as many digits."""
    found: list[str] = []
    for match in re.finditer(r"(\d+)(?:(?:\s?[-/]\s?|\sthrough\s)(\d+))?", printed):
        first, last = match.group(1), match.group(2)
        if found and abs(len(first) - len(found[0])) > 1:
            break
        found += _range(first, last) if last else [first]
    return found


def is_list(printed: str) -> bool:
    """Return whether a text names more than one number."""
    return len(re.findall(r"\d+", printed)) > 1


def is_one(printed: str, year: int | None, words: str) -> bool:
    """Return whether this is one number: with points, or with the year of the document as in `266/63`.

    So is a long one before a stroke, as in `No. 2423/70`, unless the `words` around it say `Nos.`
    """
    of_year = year is not None and re.fullmatch(rf"\d{{1,5}}/{year % 100:02d}", printed)
    filed = _WITH_STROKE.fullmatch(printed) and not _SEVERAL.search(words)
    return bool(of_year or filed or POINTED.fullmatch(printed) or _STAMP.fullmatch(printed))


def fitting(text: str, start: int, end: int) -> int:
    """Return where a list ends that was read too far, as in `415, 9 November`."""
    numbers = list(re.finditer(r"\d+", text[start:end]))
    kept = numbers[:1]
    for number in numbers[1:]:
        if abs(len(number.group()) - len(numbers[0].group())) > 1:
            range_ = re.fullmatch(
                r"\s?[-/]\s?|\sthrough\s", text[start + kept[-1].end() : start + number.start()]
            )
            if not range_ or len(number.group()) > len(numbers[0].group()):
                break
        kept.append(number)
    return start + kept[-1].end()


def _range(first: str, last: str) -> Iterator[str]:
    """Yield the numbers from the first to the last, of which only the end may be written, as in 1643-44.

    What does not rise is one number with a stroke, as in `217089-34`.
    """
    whole = first[: len(first) - len(last)] + last
    if int(first) < int(whole) <= int(first) + _MOST:
        yield from (
            str(n).zfill(len(first)) if first[0] == "0" else str(n) for n in range(int(first), int(whole) + 1)
        )
    elif len(first) > _LONG and len(last) < len(first) and int(whole) <= int(first):
        yield f"{first}-{last}"
    else:
        yield from (first, last)


def is_next(number: str, first: str) -> bool:
    """Return whether a number without a day goes on with a list, of which `first` is known, and is no day."""
    return len(number) == len(first) and number > first and int(number) > _DAYS


@dataclass(frozen=True)
class NumberFinder:
    """Finds numbers with the name of their series, as heads of documents have them."""

    tables: WordTables

    @cached_property
    def series_of(self) -> dict[str, str]:
        """Return the series of each word that names one."""
        series: dict[str, list[str]] = self.tables["marks"]["series"]
        return {word: name for name, words in series.items() for word in words}

    @cached_property
    def headed(self) -> re.Pattern[str]:
        """Return the pattern of a number with its series, as in `Spec. No. 1643-1644`."""
        words, qualities = alternatives(self.series_of), alternatives(self.tables["forms"]["qualities"])
        return re.compile(
            rf"(?:(?:{qualities})\s+)*?(?P<series>{words})(?:\s(?:cifrad[oa]|saving))?\.?\s*{NUMBER_SIGN}\s*(?P<list>{NUMBER_LIST})(?![\w/])",
            re.IGNORECASE,
        )

    @cached_property
    def with_year(self) -> re.Pattern[str]:
        """Return the pattern of a number with its year behind a stroke, as in `Ciphered telegram 266/63`."""
        words, qualities = alternatives(self.series_of), alternatives(self.tables["forms"]["qualities"])
        return re.compile(
            rf"(?:(?:{qualities})\s+)*?(?P<series>{words})\s+(?P<list>\d{{1,5}}/\d\d)(?![\d/])", re.IGNORECASE
        )

    @cached_property
    def first(self) -> re.Pattern[str]:
        """Return the pattern of a number at the beginning of a text, as in `Secto 12. For Vane`."""
        series = alternatives(self.tables["references"]["series"])
        return re.compile(
            rf"\s*(?:\[?(?:Telegram|Paraphrase|Extract|Translation)\]?\s*)?(?:(?:{series})\s)?"
            r"(?P<list>\d{1,5}(?:\s?[-/]\s?\d{1,5})?)\.\s+(?=[\[\"'(A-Z0-9])"
        )

    @cached_property
    def _alone(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?:{NUMBER_SIGN}|\bN\.)\s*(?P<list>{NUMBER_LIST}|{_LETTERED})\.?\s*", re.IGNORECASE
        )

    @cached_property
    def _filed(self) -> re.Pattern[str]:
        files = alternatives(self.tables["labels"]["central_files"])
        years = r"(?:,?\s\d{4}(?:-\d{2,4})?)?"
        return re.compile(rf"\b(?:{files}){years},\s+(?P<file>{_FILED})(?=[.;,]|\s*$)")

    def filed(self, text: str, low: int, high: int) -> tuple[int, int] | None:
        """Return where the file number stands that a source note names; None if it names none."""
        match = self._filed.search(text, low, high)
        return match.span("file") if match else None

    def alone(self, text: str, low: int, high: int, kind: str) -> NumberList | None:
        """Return the numbers of a line that has nothing else, as in `No. 311`.

        They are of the series of such documents (`kind` is "enciphered telegram"); None if it is not known.
        """
        named = (self.series_of.get(word) for word in re.findall(r"\w+", kind.lower()))
        series, match = next(filter(None, named), None), self._alone.fullmatch(text, low, high)
        if match is None or series is None:
            return None
        start, end = match.span("list")
        found = Found(text[start:end], start, end, PROBABLE)
        whole = re.fullmatch(_LETTERED, found.value, re.IGNORECASE) or _WITH_STROKE.fullmatch(found.value)
        return NumberList(series, (found.value,) if whole else tuple(written_out(found.value)), found)

    def read(self, text: str, match: re.Match[str]) -> NumberList:
        """Return the numbers of a match of `headed`."""
        series = self.series_of[match.group("series").lower()]
        start, end = match.span("list")
        if match.re is self.with_year:
            return NumberList(series, (text[start:end],), Found(text[start:end], start, end))
        end = fitting(text, start, end)
        return NumberList(series, tuple(written_out(text[start:end])), Found(text[start:end], start, end))
