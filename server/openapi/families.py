"""Addresses that are made alike, such as one for each catalogue: a pattern in the table and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kg.links.authorities import AUTHORITIES

Words = Mapping[str, str]

# What a family may be over by name, beside words that the table lists itself.
_KNOWN: Mapping[str, tuple[Words, ...]] = MappingProxyType(
    {
        "catalogues": tuple(
            MappingProxyType({"name": one.name, "title": one.title, "example": one.example})
            for one in AUTHORITIES.values()
        )
    }
)


def members(families: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield path and entry of every address of `families`, as addresses.yaml explains them.

    Raises KeyError for an `over` that is no list and not known.
    """
    for family in families:
        over = family["over"]
        for words in _KNOWN[over] if isinstance(over, str) else over:
            yield from filled(family["addresses"], words).items()


def filled(entry: Any, words: Words) -> Any:
    """Return `entry` with each <word> in its texts and keys replaced, however deep."""
    if isinstance(entry, str):
        for word, text in words.items():
            entry = entry.replace(f"<{word}>", text)
        return entry
    if isinstance(entry, Mapping):
        return {filled(key, words): filled(value, words) for key, value in entry.items()}
    if isinstance(entry, list):
        return [filled(value, words) for value in entry]
    return entry
