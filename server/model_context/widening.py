"""See what a query binds beside what it shows, so that its rows can be traced to their sources."""

from __future__ import annotations

import re

from server.workers import query_text

_PROJECTION = re.compile(r"SELECT\b.*?(?=\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)


def widened(query: str) -> str | None:
    """Return the pattern of the SELECT `query` with all its variables as columns, without any modifier.

    It is a guess from the text (SPARQL 1.1 section 18.2), ungrouped, unordered and unlimited; what
    comes out need not be a query, and is for a worker to read, never for this process. None for
    what is no SELECT.
    """
    declarations = query_text.prologue(query)
    match = _PROJECTION.match(query, len(declarations))
    if match is None:
        return None
    return f"{declarations}SELECT * {query[match.end() : query.rfind('}') + 1]}"
