"""SQLite file of all tables, with keys, indexes, full-text search and views, and Datasette metadata.

Sources: SQLite "Database File Format"; "SQLite FTS5 Extension", section 4.4.3 (external content).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from kg.asking.questions.columns import TYPES, Column
from kg.errors import CablegraphError, DataError, Finding
from kg.publishing.tables.data_package import column_description
from kg.publishing.tables.data_set import About
from kg.publishing.tables.table_definition import TableDefinition
from kg.publishing.tables.table_rows import FilledTable
from kg.reading import comment_header
from kg.resources import listed

_PAGE_SIZE = 4096
# Bytes of the file header with the version of the library that wrote it (section 1.3). They are only
# informative, and would make the same tables differ from machine to machine; 0 means "not known".
_WRITER = slice(96, 100)
_SEARCH = "unicode61 remove_diacritics 2"  # so that Aragones finds Aragonés


@dataclass(frozen=True, slots=True)
class SqlView:
    """One view: its name, its title and description for people, and its SELECT."""

    name: str
    title: str
    description: str
    text: str


def load_views(folder: Traversable) -> tuple[SqlView, ...]:
    """Return the views of `folder` in the order of names; raises DataError if one lacks its header."""
    views: list[SqlView] = []
    findings: list[Finding] = []
    for file in listed(folder, ".sql"):
        try:
            views.append(_sql_view(file.name, file.read_text(encoding="utf-8")))
        except DataError as error:
            findings += error.findings
    if findings:
        raise DataError(findings)
    return tuple(views)


def _sql_view(file: str, text: str) -> SqlView:
    path = f"queries/tables/views/{file}"
    head = comment_header.read(path, text, comment_header.SQL)
    title, description = head.text("title"), head.text("description")
    if not (title and description):
        message = "a view needs the lines `--+ title:` and `--+ description:`"
        raise DataError([Finding(path, 1, message)])
    return SqlView(file.removesuffix(".sql"), title, description, text)


def write(filled: Sequence[FilledTable], views: Iterable[SqlView], about: About) -> bytes:
    """Return the SQLite file, the same bytes for the same tables.

    Beside the tables it has `about` (key, value), `about_columns`, a table NAME_fts for each table with
    `search` columns, and the views. Raises DataError if a view is not a valid query of the tables, and
    CablegraphError if SQLite refuses anything else, such as a table called `about`.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        try:
            base.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            base.execute("BEGIN")
            _fill(base, filled, about)
            findings = [finding for view in views for finding in _view(base, view)]
            base.execute("COMMIT")
            base.execute("VACUUM")
        except sqlite3.Error as error:
            raise CablegraphError(f"the SQLite file cannot be made from the tables: {error}") from error
        if findings:
            raise DataError(findings)
        content = bytearray(base.serialize())
    content[_WRITER] = bytes(4)
    return bytes(content)


def _fill(base: sqlite3.Connection, filled: Sequence[FilledTable], about: About) -> None:
    keys = {one.table.name: one.table.key.name for one in filled}
    for one in filled:
        _table(base, one, [_column(one.table, column, keys) for column in one.table.columns])
    _about(base, filled, about)


def _view(base: sqlite3.Connection, view: SqlView) -> Iterator[Finding]:
    """Make the view; yield a finding if it fails, which SQLite notices only when the view is queried."""
    try:
        base.execute(f"CREATE VIEW {_quoted(view.name)} AS\n{view.text.rstrip()}")
        base.execute(f"SELECT * FROM {_quoted(view.name)} LIMIT 0")  # noqa: S608 (names of our own views)
    except sqlite3.Error as error:
        yield Finding(
            f"queries/tables/views/{view.name}.sql", 1, f"this is not a valid view of the tables: {error}"
        )


def _table(base: sqlite3.Connection, filled: FilledTable, columns: Sequence[str]) -> None:
    table = filled.table
    base.execute(f"CREATE TABLE {_quoted(table.name)} (" + ",\n".join(columns) + ")")
    placeholders = ", ".join("?" * len(table.columns))
    insert = f"INSERT INTO {_quoted(table.name)} VALUES ({placeholders})"  # noqa: S608 (names of our own tables)
    base.executemany(insert, _values(filled))
    for column in table.columns:
        if column.references:
            index = _quoted(f"{table.name}_{column.name}")
            base.execute(f"CREATE INDEX {index} ON {_quoted(table.name)} ({_quoted(column.name)})")
    if table.search:
        _search(base, table)


