"""Cells of a head: parts of a line with wide space between them, as typists set labels, values and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.curating.drafting.heads.head_pieces import LOOSE_TABLE
from kg.curating.drafting.source.found import SourceText, TextLine

_CELL = re.compile(r"\S+(?: \S+)*")
_MOST_LINES = 45
# A line with the label of a side, and not the table of a transmission, which has a number and a time as well.
_SIDE = re.compile(r"(?:from|to|copy|copies)\s*:(?!.*\b(?:no|time|date)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A part of a line: its bounds, its words, the number of its line, and where in the line it begins."""

    start: int
    end: int
    text: str
    line: int
    column: int


def is_prose(line: TextLine) -> bool:
    """Return whether a line is of running text: long, or a sentence of several words."""
    words = line.text.split()
    wide = re.search(r" {3,}", line.text)
    small = sum(word[0].islower() for word in words)
    long = len(line.text) > 62 and len(words) > 9 and not wide and small > 0.55 * len(words)
    sentence = (
        len(words) > 6 and line.text.endswith(".") and re.search(r"\s[a-zа-я]+\s[a-zа-я]+\s", line.text)
    )
    return bool(re.search(r"[a-zа-я]{2}", line.text)) and (long or bool(sentence))


def head_cells(source: SourceText, title: tuple[int, int] = (0, 0)) -> list[HeadCell]:
    """Return the cells above running text; below a title in prose those with the label of a side alone."""
    found: list[HeadCell] = []
    below = False
    for number, line in enumerate(source.lines()[:_MOST_LINES]):
        if title[0] <= line.start < title[1] and is_prose(line):
            below = True
            continue
        if line.text.startswith("This document was made possible"):
            continue
        if is_prose(line):
            break
        if below and not _SIDE.match(line.text):
            continue
        found += _cells(source, line, number)
    return found


def foot_cells(source: SourceText, most: int = 14) -> list[HeadCell]:
    """Return the cells of the last lines, below the last line of running text."""
    lines = source.lines()
    kept: list[tuple[int, TextLine]] = []
    for number in range(len(lines) - 1, max(-1, len(lines) - most - 1), -1):
        if is_prose(lines[number]):
            break
        kept.insert(0, (number, lines[number]))
    return [cell for number, line in kept for cell in _cells(source, line, number)]


def _cells(source: SourceText, line: TextLine, number: int) -> Iterator[HeadCell]:
    begin = source.plain.rfind("\n", 0, line.start) + 1
    for match in _CELL.finditer(source.plain, line.start, line.end):
        yield HeadCell(match.start(), match.end(), match.group(), number, match.start() - begin)


def divided(cells: list[HeadCell]) -> tuple[list[HeadCell], list[HeadCell]]:
    """Return the cells that are the table of a transmission (place, number, time, day), and the others."""
    tables = [cell for cell in cells if _is_table(cell)]
    return tables, [cell for cell in cells if cell not in tables]


def _is_table(cell: HeadCell) -> bool:
    table = LOOSE_TABLE.match(cell.text)
    return table is not None and bool(table["time"] or table["date"])
