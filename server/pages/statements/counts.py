"""Counts of statements by point and value, from an index that is made once for each version of the data.

The index is made of parts of the saved query that counts: its choice, and its pattern for each point.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from kg.errors import BusyError
from kg.publishing.stores import statement_index
from kg.publishing.stores.kept_questions import COUNTED, counted, counting
from kg.publishing.stores.statement_index import Counted, StatementIndex
from server.engine.evaluation.query_request import QueryRequest
from server.pages.statements.choice import ANY, COUNTS, READING, Chosen
from server.site import pool_queries
from server.site.first_answers import FirstAnswers
from server.site.site import PerVersion, Site

Count = Callable[[Chosen, str], list[Counted]]  # of a choice, the values of a point
_PAGE = 100_000  # rows of one answer, which stays below the limit of its size


class Counts:
    """The counts of one site."""

    def __init__(self, site: Site, answers: FirstAnswers | None = None) -> None:
        self._site, self._answers = site, answers
        self._ask = partial(pool_queries.rows, site.pool)
        self._index = PerVersion(self._made)

    def index(self) -> StatementIndex:
        """Return the index of the present data; raises what the pool raises, BusyError while it is made."""
        return self._index.get(self._site.data_version)

    def get(self, choice: Chosen, point: str) -> list[Counted]:
        """Return how many statements of `choice` have each value of `point`; raises what `index` raises."""
        index = self.index()
        return index.counts(self.left(choice), point)

    def once(self) -> Count:
        """Return what counts as `get` does, for one page: the same choice is counted once."""
        known: dict[tuple[frozenset[tuple[str, str]], str], list[Counted]] = {}

        def counted(choice: Chosen, point: str) -> list[Counted]:
            key = frozenset(choice.values.items()), point
            if key not in known:
                known[key] = self.get(choice, point)
            return known[key]

        return counted

    def left(self, choice: Chosen) -> int:
        """Return the statements of `choice` as bits."""
        default = self._reading_by_default()
        values = {READING: default, **choice.values}
        return self.index().chosen({p: v for p, v in values.items() if (p, v) != (READING, ANY)})

    def _reading_by_default(self) -> str:
        parameters = self._site.queries[COUNTS].parameters
        return next(one.default for one in parameters if one.name == READING)

    def _made(self) -> StatementIndex:
        """Return the index that the store keeps, or else make it."""
        queries = self._site.queries
        kept = self._answers.kept(self._site.data_version) if self._answers else None
        if kept and (content := kept.made(statement_index.name_of(queries))):
            return StatementIndex.from_bytes(content)
        rows = partial(self._part, queries=counting(queries))
        labels = partial(statement_index.labels, ask=self._ask)
        return statement_index.gather(queries, rows, labels, self._site.names)

    def _part(self, part: str, queries: Mapping[str, str]) -> Iterator[list[str]]:
        """Yield the rows of a part of the question, which a store may keep."""
        version = self._site.data_version
        kept = self._answers.kept(version) if self._answers else None
        if kept and kept.answer(COUNTED, counted(part).given, 0):  # as one of an earlier version does
            yield from statement_index.kept_rows(kept, part)
        else:
            yield from self._rows(queries[part], version)

    def _rows(self, query: str, version: str) -> Iterator[list[str]]:
        """Yield the rows of a SELECT, a part at a time; raises BusyError when the data change meanwhile."""
        for offset in range(0, 1 << 40, _PAGE):
            request = QueryRequest(f"{query}\nLIMIT {_PAGE} OFFSET {offset}", {"solutions": "text/csv"})
            answer = self._site.pool.answer(request)
            if answer.version not in ("", version):
                raise BusyError("The graph has just changed; try again in a moment.")
            _, *rows = csv.reader(io.StringIO(answer.body.decode(), newline=""))
            yield from rows
            if len(rows) < _PAGE:
                return
