"""The tables behind the description: addresses.yaml and components.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """All addresses but those of the saved queries, as addresses.yaml explains them.

    `addresses` maps path and method to what is said of them, `left_out` an address that is not
    described to the reason; `components` is components.yaml.
    """

    tags: list[Entry]
    always: list[str]
    addresses: dict[str, dict[str, Entry]]
    left_out: dict[str, str]
    components: Entry


def load() -> Table:
    """Return the tables; each call reads them anew, so that nobody can change those of another."""
    return Table(**_read("addresses.yaml"), components=_read("components.yaml"))


def _read(name: str) -> Entry:
    read: Entry = yaml.safe_load((files("server.openapi") / name).read_text(encoding="utf-8"))
    return read
