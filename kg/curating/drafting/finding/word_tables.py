"""The tables of words beside this room, read once and handed to the finders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

import yaml

_Tree = dict[str, Any]

_END = ""  # in a tree: a word ends here


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first, with any white space between their parts.

    What several words begin with is written once, as in `be(?:g(?:in|an)|lieve)`: of hundreds of words the
    engine of patterns then looks at a few for each character, and not at every one.
    """
    tree: _Tree = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        node = tree
        for character in word.replace("’", "'"):
            node = node.setdefault(r"\s+" if character == " " else re.escape(character), {})
        node[_END] = {}
    return "|".join(_branches(tree))


def _branches(tree: _Tree) -> list[str]:
    """Return a pattern for each character with which what is left of the words may begin."""
    return [one + _rest(node) for one, node in tree.items() if one != _END]


def _rest(tree: _Tree) -> str:
    """Return the pattern of what may follow, which may be nothing where a word ends."""
    branches = _branches(tree)
    if _END not in tree:
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{'|'.join(branches)})?" if branches else ""


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
