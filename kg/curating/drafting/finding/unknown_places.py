"""Places that no table has: words with a capital where the words before them say that a place follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.bare_names import MOTION
from kg.curating.drafting.finding.gazetteer import Spans, outside
from kg.curating.drafting.finding.name_forms import UPPER, WORD, is_common
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import POSSIBLE, Found, SourceText

_WHERE = r"(?:in|at|near|from|into|en|в|во|из|у)"


@dataclass(frozen=True)
class UnknownPlaceFinder:
    """Finds places by the words before them, and posts by the word for a mission."""

    tables: WordTables

    @cached_property
    def _after_where(self) -> re.Pattern[str]:
        return re.compile(rf"\b{_WHERE}\s(?P<name>{WORD})(?=[,.;:)\n]|\s(?![{UPPER}])|$)")

    @cached_property
    def _shown(self) -> re.Pattern[str]:
        """Return the pattern of a place to which somebody went, of a second one, of an airfield, a street."""
        return re.compile(
            rf"\b{MOTION}\s(?P<name>{WORD})(?=[,.;:)\n]|\s(?![{UPPER}])|$)"
            rf"|\b(?:in|at|near)\s{WORD}\sand\s(?P<second>{WORD})(?=[,.;:)\n]|\s(?![{UPPER}])|$)"
            rf"|(?<![\w.-])(?P<field>{WORD})(?=\s(?:airfield|airport|province|district)\b)"
            rf"|(?<![\w.-])(?P<street>{WORD}\s(?:Street|Strasse|Straße|Square|Avenue|Boulevard))(?!\w)"
        )

    @cached_property
    def _post(self) -> re.Pattern[str]:
        return re.compile(
            r"\b(?:Amembassy|Amconsul|"
            r"Amconsulate|Amlegation|USMission|Embassy)\s(?P<name>[A-Z][A-Z ]{2,}[A-Z])"
        )

    @cached_property
    def _capitals(self) -> re.Pattern[str]:
        names = alternatives(name.upper() for name in self.tables.places if len(name) > 3)
        return re.compile(rf"(?<![\w.-])(?P<name>{names})(?![\w-])")

    def find(
        self, source: SourceText, regions: Spans, head: tuple[int, int], taken: Spans, *, form: bool = True
    ) -> list[Found]:
        """Return such places in the regions, and those written in capitals in the head of a form.

        Outside of forms a person may follow `from`, as in `Following from LIND`: there `in` and `at` tell.
        """
        found = []
        of_head = [head] if form else []
        for pattern, spans in (
            (self._after_where, regions),
            (self._post, of_head),
            (self._capitals, of_head),
        ):
            for low, high in spans:
                found += [
                    source.found(*match.span("name"), POSSIBLE)
                    for match in pattern.finditer(source.plain, low, high)
                    if outside(*match.span("name"), taken)
                    and self._may_be(match.group("name"))
                    and (form or re.match(r"(?:in|at|near)\s", match.group()))
                ]
        for low, high in regions:
            for match in self._shown.finditer(source.plain, low, high):
                span = match.span(match.lastgroup or 0)
                if outside(*span, taken) and self._may_be(source.plain[slice(*span)]):
                    found.append(source.found(*span, POSSIBLE))
        return found

    def _may_be(self, name: str) -> bool:
        """Return whether a name is neither a common word, a month nor the owner of what follows."""
        months = {word for words in self.tables["dates"]["months"].values() for word in words}
        return not name.endswith("'s") and not is_common(self.tables, name) and name.lower() not in months
