"""The things in a file of all names: found by id and by number, each made anew when it is asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from kg.asking.reconciling.entities import Entity, Value
from kg.asking.reconciling.names import Name

_KEPT = 4_096  # things that are not made anew

Rows = Callable[..., list[tuple[Any, ...]]]  # of a query in SQL with its values


class ThingTable:
    """The things of a file, whose rows `rows` returns. All threads may use it if they may call that."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._found = lru_cache(maxsize=_KEPT)(partial(_read, rows))

    def __contains__(self, thing: object) -> bool:
        """Return whether there is a thing with this id."""
        return isinstance(thing, str) and self._found(thing) is not None

    def __getitem__(self, thing: str) -> Entity:
        """Return the thing with this id; raises KeyError."""
        return self._of(thing)[1]

    def number(self, thing: str) -> int:
        """Return the number of the thing with this id; raises KeyError."""
        return self._of(thing)[0]

    def _of(self, thing: str) -> tuple[int, Entity]:
        found = self._found(thing)
        if found is None:
            raise KeyError(thing)
        return found

    def id_of(self, number: int) -> str:
        """Return the id of the thing with this number."""
        ((thing,),) = self._rows("SELECT id FROM thing WHERE number = ?", number)
        return str(thing)

    def name(self, number: int) -> tuple[str, int]:
        """Return of the name with this number the id of its thing, and which of its names it is, from 0."""
        query = "SELECT id, first FROM thing WHERE first <= ? ORDER BY first DESC LIMIT 1"
        ((thing, first),) = self._rows(query, number)
        return thing, number - first


def _read(rows: Rows, thing: str) -> tuple[int, Entity] | None:
    """Return the number of the thing with an id, and the thing; None if there is none."""
    query = "SELECT number, types, labels, names FROM thing WHERE id = ?"
    for number, types, labels, names in rows(query, thing):
        return number, Entity(thing, *thing_parts(types, labels, names))
    return None


def thing_texts(thing: Entity) -> tuple[str, str, str]:
    """Return the types, labels and names of a thing as texts in JSON."""
    names = [(name.text, name.language, name.kind) for name in thing.names]
    types, labels, written = (_json(part) for part in (thing.types, dict(thing.labels), names))
    return types, labels, written


def thing_parts(
    types: str, labels: str, names: str
) -> tuple[tuple[str, ...], dict[str, str], tuple[Name, ...]]:
    """Return the types, labels and names that `thing_texts` wrote."""
    return tuple(json.loads(types)), json.loads(labels), tuple(Name(*name) for name in json.loads(names))


def values_text(values: list[Value]) -> str:
    """Return values as a text in JSON."""
    return _json([(value.text, value.datatype, value.thing, value.iri) for value in values])


def read_values(text: str) -> tuple[Value, ...]:
    """Return the values that `values_text` wrote."""
    return tuple(Value(*value) for value in json.loads(text))


def grouped(base: sqlite3.Connection, query: str) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each value of the first column, by which the rows are in order, with those of the second."""
    for key, group in groupby(base.cursor().execute(query), key=itemgetter(0)):
        yield key, [row[1] for row in group]


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
