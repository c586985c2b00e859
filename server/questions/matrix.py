"""An answer as a matrix: one column of it heads the rows, one the columns, one fills the fields."""

from __future__ import annotations

from dataclasses import dataclass

from server.page import Cell
from server.questions.answer_table import Table

Field = tuple[Cell, ...]  # more than one where the answer has several rows for it


@dataclass(frozen=True, slots=True)
class Matrix:
    """The heads in the order of letters, and the fields of each row; `corner` says what heads what."""

    corner: tuple[str, str]
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, tuple[Field, ...]], ...]


def matrix(table: Table) -> Matrix:
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
