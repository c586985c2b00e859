"""The forms of personal names in running text: words, initials, family names, spelling for a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.curating.drafting.finding.word_tables import WordTables

LOWER = "a-zà-öø-ÿāăąćčďđēĕęěğģįıīķļľłńņňŋőœŕřśşšţťūůűźżžșțа-яё"
UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽȘȚА-ЯЁ"
WORD = rf"(?:(?:[DdOL]'|Mc|Mac|Da'|al-)?[{UPPER}][{LOWER}']*[{LOWER}](?:-[{UPPER}][{LOWER}]+)?)"
CAPITALS = rf"[{UPPER}]{{3,}}"
# Of two letters in Latin script are those initials that stand for one Russian letter.
_INITIAL = rf"(?:[{UPPER}]|Ya|Yu|Ye|Zh|Kh|Sh|Ch|Ts|Shch|Vl|Al|Wm|Geo|Chas|Jas|Ph)\."
INITIALS = rf"(?:(?<![\w.]){_INITIAL}(?:\s?-?{_INITIAL}){{0,3}})"


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a person: the name as written, its bounds, a telling title, and how sure it is."""

    name: str
    start: int
    end: int
    title: str
    certainty: str


def is_common(tables: WordTables, word: str) -> bool:
    """Return whether a word, or each part of one with hyphens, is a common word and no name."""
    plain = word.strip("'\"-,.").lower().removesuffix("'s")
    return all(part in tables.common_words for part in (plain.split("-") if "-" in plain else [plain]))


def tidy(name: str) -> str:
    """Return a name as it is written in running text: single spaces, no capitals throughout."""
    words = " ".join(name.split()).replace("- ", "-").removesuffix("'s").rstrip(",")
    return " ".join(_cased(word) for word in words.split())


def _cased(word: str) -> str:
    """Return a word without capitals throughout, also that of `A.DOBRYNIN`."""
    head, dot, last = word.rpartition(".")
    return f"{head}{dot}{last.capitalize()}" if last.isupper() and len(last) > 2 else word


def family(name: str) -> str:
    """Return the family name of a name as it is written."""
    words = re.sub(r",?\s(?:Jr|Sr|III?)\.?$", "", name).replace(".", ". ").split()
    if "," in name:
        return name.partition(",")[0]
    return words[0] if len(words) > 1 and words[-1].endswith(".") else words[-1]
