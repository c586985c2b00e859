"""Look-ups of single triple patterns by the store's index, limited in number and time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pyoxigraph as ox

from kg.asking.query_parts.paths import Pattern, Slot
from kg.errors import QueryError

STEPS = 4_000  # look-ups and triples read for the hints on one query, which take about 5 ms
SECONDS = 0.5  # of the processor, if steps take much longer than usual
_CHECK = 64  # steps between two looks at the clock


class SpentError(QueryError):
    """The limit of look-ups is reached; the hints that were found so far remain. Internal."""


@dataclass(slots=True)
class Lookups:
    """Look-ups in `store`, over the graphs of the query: by default the union of all.

    `defaults` are the graphs whose union is the default graph, `named` those that GRAPH may name; None is
    all of them. Methods raise SpentError at the limit of `steps`, or of time.
    """

    store: ox.Store
    defaults: Sequence[ox.NamedNode] | None = None
    named: Sequence[ox.NamedNode] | None = None
    steps: int = STEPS
    end: float = field(default_factory=lambda: time.thread_time() + SECONDS)

    def holds(self, node: ox.NamedNode) -> bool:
        """Return whether any triple of the store has `node`, or any graph this name."""
        places = ((node, None, None), (None, node, None), (None, None, node))
        return any(self._first(*place) for place in places) or self._first(None, None, None, node)

    def used(self, predicate: ox.NamedNode) -> bool:
        """Return whether any triple of the store has `predicate`."""
        return self._first(None, predicate, None)

    def matches(self, pattern: Pattern, **slots: Slot) -> bool:
        """Return whether any triple of its graph fits `pattern`, with other `slots` in place of its own."""
        return next(self.triples(pattern, **slots), None) is not None

    def triples(self, pattern: Pattern, **slots: Slot) -> Iterator[ox.Quad]:
        """Yield the triples of its graph that fit `pattern`, with other `slots` in place of its own."""
        names = ("subject", "predicate", "object")
        subject, predicate, target = (_term(slots.get(name, getattr(pattern, name))) for name in names)
        if isinstance(subject, ox.Literal) or isinstance(predicate, ox.Literal):
            return
        for graph in self._graphs(pattern.graph):
            yield from self.quads(subject, predicate, target, graph)

    def quads(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        target: ox.NamedNode | ox.Literal | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that fit these terms; None fits any."""
        self._count()
        for quad in self.store.quads_for_pattern(subject, predicate, target, graph):
            self._count()
            yield quad

    def some(self, most: int, predicate: ox.NamedNode) -> list[ox.Quad]:
        """Return at most `most` quads with `predicate`."""
        return list(islice(self.quads(None, predicate), most))

    def _graphs(self, graph: Slot | None) -> Sequence[ox.NamedNode | None]:
        if isinstance(graph, ox.NamedNode):
            return [graph]
        chosen = self.defaults if graph is None else self.named
        return [None] if chosen is None else chosen

    def _first(self, *terms: ox.NamedNode | None) -> bool:
        return next(self.quads(*terms), None) is not None

    def _count(self) -> None:
        self.steps -= 1
        if self.steps < 0 or (self.steps % _CHECK == 0 and time.thread_time() > self.end):
            raise SpentError


def _term(slot: Slot) -> ox.NamedNode | ox.Literal | None:
    return None if isinstance(slot, str) else slot
