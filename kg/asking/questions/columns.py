"""Columns of an answer: their description in a header, and the types of their values.

The headers of saved queries and of the tables of a release describe columns with different keys:
`QUERY_COLUMN` and `TABLE_COLUMN`. `TYPES` has the name of each type in other schema languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kg.errors import unknown
from kg.reading.comment_header import Header, Problem


@dataclass(frozen=True, slots=True)
class ValueType:
    """One type of values: what it is, and its names in other schema languages.

    `xsd` is the datatype of XML Schema, for CSVW and SHACL. `field` and `format` are those of Table
    Schema, `json` and `json_format` those of JSON Schema, and `sqlite` is the type of a column.
    """

    about: str
    xsd: str
    field: str
    format: str
    sqlite: str
    json: str
    json_format: str = ""


TYPES: Mapping[str, ValueType] = MappingProxyType(
    {
        "iri": ValueType("the name of a thing", "anyURI", "string", "uri", "TEXT", "string"),
        "text": ValueType(
            "a text, in a language or in none", "string", "string", "default", "TEXT", "string"
        ),
        "integer": ValueType("a whole number", "integer", "integer", "default", "INTEGER", "integer"),
        "decimal": ValueType("a number", "decimal", "number", "default", "REAL", "number"),
        "date": ValueType("a day", "date", "date", "default", "TEXT", "string", "date"),
        "dateTime": ValueType("a moment", "dateTime", "datetime", "default", "TEXT", "string", "date-time"),
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its variable, its heading, the type of its values, and its meaning as a sentence.

    `role` is its role in the view of a query. The rest is for tables of a release: `references` is the
    table whose key the values are; `separator` joins several values of one cell, and is empty where
    there is never more than one; no cell of a `required` column is empty.
    """

    name: str
    label: str
    type: str
    about: str
    role: str = ""
    references: str = ""
    separator: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class ColumnKeys:
    """Keys by which one kind of header describes a column, with the meaning of each.

    `optional` keys may be left out. `fields` maps a key to its field of `Column` where the names differ.
    """

    meanings: Mapping[str, str]
    optional: frozenset[str]
    fields: Mapping[str, str]

    @property
    def needed(self) -> tuple[str, ...]:
        """Return the required keys in order."""
        return tuple(key for key in self.meanings if key not in self.optional)

    @property
    def example(self) -> str:
        """Return an example of a column as a header writes it."""
        return f"{{{', '.join(f'{key}: …' for key in self.needed)}}}"


QUERY_COLUMN = ColumnKeys(
    MappingProxyType(
        {
            "name": "the variable, without its question mark",
            "label": "the heading of the column",
            "type": "the type of its values, see below",
            "about": "its meaning, as a sentence",
            "role": "its role in the view, see Views",
        }
    ),
    frozenset({"role"}),
    MappingProxyType({}),
)
TABLE_COLUMN = ColumnKeys(
    MappingProxyType(
        {
            "name": "the variable, without its question mark",
            "title": "the heading of the column",
            "type": "the type of its values; `text` by default",
            "description": "its meaning, as a sentence",
            "references": "the table whose key the values are",
            "separator": "what joins several values of one cell",
            "required": '`"yes"` where no cell is empty',
        }
    ),
    frozenset({"type", "references", "separator", "required"}),
    MappingProxyType({"title": "label", "description": "about"}),
)


def problems(header: Header, keys: ColumnKeys) -> Iterator[Problem]:
    """Yield line and message of each problem with the columns of `header`, which use `keys`."""
    entries = header.values.get("columns", [])
    if not isinstance(entries, list):
        yield header.line("columns"), f"columns must be a list of entries like {keys.example}"
        return
    for place, entry in enumerate(entries):
        yield from ((header.line("columns", place), message) for message in _entry_problems(entry, keys))


def columns(header: Header, keys: ColumnKeys) -> tuple[Column, ...]:
    """Return the columns of a `header` without problems."""
    return tuple(_column(entry, keys) for entry in header.values.get("columns", []))


def mismatch(header: Header, described: Sequence[Column], projected: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem if the columns `described` in `header` are not those `projected` by its query."""
    if [column.name for column in described] != list(projected):
        expected = " ".join(f"?{name}" for name in projected) or "no columns, since its answer is not a table"
        yield (
            header.line("columns"),
            f"the query returns {expected}; describe these and no others, in this order",
        )


def _entry_problems(entry: Any, keys: ColumnKeys) -> Iterator[str]:
    if not isinstance(entry, dict) or not all(isinstance(text, str) for text in entry.values()):
        yield f"write a column as {keys.example}, not as {entry}"
        return
    missing = [key for key in keys.needed if key not in entry]
    if missing:
        yield f"this column lacks {', '.join(missing)}"
    yield from (unknown("column key", key, list(keys.meanings)) for key in entry if key not in keys.meanings)
    if entry.get("type", "text") not in TYPES:
        yield unknown("column type", entry["type"], list(TYPES))
    if entry.get("required", "yes") not in ("yes", "no"):
        yield 'write required: "yes" or leave it out'
    if entry.get("references") and entry.get("separator"):
        yield f"{entry.get('name')} cannot be a foreign key and hold several values in one cell"


def _column(entry: Mapping[str, str], keys: ColumnKeys) -> Column:
    fields: dict[str, Any] = {"type": "text", "required": "no"}
    fields |= {keys.fields.get(key, key): text for key, text in entry.items()}
    return Column(**{**fields, "required": fields["required"] == "yes"})
