"""The YAML tables of the OpenAPI description: addresses.yaml, those of its groups, components.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from kg.reading.authorities import AUTHORITIES

Words = Mapping[str, str]

# The word lists that the `over` of a family can name; others stand in the table itself.
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
    """Yield the path and the entry of every address of `families`; addresses.yaml explains these.

    Raises KeyError for an `over` that names an unknown list.
    """
    for family in families:
        over = family["over"]
        for words in _KNOWN[over] if isinstance(over, str) else over:
            yield from filled(family["addresses"], words).items()


def filled(entry: Any, words: Words) -> Any:
    """Return `entry` with each <word> in its strings and keys replaced, at any depth."""
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
    """All addresses except those of the saved queries; addresses.yaml explains the members.

    `addresses` maps path and method to an entry, `left_out` a path that is not described to the reason;
    `components` holds components.yaml and the components of the groups.
    """

    tags: list[OpenApiObject]
    always: list[str]
    addresses: dict[str, dict[str, OpenApiObject]]
    left_out: dict[str, str]
    components: OpenApiObject


def load() -> AddressTables:
    """Return the tables; each call reads them again, so that a caller may change its own."""
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
    text = (files("server.pages.openapi") / name).read_text(encoding="utf-8")
    table: OpenApiObject = yaml.load(text, Loader=yaml.CSafeLoader)
    return table
