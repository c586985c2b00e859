"""Mentions of persons: names with initials, forms of address or given names, and family names known by these.

A bare capitalised word counts only where the words beside it show a person; what may be a place does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.bare_names import BareNameFinder
from kg.curating.drafting.finding.gazetteer import Spans, outside
from kg.curating.drafting.finding.name_forms import (
    CAPITALS,
    INITIALS,
    LOWER,
    UPPER,
    WORD,
    Mention,
    family,
    is_common,
    tidy,
)
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import CERTAIN

# Forms of address that are written small, too.
_SMALL = {"comrade", "comrades", "t", "тов", "т"}
_SHIPS = ("S.S. ", "S. S. ", "H.M.S. ", "H. M. S. ", "M.S. ", "M. S. ")  # what follows is a ship
_LEFT_OUT = "\0"  # in place of a bracket within a name
_COMPLETED = re.compile(rf"\0{WORD}(?:\s{WORD}|\s{INITIALS})?\0\s(?P<family>{WORD})")


@dataclass(frozen=True)
class PeopleFinder:
    """Finds mentions of persons in a text of which square brackets are left out."""

    tables: WordTables

    @cached_property
    def _bare(self) -> BareNameFinder:
        return BareNameFinder(self.tables)

    @cached_property
    def _address(self) -> str:
        words = self.tables["titles"]["address"]
        forms = {form for w in words for form in (w.title().replace(" Of ", " of "), w.capitalize())}
        return rf"(?P<address>\b(?:{alternatives(forms | _SMALL)})\.?)"

    @cached_property
    def _offices(self) -> str:
        return alternatives(word.title() for word in self.tables["titles"]["offices"])

    @cached_property
    def _countries(self) -> str:
        """Return the pattern of a country, as it stands in brackets behind a delegate."""
        lines = self.tables["places"]["countries"].splitlines()
        return alternatives(name.strip() for line in lines for name in line.split("|"))

    @cached_property
    def _strong(self) -> list[re.Pattern[str]]:
        names = self.tables["given_names"]
        given, particle = (
            alternatives(self.tables.given_names),
            rf"(?:(?:{alternatives(names['particles'])})\s)?",
        )
        name = rf"{particle}{WORD}"
        forms = (
            rf"(?<!\w)(?P<name>{alternatives(names['whole'])})(?!\w)",
            rf"(?P<name>(?<![\w.])(?:{given})\s{INITIALS}\s?{name}(?:,\sJr\.)?)",
            rf"(?P<name>{INITIALS}\s?(?:(?:{given})\s)?{name}(?:\s(?:{INITIALS}\s)?{WORD})?)",
            rf"(?P<name>{INITIALS}\s?{CAPITALS}(?!\w))",
            rf"(?P<name>(?<![\w.-])(?:{given})(?:\s(?:{given}|{WORD}))?\s{name})",
            rf"(?P<name>(?<![\w.-]){WORD}\s(?:{given}))(?!\s?[{UPPER}])(?!\w)",
            rf"{self._address}\s(?P<name>{WORD}\s{INITIALS})(?=[,;)\"]|\s[{LOWER}]|$|\s*\n)",
            rf"(?<!\w)(?P<name>(?:{alternatives(names['family_first'])})\s{WORD}(?:-[{LOWER}]+)?(?:\s{WORD}(?![\w-]))?)(?!\w)",
            rf"(?<![\w.'-])(?P<name>{WORD})(?P<country>)(?=\s\((?:{self._countries})\))",
            rf"{self._address}\s(?P<name>(?:{INITIALS}\s?)?(?:{WORD}\s)?{name})",
            rf"{self._address}\s(?P<name>{name})",
            rf"(?<!\w)(?P<address>{self._offices}),\s(?P<name>(?:{INITIALS}\s?)?(?:{WORD}\s)?{name})(?=,)",
            rf"(?P<name>(?<![\w.-]){WORD}\s{INITIALS})(?=[,;)\"]|\s[{LOWER}]|$|\s*\n)",
        )
        return [re.compile(form) for form in forms]

    def mentions(self, plain: str, regions: Spans, taken: Spans, more: Iterable[str] = ()) -> list[Mention]:
        """Return the mentions in the regions, outside of what is taken, in the order of the text.

        `more` are family names that are known to be of persons.
        """
        text = _without_brackets(plain)
        found = [m for low, high in regions for m in self._shown(text, low, high, taken)]
        found += self._bare.beside_organisations(text, taken, regions)
        known = {family(m.name) for m in found} | set(more)
        spans = [*taken, *((m.start, m.end) for m in found)]
        bare = [m for low, high in regions for m in self._bare.find(text, (low, high), known, spans)]
        if {m.name for m in bare} - known:  # those that were found so may be one half of "NAME-NAME"
            known |= {m.name for m in bare}
            bare = [m for low, high in regions for m in self._bare.find(text, (low, high), known, spans)]
        return sorted([*found, *bare], key=lambda mention: mention.start)

    def _shown(self, text: str, low: int, high: int, taken: Spans) -> Iterator[Mention]:
        """Yield the mentions that show by themselves that they are of a person."""
        flat, own = text.replace(_LEFT_OUT, ""), Spans()
        back: Sequence[int] = range(len(text))
        if len(flat) < len(text):
            back = [place for place, character in enumerate(text) if character != _LEFT_OUT]
        first = low - text.count(_LEFT_OUT, 0, low)
        last = high - text.count(_LEFT_OUT, 0, high)
        for match in _COMPLETED.finditer(text, low, high):
            if outside(*match.span(), taken) and not is_common(self.tables, match.group("family")):
                own.append(match.span())
                yield Mention(tidy(match.group().replace(_LEFT_OUT, "")), *match.span(), "", CERTAIN)
        for pattern in self._strong:
            for match in pattern.finditer(flat, first, last):
                lead = self._address_of(match.group("name"))
                name = self._cut(match.group("name")[lead:])
                start = match.start("name") + lead
                place = back[start], back[start + len(name) - 1] + 1
                address = (match.groupdict().get("address") or "").lower().rstrip(".")
                if outside(*place, [*taken, *own]) and self._may_be(
                    name, address or str(match.groupdict().get("country") is not None or "")
                ):
                    own.append(place)
                    yield Mention(
                        tidy(name), *place, address or self._bare.title_before(flat, start), CERTAIN
                    )

    def _address_of(self, name: str) -> int:
        """Return how long a form of address is that was read as part of a name, as in `Ambassador Clark`."""
        first, space, rest = name.partition(" ")
        return len(first) + 1 if space and rest and first.lower() in self.tables["titles"]["address"] else 0

    def _cut(self, name: str) -> str:
        """Return the name without words at its end that are common words, such as `Embassy`."""
        words = name.split(" ")
        while len(words) > 1 and not words[-1].endswith(".") and is_common(self.tables, words[-1]):
            words.pop()
        return " ".join(words)

    def _may_be(self, name: str, address: str) -> bool:
        """Return whether a name has a family name that is neither a place nor a common word."""
        words, initials = name.split(), len(re.findall(rf"[{UPPER}][{LOWER}]{{0,2}}\.", name))
        if (
            re.fullmatch(INITIALS, name)
            or (name.isupper() and not initials)
            or name.startswith(("U.S", "U. S"))
            or (not address and name.startswith(_SHIPS))
        ):
            return False
        if words[-1].endswith(".") and not name.endswith("Jr."):  # the family name first
            return not is_common(self.tables, words[0]) and words[0] not in self.tables.places
        if len(words) == 1 and not address:
            return False
        if any(" ".join(words[n:]) in self.tables.places for n in range(len(words))):
            return initials > 1
        if is_common(self.tables, words[-1]):
            return initials > 1 or (self._is_of_person(address) and not self._is_no_name(words[-1]))
        return True

    def _is_of_person(self, address: str) -> bool:
        return address in self.tables["titles"]["of_persons"]

    def _is_no_name(self, word: str) -> bool:
        """Return whether a common word after a form of address is an office, a verb or an article."""
        titles = self.tables["titles"]
        known = (titles["offices"], titles["address"], titles["verbs"], titles["no_names"])
        return any(word.lower() in words for words in known)


def _without_brackets(plain: str) -> str:
    """Return the text with square brackets within names left out, as in `[Che] Guevara`.

    A bracket with a whole name that explains the one before it becomes a comma: it begins another name.
    """
    text = re.sub(
        r"(?<=-)\]\s", _LEFT_OUT * 2, plain
    )  # a name that a bracket completes: "[Mario Garcia-] Roa"
    text = re.sub(r"\[(?=[^\]\s]+\s[^\]]+\](?!\s[A-Z]))", ",", text)
    return re.sub(r"\[(?=[A-Z][\w. '-]*\0?\]?)|(?<=[\w.])\](?=\s[A-Z])", _LEFT_OUT, text)
