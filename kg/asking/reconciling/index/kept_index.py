"""All things of a graph in the file that `name_file` writes, of which each query reads what it needs."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kg.asking.reconciling.entities import EntityType, Value, load_properties
from kg.asking.reconciling.index import frequent_prefixes
from kg.asking.reconciling.index.name_parts import rules, unpacked
from kg.asking.reconciling.index.thing_table import ThingTable, read_values
from kg.asking.reconciling.known_things import KnownThings
from kg.namespaces import SHIPPED, Namespaces

_WORDS = 256  # whose names are kept in memory, at most 5,000 numbers of each
_NONE: tuple[int, ...] = ()


class KeptIndex(KnownThings):
    """The things in the file `path`, in the `names` of a collection. All threads may use it."""

    def __init__(self, path: Path, names: Namespaces = SHIPPED) -> None:
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self.names, self.properties = names, load_properties()
        ((self.size, types),) = self._rows("SELECT names, types FROM origin")
        self.types = {
            name: EntityType(one["id"], one["labels"], tuple(one["broader"]))
            for name, one in json.loads(types).items()
        }
        self._things = ThingTable(self._rows)
        self._word = lru_cache(maxsize=_WORDS)(self._read_word)

    @classmethod
    def opened(cls, path: Path, version: str, names: Namespaces = SHIPPED) -> KeptIndex | None:
        """Return the things in the file `path`; None if it has not those of the data version `version`.

        A file that was made by other tables of spellings or properties is not used, either.
        """
        try:
            found = cls(path, names)
            same = found._rows("SELECT version, rules FROM origin") == [(version, rules())]
        except sqlite3.DatabaseError:  # there is no file, or one of another version
            return None
        return found if same else None

    @property
    def things(self) -> ThingTable:
        """Return the things by their ids."""
        return self._things

    @cached_property
    def words(self) -> Sequence[str]:
        """Return all words of names in order, which stay in memory."""
        return [word for (word,) in self._rows("SELECT word FROM word ORDER BY word")]

    def _read_word(self, word: str) -> tuple[int, tuple[int, ...]]:
        for count, names in self._rows("SELECT count, names FROM word WHERE word = ?", word):
            return count, unpacked(names)
        return 0, _NONE

    def count(self, word: str) -> int:
        """Return how many names have `word`."""
        return self._word(word)[0]

    def entries(self, word: str) -> Sequence[int]:
        """Return the numbers of the names with `word`; none for more than COMMON."""
        return self._word(word)[1]

    def sounding(self, sounds: str) -> Collection[str]:
        """Return the words that may sound so."""
        return [word for (word,) in self._rows("SELECT word FROM sound WHERE sounds = ?", sounds)]

    def spelt(self, letters: str) -> Sequence[int]:
        """Return the numbers of the first names with these letters."""
        return self._numbers("SELECT names FROM spelt WHERE letters = ?", letters)

    def name(self, number: int) -> tuple[str, int]:
        """Return the thing of a name, and which of its names it is."""
        return self._things.name(number)

    def number(self, thing: str) -> int:
        """Return the number of a thing."""
        return self._things.number(thing)

    def id_of(self, number: int) -> str:
        """Return the id of a thing."""
        return self._things.id_of(number)

    def of(self, thing: str, property_id: str) -> tuple[Value, ...]:
        """Return the values of a property of a thing; an empty tuple if there are none."""
        if thing not in self._things:
            return ()
        query = "SELECT content FROM held WHERE property = ? AND thing = ?"
        found = self._rows(query, property_id, self.number(thing))
        return read_values(found[0][0]) if found else ()

    def holders(self, property_id: str) -> Collection[int]:
        """Return the things that have a value of a property."""
        return self._numbers("SELECT holders FROM property WHERE id = ?", property_id)

    def having(self, property_id: str, form: str) -> Collection[int]:
        """Return the things with a value of which `form` is a form."""
        query = "SELECT things FROM form WHERE property = ? AND form = ?"
        return self._numbers(query, property_id, form)

    def completed(self, typed: str, most: int, skip: int = 0) -> list[str]:
        """Return the things with a name in which `typed` begins at a word, the best first."""
        return [self.id_of(thing) for thing in frequent_prefixes.best(self._rows, typed, most, skip)]

    def by_name(self, most: int, skip: int = 0) -> list[str]:
        """Return things by name."""
        query = (
            "SELECT id FROM listed JOIN thing ON thing.number = listed.thing "
            "WHERE place >= ? AND place < ? ORDER BY place"
        )
        return [thing for (thing,) in self._rows(query, skip, skip + most)]

    def used_types(self) -> Collection[str]:
        """Return the types that things have."""
        return [name for (name,) in self._rows("SELECT type FROM used WHERE property = '' ORDER BY type")]

    def properties_of(self, type_: str) -> Collection[str]:
        """Return the properties that things of a type have."""
        query = "SELECT property FROM used WHERE type = ? AND property <> ''"
        return {name for (name,) in self._rows(query, type_)}

    def shared_types(self, property_id: str) -> Collection[str]:
        """Return the types that all values of a property have, if all of them are things."""
        found = self._rows("SELECT shared FROM property WHERE id = ?", property_id)
        return frozenset(json.loads(found[0][0])) if found else frozenset()

    def _numbers(self, query: str, *given: object) -> tuple[int, ...]:
        found = self._rows(query, *given)
        return unpacked(found[0][0]) if found else _NONE

    def _rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query; each thread has a connection of its own."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = sqlite3.connect(self._address, uri=True)
        return connection.execute(query, given).fetchall()
