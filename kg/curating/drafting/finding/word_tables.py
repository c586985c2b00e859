"""The tables of words beside this room, read once and handed to the finders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

import yaml


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first, with any white space between their parts."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word.replace("’", "'")).replace(r"\ ", r"\s+") for word in ordered)


@dataclass(frozen=True)
class WordTables:
    """All tables of words; each is read when a finder first asks for it."""

    _read: dict[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        """Return the table of that name, such as `dates`."""
        if name not in self._read:
            text = (files("kg.curating.drafting") / "tables" / f"{name}.yaml").read_text(encoding="utf-8")
            self._read[name] = yaml.load(text, Loader=yaml.CSafeLoader)
        return self._read[name]

    def pattern(self, table: str, key: str) -> str:
        """Return a pattern for any of the words of one entry of a table."""
        return alternatives(map(str, self[table][key]))

    @cached_property
    def places(self) -> Mapping[str, tuple[str, int]]:
        """Return each form of a place with the first form and its rank, 0 for the preferred one."""
        return _forms(line for part in self["places"].values() for line in part.splitlines())

    @cached_property
    def organisations(self) -> Mapping[str, tuple[str, int]]:
        """Return each form of a known organisation with the first form and its rank."""
        return _forms(self["organisations"]["known"].splitlines())

    @cached_property
    def given_names(self) -> frozenset[str]:
        """Return the given names, as they are written."""
        return frozenset(self["given_names"]["names"].split())

    @cached_property
    def common_words(self) -> frozenset[str]:
        """Return words in lower case that are no names though they may be written with a capital."""
        return frozenset(self["common_words"]["words"].split())


def _forms(lines: Iterable[str]) -> dict[str, tuple[str, int]]:
    found = {}
    for line in filter(None, map(str.strip, lines)):
        names = [name.strip() for name in line.split("|")]
        found.update({name: (names[0], rank) for rank, name in enumerate(names)})
    return found
