"""Writes the values of all things into the file of names, with the forms by which conditions find them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from kg.asking.questions.choices import Ask
from kg.asking.reconciling import gather
from kg.asking.reconciling.conditions import value_forms
from kg.asking.reconciling.entities import EntityProperty, Value, load_properties
from kg.asking.reconciling.gather import ValueMaking
from kg.asking.reconciling.index.name_parts import packed
from kg.asking.reconciling.index.thing_table import Rows, ThingTable, grouped, values_text
from kg.namespaces import Namespaces
from kg.terms import value

_TEMPORARY = """
CREATE TEMP TABLE listing (iri TEXT PRIMARY KEY, label TEXT) WITHOUT ROWID;
CREATE TEMP TABLE value (thing INTEGER, text TEXT, own TEXT, iri TEXT, datatype TEXT);
CREATE TEMP TABLE value_form (form TEXT, thing INTEGER);
"""
_ORDERED = (
    "SELECT DISTINCT thing, text, datatype, own, iri FROM value ORDER BY thing, text, own, iri, datatype"
)
_FORMS = "SELECT DISTINCT form, thing FROM value_form ORDER BY form, thing"
_USED = """
INSERT INTO used SELECT DISTINCT type, ?1 FROM thing_type WHERE thing IN (SELECT thing FROM value)
UNION SELECT '', ?1 FROM value
"""


def write_values(base: sqlite3.Connection, ask: Ask, names: Namespaces) -> None:
    """Write the values of all properties, when all things are written; raises what `ask` raises."""
    for statement in filter(str.strip, _TEMPORARY.split(";")):
        base.execute(statement)
    base.executemany("INSERT OR REPLACE INTO listing VALUES (?, ?)", gather.read_labels(ask))
    writer = _ValueWriter(base, ask, names)
    for kind in load_properties().values():
        writer.write(kind)


class _ValueWriter:
    """Writes the values of one property after the other."""

    def __init__(self, base: sqlite3.Connection, ask: Ask, names: Namespaces) -> None:
        self._base, self._ask, self._names = base, ask, names
        self._rows = partial(_rows, base)
        self._things = ThingTable(self._rows)
        self._making = ValueMaking(names, partial(_own_label, self._things), partial(_label, self._rows))

    def write(self, kind: EntityProperty) -> None:
        """Write the values of the property `kind`."""
        self._base.execute("DELETE FROM value")
        self._base.execute("DELETE FROM value_form")
        self._base.executemany("INSERT INTO value VALUES (?, ?, ?, ?, ?)", self._read(kind))
        self._base.executemany("INSERT INTO held VALUES (?, ?, ?)", self._held(kind))
        forms = ((kind.id, form, packed(things)) for form, things in grouped(self._base, _FORMS))
        self._base.executemany("INSERT INTO form VALUES (?, ?, ?)", forms)
        holders = [thing for (thing,) in self._rows("SELECT DISTINCT thing FROM value ORDER BY thing")]
        row = (kind.id, packed(holders), json.dumps(sorted(self._shared())))
        self._base.execute("INSERT INTO property VALUES (?, ?, ?)", row)
        self._base.execute(_USED, (kind.id,))

    def _read(self, kind: EntityProperty) -> Iterator[tuple[Any, ...]]:
        for row in self._ask(kind.query):
            thing = self._names.name(value(row["thing"]))
            if thing in self._things:
                one = self._making.value(row["value"], kind)
                yield self._things.number(thing), one.text, one.thing, one.iri, one.datatype

    def _held(self, kind: EntityProperty) -> Iterator[tuple[str, int, str]]:
        """Yield the row of each thing with all its values, and write their forms."""
        rows = self._base.cursor().execute(_ORDERED)
        for thing, group in groupby(rows, key=itemgetter(0)):
            values = [Value(*row[1:]) for row in group]
            forms = {form for one in values for form in self._forms(one)}
            self._base.executemany("INSERT INTO value_form VALUES (?, ?)", ((form, thing) for form in forms))
            yield kind.id, thing, values_text(values)

    def _forms(self, one: Value) -> Iterable[str]:
        return value_forms(one, self._things[one.thing] if one.thing else None)

    def _shared(self) -> Iterable[str]:
        """Return the types that all values share; none unless all are things."""
        own = [thing for (thing,) in self._rows("SELECT DISTINCT own FROM value")]
        if not own or "" in own:
            return ()
        shared = set(self._things[own[0]].types)
        for thing in own:
            shared &= set(self._things[thing].types)
        return shared


def _own_label(things: ThingTable, thing: str) -> str | None:
    return things[thing].label() if thing in things else None


def _label(rows: Rows, iri: str) -> str | None:
    found = rows("SELECT label FROM listing WHERE iri = ?", iri)
    return str(found[0][0]) if found else None


def _rows(base: sqlite3.Connection, query: str, *given: object) -> list[tuple[Any, ...]]:
    return base.execute(query, given).fetchall()
