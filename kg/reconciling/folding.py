"""Fold names so that what is only written differently becomes the same: case, accents, alphabet, signs.

Unicode compatibility composition and case folding (Unicode Standard section 3.13), then Latin
letters for all others (anyascii).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

import yaml
from anyascii import anyascii

from kg.reconciling.resources import read

_POSSESSIVE = re.compile(r"['’]s\b")
_WORD = re.compile(r"[^\W_]+")
# Marks that are a part of a word: apostrophes, and what stands for the soft and the hard sign.
_WITHIN = re.compile(r"['’ʼʹʺ`´\"]")


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


def folded(text: str) -> tuple[str, ...]:
    """Return the words of `text` in small Latin letters; those that have none are left out."""
    return tuple(word for word in map(latin, words(text)) if word)


def squashed(text: str) -> str:
    """Return the letters of `text`, folded, without spaces: of “C.C. CPSU” and “CC C.P.S.U.” the same."""
    return "".join(folded(text))


@lru_cache(maxsize=1)
def lists() -> Mapping[str, frozenset[str]]:
    """Return the lists of words in `words.yaml` by name: `titles`, `particles`, `initials`."""
    return {name: frozenset(found) for name, found in yaml.safe_load(read("words.yaml")).items()}
