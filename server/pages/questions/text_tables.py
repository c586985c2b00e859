"""Text tables for results of SELECT and ASK: in Markdown, and for a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from pyoxigraph import NamedNode

from kg.terms import short

# Characters that would end a cell, or begin a link, emphasis, code or HTML.
_SPECIAL = re.compile(r"([\\|`*_\[\]<>&])")


def markdown_table(results: bytes) -> str:
    """Return SPARQL results in JSON as a Markdown table, or `true` or `false` for ASK.

    IRIs are links with their short names. Markup in texts is escaped.
    """
    parsed = json.loads(results)
    if "boolean" in parsed:
        return f"{str(parsed['boolean']).lower()}\n"
    names: list[str] = parsed["head"]["vars"]
    rows = [[_cell(row.get(name)) for name in names] for row in parsed["results"]["bindings"]]
    lines = [[_escaped(name) for name in names], ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(term: dict[str, Any] | None) -> str:
    if term is None:
        return ""
    if term["type"] == "uri":
        text = _escaped(short(NamedNode(term["value"])))
        return f"[{text}](<{term['value']}>)" if term["value"].startswith(("http:", "https:")) else text
    return _escaped(" ".join(str(term["value"]).split()))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def terminal_table(results: bytes, width: int | None = None) -> str:
    """Return SPARQL results in JSON as a table for a terminal, or `true` or `false` for ASK.

    IRIs have their short form. With `width`, in characters, long cells are cut and end in an ellipsis;
    without it every cell is whole.
    """
    parsed = json.loads(results)
    if "boolean" in parsed:
        return str(parsed["boolean"]).lower()
    names: list[str] = parsed["head"]["vars"]
    rows = [[_terminal_cell(row.get(name)) for name in names] for row in parsed["results"]["bindings"]]
    widths = _widths([names, *rows], width)
    lines = [names, ["-" * size for size in widths], *rows]
    table = "\n".join("  ".join(map(_fitted, line, widths)).rstrip() for line in lines)
    return f"{table}\n({len(rows)} {'row' if len(rows) == 1 else 'rows'})"


def _terminal_cell(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    text = short(NamedNode(term["value"])) if term["type"] == "uri" else term["value"]
    return " ".join(text.split())


def _widths(lines: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """Return the widths of the columns; the widest shrink until a line fits into `width`."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    while width and widths and sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _fitted(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)
