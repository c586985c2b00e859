"""Actors and the ties between them, from the saved queries `who-is-who` and `ties-between-actors`."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields

import pyoxigraph as ox

from kg.parameters import fill
from kg.saved import SavedQuery
from kg.select import rows
from kg.terms import value

# The values of the parameter `tie` of the saved query.
TIES = ("addresses", "disagrees with", "reports", "sends to", "speaks of")


@dataclass(frozen=True, slots=True)
class Node:
    """One actor; `wikidata` is the address of its item, empty if it is not linked as exactly the same."""

    id: str
    label: str
    kind: str
    wikidata: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One tie of one kind in one telegram.

    `weight` is the number of statements that it rests on; `evidence` names them, separated by blanks.
    """

    source: str
    target: str
    kind: str
    weight: int
    telegram: str
    evidence: str


def nodes(store: ox.Store, query: SavedQuery) -> list[Node]:
    """Return all actors in the order of their names in the graph."""
    return [
        Node(value(row["actor"]), value(row["name"]), value(row["kind"]), _optional(row["wikidata"]))
        for row in rows(store, query.text)
    ]


def edges(store: ox.Store, query: SavedQuery) -> list[Edge]:
    """Return all ties, those of one kind in one telegram between the same two actors as one edge."""
    found: defaultdict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for source, target, kind, telegram, statement in _ties(store, query):
        found[source, target, kind, telegram].add(statement)
    return [
        Edge(source, target, kind, len(statements), telegram, " ".join(sorted(statements)))
        for (source, target, kind, telegram), statements in sorted(found.items())
    ]


def _ties(store: ox.Store, query: SavedQuery) -> Iterator[tuple[str, ...]]:
    for tie in TIES:
        for row in rows(store, fill(query.text, {"tie": ox.Literal(tie)})):
            yield tuple(_optional(row[name]) for name in ("source", "target", "tie", "telegram", "statement"))


def _optional(term: object) -> str:
    return "" if term is None else value(term)


def table(entries: Sequence[Node] | Sequence[Edge], columns: Iterable[str]) -> bytes:
    """Return `entries` as CSV (RFC 4180, UTF-8) under the heads `columns`, one for each field."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(astuple(entry) for entry in entries)
    return text.getvalue().encode()


def columns(kind: type[Node] | type[Edge]) -> tuple[str, ...]:
    """Return the heads of the columns as Gephi reads them: its own names have a capital."""
    own = {"id": "Id", "label": "Label", "source": "Source", "target": "Target", "weight": "Weight"}
    return tuple(own.get(field.name, field.name) for field in fields(kind))
