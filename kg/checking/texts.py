"""Splitting of a text into sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

# A full stop after one of these does not end a sentence. Initials ("J.", "U.") and dotted
# abbreviations ("a.m.") are recognised by their form.
ABBREVIATIONS = frozenset(
    {
        *("cde", "spec", "vs", "etc", "mr", "mrs", "messrs", "dr", "prof", "hon", "st"),
        *("gen", "col", "lt", "maj", "capt", "adm", "amb", "gov", "sen"),
    }
)
# Nor does one after these before a number; elsewhere "no" is an ordinary word.
BEFORE_NUMBERS = frozenset({"no", "nos", "art", "vol", "p", "pp"})

_END = re.compile(r"[.?!…]+[\"”’')\]]*(?=\s+\S|$)")
_LAST_WORD = re.compile(r"(\S+?)[.?!…]+[\"”’')\]]*$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_NUMBER = re.compile(r"[#№]?\s*\d")
_NEXT_IN_DATE = re.compile(r"\d|[IVX]{1,4}\.")
_ROMAN_OR_DAY = re.compile(r"\d{1,2}|[IVX]{1,4}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text: its bounds in code points, end exclusive, and its text."""

    start: int
    end: int
    text: str


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of `text` in order.

    A line break always ends a sentence, because headings and headers have no full stop.
    Leading and trailing white space, also the no-break space, is not part of a sentence.
    """
    return [sentence for start, line in _lines(text) for sentence in _in_line(start, line)]


def _lines(text: str) -> list[tuple[int, str]]:
    lines, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            lines.append((start, line))
        start += len(line) + 1
    return lines


def _in_line(offset: int, line: str) -> list[Sentence]:
    ends = [match.end() for match in _END.finditer(line) if _ends_sentence(line, match)]
    cuts = [0, *[end for end in ends if end < len(line.rstrip())], len(line)]
    return [_trimmed(offset + a, line[a:b]) for a, b in pairwise(cuts) if line[a:b].strip()]


def _ends_sentence(line: str, match: re.Match[str]) -> bool:
    rest = line[match.end() :].lstrip()
    if set(match.group().strip("\"”’')]")) != {"."}:
        return not rest[:1].islower()  # "What? he asked"
    word = _LAST_WORD.search(line[: match.end()])
    bare = word.group(1).lstrip("\"“‘'([") if word else ""
    if bare.lower() in ABBREVIATIONS or _DOTTED.fullmatch(bare):
        return False
    if not any(character.isalnum() for character in bare):  # spaced dots: ". . ."
        return False
    before_number = bare.lower() in BEFORE_NUMBERS and _NUMBER.match(rest)
    return not (before_number or (_ROMAN_OR_DAY.fullmatch(bare) and _NEXT_IN_DATE.match(rest)))


def _trimmed(offset: int, text: str) -> Sentence:
    left = len(text) - len(text.lstrip())
    body = text.strip()
    return Sentence(offset + left, offset + left + len(body), body)
