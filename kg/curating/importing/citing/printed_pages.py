"""What a text names without a link: `ante, p. 5`, `Foreign Relations, 1935, vol. II, p. 12` or `Document 7`.

By number, a document of the same volume is named by the edition alone, as in `See Document 151`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from kg.curating.drafting.finding.word_tables import alternatives
from kg.curating.drafting.source.tei_volume import Tag

_PAGE = r",?\s(?:pp?\.|pages?)\s(?P<page>\d{1,4})(?!\d)"
_DOCUMENT = r"(?:,?\s(?P<documents>Documents?|Docs?\.)\s(?P<document>\d{1,4})(?!\d))"
# A document of this volume; one of a conference or another work stands behind a name, or has letters.
_NUMBERED = r"(?P<documents>Documents?)\s(?P<document>\d{1,4})(?![\w/.-]*\w)(?!\sof\b)"
_BEGINS = re.compile(rf"\W*{_NUMBERED}")
_OF_THIS = re.compile(
    r"(?:\b(?:[Ss]ee(?:\salso)?|in|as|and|Cf\.|cf\.|printed)\s|[(;]\s?|\b(?:footnotes?|notes?|fn\.)\s(?:\d+(?:,\s|\sand\s)?)+(?:,\s|\sto\s)?)"
    + _NUMBERED
)
_MORE = re.compile(r"(?:,\s|,?\sand\s)(?P<document>\d{1,4})(?![\w/.–-]*\w)")
_NUMBER = r"(?:\d{1,2}|[ivxlIVXL]{1,7})"
_VOLUME = rf"[Vv]ol(?:\.|ume)\s(?P<volume>{_NUMBER})(?:,\s(?:[Pp]art|[Pp]t\.)\s(?P<part>{_NUMBER}))?"
_HERE = re.compile(rf"\b(?i:ante|post){_PAGE}")
# Of the same years; it begins what is said, since volumes of other works stand behind their titles.
_SAME_YEARS = re.compile(rf"(?:^|(?<=[.;(]\s)|(?<=[Ss]ee\s)|(?<=\())({_VOLUME}){_PAGE}")
_ITS_VOLUME = re.compile(r"(?P<years>\w*?\d{4}(?:-\d\d)?)(?:v\d+)(?:p\d+)?")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
Target = dict[str, str]


@dataclass(frozen=True)
class PrintedPages:
    """Finds the pages that the text of one document names; `volume` is the identifier of its volume."""

    text: str
    volume: str

    def documents(self, low: int, high: int) -> Iterator[tuple[Tag, Target]]:
        """Yield the words of the edition that name a document of its volume by number."""
        begin = _BEGINS.match(self.text, low, high)
        matches = _OF_THIS.finditer(self.text, low, high)
        for match in (*([begin] if begin else []), *matches):
            yield from self._of_list(match, "")

    def find(self, low: int, high: int) -> Iterator[tuple[Tag, Target]]:
        """Yield the words between two places that name a page or document of a volume, as a link would."""
        for match in _HERE.finditer(self.text, low, high):
            yield self._told(match, "")
        for match in _elsewhere().finditer(self.text, low, high):
            yield from self._of_list(match, _identifier(match.groupdict()))
        its = _ITS_VOLUME.fullmatch(self.volume)
        for match in _SAME_YEARS.finditer(self.text, low, high) if its else ():
            part = f"p{_counted(match['part'])}" if match["part"] else ""
            yield self._told(match, f"{its['years']}v{_counted(match['volume']):02}{part}")  # type: ignore[index]

    def _of_list(self, match: re.Match[str], volume: str) -> Iterator[tuple[Tag, Target]]:
        """Yield a page, or a document with those that follow it in a list."""
        if not match["document"]:
            yield self._told(match, volume)
            return
        low: int = match.start("series") if volume else match.start("documents")
        yield _document(low, match, volume)
        end = match.end("document")
        while match["documents"].endswith("s") and (more := _MORE.match(self.text, end)):
            yield _document(more.start("document"), more, volume)
            end = more.end()

    def _told(self, match: re.Match[str], volume: str) -> tuple[Tag, Target]:
        target = {"volume": volume, "page": f"pg_{match['page']}", "document": "", "unlinked": "page"}
        return Tag("ref", *match.span(), {}), target


def _document(low: int, match: re.Match[str], volume: str) -> tuple[Tag, Target]:
    target = {"volume": volume, "page": "", "document": f"d{match['document']}", "unlinked": ""}
    return Tag("ref", low, match.end("document"), {}), target


def _identifier(told: Mapping[str, str | None]) -> str:
    """Return the identifier of a volume, by the parts that the words tell of it."""
    forms = _series()[" ".join((told["series"] or "").split())]
    years = f"{told['from']}-{(told['to'] or '')[-2:]}" if told["to"] else told["from"]
    parts = [forms["years"].format(years)]
    if told["supplemental"] and "supplement" in forms:
        number, form = told["supplement"], forms["supplement"]
        parts.append(form.format(int(number)) if number else form.partition("{")[0])
    told_parts = [(forms[key], told[key]) for key in ("volume", "part") if key in forms]
    parts += [form.format(_counted(number)) for form, number in told_parts if number]
    return "".join(parts)


def _counted(words: str) -> int:
    """Return a number in digits, or in Roman letters of numbers below ninety."""
    if words.isdigit():
        return int(words)
    values = [_ROMAN[letter] for letter in words.lower()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


@cache
def _series() -> Mapping[str, Mapping[str, str]]:
    text = files("kg").joinpath("curating/importing/tables/series.yaml").read_text("utf-8")
    table: dict[str, dict[str, str]] = yaml.safe_load(text)
    return table


@cache
def _elsewhere() -> re.Pattern[str]:
    years = r"(?P<from>\d{4})(?:[-–](?P<to>\d{2,4}))?"
    supplement = r"(?P<supplemental>,\s(?:[Ss]upplement|[Ss]upp\.)(?:\s(?P<supplement>\d))?)?"
    return re.compile(
        rf"\b(?P<series>{alternatives(_series())}),\s{years}{supplement}(?:,\s{_VOLUME})?(?:{_PAGE}|{_DOCUMENT})"
    )
