"""What a word may sound like, whichever system wrote it in Latin letters: Khrushchev, Hruščëv, Jruschov.

A word has several readings, because the same letters stand for different sounds in different
systems; two words are spellings of one name if they have a reading in common. The table is
`sounds.tsv`; other alphabets come to it by way of anyascii.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby

from kg.reconciling.folding import composed, latin
from kg.reconciling.resources import rows

_MOST = 32  # readings of a word
_VOWEL = "A"  # at the beginning of a word; elsewhere vowels are left out


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[str, ...]]:
    return {letters: tuple(sounds.replace("-", "").split(" ")) for letters, sounds in rows("sounds.tsv")}


@lru_cache(maxsize=1)
def _letters() -> re.Pattern[str]:
    longest_first = sorted(_table(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) + "|.")


@lru_cache(maxsize=1 << 16)
def readings(word: str) -> frozenset[str]:
    """Return the possible sounds of `word`; a number or a word without letters has none."""
    table = _table()
    spelt = "".join(sign if sign in table else latin(sign) for sign in composed(word))
    if not spelt or any(sign.isdigit() for sign in spelt):
        return frozenset()
    found = {""}
    for letters in _letters().findall(spelt):
        sounds = table.get(letters)
        found = {_joined(so_far, sound) for so_far in found for sound in sounds or (None,)}
        found = set(sorted(found)[:_MOST])
    return frozenset("".join(sound for sound, _ in groupby(reading)) for reading in found)


def _joined(so_far: str, sound: str | None) -> str:
    """Return a reading with one more sound; None stands for a vowel."""
    if sound is None:
        return so_far or _VOWEL
    return so_far + sound


def beginnings(word: str) -> frozenset[str]:
    """Return the consonants that `word` may begin with, for its initial."""
    return frozenset(reading[0] for reading in readings(word) if reading and reading[0] != _VOWEL)
