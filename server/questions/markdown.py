"""Write results of SELECT and ASK as a Markdown table, as most renderers of Markdown read it."""

from __future__ import annotations

import json
import re
from typing import Any

from pyoxigraph import NamedNode

from kg.terms import short

# What would end a cell, or begin a link, an emphasis, code or HTML.
_SPECIAL = re.compile(r"([\\|`*_\[\]<>&])")


def table(results: bytes) -> str:
    """Return SPARQL results in JSON as a table with a line a row, or `true` and `false` for ASK.

    Things are links under their short names. Every text is escaped, so that it shows as it is.
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
