"""Find the few names that may be meant among all, so that only these are compared.

A name is found by a word that it shares, by one that may sound the same, by a similar one, or by all
its letters without spaces. Rare words count more (inverse document frequency).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest

from rapidfuzz import fuzz, process

from kg.asking.reconciling.entities import Entity
from kg.asking.reconciling.names import Name
from kg.asking.reconciling.score import Written
from kg.asking.reconciling.spelling import latin, lists, readings

MOST = 200  # names that are compared with one that was written
_SIMILAR = 15  # words that are looked at for one that is nowhere
_CUT = 84  # of 100, as in comparing
_COMMON = 5_000  # names; a word that stands in more of them leads nowhere by itself

Entry = tuple[str, int]  # a thing, and the number of its name


class Lexicon:
    """All names of `things`, to be found by what they are made of."""

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
        self._whole.setdefault(name.squashed, []).append(entry)
        for word in dict.fromkeys(name.spelt):
            if latin(word):
                self._by_word.setdefault(latin(word), []).append(entry)
                for reading in readings(word):
                    self._by_sound.setdefault(reading, set()).add(latin(word))

    def near(self, written: Written) -> list[Entry]:
        """Return at most MOST names that may be meant, the likeliest first."""
        points: dict[Entry, float] = {}
        for word in dict.fromkeys(written.spelt):
            for entry, weight in self._entries(word).items():
                points[entry] = points.get(entry, 0.0) + weight
        for entry in self._whole.get(written.squashed, ())[:MOST]:
            points[entry] = points.get(entry, 0.0) + self.size
        return [entry for _, entry in nsmallest(MOST, ((-found, entry) for entry, found in points.items()))]

    def _entries(self, word: str) -> Mapping[Entry, float]:
        found: dict[Entry, float] = {}
        for other in self._like(word):
            entries = self._by_word[other]
            if len(entries) <= _COMMON:
                found.update(dict.fromkeys(entries, math.log(1 + self.size / len(entries))))
        return found

    def _like(self, word: str) -> Iterator[str]:
        """Yield the words of the graph that `word` may stand for."""
        plain = latin(word)
        if plain in lists()["particles"]:
            return
        telling = [reading for reading in readings(word) if len(reading) > 1]
        known = {other for reading in telling for other in self._by_sound.get(reading, ())}
        if plain in self._by_word:
            known.add(plain)
        yield from sorted(known) or self._similar(plain)

    def _similar(self, plain: str) -> Iterable[str]:
        """Return words that differ by a letter or two; the search runs in C and is bounded by the cut."""
        found = process.extract(plain, self._words, scorer=fuzz.ratio, score_cutoff=_CUT, limit=_SIMILAR)
        return [word for word, _, _ in found]
