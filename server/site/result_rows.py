"""Rows of a result as a page shows them: in the order of a column, and with the labels of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.errors import CablegraphError
from kg.namespaces import XSD
from server.engine.workers.pool import Pool
from server.site import made_names, pool_queries
from server.site.pool_queries import value

Binding = Mapping[str, Any]  # one solution of SPARQL 1.1 Query Results JSON, by variable
TABLE, RAW = "table", "raw"  # views of any answer; others are drawn by `server/pages/results`
_MOST = 500  # things whose labels are looked up
_SECONDS = 1.0  # a page whose labels take longer has none
NUMBERS = frozenset(f"{XSD}{name}" for name in ("integer", "decimal", "double", "float"))
_LABELS = (
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "SELECT ?thing (MIN(?name) AS ?label) {{ {} ?thing rdfs:label|skos:prefLabel ?name . "
    'FILTER (lang(?name) = "en") }} GROUP BY ?thing'
)


@dataclass(frozen=True, slots=True)
class Pivot:
    """The view of an answer: its name, `content`, which its template draws, and the `table` that is drawn.

    `others` are the addresses of all its views by name. `choices` are the roles of columns that a reader may
    change, `kept` the parameters of the address that stay as they are. `lacking` is the name of a view that
    was asked for and cannot be drawn, `drawn` how many of the rows are.
    """

    name: str
    content: object = None
    table: object = None
    others: Mapping[str, str] = field(default_factory=dict)
    choices: Sequence[object] = ()
    kept: Sequence[tuple[str, str]] = ()
    lacking: str = ""
    drawn: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """How a page shows an answer, by `columns` and `rows`, which are in `order`.

    `order` is a column, after a minus sign in descending order; empty for none. `labels` has the names of
    things by IRI, `seconds` how long the query took, None if it was not measured. `pivot` is the view, None
    for a truth value.
    """

    columns: Sequence[str] = ()
    rows: Sequence[Binding] = ()
    order: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None
    pivot: Pivot | None = None

    @property
    def took(self) -> str:
        """The time in words; empty if it was not measured."""
        if self.seconds is None:
            return ""
        return f"{self.seconds * 1000:,.0f} ms" if self.seconds < 1 else f"{self.seconds:,.1f} s"

    def next_order(self, column: str) -> str:
        """Return the order that the head of `column` leads to: ascending, or the reverse of what is."""
        return f"-{column}" if self.order == column else column

    def direction(self, column: str) -> str:
        """Return the direction in which the rows are sorted by `column`, as `aria-sort` has it."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.order, "none")


PLAINLY = Shown()


def ordered(rows: Sequence[Binding], order: str) -> Sequence[Binding]:
    """Return `rows` in `order`, as `Shown` has it: numbers first, and rows without a value last."""
    column = order.removeprefix("-")
    having = [row for row in rows if column in row]
    if not order or not having:
        return rows
    having.sort(key=lambda row: _key(row[column]), reverse=order.startswith("-"))
    return [*having, *(row for row in rows if column not in row)]


def labels(pool: Pool, rows: Iterable[Binding]) -> dict[str, str]:
    """Return the English labels or made names of the things in `rows`, by IRI; none if that takes long."""
    iris = dict.fromkeys(term["value"] for row in rows for term in row.values() if term["type"] == "uri")
    try:
        values = pool_queries.values("thing", list(iris)[:_MOST])
        found = pool_queries.rows(pool, _LABELS.format(values), _SECONDS) if iris else []
    except (CablegraphError, ValueError):  # the answer itself is complete and useful
        return {}
    named = {value(row["thing"]): value(row["label"]) for row in found}
    others = [iri for iri in list(iris)[:_MOST] if iri not in named and iri.startswith(pool.names.id)]
    return {**made_names.of(pool, others), **named}


def _key(term: Mapping[str, Any]) -> tuple[bool, float, str]:
    if term.get("datatype") in NUMBERS:
        try:
            return False, float(term["value"]), ""
        except ValueError:  # a literal may have any text
            pass
    return True, 0.0, str(term["value"]).casefold()
