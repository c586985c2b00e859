"""The triples of one projection, as its saved CONSTRUCT query draws them, and as Turtle."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pyoxigraph as ox

from kg.mentions import prefixes
from kg.saved import SavedQuery


def triples(store: ox.Store, query: SavedQuery) -> list[ox.Triple]:
    """Return what the CONSTRUCT `query` draws from the union of all graphs, sorted, each triple once.

    Raises TypeError for a query of another form: the queries here are our own.
    """
    result = store.query(query.text, use_default_graph_as_union=True)
    if not isinstance(result, ox.QueryTriples):
        raise TypeError(f"{query.name} is no CONSTRUCT query")
    return sorted(set(result), key=str)


def turtle(store: ox.Store, queries: Iterable[SavedQuery], head: str) -> bytes:
    """Return what `queries` draw, together, in Turtle with their prefixes, below `head` as comments."""
    drawn: set[ox.Triple] = set()
    declared: dict[str, str] = {}
    for query in queries:
        drawn |= set(triples(store, query))
        declared |= prefixes(query.text)
    body = io.BytesIO()
    ox.serialize(sorted(drawn, key=str), body, ox.RdfFormat.TURTLE, prefixes=declared)
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return comment.encode() + body.getvalue()
