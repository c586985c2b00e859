"""The answer of a query as a table of terms under the columns that its header describes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.asking.questions.columns import Column
from kg.asking.questions.saved_queries import SavedQuery
from kg.terms import Value, python_value
from server.site.cells import Cell, TermCells
from server.site.pool_queries import Term

Detail = tuple[Column, Cell]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row: its values as Python has them and as cells of a page, each by the place of its column."""

    values: tuple[Value, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """An answer: its columns and its rows."""

    columns: tuple[Column, ...]
    rows: tuple[AnswerRow, ...]

    def place(self, role: str) -> int | None:
        """Return the place of the column with this role, None if there is none."""
        return next((place for place, column in enumerate(self.columns) if column.role == role), None)

    def places(self, roles: Sequence[str]) -> list[int]:
        """Return the places of the columns with these roles, each of which must be there."""
        found = [self.place(role) for role in roles]
        return [place for place in found if place is not None]

    def rest(self, row: AnswerRow) -> Iterator[Detail]:
        """Yield the cells that are not empty and whose columns have no role, each with its column."""
        for column, cell in zip(self.columns, row.cells, strict=True):
            if not column.role and cell.text:
                yield column, cell


def table(query: SavedQuery, results: bytes, root: str) -> AnswerTable:
    """Return SPARQL results in JSON as the answer to `query`, on a host whose addresses begin with `root`.

    A column that the header does not describe is called by its variable.
    """
    solutions = parse_query_results(results, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - the kind was looked at
    names = [variable.value for variable in solutions.variables]
    known = {column.name: column for column in query.columns}
    cells = TermCells({}, root)
    return AnswerTable(
        tuple(known.get(name, Column(name, name, "text", "")) for name in names),
        tuple(_row(tuple(solution), cells) for solution in solutions),
    )


def shared(details: Sequence[Sequence[Detail]]) -> tuple[Detail, ...]:
    """Return what all of `details` have in common, in the order of the first."""
    first = details[0] if details else ()
    return tuple(detail for detail in first if all(detail in others for others in details))


def without(details: Sequence[Detail], left_out: Sequence[Detail]) -> tuple[Detail, ...]:
    """Return `details` but those that are `left_out`."""
    return tuple(detail for detail in details if detail not in left_out)


def _row(terms: tuple[Term | None, ...], cells: TermCells) -> AnswerRow:
    shown = tuple(Cell("") if term is None else cells.cell(term) for term in terms)
    return AnswerRow(tuple(map(python_value, terms)), shown)
