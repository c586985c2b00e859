"""Signatures: the last short lines of a text, with a name and perhaps a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.name_forms import INITIALS, WORD, tidy
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.heads.markings import MarkFinder
from kg.curating.drafting.source.found import PROBABLE, Found, SourceText, TextLine

_LAST_LINES = 7


@dataclass(frozen=True)
class Signature:
    """The names under a text and the date beside them."""

    names: tuple[Found, ...] = ()
    date: Found | None = None
    start: int = -1


@dataclass(frozen=True)
class SignatureReader:
    """Reads the signature at the end of a body."""

    tables: WordTables
    dates: DateFinder

    @cached_property
    def _name(self) -> re.Pattern[str]:
        word = rf"(?:{WORD}|[A-ZА-ЯЁ]{{4,}})"
        return re.compile(
            rf"(?:(?:Comrade|Signed:?|\(?s{{1,2}}\.?\)?|/-/|/s/|\[signed\]|Sgd\.?)\s*)?\W{{0,2}}"
            rf"(?P<name>(?:{INITIALS}\s?)?(?:{word}\s(?:{INITIALS}\s?)?)?(?:(?:de|van|von|Des|La|Le)\s)?{word})\W{{0,3}}$"
        )

    def read(self, source: SourceText, body: tuple[int, int]) -> Signature:
        """Return the signature of a body; one without names if it has none."""
        lines = source.lines(*body)[-_LAST_LINES:]
        below = ""
        for line in reversed(lines):
            signature = self._of(source, line, below) if len(line.text) <= 60 else None
            if signature:
                return signature
            below = line.text.strip() or below
        return Signature()

    @cached_property
    def _office(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self.tables.pattern('titles', 'offices')})(?!\w)", re.IGNORECASE)

    @cached_property
    def _titled(self) -> re.Pattern[str]:
        """Return the pattern of an office or a rank before its holder, as in `USSR Ambassador A. Lind`."""
        offices, ranks = self.tables["titles"]["offices"], self.tables["titles"]["address"]
        words = alternatives(word.title() for word in (*offices, *ranks) if len(word) > 2)
        where = rf"(?:\s(?:in|to|at)\s(?:the\s)?(?:{alternatives(self.tables.places)}),?)?"
        return re.compile(rf"(?:[A-Z]\w+\s){{0,2}}?(?:{words}){where}\s+(?=[A-ZА-ЯЁ])")

    def _of(self, source: SourceText, line: TextLine, below: str) -> Signature | None:
        """Return the signature on a line; `below` is the next line that is not empty."""
        text = re.sub(r"^\d{1,3}(?=[A-Z][a-z])", lambda m: " " * len(m.group()), line.text)
        dated = self.dates.find(source.plain, line.start, line.end)
        date = dated[0] if dated and len(dated[0].value) == 10 else None
        if date:
            before, after = source.plain[line.start : date.start], source.plain[date.end : line.end]
            text = " " * (date.end - line.start) + after if not before.strip() else before
        office = re.match(r"(?P<office>.*\S)\s{3,}(?=\S+\s?\S*$)", text)
        if office and self._office.match(office["office"].strip()):  # an office and its holder on one line
            text = " " * office.end() + text[office.end() :]
        titled = self._titled.match(text.lstrip(" .,\t"))
        if titled:
            low = len(text) - len(text.lstrip(" .,\t")) + titled.end()
            text = " " * low + text[low:]
        lead = len(text) - len(text.lstrip(" .,\t"))
        match = self._name.fullmatch(text.strip(" .,\t")) if text.strip() else None
        holds = bool(self._office.match(below))  # what stands above an office is no place
        if not match or not self._may_sign(match.group("name"), holds=holds):
            return None
        start = line.start + lead + match.start("name")
        certainty = "certain" if "." in match.group("name") else PROBABLE
        name = Found(tidy(match.group("name")), start, start + len(match.group("name")), certainty)
        return Signature((name,), date, line.start)

    def _may_sign(self, name: str, *, holds: bool) -> bool:
        words = re.findall(r"\w+", name)
        last = words[-1]
        if MarkFinder(self.tables).kind_of(name):  # a mark of a head that stands alone, or below a text
            return False
        common = all(word.lower() in self.tables.common_words for word in words)
        return (
            not common
            and len(last) > 2
            and (holds or not {name, last} & self.tables.places.keys())
            and name not in self.tables.organisations
        )
