"""Names made alike: what is only written differently, or may only sound alike, becomes the same.

Unicode compatibility composition and case folding (Unicode Standard section 3.13), then Latin
letters for all others (anyascii). Sounds are those of `sounds.tsv`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import groupby

import yaml
from anyascii import anyascii

_POSSESSIVE = re.compile(r"['’]s\b")
_WORD = re.compile(r"[^\W_]+")
# Marks that are a part of a word: apostrophes, and what stands for the soft and the hard sign.
_WITHIN = re.compile(r"['’ʼʹʺ`´\"]")
_MOST = 32  # readings of a word
_VOWEL = "A"  # at the beginning of a word; elsewhere vowels are left out


def composed(text: str) -> str:
    """Return `text` in small letters, one character for one letter, accents kept."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in small letters with accents, in the alphabet they are written in."""
    return tuple(_WORD.findall(_WITHIN.sub("", _POSSESSIVE.sub("", composed(text)))))


@lru_cache(maxsize=1 << 16)
def latin(word: str) -> str:
    """Return `word` in small letters a to z and digits; empty if nothing is left of it."""
    return "".join(re.findall("[a-z0-9]", anyascii(word).lower()))


def latin_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in small Latin letters; those that have none are left out."""
    return tuple(word for word in map(latin, words(text)) if word)


def squashed(text: str) -> str:
    """Return the letters of `text`, folded, without spaces: of “C.C. CPSU” and “CC C.P.S.U.” the same."""
    return "".join(latin_words(text))


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


@lru_cache(maxsize=1)
def lists() -> Mapping[str, frozenset[str]]:
    """Return the lists of words in `words.yaml` by name: `titles`, `particles`, `initials`."""
    return {name: frozenset(found) for name, found in yaml.safe_load(read("words.yaml")).items()}


def read(name: str) -> str:
    """Return the text of the table `name`."""
    return (files("kg.asking.reconciling") / name).read_text(encoding="utf-8")


def rows(name: str) -> Iterator[tuple[str, str]]:
    """Yield the two columns of the table `name`, without its comments."""
    for line in read(name).splitlines():
        if line and not line.startswith("#"):
            left, _, right = line.partition("\t")
            yield left, right
