"""Score of a typed name against a name of the graph, word by word, from 0 to 100.

| the typed name | score at most |
|---|---|
| has the same words | by the kind of the name: label 100, alternative 98, written in a telegram 90 |
| … in another order | 1 less |
| is a part of a person's name with the family name | 92 |
| is a person's family name alone | 88; 90 if a telegram writes it so |
| is another part of a person's name, or skips the first given name: “Sergei” of “Nikita Sergeevich” | 70 |
| is a part of another thing's name | 60 to 85, by the share of it |
| has words that the name does not have | 75, by the share that it has |

Each word counts 1 if it is equal in Latin letters, 0.97 if it may sound the same, 0.9 if one is the
initial of the other, and less if it is only similar (rapidfuzz, at least 0.84). Only people have
initials, and titles, which are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from kg.asking.reconciling.names import KIND_SCORES, Name, is_initial
from kg.asking.reconciling.spelling import (
    first_sounds,
    latin,
    latin_letters,
    pronunciations,
    word_lists,
    words,
)

_RESPELT, _INITIAL, _SIMILAR = 0.97, 0.9, 0.95
_ALIKE = 0.84  # from 0 to 1: one wrong letter in six
# At least this ratio of letters is equal in two spellings of one name, more in a short word; words that
# are less alike only share consonants.
_LONG_ALIKE, _SHORT_ALIKE, _FEW_SOUNDS = 0.5, 0.55, 3
_SHORTEST = 5  # letters; in a shorter word a mistake looks like another word
_FAMILY, _WITH_FAMILY, _OTHER_PART = 88, 92, 70
_TELEGRAMS = 2  # for a family name that a telegram writes alone
_PART, _WHOLE = 60, 85
_MORE = 75  # at most, if there are words that the name does not have
_LITTLE = 0.2  # weight of a particle
_HALF = 0.5  # weight of an initial


@dataclass(frozen=True)
class TypedName:
    """A name that a user typed: its words as spelt, the words without titles, and all Latin letters."""

    text: str
    words: tuple[str, ...]
    untitled: tuple[str, ...]
    letters: str

    @classmethod
    def of(cls, text: str) -> TypedName:
        """Return `text` prepared for comparison."""
        own = tuple(word for word in words(text) if latin(word))
        return cls(text, own, without_titles(own), latin_letters(text))


@dataclass(frozen=True, slots=True)
class Alignment:
    """Words that two names share: the share of each name and the similarity of the pairs, from 0 to 1.

    `shared` are the pairs of words that fit, by their indexes in the first and in the second name.
    """

    of_first: float
    of_second: float
    similarity: float
    in_order: bool
    shared: tuple[tuple[int, int], ...]


def without_titles(words: Sequence[str]) -> tuple[str, ...]:
    """Return `words` without titles of people, or all of them if there is nothing else."""
    return tuple(word for word in words if latin(word) not in word_lists()["titles"]) or tuple(words)


def compare(typed: TypedName, name: Name, family: frozenset[str] | None) -> float:
    """Return how well `typed` fits `name`, from 0 to 100.

    `family` are the family names of the person with this name, or None if it is not a person.
    """
    exact = KIND_SCORES[name.kind]
    one_of_many = family is not None and name.kind == "written" and len(without_titles(name.words)) == 1
    if typed.letters and typed.letters == name.letters and not one_of_many:
        return float(exact if _same_words(typed, name) else exact - 1)
    if family is None:
        return _thing(align(typed.words, name.words, person=False), exact)
    own = without_titles(name.words)
    return _person(align(typed.untitled, own, person=True), typed.untitled, own, name.kind, family)


def _same_words(typed: TypedName, name: Name) -> bool:
    return tuple(map(latin, typed.words)) == tuple(map(latin, name.words))


def _thing(alignment: Alignment, exact: int) -> float:
    if alignment.of_first < 1:
        return _MORE * alignment.of_first * alignment.of_second * alignment.similarity
    if alignment.of_second < 1:
        return (_PART + (_WHOLE - _PART) * alignment.of_second) * alignment.similarity * exact / 100
    return exact * alignment.similarity - (not alignment.in_order)


def _person(
    alignment: Alignment, first: Sequence[str], own: Sequence[str], kind: str, family: frozenset[str]
) -> float:
    has_family = any(latin(own[j]) in family for _, j in alignment.shared)
    if alignment.of_first < 1:
        return _MORE * alignment.of_first * alignment.similarity * (1 if has_family else _HALF)
    if not has_family or _skips(alignment, first, own, family):
        whole = (alignment.of_second == 1 and len(own) > 1) or (kind == "alternative" and len(own) == 1)
        return (KIND_SCORES[kind] if whole else _OTHER_PART) * alignment.similarity
    if len(alignment.shared) == 1:
        bonus = _TELEGRAMS if kind == "written" and len(own) == 1 else 0
        return _FAMILY * alignment.similarity + bonus
    if alignment.of_second < 1:
        return _WITH_FAMILY * alignment.similarity
    return KIND_SCORES[kind] * alignment.similarity - (not alignment.in_order)


def _skips(alignment: Alignment, first: Sequence[str], own: Sequence[str], family: frozenset[str]) -> bool:
    """Return whether given names are typed, and the first one of the person is not among them."""
    given = [j for j, word in enumerate(own) if latin(word) not in family]
    named = [(i, j) for i, j in alignment.shared if j in given or is_initial(latin(first[i]))]
    return bool(named and given) and given[0] not in {j for _, j in alignment.shared}


def align(first: Sequence[str], second: Sequence[str], *, person: bool) -> Alignment:
    """Return which words of `first` and `second` fit, each used once, the most similar pairs first."""
    similarities = {
        (i, j): word_similarity(a, b, person) for i, a in enumerate(first) for j, b in enumerate(second)
    }
    taken: dict[int, int] = {}
    fitting = (pair for pair in similarities if similarities[pair])
    for i, j in sorted(fitting, key=lambda pair: (-similarities[pair], abs(pair[0] - pair[1]), pair)):
        if i not in taken and j not in taken.values():
            taken[i] = j
    shared = tuple(sorted(taken.items()))
    weights = [_weight(first[i], person) for i, _ in shared]
    total = sum(weight * similarities[pair] for weight, pair in zip(weights, shared, strict=True))
    return Alignment(
        _share(first, set(taken), person),
        _share(second, set(taken.values()), person),
        total / (sum(weights) or 1),
        [j for _, j in shared] == sorted(taken.values()),
        shared,
    )


@lru_cache(maxsize=1 << 17)
def word_similarity(a: str, b: str, person: bool) -> float:
    """Return how similar two words are, from 0 to 1, which is the same in Latin letters."""
    one, other = latin(a), latin(b)
    if one == other:
        return 1.0
    if not (one.isalpha() and other.isalpha()):  # numbers are the same or not
        return 0.0
    if is_initial(one) or is_initial(other):
        return _INITIAL if person and _abbreviates(a, b) else 0.0
    ratio = fuzz.ratio(one, other) / 100
    if _sound_alike(a, b, ratio):
        return _RESPELT
    return ratio * _SIMILAR if ratio >= _ALIKE and min(len(one), len(other)) >= _SHORTEST else 0.0


def _sound_alike(a: str, b: str, ratio: float) -> bool:
    common = max((len(sounds) for sounds in pronunciations(a) & pronunciations(b)), default=0)
    return common > 1 and ratio >= (_LONG_ALIKE if common > _FEW_SOUNDS else _SHORT_ALIKE)


def _abbreviates(a: str, b: str) -> bool:
    return latin(a)[0] == latin(b)[0] or not first_sounds(a).isdisjoint(first_sounds(b))


def _share(words: Sequence[str], which: set[int], person: bool) -> float:
    """Return the share of `words` whose indexes are in `which`; missing particles do not count."""
    weights = [_weight(word, person) for word in words]
    missing = sum(weight for i, weight in enumerate(weights) if i not in which and weight > _LITTLE)
    return 1 - missing / sum(weights) if which else 0.0


def _weight(word: str, person: bool) -> float:
    plain = latin(word)
    if person and is_initial(plain):
        return _HALF
    return _LITTLE if plain in word_lists()["particles"] else 1.0
