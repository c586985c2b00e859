"""Names of people in parts for comparison: a family name, given names or initials, in plain letters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files

import yaml
from anyascii import anyascii

from kg.curating.drafting.finding.name_forms import family
from kg.curating.drafting.finding.word_tables import WordTables
from kg.curating.importing.people.named_people import LISTED, NamedPerson


@dataclass(frozen=True, slots=True)
class PlainName:
    """A family name and given names or initials, in lower case without accents and points."""

    family: str
    given: tuple[str, ...]

    @property
    def told(self) -> int:
        """Return how much the given names tell: 3 for a whole one, 2 for initials, 1 for one, else 0."""
        if any(len(word) > 2 for word in self.given):
            return 3
        return min(len(self.given), 2)

    def agrees(self, other: PlainName) -> bool:
        """Return whether both may be of one person: nothing in one speaks against the other."""
        if self.family != other.family:
            return False
        return all(
            one.startswith(two) or two.startswith(one)
            for one, two in zip(self.given, other.given, strict=False)
        )


@dataclass(frozen=True)
class NameReader:
    """Reads names of people, with the words of drafting and those of this room's table."""

    tables: WordTables = field(default_factory=WordTables)

    @cached_property
    def _own(self) -> Mapping[str, list[str]]:
        text = (files("kg.curating.importing") / "tables" / "person_words.yaml").read_text(encoding="utf-8")
        return dict(yaml.safe_load(text))

    @cached_property
    def _titles(self) -> frozenset[str]:
        address = (word for title in self.tables["titles"]["address"] for word in _words(title))
        return frozenset(word for word in (*address, *self._own["titles"]) if len(word) > 1)

    @cached_property
    def _others(self) -> frozenset[str]:
        heads = (head.lower() for head in self.tables["organisations"]["heads"])
        return frozenset((*heads, *self._own["others"]))

    def read(self, written: str, *, inverted: bool = False) -> PlainName | None:
        """Return a name in parts; None without a word of letters, and for a ship or an organisation.

        An `inverted` name has the family name first, as lists do.
        """
        if self._others.intersection(_words(written.replace(".", ""))):
            return None
        last, _, rest = written.partition(",")
        if not inverted or not rest:
            words = [w for w in re.split(r"[\s,]+", written) if "".join(_words(w)) not in ("", *self._titles)]
            if not words:
                return None
            last = family(" ".join(words))
            rest = " ".join(words).rpartition(last)[0]
        plain = " ".join(_words(last))
        told = tuple(word for word in _words(rest) if word not in self._titles)
        return PlainName(plain, told) if len(plain) > 1 else None

    def names_of(self, one: NamedPerson) -> list[PlainName]:
        """Return the names of a person in parts, the one that tells most first, each once."""
        if one.note.startswith(LISTED):
            found = [self.read(one.label, inverted=True)]
        else:
            found = [self.read(name) for name in (one.label.partition(", ")[0], *sorted(one.names))]
        own = [name for name in found if name]
        same = {name for name in own if name.family == own[0].family}
        return sorted(same, key=lambda name: (-name.told, -len(name.given), name.given))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", anyascii(text).lower().replace("'", ""))
