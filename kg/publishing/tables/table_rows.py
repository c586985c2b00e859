"""Rows of a table: one for each thing, every cell a text, checked against the header of its query.

A query may have several solutions for one thing, one for each value of a column with several values.
They become one row here, so that queries neither join texts nor multiply values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.asking.questions.columns import Column
from kg.errors import DataError, Finding
from kg.publishing.tables.table_definition import TableDefinition
from kg.store.sparql import rows
from kg.terms import value

Row = tuple[str, ...]
# The values of one cell, in the order of the solutions and without repetition.
_Cell = dict[str, None]


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A table with its rows, in the order of its query; an empty cell is an empty text."""

    table: TableDefinition
    rows: tuple[Row, ...]

    def column(self, name: str) -> list[str]:
        """Return the cells of the column `name`; raises ValueError if there is no such column."""
        index = [column.name for column in self.table.columns].index(name)
        return [row[index] for row in self.rows]

    def dicts(self) -> list[dict[str, str]]:
        """Return the rows as dicts from column name to cell."""
        names = [column.name for column in self.table.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def fill(store: ox.Store, tables: Iterable[TableDefinition]) -> tuple[FilledTable, ...]:
    """Return the tables with their rows from `store`.

    Raises DataError, with all findings, for a cell that the header does not allow: several values
    without separator, a value with the separator, an empty required cell, or a foreign key without its
    row.
    """
    filled = tuple(fill_one(store, table) for table in tables)
    findings = [finding for one in filled for finding in _empty(one)]
    findings += _dangling(filled)
    if findings:
        raise DataError(findings)
    return filled


def fill_one(store: ox.Store, table: TableDefinition) -> FilledTable:
    """Return one table with its rows from `store`; foreign keys are not checked.

    Raises DataError for several values without separator and for a value with the separator.
    """
    return FilledTable(table, tuple(_rows(store, table)))


def _rows(store: ox.Store, table: TableDefinition) -> Iterator[Row]:
    things: dict[str, list[_Cell]] = {}
    for solution in rows(store, table.text):
        cells = things.setdefault(value(solution[0]), [{} for _ in table.columns])
        for cell, term in zip(cells, solution, strict=True):
            if term is not None:
                cell[value(term)] = None
    findings: list[Finding] = []
    for thing, cells in things.items():
        for column, cell in zip(table.columns, cells, strict=True):
            findings += [_finding(table, thing, problem) for problem in _problems(column, cell)]
        yield tuple(column.separator.join(cell) for column, cell in zip(table.columns, cells, strict=True))
    if findings:
        raise DataError(findings)


def _problems(column: Column, cell: _Cell) -> Iterator[str]:
    if len(cell) > 1 and not column.separator:
        yield f"{column.name} has {len(cell)} values; give it a separator, or a table of its own"
    if column.separator and any(column.separator in text for text in cell):
        yield f"a value of {column.name} contains the separator {column.separator!r}; choose another one"


def _empty(filled: FilledTable) -> Iterator[Finding]:
    for column in filled.table.columns:
        if column.required:
            for row, cell in zip(filled.rows, filled.column(column.name), strict=True):
                if not cell:
                    yield _finding(filled.table, row[0], f"{column.name} is empty")


def _dangling(filled: Sequence[FilledTable]) -> list[Finding]:
    keys: Mapping[str, set[str]] = {one.table.name: {row[0] for row in one.rows} for one in filled}
    return [
        _finding(one.table, cell, f"{column.name} has no row in {column.references}")
        for one in filled
        for column in one.table.columns
        if column.references
        for cell in one.column(column.name)
        if cell and cell not in keys[column.references]
    ]


def _finding(table: TableDefinition, thing: str, message: str) -> Finding:
    return Finding(f"queries/tables/{table.name}.rq", 1, f"{thing}: {message}")
