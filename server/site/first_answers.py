"""The first rows of answers to saved questions about all of the data, for pages that cannot wait for long.

A store on disk keeps such answers. Where none is kept the question is asked once for each data version.
One that has no answer in time is late: the page says so and leads to the question.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import BusyError, MemoryLimitError, SizeLimitError, TimeLimitError
from kg.publishing.stores import kept_answers
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.kept_questions import kept_questions
from server.engine.evaluation.query_request import QueryRequest
from server.engine.workers.pool import Pool
from server.site import pool_queries
from server.site.pool_queries import JSON_ROWS, Row

_WAIT = 1.0  # seconds for another thread that asks the same
_AGAIN = 300.0  # seconds after which a question that was late is asked again
Made = TypeVar("Made")
KeptFile = Callable[[str], Path | None]  # by data version
_NONE: Mapping[str, str] = MappingProxyType({})
_EMPTY = kept_answers.body_of((), ())


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first rows of an answer as SPARQL results in JSON; with `late` there was no answer in time.

    `total` is the number of all rows, `different` that of the different values of columns.
    """

    body: bytes = _EMPTY
    total: int = 0
    different: Mapping[str, int] = field(default_factory=dict)
    late: bool = False

    def rows(self) -> list[Row]:
        """Return the rows as terms by column, without unbound ones."""
        return pool_queries.parsed(self.body)


LATE = FirstRows(late=True)
# What a query raises that has no answer now; the page is without it.
_TOO_LATE = (TimeLimitError, MemoryLimitError, SizeLimitError, BusyError)


def in_time(ask: Callable[[], Made], otherwise: Made) -> Made:
    """Return what `ask` returns, and `otherwise` if it has no answer in time or within other limits."""
    try:
        return ask()
    except _TOO_LATE:
        return otherwise


@dataclass(slots=True)
class _Asked:
    """A question that is or was asked; `again` is the time after which one that was late is asked again."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    found: FirstRows | None = None
    again: float = 0.0


class FirstAnswers:
    """The answers of one pool to `queries`; `file` returns the file of those that a store keeps.

    All threads may use it.
    """

    def __init__(
        self,
        pool: Pool,
        queries: Mapping[str, SavedQuery],
        file: KeptFile = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool, self._queries, self._file, self._clock = pool, queries, file, clock
        self._kept: tuple[str, KeptAnswers | None] = ("", None)
        self._asked: dict[tuple[str, str, str, int | None], _Asked] = {}

    def kept(self, version: str) -> KeptAnswers | None:
        """Return the answers that the store of the data `version` keeps, or None if it keeps none."""
        known = self._kept
        if known[0] != version:
            file = self._file(version)
            self._kept = known = (version, KeptAnswers.of(file, version) if file else None)
            self._asked = {key: one for key, one in self._asked.items() if key[0] == version}
        return known[1]

    def first(
        self,
        version: str,
        name: str,
        most: int | None = None,
        given: Mapping[str, str] = _NONE,
        different: Sequence[str] = (),
    ) -> FirstRows:
        """Return the first `most` rows, by default all, of the saved query `name` with the values `given`.

        Different values are counted in the columns `different`. There are no rows if an operator's own folder
        of queries lacks it. It is late without an answer within the limits, or while another thread asks it.
        """
        if name not in self._queries:
            return FirstRows()
        file = self.kept(version)
        if file and (answer := file.answer(name, given, most)):
            return FirstRows(answer.body, answer.total, answer.different)
        if file and name in {kept.question for kept in kept_questions()}:
            return LATE  # the build waited longer for it than a page can
        asked = self._asked.setdefault((version, name, str(sorted(given.items())), most), _Asked())
        if not asked.lock.acquire(timeout=_WAIT):
            return LATE
        try:
            if asked.found is None or (asked.found.late and self._clock() >= asked.again):
                asked.found = self._ask(self._queries[name], most, given, different)
                asked.again = self._clock() + _AGAIN
            return asked.found
        finally:
            asked.lock.release()

    def _ask(
        self, query: SavedQuery, most: int | None, given: Mapping[str, str], different: Sequence[str]
    ) -> FirstRows:
        text = fill_query(query, given, partial(pool_queries.rows, self._pool)).text
        try:
            answer = json.loads(self._pool.answer(QueryRequest(text, {"solutions": JSON_ROWS})).body)
        except _TOO_LATE:
            return LATE
        found = answer["results"]["bindings"]
        counts = {name: len({row[name]["value"] for row in found if name in row}) for name in different}
        shown = (json.dumps(row) for row in found[:most])
        return FirstRows(kept_answers.body_of(answer["head"]["vars"], shown), len(found), counts)
