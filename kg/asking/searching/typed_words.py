"""The words of a search as typed, and what each stands for in the words of an index.

A word stands for its stems, and for the subject headings in whose names it is. If the index has none of its
stems, it stands for the words that begin with it. No character that was typed reaches FTS5 unquoted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from kg.asking.searching import search_fields, word_forms
from kg.errors import ParameterError
from kg.terms import folded

LONGEST = 300  # characters of a search
MOST_WORDS = 24
_NEAR, _ALIKE = 5, 75  # near words at most, and their least likeness of 100
_SHORTEST_BEGINNING = 3  # letters that find the words that begin with them
_BEGINNINGS = 60  # stems that a beginning stands for
# A word in the names of more headings than this, such as Cuba, does not lead to one of them.
_HEADINGS = 6
_TEXTS = " ".join(name for name in search_fields.fields() if name != search_fields.HEADING)


@dataclass(frozen=True, slots=True)
class TypedWord:
    """One word: its `stems` in the index, and the tokens of the `headings` whose names have it.

    `beginning` says whether the stems are those of words that begin with it. A word without stems and
    headings is nowhere in the index; then `near` has words that are spelt alike.
    """

    word: str
    stems: frozenset[str]
    headings: frozenset[str] = frozenset()
    beginning: bool = False
    near: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the index has the word."""
        return bool(self.stems or self.headings)

    @property
    def expression(self) -> str:
        """Return the expression of FTS5 for all texts and headings that have the word."""
        texts = f"{{{_TEXTS}}} : ({_any(self.stems)})" if self.stems else ""
        headings = f"marks : ({_any(self.headings)})" if self.headings else ""
        return f"({' OR '.join(filter(None, (texts, headings)))})"


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the index is asked of a word.

    `known` returns those of the stems that it has, `beginning` at most so many that begin with a text,
    `headings` the tokens of the headings that have a stem, `spellings` all words as they are spelt.
    """

    known: Callable[[Iterable[str]], frozenset[str]]
    beginning: Callable[[str, int], frozenset[str]]
    headings: Callable[[Iterable[str]], frozenset[str]]
    spellings: Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True)
class TypedWords:
    """The words of a search, and the function words that were left out of it."""

    words: tuple[TypedWord, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[TypedWord, ...]:
        """Return the words that the index has."""
        return tuple(word for word in self.words if word.known)

    @property
    def unknown(self) -> tuple[TypedWord, ...]:
        """Return the words that nothing has."""
        return tuple(word for word in self.words if not word.known)


def read(text: str, index: Lookup) -> TypedWords:
    """Return the words of `text`; raises ParameterError if it is too long."""
    if len(text) > LONGEST:
        raise ParameterError(f"q must be at most {LONGEST} characters, not {len(text)}", "q")
    words, dropped = word_forms.content_words(text)
    if len(words) > MOST_WORDS:
        raise ParameterError(f"q must be at most {MOST_WORDS} different words, not {len(words)}", "q")
    return TypedWords(tuple(_typed(word, index) for word in words), dropped)


def expression(words: Iterable[TypedWord], *, every: bool, marks: Iterable[str]) -> str:
    """Return the expression of FTS5 for `every` or any of `words`, narrowed by all `marks`."""
    joined = (" AND " if every else " OR ").join(word.expression for word in words)
    return " AND ".join([*(f'marks : "{mark}"' for mark in marks), f"({joined})"])


def _typed(word: str, index: Lookup) -> TypedWord:
    wanted = word_forms.stems(word)
    headings = index.headings(wanted)
    if len(headings) > _HEADINGS:
        headings = frozenset()
    stems = index.known(wanted)
    if stems or headings:
        return TypedWord(word, stems, headings)
    plain = folded(word)
    if len(plain) >= _SHORTEST_BEGINNING and (begun := index.beginning(plain, _BEGINNINGS)):
        return TypedWord(word, begun, beginning=True)
    return TypedWord(word, frozenset(), near=_near(word, index))


def _near(word: str, index: Lookup) -> tuple[str, ...]:
    """Return words of the index that are spelt like `word`, the most similar first."""
    plain = folded(word)
    known = index.spellings()
    alike = process.extract(plain, known, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_NEAR)
    return tuple(other for other, _, _ in alike)


def _any(tokens: Iterable[str]) -> str:
    return " OR ".join(f'"{token}"' for token in sorted(tokens))
