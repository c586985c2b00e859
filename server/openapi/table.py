"""The tables behind the description: addresses.yaml, those of its groups, and components.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from server.openapi import families

Entry = dict[str, Any]

_GROUPS = ("catalogues.yaml", "reconciliation.yaml", "downloads.yaml")


@dataclass(frozen=True, slots=True)
class Table:
    """All addresses but those of the saved queries, as addresses.yaml explains them.

    `addresses` maps path and method to what is said of them, `left_out` an address that is not
    described to the reason; `components` is components.yaml with those of the groups.
    """

    tags: list[Entry]
    always: list[str]
    addresses: dict[str, dict[str, Entry]]
    left_out: dict[str, str]
    components: Entry


def load() -> Table:
    """Return the tables; each call reads them anew, so that nobody can change those of another."""
    table = Table(**_read("addresses.yaml"), components=_read("components.yaml"))
    for name in _GROUPS:
        group = _read(name)
        table.addresses.update(families.members(group.get("families", ())))
        table.addresses.update(group["addresses"])
        table.left_out.update(group.get("left_out", {}))
        for kind, entries in group["components"].items():
            table.components[kind].update(entries)
    return table


def _read(name: str) -> Entry:
    read: Entry = yaml.safe_load((files("server.openapi") / name).read_text(encoding="utf-8"))
    return read
