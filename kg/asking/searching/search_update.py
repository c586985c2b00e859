"""The index for the search, made of that of an earlier graph: hits for which nothing has changed stay.

The lines of both graphs are compared, and what the paths of the search reach over changed ones is read again,
as the graph is now and as it was. So the index answers as one made anew; only its tokens and numbers of hits
are others, which nobody sees. Numbers stay in the order of names, by which hits of one rank are put in order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kg.asking.questions.choices import Ask
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.searching import search_fields, search_file, search_paths, search_texts
from kg.asking.searching.search_fields import HEADING, KIND
from kg.asking.searching.search_file import HitWriter, replaced, spelt, token_of
from kg.asking.searching.search_index import SearchIndex
from kg.asking.searching.search_texts import SCHEME, TextRow
from kg.namespaces import Namespaces
from kg.store import nquads, sparql

SPACING = 1024  # between the numbers of hits, for those of documents that are added
_MOST = 4  # one of so many lines, or of so many hits, may have changed

Say = Callable[[str], None]
Numbered = tuple[int, str, list[TextRow]]


@dataclass(frozen=True, slots=True)
class EarlierIndex:
    """An index, and the N-Quads of the graph that it was made of."""

    file: Path
    content: bytes


@dataclass
class IndexedGraph:
    """A graph to be indexed: its sorted N-Quads, a store with them, and the saved queries that `answer` runs.

    `names` has the namespaces of the collection.
    """

    content: bytes
    store: ox.Store
    queries: Mapping[str, SavedQuery]
    answer: Ask
    names: Namespaces

    def write(
        self, path: Path, version: str, earlier: EarlierIndex | None = None, say: Say = lambda _: None
    ) -> None:
        """Write the index to `path`: what has changed since an `earlier` one, if there is one, else all.

        The earlier index has the same queries. `say` is told which. Raises OSError if the file cannot be
        written.
        """
        if earlier is not None:
            say("indexing what has changed for the search")
            if self.change(earlier, path, version):
                return
        say("indexing all words for the search")
        ask = partial(sparql.rows, self.store)
        search_file.write(path, version, self.queries, ask, self.answer, self.names, spacing=SPACING)

    def change(self, earlier: EarlierIndex, path: Path, version: str) -> bool:
        """Write the index to `path` by changing an `earlier` one; return whether that was done.

        It is not if so much has changed that an index is made anew as fast, if there is no number left where
        a hit is to be put, or if the earlier file is none. Raises OSError if the file cannot be written.
        """
        if SearchIndex.of(earlier.file, nquads.version(earlier.content), self.names) is None:
            return False
        gone, new = _changed(earlier.content, self.content)
        if (len(gone) + len(new)) * _MOST > self.content.count(b"\n"):
            return False
        with suppress(sqlite3.DatabaseError, _NoNumberError), replaced(path, earlier.file) as base:
            things = self._reached([*gone, *new])
            (count,) = base.execute("SELECT COUNT(*) FROM hit").fetchone()
            if len(things) * _MOST > count:
                raise _NoNumberError
            self._write(base, version, sorted(things), gone, new)
            return True
        return False

    def _reached(self, changed: Iterable[ox.Quad]) -> set[str]:
        """Return the things whose hits may have changed, all saved questions among them."""
        reach = search_paths.Reach(self.store, [quad.triple for quad in changed])
        nodes = set[search_paths.Node]().union(
            *map(reach.over, map(search_paths.parse, search_fields.paths()))
        )
        questions = (self.names.queries + name for name in self.queries)
        return {*questions, *(node.value for node in nodes if isinstance(node, ox.NamedNode))}

    def _write(
        self,
        base: sqlite3.Connection,
        version: str,
        things: Sequence[str],
        gone: Sequence[ox.Quad],
        new: Sequence[ox.Quad],
    ) -> None:
        base.execute("BEGIN")
        base.execute("UPDATE origin SET version = ?", (version,))
        tokens = {
            (name, iri): token for name, iri, token in base.execute("SELECT filter, iri, token FROM mark")
        }
        ask = partial(sparql.rows, self.store)
        writer, known = HitWriter(base, search_texts.broader(ask), self.names, tokens), set(things)
        now = [(iri, rows) for iri, rows in writer.take(self._rows(things)) if iri in known]
        numbered = list(_numbered(base, now))
        with self._as_it_was(gone, new):
            _take_out(base, things, self._earlier_rows(things), tokens)
        for number, iri, rows in numbered:
            writer.write(number, iri, rows)
        writer.write_marks()
        _take_out_marks(base)
        base.execute("COMMIT")

    @contextmanager
    def _as_it_was(self, gone: Sequence[ox.Quad], new: Sequence[ox.Quad]) -> Iterator[None]:
        """Let `store` have the graph as it was, in this block."""
        for quad in new:
            self.store.remove(quad)
        self.store.extend(gone)
        try:
            yield
        finally:
            for quad in gone:
                self.store.remove(quad)
            self.store.extend(new)

    def _rows(self, things: Sequence[str]) -> Iterator[TextRow]:
        """Yield the rows of things, the names of their classes and lists, and all subject headings."""
        ask, kinds = partial(sparql.rows, self.store), set[str]()
        for row in search_texts.of_graph(ask, things):
            kinds.update([row.text] if row.field in (KIND, SCHEME) else ())
            yield row
        yield from search_texts.of_graph(ask, sorted(kinds.difference(things)))
        yield from search_texts.of_questions(self.queries, self.answer, self.names)
        yield from search_texts.headings(ask)

    def _earlier_rows(self, things: Sequence[str]) -> Iterator[TextRow]:
        """Yield the rows that things had, answers of questions apart."""
        yield from search_texts.of_graph(partial(sparql.rows, self.store), things)
        yield from search_texts.of_questions(
            self.queries, search_texts.answering(self.answer, 1, 0), self.names
        )


class _NoNumberError(Exception):
    """The index has to be made anew."""


def _changed(earlier: bytes, content: bytes) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Return the quads of lines that are gone, and of those that are new; both graphs are sorted."""
    gone, new = list[bytes](), list[bytes]()
    before, now = iter(BytesIO(earlier)), iter(BytesIO(content))
    one, other = next(before, b""), next(now, b"")
    while one or other:
        if one == other:
            one, other = next(before, b""), next(now, b"")
        elif other and not (one and one < other):
            new.append(other)
            other = next(now, b"")
        else:
            gone.append(one)
            one = next(before, b"")
    return _quads(gone), _quads(new)


