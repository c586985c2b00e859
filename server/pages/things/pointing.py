"""What points to a thing: asserted statements and all else first, then what no passage asserts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyoxigraph import NamedNode

from kg.store import unasserted
from kg.store.unasserted import STANDINGS, Standing
from server.engine.workers.pool import Pool
from server.site import pool_queries
from server.site.pool_queries import value

MOST_POINTING = 5  # for each property and standing
# The heading over what points to a thing and no passage asserts, and what it means; None is for all else.
GROUPS: Mapping[Standing | None, tuple[str, str]] = MappingProxyType(
    {
        None: ("What points here", ""),
        Standing.READING: (
            "Possible readings, not adopted",
            "What a passage may mean and the curator does not adopt. Nobody is said to hold it.",
        ),
        Standing.ASCRIBED: (
            "Ascribed claims",
            "What somebody says that another holds, says or wants. No passage says that he does.",
        ),
        Standing.PROPOSED: (
            "Proposed texts",
            "What somebody proposes that another say. Nobody is said to have said it.",
        ),
        Standing.FOUND: (
            "Found by a program",
            "What a program found in the words and nobody has confirmed. Nothing is drawn from it.",
        ),
    }
)
_ORDER = (None, *Standing)
_Way = tuple[str, Standing | None]


@dataclass(frozen=True, slots=True)
class Pointing:
    """The property by which `total` things point to a thing; `subjects` are the first of them.

    `standing` says why no passage asserts these statements; it is None for statements that are asserted and
    for other things.
    """

    predicate: str
    total: int
    subjects: tuple[str, ...]
    standing: Standing | None = None


def gather(pool: Pool, iri: str) -> tuple[Pointing, ...]:
    """Return all that points to `iri`, the asserted first; then the most frequent properties first."""
    target = str(NamedNode(iri))
    totals = _totals(pool, target)
    subjects = _subjects(pool, target, totals) if totals else {}
    ways = sorted(totals, key=lambda way: (_ORDER.index(way[1]), -totals[way], way[0]))
    return tuple(Pointing(way[0], totals[way], tuple(sorted(subjects.get(way, ()))), way[1]) for way in ways)


def pattern(predicate: str, target: str, standing: Standing | None) -> str:
    """Return the graph pattern in SPARQL for the ?thing that points to the node `target` in one way."""
    points = f"?thing {NamedNode(predicate)} {target}"
    if standing is None:
        return f"{points} FILTER NOT EXISTS {{ {unasserted.pattern('thing')} }}"
    return f"{points} . {unasserted.pattern('thing', standing)}"


def _totals(pool: Pool, target: str) -> dict[_Way, int]:
    rows = pool_queries.rows(
        pool,
        f"SELECT ?p ?class (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p {target} FILTER ISIRI(?s) "
        f"OPTIONAL {{ {unasserted.pattern('s')} }} }} GROUP BY ?p ?class",
    )
    return {
        (value(row["p"]), STANDINGS[value(row["class"])] if "class" in row else None): int(value(row["n"]))
        for row in rows
    }


def _subjects(pool: Pool, target: str, ways: Iterable[_Way]) -> dict[_Way, list[str]]:
    every = list(ways)
    some = " UNION ".join(
        f"{{ SELECT DISTINCT (?thing AS ?s) ({number} AS ?way) {{ {pattern(predicate, target, standing)} "
        f"FILTER ISIRI(?thing) }} LIMIT {MOST_POINTING} }}"
        for number, (predicate, standing) in enumerate(every)
    )
    subjects: dict[_Way, list[str]] = {}
    for row in pool_queries.rows(pool, f"SELECT ?way ?s {{ {some} }}"):
        subjects.setdefault(every[int(value(row["way"]))], []).append(value(row["s"]))
    return subjects
