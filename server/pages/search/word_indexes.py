"""The index of all words for the data that a pool serves: that of the build, or one read from the workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.searching import search_fields
from kg.asking.searching.search_index import SearchIndex
from kg.errors import SizeLimitError
from server.engine.workers.pool import Pool
from server.site import pool_queries
from server.site.pool_queries import Row
from server.site.site import PerVersion

SECONDS = 2.0  # for the answer to a saved question, whose words lead to it; a later one has none
_PAGE, _SMALLEST = 20_000, 20  # rows of a page, where all rows are too many for one answer
_WAIT = 10.0  # seconds for another thread that reads the words

IndexFile = Callable[[str], Path | None]  # by data version


class WordIndexes:
    """The index of one pool, for the present data.

    `file` has the file of the index that the build wrote, if there is one. Otherwise the words are read once
    for each data version, into a temporary file.
    """

    def __init__(
        self,
        pool: Pool,
        queries: Mapping[str, SavedQuery],
        file: IndexFile = lambda _: None,
    ) -> None:
        self._pool, self._queries, self._file = pool, queries, file
        self._index = PerVersion(self._read, _WAIT)

    def get(self, version: str) -> SearchIndex:
        """Return the index for the data `version`.

        Raises what `Pool.answer` raises, and BusyError if another thread takes too long to read the words.
        """
        return self._index.get(version)

    def _read(self) -> SearchIndex:
        version = self._pool.version
        file = self._file(version)
        built = SearchIndex.of(file, version, self._pool.names) if file else None
        answer = partial(pool_queries.rows, self._pool, timeout=SECONDS)
        return built or SearchIndex.made(
            version, self._queries, partial(_rows, self._pool), answer, self._pool.names
        )


def _rows(pool: Pool, query: str) -> Iterator[Row]:
    """Yield the rows of a query of `search_fields`, by pages if they are too many for one answer."""
    try:
        yield from pool_queries.rows(pool, query)
    except SizeLimitError:
        yield from _pages(pool, query)


def _pages(pool: Pool, query: str) -> Iterator[Row]:
    size, skip = _PAGE, 0
    while True:
        try:
            rows = pool_queries.rows(pool, search_fields.page(query, size, skip))
        except SizeLimitError:
            if size <= _SMALLEST:
                raise
            size //= 4
            continue
        yield from rows
        skip += len(rows)
        if len(rows) < size:
            return
