"""Columns of an answer: what a header says of each, and the types that their values may have.

The header of a saved query and that of a table of a release describe the same with other keys:
`QUERY_COLUMN` and `TABLE_COLUMN`. `TYPES` has what each type is called in other languages.
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
    """One type of values: what it is, and its names elsewhere.

    `xsd` is the datatype of XML Schema, in CSVW and SHACL; `field` and `format` are those of Table
    Schema, `sqlite` is the type of a column, `json` and `json_format` are those of JSON Schema.
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
    """One column: its variable, its heading, the type of its values, and what it means, as a sentence.

    `role` is what it is to the view of a query. In a table of a release `references` is the table whose
    key the values are, `separator` joins several values of one cell and is empty where there is never
    more than one, and no cell of a `required` column is empty.
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
    """The keys by which one kind of header describes a column, with what each says.

    `optional` may be left out; `fields` has the field of `Column` where it is not called like the key.
    """

    says: Mapping[str, str]
    optional: frozenset[str]
    fields: Mapping[str, str]

    @property
    def needed(self) -> tuple[str, ...]:
        """Return the keys that must be there, in order."""
        return tuple(key for key in self.says if key not in self.optional)

    @property
    def example(self) -> str:
        """Return how a column is written."""
        return f"{{{', '.join(f'{key}: …' for key in self.needed)}}}"


QUERY_COLUMN = ColumnKeys(
    MappingProxyType(
        {
            "name": "the variable, without its question mark",
            "label": "what stands above the column",
            "type": "what its values are, see below",
            "about": "what it means, as a sentence",
            "role": "what it is to the view, see Views",
        }
    ),
    frozenset({"role"}),
    MappingProxyType({}),
)
TABLE_COLUMN = ColumnKeys(
    MappingProxyType(
        {
            "name": "the variable, without its question mark",
            "title": "what the column is called",
            "type": "what its values are; `text` if nothing is said",
            "description": "what it means, as a sentence",
            "references": "the table whose key the values are",
            "separator": "what joins several values of one cell",
            "required": '`"yes"` where no cell is empty',
        }
    ),
    frozenset({"type", "references", "separator", "required"}),
    MappingProxyType({"title": "label", "description": "about"}),
)


def problems(header: Header, keys: ColumnKeys) -> Iterator[Problem]:
    """Yield what is wrong with the columns of `header`, which are written with `keys`."""
    entries = header.values.get("columns", [])
    if not isinstance(entries, list):
        yield header.line("columns"), f"columns is a list of entries like {keys.example}"
        return
    for place, entry in enumerate(entries):
        yield from ((header.line("columns", place), message) for message in _wrong(entry, keys))


def columns(header: Header, keys: ColumnKeys) -> tuple[Column, ...]:
    """Return the columns of a header that has no problems."""
    return tuple(_column(entry, keys) for entry in header.values.get("columns", []))


def mismatch(header: Header, found: Sequence[Column], projected: Sequence[str]) -> Iterator[Problem]:
    """Yield whether the columns `found` in `header` are not those that its query projects, in their order."""
    if [column.name for column in found] != list(projected):
        right = " ".join(f"?{name}" for name in projected) or "no columns, since it gives no table"
        yield header.line("columns"), f"the query gives {right}; describe these and no others, in this order"


def _wrong(entry: Any, keys: ColumnKeys) -> Iterator[str]:
    if not isinstance(entry, dict) or not all(isinstance(said, str) for said in entry.values()):
        yield f"a column is written {keys.example}, not {entry}"
        return
    missing = [key for key in keys.needed if key not in entry]
    if missing:
        yield f"this column lacks {', '.join(missing)}"
    yield from (unknown("column key", key, list(keys.says)) for key in entry if key not in keys.says)
    if entry.get("type", "text") not in TYPES:
        yield unknown("column type", entry["type"], list(TYPES))
    if entry.get("required", "yes") not in ("yes", "no"):
        yield 'write required: "yes" or leave it out'
    if entry.get("references") and entry.get("separator"):
        yield f"{entry.get('name')} cannot be a foreign key and hold several values in one cell"


def _column(entry: Mapping[str, str], keys: ColumnKeys) -> Column:
    said: dict[str, Any] = {"type": "text", "required": "no"}
    said |= {keys.fields.get(key, key): text for key, text in entry.items()}
    return Column(**{**said, "required": said["required"] == "yes"})
