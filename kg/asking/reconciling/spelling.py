"""Spelling of names: case folding, Latin transliteration, and the sounds that letters may have.

Spellings that differ only in case, alphabet or sound become the same. Sources: NFKC and case folding
(Unicode Standard section 3.13), anyascii for Latin letters, and `sounds.tsv` for sounds.
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
# Characters that are part of a word: apostrophes, and transliterations of the soft and hard sign.
_WITHIN = re.compile(r"['’ʼʹʺ`´\"]")
_MOST = 32  # pronunciations of a word
_VOWEL = "A"  # any vowel at the beginning of a word; elsewhere vowels are left out


def nfkc_casefold(text: str) -> str:
    """Return `text` in NFKC with case folding, so that an accented letter is one character."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in lower case with accents, in their own alphabet."""
    return tuple(_WORD.findall(_WITHIN.sub("", _POSSESSIVE.sub("", nfkc_casefold(text)))))


@lru_cache(maxsize=1 << 16)
def latin(word: str) -> str:
    """Return `word` in lower-case letters a to z and digits; an empty text if it has none."""
    return "".join(re.findall("[a-z0-9]", anyascii(word).lower()))


def latin_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in lower-case Latin letters; words without any are left out."""
    return tuple(word for word in map(latin, words(text)) if word)


def latin_letters(text: str) -> str:
    """Return `text` in Latin letters and digits without spaces, so “C.C. CPSU” equals “CC C.P.S.U.”."""
    return "".join(latin_words(text))


@lru_cache(maxsize=1)
def _sounds() -> Mapping[str, tuple[str, ...]]:
    return {
        letters: tuple(sounds.replace("-", "").split(" ")) for letters, sounds in table_rows("sounds.tsv")
    }


@lru_cache(maxsize=1)
def _letters_pattern() -> re.Pattern[str]:
    longest_first = sorted(_sounds(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) + "|.")


@lru_cache(maxsize=1 << 16)
def pronunciations(word: str) -> frozenset[str]:
    """Return the possible sounds of `word`, consonants mostly; a word with digits or no letters has none."""
    table = _sounds()
    spelling = "".join(
        character if character in table else latin(character) for character in nfkc_casefold(word)
    )
    if not spelling or any(character.isdigit() for character in spelling):
        return frozenset()
    spoken = {""}
    for letters in _letters_pattern().findall(spelling):
        sounds = table.get(letters)
        spoken = {_extended(start, sound) for start in spoken for sound in sounds or (None,)}
        spoken = set(sorted(spoken)[:_MOST])
    return frozenset("".join(sound for sound, _ in groupby(sounds)) for sounds in spoken)


def _extended(start: str, sound: str | None) -> str:
    """Return a pronunciation with one more sound; None stands for a vowel."""
    if sound is None:
        return start or _VOWEL
    return start + sound


def first_sounds(word: str) -> frozenset[str]:
    """Return the consonants with which `word` may begin, to compare it with an initial."""
    return frozenset(sounds[0] for sounds in pronunciations(word) if sounds and sounds[0] != _VOWEL)


@lru_cache(maxsize=1)
def word_lists() -> Mapping[str, frozenset[str]]:
    """Return the lists of words in `words.yaml` by name: `titles`, `particles`, `initials`."""
    return {name: frozenset(entries) for name, entries in yaml.safe_load(read_table("words.yaml")).items()}


def read_table(name: str) -> str:
    """Return the text of the file `name` beside this module."""
    return (files("kg.asking.reconciling") / name).read_text(encoding="utf-8")


def table_rows(name: str) -> Iterator[tuple[str, str]]:
    """Yield the two cells of each row of the TSV file `name`, without its comments."""
    for line in read_table(name).splitlines():
        if line and not line.startswith("#"):
            left, _, right = line.partition("\t")
            yield left, right
