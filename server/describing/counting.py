"""Count what the graph holds: its graphs, its classes, which properties join what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import MemoryLimitError, SizeLimitError, TimeLimitError
from kg.meta import META
from server import lookup
from server.lookup import Answering

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
    for row in lookup.rows(asking, PROPERTIES):
        name = lookup.value(row["p"])
        each = f"{{ SELECT DISTINCT ?s ?o {{ ?s {NamedNode(name)} ?o }} }}"
        found[name,] = sum(_counted(asking, f"SELECT (COUNT(*) AS ?n) {{ {each} }}").values())
    return found


def _about(asking: Answering) -> tuple[Triple, ...]:
    return tuple(lookup.triples(asking, "CONSTRUCT WHERE { ?s ?p ?o }", (META,)))


def _counted(asking: Answering, query: str) -> Counts:
    counts = {}
    for row in lookup.rows(asking, query):
        number = row.pop("n")
        assert isinstance(number, Literal)  # noqa: S101 - COUNT gives nothing else
        counts[tuple(lookup.value(term) for term in row.values())] = int(number.value)
    return counts
