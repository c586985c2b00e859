"""Labels of a head and their values: `FROM: …`, `NO. …`, also where the value stands in the next cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.forms.head_cells import HeadCell

MEMBERS = ("from", "to", "number", "date", "received", "subject", "place", "copies", "incoming", "other")


@dataclass
class Labelled:
    """The values of each member of a head, and the cells that have no label."""

    values: dict[str, list[HeadCell]] = field(default_factory=dict)
    free: list[HeadCell] = field(default_factory=list)

    def first(self, member: str) -> HeadCell | None:
        """Return the first value of a member."""
        return next(iter(self.values.get(member, [])), None)


@dataclass(frozen=True)
class LabelFinder:
    """Finds labels by the table of them."""

    tables: WordTables

    @cached_property
    def _member_of(self) -> dict[str, str]:
        return {word: member for member in MEMBERS for word in self.tables["labels"][member]}

    @cached_property
    def _label(self) -> re.Pattern[str]:
        words = alternatives(self._member_of)
        return re.compile(
            rf"(?P<label>{words})\s?(?:(?P<mark>\.?:|\.(?=\s*\d|\s*$)|(?<=№)|(?<=nos)|(?<=no)(?=\s\d))\s*(?P<value>.*)|(?<=[A-Z])$)",
            re.IGNORECASE,
        )

    def read(self, cells: list[HeadCell]) -> Labelled:
        """Return the values of the labels of the cells, and the cells that are neither."""
        found, open_member, column = Labelled(), "", 0
        for n, cell in enumerate(cells):
            match = self._label.fullmatch(cell.text)
            if match and match.group("label")[0].isalpha() and not match.group("label")[0].isupper():
                match = None  # a word of a sentence
            if match:
                open_member = self._member_of[" ".join(match.group("label").lower().split())]
                column = cell.column
                found.values.setdefault(open_member, [])
                if match.group("value"):
                    found.values[open_member].append(_valued(cell, match))
                continue
            goes_on = open_member and self._goes_on(found, open_member, cell, cells[n - 1], column)
            (found.values[open_member] if goes_on else found.free).append(cell)
            open_member = open_member if goes_on else ""
        return found

    def _goes_on(self, found: Labelled, member: str, cell: HeadCell, before: HeadCell, column: int) -> bool:
        """Return whether a cell is the value of the label before it, or one more value of it."""
        known = found.values[member]
        if not known:
            return cell.line - before.line < 2
        listed = member in ("to", "copies", "other")
        return listed and cell.column > column + 1 and cell.line - known[-1].line <= 1


def _valued(cell: HeadCell, match: re.Match[str]) -> HeadCell:
    start = cell.start + match.start("value")
    return HeadCell(start, cell.end, match.group("value"), cell.line, cell.column + match.start("value"))
