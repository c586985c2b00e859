"""The answer of a query as a table of terms under the columns that its header describes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.headers import Column
from kg.saved import SavedQuery
from kg.values import Value, python
from server.lookup import Term
from server.page import Cell
from server.thing_page import Writer


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its values as Python has them and as cells of a page, each by the place of its column."""

    values: tuple[Value, ...]
    cells: tuple[Cell, ...]


Detail = tuple[Column, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: its columns and its rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def place(self, role: str) -> int | None:
        """Return the place of the column with this role, None if there is none."""
        return next((place for place, column in enumerate(self.columns) if column.role == role), None)

    def places(self, roles: Sequence[str]) -> list[int]:
        """Return the places of the columns with these roles, each of which must be there."""
        found = [self.place(role) for role in roles]
        return [place for place in found if place is not None]

    def rest(self, row: Row) -> Iterator[Detail]:
        """Yield the cells that are not empty and whose columns have no role, each with its column."""
        for column, cell in zip(self.columns, row.cells, strict=True):
            if not column.role and cell.text:
                yield column, cell


def table(query: SavedQuery, results: bytes, root: str) -> Table:
    """Return SPARQL results in JSON as the answer to `query`, on a host whose addresses begin with `root`.

    A column that the header does not describe is called by its variable.
    """
    solutions = parse_query_results(results, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - the kind was looked at
    names = [variable.value for variable in solutions.variables]
    known = {column.name: column for column in query.columns}
    writer = Writer({}, root)
    return Table(
        tuple(known.get(name, Column(name, name, "text", "")) for name in names),
        tuple(_row(tuple(solution), writer) for solution in solutions),
    )


def shared(details: Sequence[Sequence[Detail]]) -> tuple[Detail, ...]:
    """Return what all of `details` have in common, in the order of the first."""
    first = details[0] if details else ()
    return tuple(detail for detail in first if all(detail in others for others in details))


def without(details: Sequence[Detail], left_out: Sequence[Detail]) -> tuple[Detail, ...]:
    """Return `details` but those that are `left_out`."""
    return tuple(detail for detail in details if detail not in left_out)


def _row(terms: tuple[Term | None, ...], writer: Writer) -> Row:
    cells = tuple(Cell("") if term is None else writer.cell(term) for term in terms)
    return Row(tuple(map(python, terms)), cells)
