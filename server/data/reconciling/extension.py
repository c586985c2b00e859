"""Data extension: property values of reconciled things, in both versions of the API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.asking.reconciling.entities import Value
from kg.asking.reconciling.identifier_forms import entity_id
from kg.errors import ParameterError
from kg.namespaces import PREFIXES
from server.data.reconciling.client_queries import check_count, json_value
from server.data.reconciling.directory import Directory

_MOST_THINGS, _MOST_PROPERTIES = 500, 50
_XSD = PREFIXES["xsd"]
# What the schema of the specification accepts as a number and as a date; anything else is a string.
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_INTEGERS = frozenset(f"{_XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger"))


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a property: a number or a checkbox."""

    id: str
    label: str
    type: str
    default: int | bool
    about: str


SETTINGS = (
    Setting("limit", "Limit", "number", 0, "At most this many values for each thing; 0 for all."),
    Setting("count", "Count", "checkbox", False, "The number of values instead of the values."),
)


@dataclass(frozen=True, slots=True)
class _Column:
    """A property to fetch, with its settings."""

    id: str
    limit: int
    count: bool


def v0_2(directory: Directory, text: str) -> dict[str, Any]:
    """Return the response content of 0.2 for the JSON `text`; raises RequestError and ParameterError."""
    ids, columns = _read(json_value(text, "extend"))
    meta = _meta(directory, columns)
    rows = {thing: {column.id: _cells(directory, thing, column) for column in columns} for thing in ids}
    return {"meta": meta, "rows": rows}


def v1(directory: Directory, content: Any) -> dict[str, Any]:
    """Return the response content of the 1.0 draft; raises RequestError and ParameterError."""
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
        raise ParameterError('extend must be {"ids": [ … ], "properties": [{"id": … }]}', "extend")
    check_count(len(ids), _MOST_THINGS, "ids")
    check_count(len(wanted), _MOST_PROPERTIES, "properties")
    if any(not isinstance(thing, str) for thing in ids):
        raise ParameterError("ids must be strings", "ids")
    return list(dict.fromkeys(ids)), [_column(one) for one in wanted]


def _column(given: Any) -> _Column:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise ParameterError('each property must be {"id": … }; "settings" are optional', "properties")
    settings = given.get("settings") or {}
    if not isinstance(settings, Mapping):
        raise ParameterError("settings must be an object", "settings")
    return _Column(given["id"], _limit(settings.get("limit")), _checked(settings.get("count")))


def _limit(given: Any) -> int:
    """Return the number of the setting limit; clients may send it as a string, as typed into a form."""
    text = str(given if given is not None else 0).strip() or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise ParameterError(f"the setting limit must be a whole number from 0, not {text[:20]!r}", "limit")
    return int(text)


def _checked(given: Any) -> bool:
    if given in (None, False, True, "", "on", "true", "false"):
        return given in (True, "on", "true")
    raise ParameterError("the setting count must be true or false", "count")


def _meta(directory: Directory, columns: list[_Column]) -> list[dict[str, Any]]:
    """Return the description of each column; one of a property that does not exist has its id as its name."""
    known = directory.known.properties
    return [
        {**directory.property(column.id), **_type(directory, column)}
        if column.id in known
        else {"id": column.id, "name": column.id}
        for column in columns
    ]


def _type(directory: Directory, column: _Column) -> dict[str, Any]:
    """Return the narrowest type that all values of a property share, if all of them are things."""
    if column.count:
        return {}
    shared = set(directory.known.shared_types(column.id))
    broader = {up for name in shared for up in directory.known.types[name].broader}
    narrowest = sorted(shared - broader)
    return {"type": directory.type(narrowest[0])} if narrowest else {}


def _cells(directory: Directory, thing: str, column: _Column) -> list[dict[str, Any]]:
    values = directory.known.of(entity_id(thing, directory.known.names), column.id)
    if column.count:
        return [{"int": len(values)}]
    return [_cell(directory, value) for value in (values[: column.limit] if column.limit else values)]


def _cell(directory: Directory, value: Value) -> dict[str, Any]:
    if value.thing:
        return {"id": value.thing, "name": directory.known.value_text(value, directory.language)}
    if value.datatype in _INTEGERS and _INTEGER.fullmatch(value.text):
        return {"int": int(value.text)}
    if value.datatype == f"{_XSD}dateTime" and _MOMENT.fullmatch(value.text):
        return {"date": value.text}
    return {"str": value.text}
