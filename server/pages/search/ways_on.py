"""What the page of an address that is not there leads on to: the words of the address, and what they find."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.asking.searching.typed_words import LONGEST
from kg.errors import CablegraphError
from server.pages.search.finder import Finder, Hit

MOST = 5  # things, and questions
_ENDING = re.compile(r"\.\w{1,5}$")  # of a file or a format
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class WaysOn:
    """The words of an address, things and questions that have them, and near words that the graph has.

    `near` has for a word that nothing has those that are spelt like it.
    """

    words: str
    things: tuple[Hit, ...] = ()
    questions: tuple[Hit, ...] = ()
    near: tuple[str, ...] = ()


def words_of(path: str) -> str:
    """Return the words of the last part of `path` that has any; numbers and the ending are left out."""
    for part in reversed(path.split("/")):
        words = _WORD.findall(_ENDING.sub("", part))
        if words:
            return " ".join(words)[:LONGEST]
    return ""


def words_alone(path: str) -> WaysOn:
    """Return the words of `path`, for a search that is yet to be made."""
    return WaysOn(words_of(path))


def find(finder: Finder, path: str) -> WaysOn:
    """Return what the words of `path` find; only these if the search fails, as while new data are read."""
    words = words_of(path)
    try:
        found = finder.find(words, texts=False)
    except CablegraphError:
        return words_alone(path)
    near = dict.fromkeys(other for word in found.words.unknown for other in word.near)
    return WaysOn(words, found.things.shown[:MOST], found.questions.shown[:MOST], tuple(near)[:MOST])
