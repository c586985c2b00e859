"""The answer to a saved query as a table, with the columns that the query header describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.asking.questions.columns import Column
from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import SHIPPED, Namespaces
from kg.terms import Value, python_value
from server.site.cells import Cell, TermCells
from server.site.pool_queries import Term

Detail = tuple[Column, Cell]
_PASSAGE = "/passage/"  # in the names of passages, whose records have a file of this name


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row: its values as Python values and as cells of a page, each at the place of its column."""

    values: tuple[Value, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """An answer: its columns and its rows."""

    columns: tuple[Column, ...]
    rows: tuple[AnswerRow, ...]

    def place(self, role: str) -> int | None:
        """Return the place, from 0, of the column with `role`, or None."""
        return next((place for place, column in enumerate(self.columns) if column.role == role), None)

    def places(self, roles: Sequence[str]) -> list[int]:
        """Return the places of the columns with `roles`, in that order; missing ones are left out."""
        places = [self.place(role) for role in roles]
        return [place for place in places if place is not None]

    def rest(self, row: AnswerRow) -> Iterator[Detail]:
        """Yield the nonempty cells of `row` in columns without a role, each with its column."""
        for column, cell in zip(self.columns, row.cells, strict=True):
            if not column.role and cell.text:
                yield column, cell


def table(query: SavedQuery, results: bytes, root: str, own: Namespaces = SHIPPED) -> AnswerTable:
    """Return `results`, SPARQL results in JSON, as the answer to `query`; local addresses begin with `root`.

    A column that the header does not describe is named by its variable. `own` are the namespaces.
    """
    solutions = parse_query_results(results, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - the kind was checked
    names = [variable.value for variable in solutions.variables]
    known = {column.name: column for column in query.columns}
    cells = TermCells({}, root, names=own)
    return AnswerTable(
        tuple(known.get(name, Column(name, name, "text", "")) for name in names),
        tuple(_row(tuple(solution), cells) for solution in solutions),
    )


def named(table: AnswerTable, name: Callable[[list[str]], Mapping[str, str]]) -> AnswerTable:
    """Return `table` with passages called by the names that `name` makes for their IRIs."""
    passages = {cell.full for row in table.rows for cell in row.cells if _PASSAGE in cell.full}
    made = name(sorted(passages)) if passages else {}
    return AnswerTable(
        table.columns,
        tuple(AnswerRow(row.values, tuple(_renamed(cell, made) for cell in row.cells)) for row in table.rows),
    )


def _renamed(cell: Cell, made: Mapping[str, str]) -> Cell:
    return replace(cell, text=made[cell.full]) if cell.full in made else cell


def shared(details: Sequence[Sequence[Detail]]) -> tuple[Detail, ...]:
    """Return the details that all members of `details` have, in the order of the first."""
    first = details[0] if details else ()
    return tuple(detail for detail in first if all(detail in others for others in details))


def without(details: Sequence[Detail], left_out: Sequence[Detail]) -> tuple[Detail, ...]:
    """Return `details` except those in `left_out`."""
    return tuple(detail for detail in details if detail not in left_out)


def _row(terms: tuple[Term | None, ...], cells: TermCells) -> AnswerRow:
    shown = tuple(Cell("") if term is None else cells.cell(term) for term in terms)
    return AnswerRow(tuple(map(python_value, terms)), shown)
