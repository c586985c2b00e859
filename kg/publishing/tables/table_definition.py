"""What a table is: a SELECT query whose header describes every column.

Source: `queries/tables/NAME.rq`. The first column is the primary key. The solutions of a query may
give one thing in several rows; `kg.publishing.tables.table_rows` folds them into one.
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
    """One table: its name, what it is, its columns in order, and the query that fills it.

    `search` names the columns that a full-text search looks into; there may be none.
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
    """Return the tables of `folder` in the order of names.

    Raises DataError, with all findings, for headers that do not describe their queries.
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
    """Return the table `name` that the query `text` fills.

    Raises DataError, with every finding and its line, when name, header and query do not fit.
    """
    file = _file(name)
    header = comment_header.read(file, text)
    wrong = [*_header(name, header), *columns.problems(header, TABLE_COLUMN)]
    found = () if wrong else columns.columns(header, TABLE_COLUMN)
    wrong = wrong or [*_columns(header, found), *_query(header, found, text)]
    if wrong:
        raise DataError(Finding(file, line, message) for line, message in wrong)
    keyed = (replace(found[0], required=True), *found[1:])  # a key is never empty
    title, description = header.text("title"), header.text("description")
    return TableDefinition(name, title, description, keyed, tuple(header.values.get("search", ())), text)


def _header(name: str, header: Header) -> Iterator[Problem]:
    """Yield what is wrong with the name of a table and with its header, columns apart."""
    if not _NAME.match(name):
        yield 1, f"{name!r} is not a valid name of a table; {_PLAIN}"
    if not (header.text("title") and header.text("description") and header.values.get("columns")):
        yield 1, "a table needs the lines `#+ title:`, `#+ description:` and a list `#+ columns:`"
    search = header.values.get("search", [])
    if not isinstance(search, list) or not all(isinstance(column, str) for column in search):
        yield header.line("search"), "search must be a list of columns, as in `search: [one, two]`"


def _columns(header: Header, found: tuple[Column, ...]) -> Iterator[Problem]:
    """Yield what a table refuses in columns that are described well."""
    for place, column in enumerate(found):
        if not _NAME.match(column.name):
            yield header.line("columns", place), f"{column.name!r} is not a valid name of a column; {_PLAIN}"
    key = found[0]
    if key.separator or key.type != "iri":
        yield header.line("columns", 0), f"{key.name} is the key: write type: iri, and no separator"
    missing = set(header.values.get("search", ())) - {column.name for column in found}
    if missing:
        yield header.line("search"), f"`search:` names {', '.join(sorted(missing))}, which is no column"


def _query(header: Header, found: tuple[Column, ...], text: str) -> Iterator[Problem]:
    """Yield where the query does not give what the columns describe."""
    try:
        projected = sparql.projection(text)
    except SyntaxError as error:
        yield 1, f"this is not SPARQL: {error.msg}"
        return
    if projected is None:
        yield 1, "a table is filled by a SELECT query"
    else:
        yield from columns.mismatch(header, found, projected)


def _dangling(tables: Iterable[TableDefinition]) -> Iterator[Finding]:
    names = {table.name for table in tables}
    for table in tables:
        for column in table.columns:
            if column.references and column.references not in names:
                message = f"{column.name} references {column.references!r}, which is no table"
                yield Finding(_file(table.name), 1, message)


def _file(name: str) -> str:
    return f"queries/tables/{name}.rq"
