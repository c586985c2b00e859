"""Compare a name that somebody wrote with a name of the graph, word by word: 0 to 100.

| the name written | worth at most |
|---|---|
| has the same words | the kind of the name: label 100, alternative 98, as written in a telegram 90 |
| … in another order | 1 less |
| is a part of a person's name with the family name | 92 |
| is a person's family name alone | 88; 90 if a telegram writes it so |
| is another part of a person's name, or skips the first given name: “Sergei” of “Nikita Sergeevich” | 70 |
| is a part of another thing's name | 60 to 85, by how much of it |
| has words that the name has not | 75, by how many it has |

Each word counts 1 if it is equal when folded, 0.97 if it may sound the same, 0.9 if it is its
initial, and less if it is only similar (rapidfuzz, at least 0.84). People have initials, and titles
that are left out; other things have neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from kg.asking.reconciling.names import WORTH, Name, is_initial
from kg.asking.reconciling.spelling import beginnings, latin, lists, readings, squashed, words

_RESPELT, _INITIAL, _SIMILAR = 0.97, 0.9, 0.95
_ALIKE = 0.84  # of 1: one wrong letter in six
# Two spellings of one name share this much, or it is only the consonants; in a short word more.
_LONG_ALIKE, _SHORT_ALIKE, _FEW_SOUNDS = 0.5, 0.55, 3
_SHORTEST = 5  # letters of a word for which a mistake can be told from another word
_FAMILY, _WITH_FAMILY, _OTHER_PART = 88, 92, 70
_TELEGRAMS = 2  # for a family name that a telegram writes alone
_PART, _WHOLE = 60, 85
_MORE = 75  # at most, when there are words that the name has not
_LITTLE = 0.2  # what a word counts that only ties others together
_HALF = 0.5  # and an initial


@dataclass(frozen=True)
class Written:
    """A name that somebody wrote: its words as spelt, and the same without titles of people."""

    text: str
    spelt: tuple[str, ...]
    untitled: tuple[str, ...]
    squashed: str

    @classmethod
    def of(cls, text: str) -> Written:
        """Return `text` made ready to be compared."""
        spelt = tuple(word for word in words(text) if latin(word))
        return cls(text, spelt, untitled(spelt), squashed(text))


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which words two names share: the share of each side from 0 to 1, and how alike the shared ones are.

    `shared` are the pairs of words that fit, by their places in the first and in the second name.
    """

    of_first: float
    of_second: float
    likeness: float
    in_order: bool
    shared: tuple[tuple[int, int], ...]


def untitled(spelt: Sequence[str]) -> tuple[str, ...]:
    """Return the words without titles, or all of them if there is nothing else."""
    return tuple(word for word in spelt if latin(word) not in lists()["titles"]) or tuple(spelt)


def compare(written: Written, name: Name, family: frozenset[str] | None) -> float:
    """Return how well `written` fits `name`, from 0 to 100.

    `family` are the family names of the person whose name it is, None if it is no person's.
    """
    worth = WORTH[name.kind]
    one_of_many = family is not None and name.kind == "written" and len(untitled(name.spelt)) == 1
    if written.squashed and written.squashed == name.squashed and not one_of_many:
        return float(worth if _same_words(written, name) else worth - 1)
    if family is None:
        return _thing(align(written.spelt, name.spelt, person=False), worth)
    own = untitled(name.spelt)
    return _person(align(written.untitled, own, person=True), written.untitled, own, name.kind, family)


def _same_words(written: Written, name: Name) -> bool:
    return tuple(map(latin, written.spelt)) == tuple(map(latin, name.spelt))


def _thing(found: Alignment, worth: int) -> float:
    if found.of_first < 1:
        return _MORE * found.of_first * found.of_second * found.likeness
    if found.of_second < 1:
        return (_PART + (_WHOLE - _PART) * found.of_second) * found.likeness * worth / 100
    return worth * found.likeness - (not found.in_order)


def _person(
    found: Alignment, first: Sequence[str], own: Sequence[str], kind: str, family: frozenset[str]
) -> float:
    has_family = any(latin(own[j]) in family for _, j in found.shared)
    if found.of_first < 1:
        return _MORE * found.of_first * found.likeness * (1 if has_family else _HALF)
    if not has_family or _skips(found, first, own, family):
        whole = (found.of_second == 1 and len(own) > 1) or (kind == "alternative" and len(own) == 1)
        return (WORTH[kind] if whole else _OTHER_PART) * found.likeness
    if len(found.shared) == 1:
        bonus = _TELEGRAMS if kind == "written" and len(own) == 1 else 0
        return _FAMILY * found.likeness + bonus
    if found.of_second < 1:
        return _WITH_FAMILY * found.likeness
    return WORTH[kind] * found.likeness - (not found.in_order)


def _skips(found: Alignment, first: Sequence[str], own: Sequence[str], family: frozenset[str]) -> bool:
    """Return whether given names are written, and the first that the person has is not among them."""
    given = [j for j, word in enumerate(own) if latin(word) not in family]
    named = [(i, j) for i, j in found.shared if j in given or is_initial(latin(first[i]))]
    return bool(named and given) and given[0] not in {j for _, j in found.shared}


def align(first: Sequence[str], second: Sequence[str], *, person: bool) -> Alignment:
    """Return how the words of `first` and `second` fit, each used once, the most alike first."""
    likes = {(i, j): alike(a, b, person) for i, a in enumerate(first) for j, b in enumerate(second)}
    taken: dict[int, int] = {}
    fitting = (pair for pair in likes if likes[pair])
    for i, j in sorted(fitting, key=lambda pair: (-likes[pair], abs(pair[0] - pair[1]), pair)):
        if i not in taken and j not in taken.values():
            taken[i] = j
    shared = tuple(sorted(taken.items()))
    weights = [_weight(first[i], person) for i, _ in shared]
    total = sum(weight * likes[pair] for weight, pair in zip(weights, shared, strict=True))
    return Alignment(
        _share(first, set(taken), person),
        _share(second, set(taken.values()), person),
        total / (sum(weights) or 1),
        [j for _, j in shared] == sorted(taken.values()),
        shared,
    )


@lru_cache(maxsize=1 << 17)
def alike(a: str, b: str, person: bool) -> float:
    """Return how alike two words are: 1 the same when folded, 0 different."""
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
    sounds = max((len(reading) for reading in readings(a) & readings(b)), default=0)
    return sounds > 1 and ratio >= (_LONG_ALIKE if sounds > _FEW_SOUNDS else _SHORT_ALIKE)


def _abbreviates(a: str, b: str) -> bool:
    return latin(a)[0] == latin(b)[0] or not beginnings(a).isdisjoint(beginnings(b))


def _share(words: Sequence[str], which: set[int], person: bool) -> float:
    """Return the share of words that are in `which`; a small word that is missing does no harm."""
    weights = [_weight(word, person) for word in words]
    missing = sum(weight for i, weight in enumerate(weights) if i not in which and weight > _LITTLE)
    return 1 - missing / sum(weights) if which else 0.0


def _weight(word: str, person: bool) -> float:
    plain = latin(word)
    if person and is_initial(plain):
        return _HALF
    return _LITTLE if plain in lists()["particles"] else 1.0
