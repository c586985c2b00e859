"""Paging of tables: `limit` and `offset`, the total number of rows, links between pages (RFC 8288)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import ParameterError
from kg.store.sparql import TOTAL, projection
from server.engine.evaluation.query_request import QueryAnswer

MOST = 10_000  # rows a page
_JSON = ("application/sparql-results+json", "application/json")


@dataclass(frozen=True, slots=True)
class Page:
    """The rows from `offset`, counted from 0, at most `limit` of them; all if it is None."""

    limit: int | None = None
    offset: int = 0

    @property
    def clause(self) -> str:
        """The LIMIT and OFFSET clauses of this page (SPARQL 1.1 section 15)."""
        limit = "" if self.limit is None else f"\nLIMIT {self.limit}"
        return limit + (f"\nOFFSET {self.offset}" if self.offset else "")

    def others(self, total: int) -> Iterator[tuple[str, Page]]:
        """Yield the relation and the page of each link from this page of a table with `total` rows."""
        if self.limit is None:
            return
        last = max(0, total - 1) // self.limit * self.limit
        yield "first", Page(self.limit)
        if self.offset:
            yield "prev", Page(self.limit, max(0, self.offset - self.limit))
        if self.offset + self.limit < total:
            yield "next", Page(self.limit, self.offset + self.limit)
        yield "last", Page(self.limit, last)


def page(given: Mapping[str, str]) -> Page:
    """Return the page for the parameters `limit` and `offset` in `given`.

    Raises ParameterError if one is not a whole number within its bounds.
    """
    limit = _number("limit", given.get("limit", ""), 1, MOST)
    offset = _number("offset", given.get("offset", ""), 0, 10**9)
    return Page(limit, offset or 0)


def pageable(query: str) -> bool:
    """Return whether the answer to `query` is a table; raises SyntaxError if `query` is not valid."""
    return projection(query) is not None


def total(results: bytes) -> int:
    """Return the number of rows in `results`, the JSON answer to the query of `counting`."""
    (row,) = json.loads(results)["results"]["bindings"]
    return int(row[TOTAL]["value"])


def size(answer: QueryAnswer) -> int | None:
    """Return the number of rows in `answer`, a table; None unless it is in JSON."""
    if answer.media_type not in _JSON:
        return None
    return len(json.loads(answer.body)["results"]["bindings"])


def _number(name: str, given: str, least: int, most: int) -> int | None:
    if not given:
        return None
    if given.isascii() and given.isdecimal() and len(given) < 12 and least <= int(given) <= most:
        return int(given)
    bounds = f"a whole number from {least:,} to {most:,}"
    raise ParameterError(f"{name} must be {bounds}, not {given!r}", name, (bounds,))
