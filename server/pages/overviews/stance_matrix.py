"""The matrix of actors and issues: who is for, against, undecided, silent or absent, by whose account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from server.site.pool_queries import Row, value

STANDINGS = "stances-and-silences"  # the saved query that has the rows
SIGNS: Mapping[str, str] = MappingProxyType(
    {"for": "●", "partly against": "◐", "against": "✕", "undecided": "○", "silent": "–", "absent": "∅"}
)
MOST_ISSUES, MOST_ACTORS = 40, 20
_ASSERTED, _CERTAIN = "asserted", "certain"


@dataclass(frozen=True, slots=True)
class MatrixMark:
    """Where one actor stands on one issue by one statement; `remarks` say what limits it.

    `reading` is empty if a passage asserts it.
    """

    where: str
    sign: str
    reading: str
    remarks: tuple[str, ...]
    statement: str

    @property
    def marks(self) -> tuple[str, ...]:
        """All that is to be said beside it, the reading first."""
        return (self.reading, *self.remarks) if self.reading else self.remarks


@dataclass(frozen=True, slots=True)
class MatrixHead:
    """The head of a row or column: an issue or an actor, with the number of its standings."""

    iri: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An issue with its standings, a tuple for each column, empty where nothing is told."""

    issue: MatrixHead
    cells: tuple[tuple[MatrixMark, ...], ...]


@dataclass(frozen=True, slots=True)
class StanceMatrix:
    """Rows and columns by weight; the last two are how many issues and actors are left out."""

    actors: tuple[MatrixHead, ...]
    rows: tuple[MatrixRow, ...]
    other_issues: int
    other_actors: int


def told_rows(rows: Iterable[Row]) -> list[dict[str, str]]:
    """Return the answer to the saved query as texts by column."""
    return [{key: value(term) for key, term in row.items()} for row in rows]


def tellers(rows: Iterable[Mapping[str, str]]) -> list[MatrixHead]:
    """Return by whose account there is anything, those who tell most first."""
    statements = {(row["by"], row["statement"]): row.get("teller", row["by"]) for row in rows if "by" in row}
    counts = Counter(by for by, _ in statements)
    names = {by: name for (by, _), name in statements.items()}
    return _by_weight(counts, names)


def matrix_of(rows: Sequence[Mapping[str, str]], by: str = "") -> StanceMatrix:
    """Return the matrix of `rows`, or only of what the actor with the IRI `by` tells."""
    chosen = [row for row in rows if by in ("", row.get("by"))]
    cells: dict[tuple[str, str], dict[tuple[str, str], MatrixMark]] = {}
    for row in chosen:
        # A statement with several occasions has several rows; it is shown once.
        cell = cells.setdefault((row["issue"], row["actor"]), {})
        cell.setdefault((row["statement"], row["where"]), _standing(row))
    issues = _heads(cells, 0, {row["issue"]: row.get("matter", row["issue"]) for row in chosen})
    actors = _heads(cells, 1, {row["actor"]: row.get("name", row["actor"]) for row in chosen})
    shown = actors[:MOST_ACTORS]
    lines = (
        MatrixRow(issue, tuple(_sorted(cells.get((issue.iri, one.iri), {})) for one in shown))
        for issue in issues[:MOST_ISSUES]
    )
    told = tuple(line for line in lines if any(line.cells))
    return StanceMatrix(tuple(shown), told, len(issues) - len(told), len(actors) - len(shown))


def _standing(row: Mapping[str, str]) -> MatrixMark:
    certainty = row.get("certainty", _CERTAIN)
    remarks = (
        "" if certainty == _CERTAIN else certainty,
        "hedged" if row.get("hedge") else "",
        "under a condition" if row.get("condition") else "",
    )
    reading = "" if row["reading"] == _ASSERTED else row["reading"]
    return MatrixMark(
        row["where"], SIGNS[row["where"]], reading, tuple(filter(None, remarks)), row["statement"]
    )


def _sorted(cell: Mapping[tuple[str, str], MatrixMark]) -> tuple[MatrixMark, ...]:
    """Return the standings of `cell`, those that a passage asserts first."""
    return tuple(sorted(cell.values(), key=lambda standing: standing.reading != ""))


def _heads(
    cells: Mapping[tuple[str, str], Mapping[tuple[str, str], MatrixMark]], side: int, names: Mapping[str, str]
) -> list[MatrixHead]:
    """Return the heads on one side of `cells`, 0 for issues and 1 for actors."""
    counts: Counter[str] = Counter()
    for key, standings in cells.items():
        counts[key[side]] += len(standings)
    return _by_weight(counts, names)


def _by_weight(counts: Mapping[str, int], names: Mapping[str, str]) -> list[MatrixHead]:
    heads = (MatrixHead(iri, names[iri], count) for iri, count in counts.items())
    return sorted(heads, key=lambda head: (-head.count, head.name.casefold(), head.iri))
