"""The parts of names by which an index finds them: words, sounds, letters, and tails for suggestions."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.asking.reconciling.entities import Entity
from kg.asking.reconciling.known_things import LEADS
from kg.asking.reconciling.names import KIND_SCORES, Name
from kg.asking.reconciling.spelling import latin, latin_words, pronunciations, read_table

END = "\U0010ffff"  # sorts after all texts that begin in the same way
_RULES = ("names.tsv", "properties.yaml", "sounds.tsv", "words.yaml")
_LONGEST_TAIL = 1_000_000  # characters; more than a literal of a name has


@dataclass(frozen=True, slots=True)
class NameParts:
    """The Latin letters of a name, its words in Latin letters, and the sounds that each may have."""

    letters: str
    words: tuple[str, ...]
    sounds: tuple[tuple[str, str], ...]


def parts_of(name: Name) -> NameParts:
    """Return the parts of a name by which it is found; each word, and each sound of a word, once."""
    spelt = [(word, plain) for word in dict.fromkeys(name.words) if (plain := latin(word))]
    words = tuple(dict.fromkeys(plain for _, plain in spelt))
    sounds = {(sound, plain) for word, plain in spelt for sound in pronunciations(word)}
    return NameParts(name.letters, words, tuple(sorted(sounds)))


def tails_of(thing: Entity) -> Iterator[tuple[str, int]]:
    """Yield the rest of each name from each of its first words on, with its rank.

    The rank is a number by kind and length; the smallest is the best.
    """
    for name in thing.names:
        words = latin_words(name.text)
        for start in range(min(len(words), LEADS)):
            tail = " ".join(words[start:])
            kind = (100 - KIND_SCORES[name.kind]) + (start > 0)
            yield tail, kind * _LONGEST_TAIL + min(len(tail), _LONGEST_TAIL - 1)


def by_label(thing: Entity) -> tuple[bool, str, str]:
    """Return what orders things by name: subject headings last, by the words of the label, by id."""
    return thing.is_heading, " ".join(latin_words(thing.label())), thing.id


def packed(numbers: Sequence[int]) -> bytes:
    """Return numbers of names or things, each below 2³², as bytes."""
    return struct.pack(f"<{len(numbers)}I", *numbers)


def unpacked(content: bytes) -> tuple[int, ...]:
    """Return the numbers that `packed` made bytes of."""
    return struct.unpack(f"<{len(content) // 4}I", content)


def rules() -> str:
    """Return a hash of the tables by which names are read and spelt: a file made by others is not used."""
    digest = hashlib.sha256()
    for name in _RULES:
        digest.update(read_table(name).encode())
    return digest.hexdigest()
