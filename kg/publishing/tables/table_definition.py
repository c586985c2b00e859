"""What a table is: a SELECT query whose header describes every column.

Source: `queries/tables/NAME.rq`. The first column is the primary key. The solutions of a query may
give one thing in several rows; `kg.publishing.tables.table_rows` folds them into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.reading import comment_header

# The types that a column may have; `NAMES` says what each is elsewhere.
TYPES = ("text", "iri", "integer", "date", "dateTime")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_HEAD = {"title", "description", "columns"}
_COLUMN = {"name", "title", "description"}
_MORE = {"type", "references", "separator", "required"}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its name, what it is for people, and its type.

    `references` is the table whose key the values are; `separator` joins several values of one
    cell and is empty where there is never more than one; `required`: no cell is empty.
    """

    name: str
    title: str
    description: str
    type: str = "text"
    references: str = ""
    separator: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table: its name, what it is, its columns in order, and the query that fills it.

    `search` names the columns that a full-text search looks into; there may be none.
    """

    name: str
    title: str
    description: str
    columns: tuple[TableColumn, ...]
    search: tuple[str, ...]
    text: str

    @property
    def key(self) -> TableColumn:
        """Return the column of the primary key, the first one."""
        return self.columns[0]


def load(folder: Traversable) -> tuple[TableDefinition, ...]:
    """Return the tables of `folder` in the order of names.

    Raises DataError, with all findings, for headers that do not describe their queries.
    """
    tables, findings = [], []
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".rq")), key=lambda f: f.name):
        name = file.name.removesuffix(".rq")
        try:
            tables.append(parse(name, file.read_text(encoding="utf-8")))
        except (DataError, ValueError, SyntaxError) as error:
            findings.append(_finding(name, f"{error}"))
    findings += [_finding(name, message) for name, message in _dangling(tables)]
    if findings:
        raise DataError(findings)
    return tuple(tables)


def parse(name: str, text: str) -> TableDefinition:
    """Return the table `name` that the query `text` fills.

    Raises ValueError, with a sentence for the author, when header and query do not fit, and
    SyntaxError when it is not SPARQL.
    """
    head = comment_header.read(f"queries/tables/{name}.rq", text).said
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is no name of a table; write lower-case letters, digits and _")
    if not set(head) >= _HEAD or not isinstance(head["columns"], list):
        raise ValueError("a table needs the lines `#+ title:`, `#+ description:` and a list `#+ columns:`")
    columns = tuple(map(_column, head["columns"]))
    _compare([column.name for column in columns], text)
    search = tuple(head.get("search", ()))
    if unknown := set(search) - {column.name for column in columns}:
        raise ValueError(f"`search:` names {', '.join(sorted(unknown))}, which is no column")
    return TableDefinition(name, head["title"], head["description"], _keyed(columns), search, text)


def _column(entry: Any) -> TableColumn:
    if not isinstance(entry, dict) or not set(entry) >= _COLUMN or set(entry) - _COLUMN - _MORE:
        raise ValueError(
            f"a column has name, title and description, and may have {', '.join(sorted(_MORE))}: {entry}"
        )
    required = entry.get("required", "no")
    column = TableColumn(**{**entry, "required": required == "yes"})
    if not _NAME.match(column.name):
        raise ValueError(f"{column.name!r} is no name of a column; write lower-case letters, digits and _")
    if column.type not in TYPES:
        raise ValueError(f"{column.name} has no type {column.type!r}; there are: {', '.join(TYPES)}")
    if required not in ("yes", "no"):
        raise ValueError(f'{column.name}: write required: "yes" or leave it out')
    if column.references and column.separator:
        raise ValueError(f"{column.name} cannot be a foreign key and hold several values in one cell")
    return column


def _keyed(columns: tuple[TableColumn, ...]) -> tuple[TableColumn, ...]:
    """Return the columns with the first one as a key, which is never empty."""
    key = columns[0]
    if key.separator or key.type != "iri":
        raise ValueError(f"{key.name} is the key: write type: iri, and no separator")
    return (replace(key, required=True), *columns[1:])


def _compare(described: list[str], text: str) -> None:
    result = ox.Store().query(text)
    if not isinstance(result, ox.QuerySolutions):
        raise ValueError("a table is filled by a SELECT query")
    asked = [variable.value for variable in result.variables]
    if asked != described:
        raise ValueError(
            f"the query gives {', '.join(asked)}, the header describes {', '.join(described)}; write the same"
        )


def _dangling(tables: Iterable[TableDefinition]) -> Iterator[tuple[str, str]]:
    names = {table.name for table in tables}
    for table in tables:
        for column in table.columns:
            if column.references and column.references not in names:
                yield (
                    table.name,
                    f"{column.name} references {column.references!r}, which is no table",
                )


def _finding(name: str, message: str) -> Finding:
    return Finding(f"queries/tables/{name}.rq", 1, message)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one type: Table Schema type and format, CSVW datatype, SQLite type."""

    field: str
    format: str
    csvw: str
    sqlite: str


NAMES: Mapping[str, Names] = MappingProxyType(
    {
        "text": Names("string", "default", "string", "TEXT"),
        "iri": Names("string", "uri", "anyURI", "TEXT"),
        "integer": Names("integer", "default", "integer", "INTEGER"),
        "date": Names("date", "default", "date", "TEXT"),
        "dateTime": Names("datetime", "default", "dateTime", "TEXT"),
    }
)
