"""Count what the graph holds: its graphs, its classes, which properties join what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyoxigraph import Literal, Triple

from kg.errors import MemoryLimitError, SizeLimitError, TimeLimitError
from kg.meta import META
from server import lookup
from server.pool import Pool

SECONDS = 3.0  # for one count; a large graph goes without those that take longer

Counts = Mapping[tuple[str, ...], int]

# Every query counts as ?n what the other variables, in their order, tell apart. To the engine a
# statement that stands in two graphs stands twice in their union; the build writes none twice.
COUNTS: Mapping[str, str] = MappingProxyType(
    {
        "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        "classes": "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c",
        "properties": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
        "uses": "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p",
        "targets": "SELECT ?c ?p ?t (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . ?o a ?t } GROUP BY ?c ?p ?t",
        "datatypes": "SELECT ?c ?p ?d (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . FILTER isLiteral(?o) "
        "BIND(DATATYPE(?o) AS ?d) } GROUP BY ?c ?p ?d",
    }
)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts by the names of COUNTS, and what the graph itself says about its graphs.

    `missing` names what could not be counted within the limits of a query; its counts are empty.
    """

    counts: Mapping[str, Counts]
    about: tuple[Triple, ...]
    missing: tuple[str, ...]


def gather(pool: Pool) -> Statistics:
    """Return the statistics of the graph behind `pool`; raises BusyError and ServerFaultError."""
    counts: dict[str, Counts] = {}
    missing = []
    for what, query in COUNTS.items():
        try:
            counts[what] = _counted(pool, query)
        except (TimeLimitError, MemoryLimitError, SizeLimitError):
            counts[what] = {}
            missing.append(what)
    about = lookup.triples(pool, "CONSTRUCT WHERE { ?s ?p ?o }", (META,))
    return Statistics(counts, tuple(about), tuple(missing))


def _counted(pool: Pool, query: str) -> Counts:
    counts = {}
    for row in lookup.rows(pool, query, SECONDS):
        number = row.pop("n")
        assert isinstance(number, Literal)  # noqa: S101 - COUNT gives nothing else
        counts[tuple(lookup.value(term) for term in row.values())] = int(number.value)
    return counts
