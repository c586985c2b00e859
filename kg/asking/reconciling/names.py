"""A name of a thing, made ready to be compared, and the names that follow from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.asking.reconciling.spelling import latin_words, lists, squashed, words

# What a name of each kind is worth when it is hit exactly. A name that only stands in a telegram
# may be a description that fits many: “the government”.
WORTH = {"label": 100, "alternative": 98, "written": 90}
_QUOTED = re.compile(r"[\"“”«»„]([^\"“”«»„]+)[\"“”«»„]")
_BRACKETED = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True)
class Name:
    """One name: the text, its language (empty where none is said) and its kind, a key of WORTH."""

    text: str
    language: str
    kind: str

    @cached_property
    def spelt(self) -> tuple[str, ...]:
        """Return the words as they are spelt, in small letters."""
        return words(self.text)

    @cached_property
    def squashed(self) -> str:
        """Return all letters without spaces."""
        return squashed(self.text)


def derived(name: Name, *, person: bool) -> Iterator[Name]:
    """Yield `name` and what it says besides: without brackets, without the nickname, the nickname alone.

    Nicknames are people's: in other names quotation marks quote.
    """
    yield name
    bare = _BRACKETED.sub("", name.text).strip()
    if bare and bare != name.text:
        yield Name(bare, name.language, name.kind)
    nicknames = _QUOTED.findall(bare) if person else []
    if nicknames:
        yield Name(" ".join(_QUOTED.sub(" ", bare).split()), name.language, name.kind)
        yield from (Name(nickname, name.language, "alternative") for nickname in nicknames)


def family_names(names: Iterable[Name]) -> frozenset[str]:
    """Return the words, folded, by which alone a person with these names may be called.

    The last word of each longer name that an editor gave, initials apart; of a Spanish one of three
    words or more also the one before, which is the father's.
    """
    found: set[str] = set()
    for name in names:
        own = [word for word in latin_words(name.text) if not _aside(word)]
        if name.kind == "written" or len(latin_words(name.text)) < 2 or not own:
            continue
        found.add(own[-1])
        if name.language == "es" and len(own) > 2:
            found.add(own[-2])
    return frozenset(found)


def is_initial(word: str) -> bool:
    """Return whether `word`, folded, stands for a longer one that begins with it."""
    return (len(word) == 1 and word.isalpha()) or word in lists()["initials"]


def _aside(word: str) -> bool:
    return is_initial(word) or word in lists()["titles"] or word in lists()["particles"]
