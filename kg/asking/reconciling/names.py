"""Names of things, prepared for comparison, with the variants and family names that follow from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.asking.reconciling.spelling import latin_letters, latin_words, word_lists, words

# Score of an exact match by the kind of the name. A name that only a telegram writes may be a
# description that fits many: “the government”.
KIND_SCORES = {"label": 100, "alternative": 98, "written": 90}
_QUOTED = re.compile(r"[\"“”«»„]([^\"“”«»„]+)[\"“”«»„]")
_BRACKETED = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True)
class Name:
    """One name: its text, its language tag (empty for none) and its kind, a key of KIND_SCORES."""

    text: str
    language: str
    kind: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the words in lower case, in the alphabet of the name."""
        return words(self.text)

    @cached_property
    def letters(self) -> str:
        """Return the Latin letters and digits without spaces."""
        return latin_letters(self.text)


def variants(name: Name, *, person: bool) -> Iterator[Name]:
    """Yield `name` and its variants: without brackets, without the nickname, the nickname alone.

    Only people have nicknames: in other names quotation marks quote.
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
    """Return the family names, in Latin letters, of a person with `names`.

    They are the last word of each name of several words that an editor gave, initials apart. In a
    Spanish name of three words or more the word before is one as well: the father's family name.
    """
    families: set[str] = set()
    for name in names:
        own = [word for word in latin_words(name.text) if not _is_minor(word)]
        if name.kind == "written" or len(latin_words(name.text)) < 2 or not own:
            continue
        families.add(own[-1])
        if name.language == "es" and len(own) > 2:
            families.add(own[-2])
    return frozenset(families)


def is_initial(word: str) -> bool:
    """Return whether `word`, in Latin letters, is an initial of a longer word."""
    return (len(word) == 1 and word.isalpha()) or word in word_lists()["initials"]


def _is_minor(word: str) -> bool:
    return is_initial(word) or word in word_lists()["titles"] or word in word_lists()["particles"]
