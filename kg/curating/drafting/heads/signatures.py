"""Signatures: the last short lines of a text, with a name and perhaps a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.name_forms import INITIALS, WORD, tidy
from kg.curating.drafting.finding.word_tables import WordTables
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
            rf"(?:(?:Comrade|Signed:?|\(?s\.?\)?|/s/|\[signed\]|Sgd\.?)\s*)?\W{{0,2}}(?P<name>(?:{INITIALS}\s?)?(?:{word}\s(?:{INITIALS}\s?)?)?(?:(?:de|van|von|Des|La|Le)\s)?{word})\W{{0,3}}$"
        )

    def read(self, source: SourceText, body: tuple[int, int]) -> Signature:
        """Return the signature of a body; one without names if it has none."""
        lines = source.lines(*body)[-_LAST_LINES:]
        for line in reversed(lines):
            if len(line.text) > 60:
                continue
            signature = self._of(source, line)
            if signature:
                return signature
        return Signature()

    def _of(self, source: SourceText, line: TextLine) -> Signature | None:
        text = re.sub(r"^\d{1,3}(?=[A-Z][a-z])", lambda m: " " * len(m.group()), line.text)
        dated = self.dates.find(source.plain, line.start, line.end)
        date = dated[0] if dated and len(dated[0].value) == 10 else None
        if date:
            before, after = source.plain[line.start : date.start], source.plain[date.end : line.end]
            text = " " * (date.end - line.start) + after if not before.strip() else before
        lead = len(text) - len(text.lstrip(" .,\t"))
        match = self._name.fullmatch(text.strip(" .,\t")) if text.strip() else None
        if not match or not self._may_sign(match.group("name")):
            return None
        start = line.start + lead + match.start("name")
        certainty = "certain" if "." in match.group("name") else PROBABLE
        name = Found(tidy(match.group("name")), start, start + len(match.group("name")), certainty)
        return Signature((name,), date, line.start)

    def _may_sign(self, name: str) -> bool:
        words = re.findall(r"\w+", name)
        last = words[-1]
        common = all(word.lower() in self.tables.common_words for word in words)
        return (
            not common
            and len(last) > 2
            and name not in self.tables.places
            and last not in self.tables.places
            and name not in self.tables.organisations
        )
