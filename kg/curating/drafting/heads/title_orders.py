"""Titles in other orders: `Telegram, SENDER to RECIPIENT`, and `SENDER (NAME), Telegram No. 3`."""

from __future__ import annotations

import re

from kg.curating.drafting.heads.parties import Party, PartyReader
from kg.curating.drafting.heads.party_lists import each_party

Sides = tuple[tuple[Party, ...], tuple[Party, ...]]

_BEHIND_COMMA = re.compile(
    r",\s+(?P<from>(?:the\s)?[A-Z][^;:]{1,90}?)\s+to\s+(?P<to>(?:the\s)?[A-Z].{1,120})$"
)
_BEFORE_KIND = re.compile(
    r"(?P<from>[A-Z][^\n]{4,140}?)(?:,?\s+to\s+(?P<to>[A-Z][^\n]{2,140}?))?\s*,\s+(?=[A-Z])"
)
_NUMBER = re.compile(r"\s*(?:(?:No|Nos|Nr|№)\.?\s*(?P<number>[\d/.-]+\d))?\s*$")
_NAMED = re.compile(r"[^()]+\(\s*[A-Z][^()]+\),?\s+to\s+\S")


def sides_behind_comma(parties: PartyReader, rest: str, start: int) -> Sides | None:
    """Return the sides of what follows the kind of document, as in `, Lind to Ambassador`; None for none.

    `start` is the place of the first character of `rest` in the text.
    """
    match = _BEHIND_COMMA.fullmatch(rest)
    if not match:
        return None
    senders = tuple(each_party(parties, match["from"], start + match.start("from")))
    recipients = tuple(each_party(parties, match["to"], start + match.start("to")))
    return (senders, recipients) if senders and recipients else None


def sides_before_kind(
    parties: PartyReader, line: str, start: int, kind: re.Pattern[str]
) -> tuple[Sides, re.Match[str], str] | None:
    """Return the sides that stand before what the document is called, the match of that, and its number.

    Before the kind an office or an organisation must stand; None for a line of another form.
    """
    for before in _BEFORE_KIND.finditer(line):
        called = kind.match(line, before.end())
        number = _NUMBER.match(re.sub(r"\s\d+$", "", line), called.end()) if called else None
        if called and (number or re.search(r"\d$", called.group())) and names_office(parties, before["from"]):
            senders = tuple(each_party(parties, before["from"], start + before.start("from")))
            to = before["to"] or ""
            recipients = tuple(each_party(parties, to, start + before.start("to"))) if to else ()
            return (senders, recipients), called, (number["number"] or "") if number else ""
    return None


def names_office(parties: PartyReader, words: str) -> bool:
    """Return whether words name an office or an organisation."""
    return parties.is_organisation(words) or bool(parties.office.search(words))


def named_sides(parties: PartyReader, line: str) -> bool:
    """Return whether a line is `OFFICE (NAME) to …` with an office in front, without an article."""
    return bool(_NAMED.match(line)) and names_office(parties, line.partition("(")[0])
