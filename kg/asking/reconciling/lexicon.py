"""Lexicon of all names: finds the few that may be meant, so that only these are compared.

A name is found by a common word, by a word that may sound the same, by a similar word, or by all its
letters without spaces. Rare words count more (inverse document frequency).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest

from rapidfuzz import fuzz, process

from kg.asking.reconciling.entities import Entity
from kg.asking.reconciling.names import Name
from kg.asking.reconciling.score import TypedName
from kg.asking.reconciling.spelling import latin, pronunciations, word_lists

MOST = 200  # names that are compared with a typed one
_SIMILAR = 15  # similar words that are used for an unknown one
_CUT = 84  # from 0 to 100, as in `score`
_COMMON = 5_000  # a word of more names than this finds none by itself

Entry = tuple[str, int]  # a thing, and the number of its name


class Lexicon:
    """Index of all names of `things`, by their words, their sounds and their letters."""

    def __init__(self, things: Mapping[str, Entity]) -> None:
        self._by_word: dict[str, list[Entry]] = {}
        self._by_sound: dict[str, set[str]] = {}
        self._whole: dict[str, list[Entry]] = {}
        self.size = 0
        for thing in things.values():
            for number, name in enumerate(thing.names):
                self._add((thing.id, number), name)
        self._words = sorted(self._by_word)

    def _add(self, entry: Entry, name: Name) -> None:
        self.size += 1
        self._whole.setdefault(name.letters, []).append(entry)
        for word in dict.fromkeys(name.words):
            if latin(word):
                self._by_word.setdefault(latin(word), []).append(entry)
                for sounds in pronunciations(word):
                    self._by_sound.setdefault(sounds, set()).add(latin(word))

    def near(self, typed: TypedName) -> list[Entry]:
        """Return at most MOST names that `typed` may mean, the likeliest first."""
        points: dict[Entry, float] = {}
        for word in dict.fromkeys(typed.words):
            for entry, weight in self._entries(word).items():
                points[entry] = points.get(entry, 0.0) + weight
        for entry in self._whole.get(typed.letters, ())[:MOST]:
            points[entry] = points.get(entry, 0.0) + self.size
        return [entry for _, entry in nsmallest(MOST, ((-sum_, entry) for entry, sum_ in points.items()))]

    def _entries(self, word: str) -> Mapping[Entry, float]:
        weights: dict[Entry, float] = {}
        for other in self._alternatives(word):
            entries = self._by_word[other]
            if len(entries) <= _COMMON:
                weights.update(dict.fromkeys(entries, math.log(1 + self.size / len(entries))))
        return weights

    def _alternatives(self, word: str) -> Iterator[str]:
        """Yield the words of the names, in Latin letters, that `word` may stand for."""
        plain = latin(word)
        if plain in word_lists()["particles"]:
            return
        distinctive = [sounds for sounds in pronunciations(word) if len(sounds) > 1]
        known = {other for sounds in distinctive for other in self._by_sound.get(sounds, ())}
        if plain in self._by_word:
            known.add(plain)
        yield from sorted(known) or self._similar(plain)

    def _similar(self, plain: str) -> Iterable[str]:
        """Return known words that differ by a letter or two; the search is in C and bounded by the cut."""
        similar = process.extract(plain, self._words, scorer=fuzz.ratio, score_cutoff=_CUT, limit=_SIMILAR)
        return [word for word, _, _ in similar]
