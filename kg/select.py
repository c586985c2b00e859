"""Ask a store for rows."""

from __future__ import annotations

import pyoxigraph as ox


def rows(store: ox.Store, query: str) -> ox.QuerySolutions:
    """Return the solutions of a SELECT query over the union of all graphs of `store`.

    Raises TypeError for a query of another form: the queries here are our own.
    """
    result = store.query(query, use_default_graph_as_union=True)
    if not isinstance(result, ox.QuerySolutions):
        raise TypeError("this is no SELECT query")
    return result
