"""Count each state of the data once, in the background, so that nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import CablegraphError, MemoryLimitError, SizeLimitError, TimeLimitError
from kg.store.layers import META
from server.engine.workers.pool import Pool
from server.site import pool_queries
from server.site.pool_queries import Answering

Counts = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Count:
    """How many solutions `pattern` has for each value of `keys`; `rest` are its other variables."""

    keys: str
    rest: str
    pattern: str

    def query(self, *, distinct: bool) -> str:
        """Return the query; with `distinct` each solution counts once, which takes memory for all of them."""
        inner = f"{{ SELECT DISTINCT {self.keys} {self.rest} {{ {self.pattern} }} }}"
        where = inner if distinct else self.pattern
        return f"SELECT {self.keys} (COUNT(*) AS ?n) {{ {where} }} GROUP BY {self.keys}"


COUNTS: Mapping[str, Count] = MappingProxyType(
    {
        "classes": Count("?c", "?s", "?s a ?c"),
        "uses": Count("?c ?p", "?s ?o", "?s a ?c ; ?p ?o"),
        "targets": Count("?c ?p ?t", "?s ?o", "?s a ?c ; ?p ?o . ?o a ?t"),
        "datatypes": Count(
            "?c ?p ?d", "?s ?o", "?s a ?c ; ?p ?o . FILTER isLiteral(?o) BIND(DATATYPE(?o) AS ?d)"
        ),
    }
)
GRAPHS = Count("?g", "?s ?p ?o", "GRAPH ?g { ?s ?p ?o }").query(distinct=False)
STATED = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
PROPERTIES = "SELECT DISTINCT ?p { ?s ?p ?o }"
_TOO_MUCH = (TimeLimitError, MemoryLimitError, SizeLimitError)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts by name, and what the graph itself says about its graphs.

    Each statement of the union counts once, in however many graphs it stands. `missing` names what
    could not be counted within the limits; its counts are empty. `pending` are counts that are
    still being made.
    """

    counts: Mapping[str, Counts]
    about: tuple[Triple, ...]
    missing: tuple[str, ...] = ()
    pending: bool = False


def pending(asking: Answering) -> Statistics:
    """Return what can be said before anything is counted; raises what `asking` raises."""
    names = ("triples", "graphs", "properties", *COUNTS)
    return Statistics({name: {} for name in names}, _about(asking), pending=True)


def gather(asking: Answering) -> Statistics:
    """Return the statistics of the graph that `asking` answers from.

    Raises BusyError and ServerFaultError; what is too much for the limits is left out, unless it is
    the mere number of statements.
    """
    counts: dict[str, Counts] = {}
    missing: list[str] = []

    def take(name: str, count: Callable[[], Counts]) -> None:
        try:
            counts[name] = count()
        except _TOO_MUCH:
            counts[name] = {}
            missing.append(name)

    take("graphs", partial(_counted, asking, GRAPHS))
    take("properties", partial(_properties, asking))
    counts["triples"] = {(): sum(counts["properties"].values())} if counts["properties"] else {}
    # To the engine a statement that stands in two graphs stands twice in their union. Where there is
    # none, as in what the build writes, the cheap way to count gives the same.
    repeated = _counted(asking, STATED) != counts["triples"]
    for name, count in COUNTS.items():
        take(name, partial(_counted, asking, count.query(distinct=repeated)))
    return Statistics(counts, _about(asking), tuple(missing))


def _properties(asking: Answering) -> Counts:
    """Return for each property how many statements have it, one at a time, so that memory suffices."""
    found: dict[tuple[str, ...], int] = {}
    for row in pool_queries.rows(asking, PROPERTIES):
        name = pool_queries.value(row["p"])
        each = f"{{ SELECT DISTINCT ?s ?o {{ ?s {NamedNode(name)} ?o }} }}"
        found[name,] = sum(_counted(asking, f"SELECT (COUNT(*) AS ?n) {{ {each} }}").values())
    return found


def _about(asking: Answering) -> tuple[Triple, ...]:
    return tuple(pool_queries.triples(asking, "CONSTRUCT WHERE { ?s ?p ?o }", (META,)))


def _counted(asking: Answering, query: str) -> Counts:
    counts = {}
    for row in pool_queries.rows(asking, query):
        number = row.pop("n")
        assert isinstance(number, Literal)  # noqa: S101 - COUNT gives nothing else
        counts[tuple(pool_queries.value(term) for term in row.values())] = int(number.value)
    return counts


_WAIT = 2.0  # seconds that somebody who asks waits for counts that are being made


class Census:
    """The counts of what `pool` holds; `wait` is how many seconds a caller may wait for them."""

    def __init__(self, pool: Pool, wait: float = _WAIT) -> None:
        self._pool, self._wait = pool, wait
        self._lock = threading.Lock()
        self._kept: tuple[str, Statistics] | None = None
        self._running: tuple[str, threading.Thread] | None = None

    def begin(self) -> threading.Thread | None:
        """Begin to count the present data, unless that is done; return the thread that does it."""
        version = self._pool.version
        with self._lock:
            if self._kept is not None and self._kept[0] == version:
                return None
            if self._running is not None and self._running[0] == version and self._running[1].is_alive():
                return self._running[1]
            thread = threading.Thread(target=self._count, args=(version,), name="census", daemon=True)
            self._running = (version, thread)
            thread.start()
            return thread

    def statistics(self) -> Statistics:
        """Return the counts of the present data; `pending` when they take longer than one waits.

        Raises BusyError and ServerFaultError.
        """
        thread = self.begin()
        if thread is not None:
            thread.join(self._wait)
        kept = self._kept
        if kept is not None and kept[0] == self._pool.version:
            return kept[1]
        return pending(self._pool)

    def _count(self, version: str) -> None:
        try:
            with self._pool.apart() as apart:
                found = gather(apart)
        except CablegraphError:  # there are newer data, or the service ends; who asks next begins again
            return
        with self._lock:
            self._kept = (version, found)
