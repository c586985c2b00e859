"""The tables behind the description: addresses.yaml, those of its groups, and components.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from kg.reading.authorities import AUTHORITIES

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


OpenApiObject = dict[str, Any]
_GROUPS = ("catalogues.yaml", "reconciliation.yaml", "downloads.yaml")


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


@dataclass(frozen=True, slots=True)
class AddressTables:
    """All addresses but those of the saved queries, as addresses.yaml explains them.

    `addresses` maps path and method to what is said of them, `left_out` an address that is not
    described to the reason; `components` is components.yaml with those of the groups.
    """

    tags: list[OpenApiObject]
    always: list[str]
    addresses: dict[str, dict[str, OpenApiObject]]
    left_out: dict[str, str]
    components: OpenApiObject


def load() -> AddressTables:
    """Return the tables; each call reads them anew, so that nobody can change those of another."""
    table = AddressTables(**_read("addresses.yaml"), components=_read("components.yaml"))
    for name in _GROUPS:
        group = _read(name)
        table.addresses.update(members(group.get("families", ())))
        table.addresses.update(group["addresses"])
        table.left_out.update(group.get("left_out", {}))
        for kind, entries in group["components"].items():
            table.components[kind].update(entries)
    return table


def _read(name: str) -> OpenApiObject:
    read: OpenApiObject = yaml.safe_load((files("server.pages.openapi") / name).read_text(encoding="utf-8"))
    return read
