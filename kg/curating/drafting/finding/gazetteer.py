"""Places of the table of places, outside of names of organisations and persons, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import PROBABLE, Found, SourceText

Spans = list[tuple[int, int]]


def outside(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Return whether a place has nothing in common with any of the spans."""
    for low, high in spans:  # noqa: SIM110 - called for each word; `all` takes twice as long
        if low < end and start < high:
            return False
    return True


@dataclass(frozen=True)
class PlaceFinder:
    """Finds places by their names."""

    tables: WordTables

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the pattern of any place."""
        return re.compile(rf"(?<![\w.])(?:{alternatives(self.tables.places)})(?![\w])(?!\.\w)")

    @cached_property
    def _used_before_nouns(self) -> re.Pattern[str]:
        return re.compile(rf"\s(?:[A-Z][a-z]|(?:{alternatives(self.tables['places_context']['nouns'])})\b)")

    def find(self, source: SourceText, regions: Spans, taken: Spans) -> list[Found]:
        """Return the places in the regions and outside of what is taken: for each the form it prefers."""
        best: dict[str, tuple[int, Found]] = {}
        for low, high in regions:
            for match in self.pattern.finditer(source.plain, low, high):
                name = re.sub(r"\s+", " ", match.group())
                if not outside(*match.span(), taken) or self._says_of_what(source.plain, match):
                    continue
                first, rank = self.tables.places[name]
                found = source.found(match.start(), match.end(), PROBABLE)
                if first not in best or rank < best[first][0]:
                    best[first] = rank, found
        return sorted((found for _, found in best.values()), key=lambda found: found.start)

    def _says_of_what(self, text: str, match: re.Match[str]) -> bool:
        """Return whether an abbreviation only says of what country a noun is, as in `US officials`."""
        if not match.group().replace(".", "").isupper():
            return bool(
                re.match(
                    r"\s(?:Pact|Street|Post|Times|Tribune|Herald)\b", text[match.end() : match.end() + 9]
                )
            )
        return bool(self._used_before_nouns.match(text, match.end()))
