"""The statements of a choice: rows with links, and the drawings of all that is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kg.asking.questions.columns import Column
from kg.namespaces import Namespaces
from kg.publishing.stores.statement_index import Counted
from server.pages.questions import views
from server.pages.questions.answer_table import AnswerRow, AnswerTable
from server.pages.questions.views import View
from server.pages.statements.choice import READING, TABLE
from server.site.cells import Cell
from server.web import addresses

LINKED = ("holder", "reporter", "issue", "telegram")  # columns whose names lead to the things
_PARTED = "; "
# View -> the role of each column that it needs.
_ROLES: Mapping[str, Mapping[str, str]] = {
    "timeline": {"firstDay": "date", "lastDay": "until", "says": "label"},
    "matrix": {"issue": "row", "holder": "column", "stance": "cell"},
}
_NEEDED = {
    "timeline": ("firstDay",),
    "matrix": ("holder", "stance"),
}  # columns without which a row is not drawn
# Columns that a drawing does not repeat for each entry.
_LEFT_OUT = ("kind", "voice", "telegram", "occasion")


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """One statement: its cells by column; those of LINKED are lists of names with links."""

    cells: Mapping[str, Cell]
    linked: Mapping[str, tuple[Cell, ...]]

    @property
    def asserted(self) -> bool:
        """Whether a passage asserts it."""
        return self.cells[READING].text == "asserted"


def links(
    table: AnswerTable, counted: Iterable[Counted], root: str, own: Namespaces
) -> dict[tuple[str, str], Cell]:
    """Return the links to the things that `table` names, by point and name, from what was `counted`.

    Local addresses begin with `root`; `own` are the namespaces of the collection.
    """
    names = {
        (name, one) for name in LINKED for row in table.rows for one in _names(row.cells[_place(table, name)])
    }
    return {
        (one.point, one.label): Cell(one.label, href=addresses.link(one.iri, root, own), full=one.iri)
        for one in counted
        if one.iri and (one.point, one.label) in names
    }


def _names(cell: Cell) -> list[str]:
    return [one for one in cell.text.split(_PARTED) if one]


def statements(table: AnswerTable, known: Mapping[tuple[str, str], Cell]) -> list[FoundStatement]:
    """Return the rows of `table`, with the links that are `known` by column and name."""
    columns = [column.name for column in table.columns]
    return [_statement(dict(zip(columns, row.cells, strict=True)), known) for row in table.rows]


def _statement(cells: Mapping[str, Cell], known: Mapping[tuple[str, str], Cell]) -> FoundStatement:
    linked = {
        name: tuple(known.get((name, one), Cell(one)) for one in _names(cells[name])) for name in LINKED
    }
    return FoundStatement(cells, linked)


def drawing(show: str, table: AnswerTable, known: Mapping[tuple[str, str], Cell]) -> tuple[View, AnswerTable]:
    """Return the view `show` of `table`, and the table of what is drawn: rows that have what the view needs.

    Names that are `known` by column are links.
    """
    roles = _ROLES.get(show, {})
    kept = [place for place, column in enumerate(table.columns) if column.name not in _LEFT_OUT]
    columns = tuple(_with_role(table.columns[place], roles) for place in kept)
    rows = (
        AnswerRow(
            tuple(row.values[place] for place in kept),
            tuple(_cell(table.columns[place].name, row.cells[place], known) for place in kept),
        )
        for row in table.rows
        if all(row.cells[_place(table, name)].text for name in _NEEDED.get(show, ()))
    )
    drawn = AnswerTable(columns, tuple(rows))
    return views.view(show if drawn.rows else TABLE, drawn), drawn


def _with_role(column: Column, roles: Mapping[str, str]) -> Column:
    return replace(column, role=roles.get(column.name, ""))


def _cell(name: str, cell: Cell, known: Mapping[tuple[str, str], Cell]) -> Cell:
    if name == "statement":
        return replace(cell, text="why")
    return known.get((name, cell.text), cell)


def _place(table: AnswerTable, name: str) -> int:
    return next(place for place, column in enumerate(table.columns) if column.name == name)
