"""Results of SELECT and ASK as text: a table in Markdown, and a table or records for a terminal."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import click
from pyoxigraph import NamedNode

from kg.namespaces import SHIPPED, Namespaces
from kg.terms import short

# Characters that would end a cell, or begin a link, emphasis, code or HTML.
_SPECIAL = re.compile(r"([\\|`*_\[\]<>&])")
# The width to which a column may shrink in a table; where that is too much, records are easier to read.
_READABLE = 12
_GAP = "  "
_NARROWEST = 20  # width of the values of records, however narrow the terminal is

Style = Callable[[str, "TextCell"], str]  # returns the text with the escape sequences of its colour


def markdown_table(results: bytes, own: Namespaces = SHIPPED) -> str:
    """Return SPARQL results in JSON as a Markdown table, or `true` or `false` for ASK.

    IRIs are links with their short names, by the namespaces `own`. Markup in texts is escaped.
    """
    parsed = json.loads(results)
    if "boolean" in parsed:
        return f"{str(parsed['boolean']).lower()}\n"
    names: list[str] = parsed["head"]["vars"]
    rows = [[_markdown_cell(row.get(name), own) for name in names] for row in parsed["results"]["bindings"]]
    lines = [[_escaped(name) for name in names], ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown_cell(term: dict[str, Any] | None, own: Namespaces) -> str:
    if term is None:
        return ""
    if term["type"] == "uri":
        text = _escaped(short(NamedNode(term["value"]), own))
        return f"[{text}](<{term['value']}>)" if term["value"].startswith(("http:", "https:")) else text
    return _escaped(" ".join(str(term["value"]).split()))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


class TextCell(NamedTuple):
    """The text of a term, and its `kind`: "uri", "literal", "bnode", "name" for a column, "" for unbound."""

    text: str
    kind: str = ""


def terminal_text(
    results: bytes,
    width: int | None = None,
    *,
    records: bool = False,
    coloured: bool = False,
    own: Namespaces = SHIPPED,
) -> str:
    """Return SPARQL results in JSON as text for a terminal, or `true` or `false` for ASK.

    IRIs have their short form, by the namespaces `own`. With `width`, in characters, long cells of a table
    are cut and end in an ellipsis; a table with too many columns for that, or with `records`, becomes a
    record for each row, whose values are wrapped. Without `width` every cell is whole and on one line.
    """
    parsed = json.loads(results)
    if "boolean" in parsed:
        return str(parsed["boolean"]).lower()
    names = [TextCell(name, "name") for name in parsed["head"]["vars"]]
    rows = [[_cell(row.get(name.text), own) for name in names] for row in parsed["results"]["bindings"]]
    style = _coloured if coloured else _plain
    lines = _records if records or not _fits(names, rows, width) else _table
    total = f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})"
    return "\n".join([*lines(names, rows, width, style), total])


def _cell(term: dict[str, Any] | None, own: Namespaces) -> TextCell:
    if term is None:
        return TextCell("")
    text = short(NamedNode(term["value"]), own) if term["type"] == "uri" else term["value"]
    return TextCell(" ".join(text.split()), term["type"])


def _plain(text: str, _: TextCell) -> str:
    return text


def _coloured(text: str, cell: TextCell) -> str:
    if cell.kind == "name":
        return click.style(text, bold=True)
    return click.style(text, fg="cyan") if cell.kind == "uri" else text


def _fits(names: list[TextCell], rows: list[list[TextCell]], width: int | None) -> bool:
    least = [min(_READABLE, size) for size in _sizes([names, *rows])]
    return width is None or sum(least) + len(_GAP) * (len(least) - 1) <= width


def _sizes(lines: Sequence[Sequence[TextCell]]) -> list[int]:
    return [max(len(cell.text) for cell in column) for column in zip(*lines, strict=True)]


def _table(
    names: list[TextCell], rows: list[list[TextCell]], width: int | None, style: Style
) -> Iterator[str]:
    widths = _widths(_sizes([names, *rows]), width)
    for cells in (names, [TextCell("-" * size) for size in widths], *rows):
        fitted = (style(_fitted(cell.text, size), cell) for cell, size in zip(cells, widths, strict=True))
        yield _GAP.join(fitted).rstrip()


def _widths(widths: list[int], width: int | None) -> list[int]:
    """Return the widths of the columns; the widest shrink until a line fits into `width`."""
    while width and widths and sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        widths[widths.index(max(widths))] -= 1
    return widths


def _fitted(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)


def _records(
    names: list[TextCell], rows: list[list[TextCell]], width: int | None, style: Style
) -> Iterator[str]:
    """Yield the lines of a record for each row; a value that is unbound has no line."""
    indent = max((len(name.text) for name in names), default=0) + len(_GAP)
    for number, row in enumerate(rows, 1):
        yield style(f"-- {number} --", TextCell("", "name"))
        for name, cell in zip(names, row, strict=True):
            lines = _wrapped(cell, width and max(width - indent, _NARROWEST))
            for label, line in zip([name.text, *[""] * len(lines)], lines, strict=False):
                yield style(label.ljust(indent), name) + style(line, cell)


def _wrapped(cell: TextCell, width: int | None) -> list[str]:
    if width is None or cell.kind == "uri":  # a name that is cut cannot be copied
        return [cell.text] if cell.text else []
    return textwrap.wrap(cell.text, width)
