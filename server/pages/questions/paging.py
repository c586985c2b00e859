"""Pages of a table: `limit` and `offset`, the true number of rows, and links between pages (RFC 8288)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import ParameterError
from kg.store import keywords
from kg.store.sparql import projection
from server.engine.evaluation.query_request import QueryAnswer

MOST = 10_000  # rows a page
_JSON = ("application/sparql-results+json", "application/json")
TOTAL = "rows"  # the name in the answer to `counting`


@dataclass(frozen=True, slots=True)
class Page:
    """The rows from `offset`, counted from 0, at most `limit` of them; None: all."""

    limit: int | None = None
    offset: int = 0

    @property
    def clause(self) -> str:
        """Return what a query ends with to give this page (SPARQL 1.1 section 15)."""
        limit = "" if self.limit is None else f"\nLIMIT {self.limit}"
        return limit + (f"\nOFFSET {self.offset}" if self.offset else "")

    def others(self, total: int) -> Iterator[tuple[str, Page]]:
        """Yield the pages that there are beside this one of `total` rows, each with its relation."""
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
    """Return the page that the parameters `limit` and `offset` in `given` ask for.

    Raises ParameterError for what is no number, or none in its bounds.
    """
    limit = _number("limit", given.get("limit", ""), 1, MOST)
    offset = _number("offset", given.get("offset", ""), 0, 10**9)
    return Page(limit, offset or 0)


def pageable(query: str) -> bool:
    """Return whether `query` gives a table; raises SyntaxError when it is no query."""
    return projection(query) is not None


def counting(query: str) -> str:
    """Return the query for the number of rows that the SELECT `query` gives."""
    declarations = keywords.prologue(query)
    return f"{declarations}\nSELECT (COUNT(*) AS ?{TOTAL}) {{ {{\n{query[len(declarations) :]}\n}} }}"


def total(results: bytes) -> int:
    """Return the number in the JSON `results` of what `counting` gave."""
    (row,) = json.loads(results)["results"]["bindings"]
    return int(row[TOTAL]["value"])


def size(answer: QueryAnswer) -> int | None:
    """Return the number of rows in `answer`, a table; None in a form in which they are not told apart."""
    if answer.media_type not in _JSON:
        return None
    return len(json.loads(answer.body)["results"]["bindings"])


def _number(name: str, given: str, least: int, most: int) -> int | None:
    if not given:
        return None
    if given.isascii() and given.isdecimal() and len(given) < 12 and least <= int(given) <= most:
        return int(given)
    bounds = f"a whole number from {least:,} to {most:,}"
    raise ParameterError(f"{name} is {bounds}, not {given!r}", name, (bounds,))
