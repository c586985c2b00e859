"""Ask a store a query of anybody: read-only, no other service is called, FROM means what it says."""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.errors import ForbiddenError, QuerySyntaxError

Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_PLACE = re.compile(r"error at (\d+):(\d+)")
_CALL = re.compile(r"service(?:\s+silent\b)?", re.IGNORECASE)
# Words of the same length that are no keywords; see `_uses`.
_MASKS = (("service", "zjqvice"), ("from", "fjqm"))


def ask(store: ox.Store, query: str) -> Result:
    """Return the result of `query` over the union of all graphs, or over those that it names with FROM.

    There is no limit of time: it runs in the caller's own process. Raises QuerySyntaxError for
    what is no query, an update among it, and ForbiddenError for a call of another service.
    """
    service, from_ = (_uses(word, mask, query) for word, mask in _MASKS)
    try:
        if service:
            ox.Store().query(_CALL.sub("graph", query))  # has the same grammar and calls nobody
            raise ForbiddenError(
                "This graph calls no other service: ask the other endpoint yourself and join the answers."
            )
        return store.query(query, use_default_graph_as_union=not from_)
    except SyntaxError as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        raise QuerySyntaxError(f"This is not SPARQL: {error}", line, column) from None


def _uses(word: str, mask: str, query: str) -> bool:
    """Tell whether `query` uses `word` as a keyword: whether it no longer parses without."""
    masked = re.sub(word, mask, query, flags=re.IGNORECASE)
    if masked == query:
        return False
    try:
        ox.Store().query(masked)
    except SyntaxError:
        return True
    return False
