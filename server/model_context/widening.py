"""See what a query binds beside what it shows, so that its rows can be traced to their sources."""

from __future__ import annotations

import re

from pyoxigraph import QuerySolutions, Store

from server import query_text

_PROJECTION = re.compile(r"SELECT\b.*?(?=\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)


def widened(query: str) -> str | None:
    """Return the pattern of the SELECT `query` with all its variables as columns, without any modifier.

    It is a heuristic on the text (SPARQL 1.1 section 18.2): the rows are ungrouped, unordered and
    unlimited. None where what comes out is no query.
    """
    declarations = query_text.prologue(query)
    match = _PROJECTION.match(query, len(declarations))
    if match is None:
        return None
    wide = f"{declarations}SELECT * {query[match.end() : query.rfind('}') + 1]}"
    try:
        return wide if isinstance(Store().query(wide), QuerySolutions) else None
    except SyntaxError:
        return None
