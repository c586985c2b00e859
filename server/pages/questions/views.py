"""Views of an answer: table, timeline, network, and matrix; the query header names the default."""

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

Field = tuple[Cell, ...]  # more than one if several rows have the same heads
PLAIN = "table"
MOST = 500  # rows; a drawing of more is unreadable


@dataclass(frozen=True, slots=True)
class Matrix:
    """Heads in alphabetical order, and the fields of each row; `corner` has the labels of both heads."""

    corner: tuple[str, str]
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, tuple[Field, ...]], ...]


def matrix(table: AnswerTable) -> Matrix:
    """Return the matrix of `table`, whose columns must have the roles row, column and cell."""
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
    """One view of an answer: its name, and what its template needs in addition to the table."""

    name: str
    shown: Timeline | Network | Matrix | None


_MAKERS: Mapping[str, Callable[[AnswerTable], Timeline | Network | Matrix | None]] = MappingProxyType(
    {PLAIN: lambda _: None, "timeline": timeline, "network": network, "matrix": matrix}
)


def choose(query: SavedQuery, given: str) -> str:
    """Return the view of `query` that `given`, the parameter `view`, names; its default if that is empty.

    Raises ParameterError for a view that the query does not have.
    """
    known = names(query)
    if given and given not in known:
        raise ParameterError(f"view must be {' or '.join(known)} for {query.name}", "view", known)
    return given or query.show


def names(query: SavedQuery) -> tuple[str, ...]:
    """Return the names of the views of `query`, its default first."""
    return tuple(dict.fromkeys((query.show, PLAIN)))


def view(name: str, table: AnswerTable) -> View:
    """Return the view called `name` of `table`, whose columns must have the roles it needs.

    A table of more than MOST rows is shown as a table.
    """
    name = name if len(table.rows) <= MOST else PLAIN
    return View(name, _MAKERS[name](table))
