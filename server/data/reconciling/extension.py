"""Data extension: the values of properties of things that were reconciled before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.asking.reconciling.conditions import entity_id
from kg.asking.reconciling.entities import Value
from kg.asking.reconciling.reconciliation_query import LONGEST
from kg.errors import ParameterError
from kg.namespaces import PREFIXES
from server.data.reconciling.client_queries import decoded, measured
from server.data.reconciling.directory import Directory

_MOST_THINGS, _MOST_PROPERTIES = 500, 50
_XSD = PREFIXES["xsd"]
# What the schema of the specification takes for a number and for a date; anything else is a text.
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_INTEGERS = frozenset(f"{_XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger"))


@dataclass(frozen=True, slots=True)
class Setting:
    """What can be set for a property: a number or a box to tick."""

    id: str
    label: str
    type: str
    default: int | bool
    about: str


SETTINGS = (
    Setting("limit", "Limit", "number", 0, "At most so many values for each thing; 0: all."),
    Setting("count", "Count", "checkbox", False, "The number of values instead of the values."),
)


@dataclass(frozen=True, slots=True)
class _Column:
    """A property to fetch, with its settings."""

    id: str
    limit: int
    count: bool


def v0_2(directory: Directory, text: str) -> dict[str, Any]:
    """Return the answer of 0.2 to the query in `text`. Raises RequestError and ParameterError."""
    ids, columns = _read(decoded(text, "extend"))
    meta = _meta(directory, columns)
    rows = {thing: {column.id: _cells(directory, thing, column) for column in columns} for thing in ids}
    return {"meta": meta, "rows": rows}


def v1(directory: Directory, content: Any) -> dict[str, Any]:
    """Return the answer of the 1.0 draft. Raises RequestError and ParameterError."""
    ids, columns = _read(content)
    meta = _meta(directory, columns)
    rows = [
        {
            "id": thing,
            "properties": [
                {"id": column.id, "values": _cells(directory, thing, column)} for column in columns
            ],
        }
        for thing in ids
    ]
    return {"meta": meta, "rows": rows}


def _read(content: Any) -> tuple[list[str], list[_Column]]:
    ids, wanted = (content.get(key) for key in ("ids", "properties")) if isinstance(content, dict) else (0, 0)
    if not isinstance(ids, list) or not isinstance(wanted, list):
        raise ParameterError('extend is {"ids": [ … ], "properties": [{"id": … }]}', "extend")
    measured(len(ids), _MOST_THINGS, "ids")
    measured(len(wanted), _MOST_PROPERTIES, "properties")
    if any(not isinstance(thing, str) or len(thing) > LONGEST for thing in ids):
        raise ParameterError(f"ids are texts of at most {LONGEST} signs", "ids")
    return list(dict.fromkeys(ids)), [_column(one) for one in wanted]


def _column(given: Any) -> _Column:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise ParameterError('each property is {"id": … }, with "settings" if you want', "properties")
    settings = given.get("settings") or {}
    if not isinstance(settings, Mapping):
        raise ParameterError("settings is an object", "settings")
    return _Column(given["id"], _limit(settings.get("limit")), _ticked(settings.get("count")))


def _limit(given: Any) -> int:
    """Return the number; clients send what was typed into a form, so it may be a text."""
    text = str(given if given is not None else 0).strip() or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise ParameterError(f"the setting limit is a whole number from 0, not {text[:20]!r}", "limit")
    return int(text)


def _ticked(given: Any) -> bool:
    if given in (None, False, True, "", "on", "true", "false"):
        return given in (True, "on", "true")
    raise ParameterError("the setting count is true or false", "count")


def _meta(directory: Directory, columns: list[_Column]) -> list[dict[str, Any]]:
    return [{**directory.property(column.id), **_type(directory, column)} for column in columns]


def _type(directory: Directory, column: _Column) -> dict[str, Any]:
    """Return the type that all things share which are values of a property, if they are things."""
    if column.count:
        return {}
    values = [found for own in directory.known.values[column.id].values() for found in own]
    things = [directory.known.things[found.thing] for found in values if found.thing]
    if not things or len(things) < len(values):
        return {}
    shared = set.intersection(*(set(thing.types) for thing in things))
    broader = {up for name in shared for up in directory.known.types[name].broader}
    narrowest = sorted(shared - broader)
    return {"type": directory.type(narrowest[0])} if narrowest else {}


def _cells(directory: Directory, thing: str, column: _Column) -> list[dict[str, Any]]:
    found = directory.known.of(entity_id(thing), column.id)
    if column.count:
        return [{"int": len(found)}]
    return [_cell(directory, one) for one in (found[: column.limit] if column.limit else found)]


def _cell(directory: Directory, found: Value) -> dict[str, Any]:
    if found.thing:
        return {"id": found.thing, "name": directory.known.value_text(found, directory.language)}
    if found.datatype in _INTEGERS and _INTEGER.fullmatch(found.text):
        return {"int": int(found.text)}
    if found.datatype == f"{_XSD}dateTime" and _MOMENT.fullmatch(found.text):
        return {"date": found.text}
    return {"str": found.text}
