"""The user's own copies of the texts, found by their hash, and the sentences of a text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from kg.errors import TextError

# A full stop after one of these ends no sentence. Initials ("J.", "U.") and dotted
# abbreviations ("a.m.") are recognised by their form.
ABBREVIATIONS = frozenset({"cde", "spec", "vs", "etc", "mr", "mrs", "dr"})
# These end none before a number; elsewhere "no" is a word like others.
BEFORE_NUMBERS = frozenset({"no", "nos", "art", "vol", "p", "pp"})

_END = re.compile(r"[.?!…]+[\"”’')\]]*(?=\s+\S|$)")
_LAST_WORD = re.compile(r"(\S+?)[.?!…]+[\"”’')\]]*$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_NUMBER = re.compile(r"[#№]?\s*\d")
_NEXT_IN_DATE = re.compile(r"\d|[IVX]{1,4}\.")
_ROMAN_OR_DAY = re.compile(r"\d{1,2}|[IVX]{1,4}")


def read(folder: Path, hashes: Iterable[str]) -> Mapping[str, str]:
    """Return the text of each wanted SHA-256 that a file below `folder` has; file names do not matter.

    Line ends are kept as they are, since offsets count every code point.
    Raises TextError where `folder` is no folder or none of its files is wanted.
    """
    if not folder.is_dir():
        raise TextError(
            f"{folder}: there is no such folder; give the folder that holds your copies of the texts"
        )
    wanted = set(hashes)
    found = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest in wanted:
            found[digest] = content.decode("utf-8")
    if not found:
        raise TextError(
            f"{folder}: no file has the SHA-256 of a rendering; see textHash in the rendering records"
        )
    return found


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text: its place in code points, end exclusive, and its words."""

    start: int
    end: int
    text: str


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of `text` in order.

    A line break always ends a sentence, because headings and headers have no full stop.
    White space, the no-break space included, belongs to no sentence.
    """
    return [sentence for start, line in _lines(text) for sentence in _in_line(start, line)]


def _lines(text: str) -> list[tuple[int, str]]:
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append((start, line))
        start += len(line) + 1
    return found


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
