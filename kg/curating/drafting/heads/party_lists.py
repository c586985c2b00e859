"""The parties of one side: one, two with `and` between them, or several names of one office."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.curating.drafting.finding.name_forms import INITIALS, WORD
from kg.curating.drafting.heads.parties import Party, PartyReader

_NAME = rf"(?:{INITIALS}\s?)?{WORD}(?:\s{WORD})?"
_NAMES = rf"{_NAME}(?:(?:,\s(?:and\s)?|\sand\s){_NAME})+"
# `The Delegates to the Conference (Scott and Reeves)`, `Messrs. Veniselos, Benes and Nubar`.
_LISTED = re.compile(
    rf"\s*(?:Messrs\.?\s(?P<alone>{_NAMES})|(?:the\s)?(?P<role>[^()]+?)\s*\((?P<held>{_NAMES})\))\s*$",
    re.IGNORECASE,
)
# Between persons each of whom has a title: `Mr. Vane, Major Tavrin, and Dr. Brask`.
_TITLE = (
    r"(?:Mr\.|Mrs\.|Miss|Dr\.|Professor|President|General|Major|Colonel|Captain|Lieutenant|Commander"
    r"|Admiral|Senator)\s"
)
_BETWEEN = re.compile(rf"(?:,\s+(?:and\s+)?|\s+and\s+)(?={_TITLE}[A-Z])")
_BOTH = re.compile(r"(?P<one>.+?)\s+and\s+(?P<two>.+)$", re.DOTALL)


def each_party(parties: PartyReader, words: str, start: int) -> Iterator[Party]:
    """Yield the parties that `parties` reads in the words of one side, whose first stands at `start`."""
    listed = _LISTED.match(words)
    if listed and (listed["alone"] or re.match(r"[^()]*\(\s*[A-Z]", words)):
        yield from _of_one_office(listed, start)
        return
    titled = _titled(words)
    if len(titled) > 1:
        for low, part in titled:
            yield from _one(parties, part, start + low)
        return
    yield from _two(parties, words, start) or _one(parties, words, start)


def _of_one_office(match: re.Match[str], start: int) -> Iterator[Party]:
    """Yield each of the names that stand in one pair of brackets after an office, or after `Messrs.`."""
    group = "alone" if match["alone"] else "held"
    for name in re.finditer(_NAME, match[group]):
        low = start + match.start(group) + name.start()
        yield Party(name.group(), " ".join((match["role"] or "").split()), "", low, low + len(name.group()))


def _titled(words: str) -> list[tuple[int, str]]:
    """Return the persons of a list of which each has a title, with their places; none if one has none."""
    if "(" in words or not re.match(rf"{_TITLE}[A-Z]", words):
        return []
    breaks = [match.span() for match in _BETWEEN.finditer(words)]
    starts, ends = [0, *(high for _, high in breaks)], [*(low for low, _ in breaks), len(words)]
    return [(low, words[low:high]) for low, high in zip(starts, ends, strict=True)]


def _two(parties: PartyReader, words: str, start: int) -> list[Party]:
    """Return the two parties of the words, as in `Gromyko and Malinovsky`; none if they are not two."""
    both = _BOTH.match(words)
    # `The Minister in the Kingdom of the Serbs, Croats and Slovenes (Dodge)` is one.
    if not both or (
        parties.office.match(_bare(both["one"])) and "(" not in both["one"] and "(" in both["two"]
    ):
        return []
    one = parties.read(both["one"], start)
    two = parties.read(both["two"], start + both.start("two"))
    certain = one and two and one.name and two.name and two.certainty == one.certainty == "certain"
    return [one, two] if one and two and certain and _alike(one, two) else []


def _one(parties: PartyReader, words: str, start: int) -> Iterator[Party]:
    party = parties.read(words, start)
    # `NAME of the BODY` is the person, whose office is there; `BODY (NAME)` is both.
    if party and party.role and parties.is_organisation(party.role) and not _is_of(words, party.role):
        yield Party(party.name, "", party.place, party.start, party.end, party.certainty)
        party = Party(party.role, "", "", party.start, party.end, party.certainty)
    if party:
        yield party


def _is_of(words: str, body: str) -> bool:
    """Return whether the words name somebody of a body."""
    return bool(re.search(rf"\sof\s+(?:the\s+)?{re.escape(body)}", " ".join(words.split())))


def _bare(words: str) -> str:
    return re.sub(r"\s*(?:the\s+)?", "", words, count=1, flags=re.IGNORECASE)


def _alike(one: Party, two: Party) -> bool:
    """Return whether two parties are both persons, or both organisations of more than one word."""
    return bool(re.search(r"[a-z]", one.name)) and not re.search(
        r"\b(?:Ministry|Committee|Council|Affairs|Department)\b", two.name
    )
