"""Definition of a table: a SELECT query whose header describes every column.

Source: `queries/tables/NAME.rq`. The first column is the primary key. A query may have several
solutions for one thing, which `kg.publishing.tables.table_rows` combines into one row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable

from kg.asking.questions import columns
from kg.asking.questions.columns import TABLE_COLUMN, Column
from kg.errors import DataError, Finding
from kg.reading import comment_header
from kg.reading.comment_header import Header, Problem
from kg.resources import listed
from kg.store import sparql

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_PLAIN = "write lower-case letters, digits and _"


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table: its name, title, description, columns in order, and the text of the query that fills it.

    `search` names the columns of the full-text search; it may be empty.
    """

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    search: tuple[str, ...]
    text: str

    @property
    def key(self) -> Column:
        """Return the column of the primary key, the first one."""
        return self.columns[0]


def load(folder: Traversable) -> tuple[TableDefinition, ...]:
    """Return the definitions in `folder` in the order of names.

    Raises DataError, with all findings, if headers do not describe their queries.
    """
    tables: list[TableDefinition] = []
    findings: list[Finding] = []
    for file in listed(folder, ".rq"):
        try:
            tables.append(parse(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8")))
        except DataError as error:
            findings += error.findings
    findings += _dangling(tables)
    if findings:
        raise DataError(findings)
    return tuple(tables)


def parse(name: str, text: str) -> TableDefinition:
    """Return the definition of the table `name`, which the query `text` fills.

    Raises DataError, with every finding and its line, if name, header and query do not fit.
    """
    file = _file(name)
    header = comment_header.read(file, text)
    problems = [*_header(name, header), *columns.problems(header, TABLE_COLUMN)]
    described = () if problems else columns.columns(header, TABLE_COLUMN)
    problems = problems or [*_columns(header, described), *_query(header, described, text)]
    if problems:
        raise DataError(Finding(file, line, message) for line, message in problems)
    keyed = (replace(described[0], required=True), *described[1:])  # a key is never empty
    title, description = header.text("title"), header.text("description")
    return TableDefinition(name, title, description, keyed, tuple(header.values.get("search", ())), text)


def _header(name: str, header: Header) -> Iterator[Problem]:
    """Yield line and message of each problem with the name and the header of a table, except its columns."""
    if not _NAME.match(name):
        yield 1, f"{name!r} is not a valid name of a table; {_PLAIN}"
    if not (header.text("title") and header.text("description") and header.values.get("columns")):
        yield 1, "a table needs the lines `#+ title:`, `#+ description:` and a list `#+ columns:`"
    search = header.values.get("search", [])
    if not isinstance(search, list) or not all(isinstance(column, str) for column in search):
        yield header.line("search"), "search must be a list of columns, as in `search: [one, two]`"


def _columns(header: Header, described: tuple[Column, ...]) -> Iterator[Problem]:
    """Yield line and message of each problem that a table has with valid columns."""
    for place, column in enumerate(described):
        if not _NAME.match(column.name):
            yield header.line("columns", place), f"{column.name!r} is not a valid name of a column; {_PLAIN}"
    key = described[0]
    if key.separator or key.type != "iri":
        yield header.line("columns", 0), f"{key.name} is the key: write type: iri, and no separator"
    names = [column.name for column in described]
    missing = sorted(set(header.values.get("search", ())) - set(names))
    if missing:
        message = f"`search:` names {', '.join(missing)}, which is not a column; use {', '.join(names)}"
        yield header.line("search"), message


def _query(header: Header, described: tuple[Column, ...], text: str) -> Iterator[Problem]:
    """Yield where the query does not return what the columns describe."""
    try:
        projected = sparql.projection(text)
    except SyntaxError as error:
        yield 1, f"this is not SPARQL: {error.msg}"
        return
    if projected is None:
        yield 1, "a table needs a SELECT query"
    else:
        yield from columns.mismatch(header, described, projected)


def _dangling(tables: Iterable[TableDefinition]) -> Iterator[Finding]:
    names = sorted(table.name for table in tables)
    for table in tables:
        for column in table.columns:
            if column.references and column.references not in names:
                problem = f"{column.name} references {column.references!r}, which is not a table"
                yield Finding(_file(table.name), 1, f"{problem}; use one of {', '.join(names)}")


def _file(name: str) -> str:
    return f"queries/tables/{name}.rq"