def _column(table: TableDefinition, column: Column, keys: dict[str, str]) -> str:
    several = bool(column.separator)
    parts = [_quoted(column.name), TYPES["text" if several else column.type].sqlite]
    if column is table.key:
        parts.append("PRIMARY KEY")
    if column.required:
        parts.append("NOT NULL")
    if column.references:
        target = f"{_quoted(column.references)} ({_quoted(keys[column.references])})"
        parts.append(f"REFERENCES {target} DEFERRABLE INITIALLY DEFERRED")
    return " ".join(parts)


def _values(filled: FilledTable) -> Iterator[tuple[str | int | None, ...]]:
    """Yield the rows as SQLite stores them: NULL for an empty cell, numbers as numbers."""
    columns = filled.table.columns
    numbers = [column.type == "integer" and not column.separator for column in columns]
    for row in filled.rows:
        yield tuple(
            None if not cell else int(cell) if number else cell
            for cell, number in zip(row, numbers, strict=True)
        )


def _search(base: sqlite3.Connection, table: TableDefinition) -> None:
    name = _quoted(f"{table.name}_fts")
    columns = ", ".join(map(_quoted, table.search))
    options = f'content={_quoted(table.name)}, tokenize="{_SEARCH}"'
    base.execute(f"CREATE VIRTUAL TABLE {name} USING fts5 ({columns}, {options})")
    base.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608 (as above)


def _about(base: sqlite3.Connection, filled: Sequence[FilledTable], about: About) -> None:
    base.execute("CREATE TABLE about (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)")
    base.executemany("INSERT INTO about VALUES (?, ?)", _about_rows(about))
    base.execute(
        "CREATE TABLE about_columns ("
        "table_name TEXT NOT NULL, column_name TEXT NOT NULL, title TEXT NOT NULL,"
        " description TEXT NOT NULL, separator TEXT, PRIMARY KEY (table_name, column_name))"
    )
    base.executemany(
        "INSERT INTO about_columns VALUES (?, ?, ?, ?, ?)",
        (
            (one.table.name, column.name, column.label, column.about, column.separator or None)
            for one in filled
            for column in one.table.columns
        ),
    )


def _about_rows(about: About) -> Iterator[tuple[str, str]]:
    yield "title", about.title
    yield "description", about.description
    yield "data version", about.version
    yield "licence", f"{about.licence_title} ({about.licence}), {about.licence_address}"
    yield "what the licence covers", about.licence_reach
    yield "citation", about.citation
    yield "homepage", about.homepage
    yield "how to read it", "\n".join(about.reading)
    for number, source in enumerate(about.sources, 1):
        texts = (source.title, source.publisher, source.page, source.rights)
        yield f"source {number}", " | ".join(filter(None, texts))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def write_datasette_metadata(
    filled: Sequence[FilledTable], views: Iterable[SqlView], about: About, database: str
) -> bytes:
    """Return Datasette's `metadata.json` for the SQLite file `database`, named without its ending."""
    tables: dict[str, Any] = {
        one.table.name: {
            "title": one.table.title,
            "description": one.table.description,
            "columns": {column.name: column_description(column) for column in one.table.columns},
        }
        for one in filled
    }
    tables |= {view.name: {"title": view.title, "description": view.description} for view in views}
    metadata = {
        "title": about.title,
        "description": f"{about.description} Data version {about.version}. {about.licence_reach}",
        "license": about.licence_title,
        "license_url": about.licence_address,
        "source": "; ".join(source.title for source in about.sources),
        # Datasette takes one address only, and that of one source would stand for all.
        "source_url": about.homepage,
        "about": about.creator,
        "about_url": about.homepage,
        "databases": {database: {"tables": tables}},
    }
    return (json.dumps(metadata, ensure_ascii=False, indent=2) + "\n").encode()
