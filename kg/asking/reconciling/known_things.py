"""What reconciliation asks of all things of a graph, be they in memory or in a file of a store on disk.

Things, and all their names, have numbers in the order of their ids, so that sets of them are small.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from kg.asking.reconciling.entities import Entity, EntityProperty, EntityType, Value, best_label
from kg.namespaces import Namespaces

COMMON = 5_000  # a word of more names than this finds none by itself
MOST = 200  # names that are compared with a typed one
LEADS = 8  # words of a name at which a prefix may begin


class ThingLookup(Protocol):
    """The things by their ids."""

    def __contains__(self, thing: object, /) -> bool:
        """Return whether there is a thing with this id."""

    def __getitem__(self, thing: str, /) -> Entity:
        """Return the thing with this id; raises KeyError."""


class KnownNames(Protocol):
    """All names of all things, by their words, their sounds and their letters.

    `size` is their number, and `words` are all their words, in Latin letters, in order.
    """

    size: int

    @property
    @abstractmethod
    def words(self) -> Sequence[str]:
        """Return all words of names, in Latin letters, in order."""

    @abstractmethod
    def count(self, word: str) -> int:
        """Return how many names have `word`."""

    @abstractmethod
    def entries(self, word: str) -> Sequence[int]:
        """Return the numbers of the names with `word`, in order; none for more than COMMON."""

    @abstractmethod
    def sounding(self, sounds: str) -> Collection[str]:
        """Return the words that may sound so."""

    @abstractmethod
    def spelt(self, letters: str) -> Sequence[int]:
        """Return the numbers of the first MOST names with these letters, blanks left out."""

    @abstractmethod
    def name(self, number: int) -> tuple[str, int]:
        """Return of the name with this number the id of its thing, and which of its names it is, from 0."""


class KnownThings(KnownNames, Protocol):
    """All things with their names and values; all types and properties; `names` are the namespaces."""

    types: Mapping[str, EntityType]
    properties: Mapping[str, EntityProperty]
    names: Namespaces

    @property
    @abstractmethod
    def things(self) -> ThingLookup:
        """Return the things by their ids."""

    @abstractmethod
    def of(self, thing: str, property_id: str) -> tuple[Value, ...]:
        """Return the values of a property of a thing; an empty tuple if there are none."""

    @abstractmethod
    def number(self, thing: str) -> int:
        """Return the number of the thing with this id; raises KeyError."""

    @abstractmethod
    def id_of(self, number: int) -> str:
        """Return the id of the thing with this number."""

    @abstractmethod
    def holders(self, property_id: str) -> Collection[int]:
        """Return the numbers of the things that have a value of a property."""

    @abstractmethod
    def having(self, property_id: str, form: str) -> Collection[int]:
        """Return the numbers of the things with a value of which `form` is one of the `value_forms`."""

    @abstractmethod
    def completed(self, typed: str, most: int, skip: int = 0) -> list[str]:
        """Return the ids of `most` things of which a name has `typed` at a word, after the first `skip`.

        The best kind of name comes first, then the shortest, subject headings last. `typed` are words in
        Latin letters.
        """

    @abstractmethod
    def by_name(self, most: int, skip: int = 0) -> list[str]:
        """Return the ids of `most` things by name, subject headings last, after the first `skip`."""

    @abstractmethod
    def used_types(self) -> Collection[str]:
        """Return the types that things have."""

    @abstractmethod
    def properties_of(self, type_: str) -> Collection[str]:
        """Return the properties that things of a type have; of all things if it is empty."""

    @abstractmethod
    def shared_types(self, property_id: str) -> Collection[str]:
        """Return the types that all values of a property have; none unless all of them are things."""

    def description(self, thing: Entity, language: str = "en") -> str:
        """Return what distinguishes `thing` from its namesakes: its narrowest types, office, place."""
        above = {up for name in thing.types for up in self.types[name].broader}
        parts = [best_label(self.types[name].labels, language) for name in thing.types if name not in above]
        for kind in self.properties.values():
            if kind.describes:
                parts += [self.value_text(value, language) for value in self.of(thing.id, kind.id)]
        return "; ".join(dict.fromkeys(part for part in parts if part))

    def value_text(self, value: Value, language: str = "en") -> str:
        """Return the text of `value` for people: the label in `language` if it is a thing."""
        return self.things[value.thing].label(language) if value.thing else value.text
