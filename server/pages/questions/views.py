"""The views of an answer, by the header of its query: a table, a timeline, a network, or the matrix here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import ParameterError
from server.pages.questions.answer_table import AnswerTable
from server.pages.questions.network import Network, network
from server.pages.questions.timeline import Timeline, timeline
from server.site.cells import Cell

Field = tuple[Cell, ...]  # more than one where the answer has several rows for it


PLAIN = "table"
MOST = 500  # rows; more of them make no drawing that anybody reads


@dataclass(frozen=True, slots=True)
class Matrix:
    """The heads in the order of letters, and the fields of each row; `corner` says what heads what."""

    corner: tuple[str, str]
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, tuple[Field, ...]], ...]


def matrix(table: AnswerTable) -> Matrix:
    """Return `table`, whose columns have the roles of a matrix, with a field for each pair of heads."""
    row, column, field = table.places(("row", "column", "cell"))
    lines: dict[str, Cell] = {}
    heads: dict[str, Cell] = {}
    fields: dict[tuple[str, str], dict[Cell, None]] = {}
    for line in table.rows:
        head, side = line.cells[column], line.cells[row]
        lines.setdefault(side.text, side)
        heads.setdefault(head.text, head)
        fields.setdefault((side.text, head.text), {})[line.cells[field]] = None
    ordered = sorted(heads, key=str.casefold)
    return Matrix(
        (table.columns[row].label, table.columns[column].label),
        tuple(heads[head] for head in ordered),
        tuple(
            (lines[side], tuple(tuple(fields.get((side, head), ())) for head in ordered))
            for side in sorted(lines, key=str.casefold)
        ),
    )


@dataclass(frozen=True, slots=True)
class View:
    """One view of an answer: its name, and what its template needs beside the table."""

    name: str
    shown: Timeline | Network | Matrix | None


_MAKERS: Mapping[str, Callable[[AnswerTable], Timeline | Network | Matrix | None]] = MappingProxyType(
    {PLAIN: lambda _: None, "timeline": timeline, "network": network, "matrix": matrix}
)


def wanted(query: SavedQuery, given: str) -> str:
    """Return the name of the view of `query` that the parameter `view` asks for, its own if it is empty.

    Raises ParameterError for a view that the query has not.
    """
    known = offered(query)
    if given and given not in known:
        raise ParameterError(f"view: {query.name} can be seen as {' and '.join(known)}", "view", known)
    return given or query.show


def offered(query: SavedQuery) -> tuple[str, ...]:
    """Return the names of the views of `query`, its own first."""
    return tuple(dict.fromkeys((query.show, PLAIN)))


def view(name: str, table: AnswerTable) -> View:
    """Return the view of that `name` of `table`, whose columns have the roles it needs.

    A table of more rows than MOST stays a table.
    """
    name = name if len(table.rows) <= MOST else PLAIN
    return View(name, _MAKERS[name](table))