def _quads(lines: Iterable[bytes]) -> list[ox.Quad]:
    return list(ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS))


def _numbered(base: sqlite3.Connection, now: Iterable[tuple[str, list[TextRow]]]) -> Iterator[Numbered]:
    """Yield things with their numbers, which for those without one lie between those of their neighbours."""

    def place(one: tuple[str, list[TextRow]]) -> tuple[int, int]:
        number = base.execute("SELECT id FROM hit WHERE iri = ?", one[:1]).fetchone()
        if number:
            return number[0] - 1, number[0] + 1
        low = base.execute("SELECT id FROM hit WHERE iri < ? ORDER BY iri DESC LIMIT 1", one[:1]).fetchone()
        high = base.execute("SELECT id FROM hit WHERE iri > ? ORDER BY iri LIMIT 1", one[:1]).fetchone()
        start = low[0] if low else -SPACING
        return start, high[0] if high else start + SPACING * SPACING

    for (low, high), group in groupby(now, place):
        things = list(group)
        if high - low <= len(things):
            raise _NoNumberError
        for n, (iri, rows) in enumerate(things, 1):
            yield low + (high - low) * n // (len(things) + 1), iri, rows


def _take_out(
    base: sqlite3.Connection,
    things: Iterable[str],
    rows: Iterable[TextRow],
    tokens: Mapping[tuple[str, str], str],
) -> None:
    """Take out the hits of things, which had `rows`."""
    held = dict[str, list[TextRow]]()
    for row in rows:
        held.setdefault(row.iri, []).append(row)
    for iri in things:
        number = base.execute("SELECT id FROM hit WHERE iri = ?", (iri,)).fetchone()
        if number is None:
            continue
        base.execute("DELETE FROM words WHERE rowid = ?", number)
        base.execute("DELETE FROM hit WHERE id = ?", number)
        base.execute("DELETE FROM heading WHERE token = ?", (tokens.get((HEADING, iri)),))
        words = ((word,) for word in spelt(held.get(iri, ())))
        base.executemany("UPDATE spelling SET hits = hits - 1 WHERE word = ?", words)
    base.execute("DELETE FROM spelling WHERE hits = 0")


def _take_out_marks(base: sqlite3.Connection) -> None:
    """Take out the tokens that no hit has any more."""
    first = token_of("")
    base.execute(
        """DELETE FROM mark WHERE token NOT IN (SELECT token FROM heading)
        AND token NOT IN (SELECT term FROM vocabulary WHERE term >= ? AND term < ?)""",
        (first, chr(ord(first) + 1)),
    )
