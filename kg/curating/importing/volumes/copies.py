"""Posts to which a document was repeated.

Source notes and notes at heads say so, as in `Repeated to Rome and London.`, and last lines of telegrams, as
in `Sent Department 5, repeated Lisbon 9.`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.source.found import Found
from kg.curating.drafting.source.tei_volume import TeiDocument

_REPEATED = re.compile(
    r"\b(?:[Rr]epeated|[Rr]ptd|[Aa]lso\s(?:sent|addressed|pouched)|[Pp]ouched)\s"
    r"(?:(?:for\sinformation|info(?:rmation)?|priority|niact|immediate|by\s\w+)\s)*(?:to\s)?"
)
# `Repeated in telegram 37, January 24, to Batavia.`
_IN_TELEGRAM = re.compile(r"\b[Rr]epeated\s(?:as|in)\s(?:telegram|circular)[^\n]{0,60}?\sto\s")
_PLACE = re.compile(r"(?:(?:St|Ft)\.\s)?[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,2}")
_BETWEEN = re.compile(r"(?:\s(?:as\s)?(?:unn|\d+))?(?:,\s(?:and\s)?(?:to\s)?|\sand\s(?:to\s)?|\s&\s|;\s)")
_END = re.compile(r"\s?(?:[.,;)]|and\b|as\b|\d|unn|$)|\n")  # behind a town that no table has
_LAST_LINE = 180  # characters at most of a last line of a telegram that tells of copies


@dataclass(frozen=True)
class CopyReader:
    """Finds the places to which one document was repeated."""

    document: TeiDocument
    draft: Draft
    finders: Finders

    def read(self) -> list[Found]:
        """Return the names of the places, each once."""
        found: dict[str, Found] = {}
        for low, high in self._told():
            for pattern in (_IN_TELEGRAM, _REPEATED):
                for match in pattern.finditer(self._plain, low, high):
                    for one in self._places(match.end(), high):
                        found.setdefault(one.value, one)
        return list(found.values())

    @property
    def _plain(self) -> str:
        return self.document.source.plain

    def _told(self) -> Iterator[tuple[int, int]]:
        """Yield the bounds of what tells of copies: the notes at the head, and short lines of the text."""
        heads = self.document.tagged("head")
        for note in self.document.tagged("note"):
            mark = int(note.attributes.get("mark", -1))
            if heads and heads[0].start <= mark <= heads[0].end:
                yield note.start, note.end
        for line in self.document.source.lines(*self.draft.body):
            if line.end - line.start <= _LAST_LINE:
                yield line.start, line.end

    def _places(self, low: int, high: int) -> Iterator[Found]:
        """Yield the places of a list that begins at a place, up to what is none."""
        place = low
        while match := _PLACE.match(self._plain, place, high):
            words = match.group().split(" ")
            names = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
            name = next((one for one in names if one in self.finders.tables.places), "")
            alone = len(words) == 1 and _END.match(self._plain, match.end(), high)
            if not name and (not alone or self._is_office(words[0])):
                return
            end = place + len(name or words[0])
            yield self.document.source.found(place, end)
            following = _BETWEEN.match(self._plain, end, high)
            if not following:
                return
            place = following.end()

    def _is_office(self, word: str) -> bool:
        parties = self.finders.parties
        return word == "Department" or bool(parties.office.search(word)) or parties.is_organisation(word)
