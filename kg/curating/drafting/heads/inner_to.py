"""Words of a title that begin no party: each `to` of a role, a body or a thing, and some `of`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.word_tables import WordTables, alternatives

_JOINED = "\x01"  # in place of "to" within a role, as in "Ambassador to Cuba"


@dataclass(frozen=True)
class InnerTo:
    """Replaces such words by as many other characters, so that places stay."""

    tables: WordTables

    @cached_property
    def _led_to(self) -> re.Pattern[str]:
        """Return the pattern of words that end with a `to` behind which nobody is addressed."""
        forms = self.tables["forms"]
        purposes, leading = alternatives(forms["purposes"]), alternatives(forms["leading"])
        return re.compile(
            rf"\b(?:Commission|Committee|Delegation|Board|Conference)\sto(?=\s(?:{purposes})\b)"
            rf"|\b(?:{leading})\sto(?=\s)|,\s(?:Special\s)?Assistant\sto(?=\s)|(?<=\s)to(?=\sbe\b)",
            re.IGNORECASE,
        )

    @cached_property
    def _led_on(self) -> re.Pattern[str]:
        """Return the pattern of `on` within an office or a body, as in `Adviser on Political Relations`."""
        return re.compile(rf"(?<=\b)({alternatives(self.tables['forms']['before_on'])})(\s)on(?=\s[A-Z])")

    def protected(self, rest: str) -> str:
        """Return the words with each `to` of a role, a body or a thing replaced: it begins no party."""
        rest = self._led_to.sub(lambda match: f"{match.group()[:-2]}{_JOINED * 2}", rest)
        rest = self._led_on.sub(lambda match: f"{match.group()[:-2]}{_JOINED * 2}", rest)
        where = alternatives([*self.tables.places, *self.tables.organisations])
        offices = alternatives(
            [*self.tables["titles"]["offices"], "Embassy", "Legation", "Delegation", "Mission"]
        )
        of = r"(?:\sof\s(?:the\s)?[A-Z]\w+(?:\s[A-Z]\w+)?)?"  # `Mission of Norway to the United Nations`
        pattern = rf"(?<=\s)((?:{offices}){of})(\s)to(\s(?:the\s)?(?:{where})(?=\s(?!and\s)|$|,))"
        found = list(re.finditer(pattern, rest, re.IGNORECASE))
        for match in reversed(found):
            if (
                " to " in rest[match.end() :]
                or re.match(r"\s+\S|$", rest[match.end() :])
                or " to " in rest[: match.start()]
            ):
                low = match.end(2)
                rest = f"{rest[:low]}{_JOINED * 2}{rest[low + 2 :]}"
        return rest


def without_of(places: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return what may begin a party where `of` does not, nor `for` behind it: `of the Counselor for …`."""
    first = next((place.start() for place in places if place.group(1).lower() == "of"), None)
    kept = [place for place in places if place.group(1).lower() != "of"]
    return [p for p in kept if first is None or p.group(1).lower() != "for" or p.start() < first]
