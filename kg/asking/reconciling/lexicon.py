"""Lexicon of all names: finds the few that may be meant, so that only these are compared.

A name is found by a common word, by a word that may sound the same, by a similar word, or by all its
letters without spaces. Rare words count more (inverse document frequency).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest

from rapidfuzz import fuzz, process

from kg.asking.reconciling.known_things import COMMON, MOST, KnownNames
from kg.asking.reconciling.score import TypedName
from kg.asking.reconciling.spelling import latin, pronunciations, word_lists

_SIMILAR = 15  # similar words that are used for an unknown one
_CUT = 84  # from 0 to 100, as in `score`

Entry = tuple[str, int]  # a thing, and the number of its name


class Lexicon:
    """Finds names among all that are `known`, by their words, their sounds and their letters."""

    def __init__(self, known: KnownNames) -> None:
        self._known = known

    def near(self, typed: TypedName) -> list[Entry]:
        """Return at most MOST names that `typed` may mean, the likeliest first."""
        points: dict[int, float] = {}
        for word in dict.fromkeys(typed.words):
            for name, weight in self._weights(word).items():
                points[name] = points.get(name, 0.0) + weight
        for name in self._known.spelt(typed.letters):
            points[name] = points.get(name, 0.0) + self._known.size
        best = nsmallest(MOST, ((-total, name) for name, total in points.items()))
        return [self._known.name(name) for _, name in best]

    def _weights(self, word: str) -> Mapping[int, float]:
        weights: dict[int, float] = {}
        for other in self._alternatives(word):
            count = self._known.count(other)
            if count <= COMMON:
                weight = math.log(1 + self._known.size / count)
                weights.update(dict.fromkeys(self._known.entries(other), weight))
        return weights

    def _alternatives(self, word: str) -> Iterator[str]:
        """Yield the words of the names, in Latin letters, that `word` may stand for."""
        plain = latin(word)
        if plain in word_lists()["particles"]:
            return
        distinctive = [sounds for sounds in pronunciations(word) if len(sounds) > 1]
        known = {other for sounds in distinctive for other in self._known.sounding(sounds)}
        if self._known.count(plain):
            known.add(plain)
        yield from sorted(known) or self._similar(plain)

    def _similar(self, plain: str) -> Iterable[str]:
        """Return known words that differ by a letter or two; the search is in C and bounded by the cut."""
        words = self._known.words
        similar = process.extract(plain, words, scorer=fuzz.ratio, score_cutoff=_CUT, limit=_SIMILAR)
        return [word for word, _, _ in similar]
