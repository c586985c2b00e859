"""The index of one graph, read-only: ranked hits for typed words, with the fields that have the words."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from types import MappingProxyType
from typing import Any

from pyoxigraph import NamedNode

from kg.asking.questions.choices import Ask
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.searching import search_fields, search_file, typed_words, word_forms
from kg.asking.searching.search_fields import FILTERS, HEADING
from kg.asking.searching.search_file import MARKS, is_token, token_of
from kg.asking.searching.typed_words import Lookup, TypedWord, TypedWords
from kg.errors import ParameterError, near, unknown
from kg.namespaces import SHIPPED, Namespaces
from kg.terms import folded, short

RANKED = 300  # hits that are put in order at most
COUNTED = 10_000  # hits that are counted at most
_SPELT = 0.5  # the share that a word counts once more if it stands there as it is spelt
FEW = 10  # hits with all words, so many that none with some of them are added
_COLUMNS = (*search_fields.fields(), MARKS)
_WEIGHTS = ", ".join(str(field.weight) for field in search_fields.fields().values())
_HITS = f"""SELECT rowid, bm25(words, {_WEIGHTS}, 0.0) FROM words
  WHERE words MATCH ? ORDER BY 2, 1 LIMIT ?"""  # noqa: S608 - the weights are our own
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
_EACH = f"""SELECT hit.id, iri, part, kind, title, asserted, quotes, {", ".join(_COLUMNS)}
  FROM hit JOIN words ON words.rowid = hit.id WHERE hit.id IN (?)"""  # noqa: S608 - and so are the columns


@dataclass(frozen=True, slots=True)
class WordHit:
    """A thing, statement or saved question; `found` has for each typed word the fields that have it.

    `quotes` are those with a typed word. `asserted` is False for what no passage asserts.
    """

    iri: str
    part: str
    kind: str
    title: str
    asserted: bool
    quotes: tuple[str, ...]
    found: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WordHits:
    """The first hits of one part and their number; with `more` there are more.

    `every` is the number of those that have all words that the index knows; if they are few, hits with some
    of the words follow.
    """

    shown: tuple[WordHit, ...] = ()
    total: int = 0
    more: bool = False
    every: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """What a search is narrowed by, a thing for some of the FILTERS, and how many hits are shown at most."""

    narrowed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    most: int = 50


class SearchIndex:
    """The index in a file of `search_file`, with the `names` of a collection. All threads may use it."""

    def __init__(self, path: Path, names: Namespaces = SHIPPED) -> None:
        self._names = names
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._lookup = Lookup(self._known, self._beginning, self._headings, lambda: self._spellings)

    @classmethod
    def of(cls, path: Path, version: str, names: Namespaces = SHIPPED) -> SearchIndex | None:
        """Return the index in the file `path`, or None if it is not that of the data version `version`."""
        index = cls(path, names)
        try:
            return index if index.version == version else None
        except sqlite3.DatabaseError:  # there is no file, or another one
            return None

    @classmethod
    def made(
        cls,
        version: str,
        queries: Mapping[str, SavedQuery],
        ask: Ask,
        answer: Ask | None = None,
        names: Namespaces = SHIPPED,
    ) -> SearchIndex:
        """Return an index made now, in a temporary folder that lives as long; see `search_file.write`."""
        folder = Path(mkdtemp(prefix="cablegraph-search-"))
        made = cls(folder / "search.db", names)
        weakref.finalize(made, shutil.rmtree, folder, ignore_errors=True)
        search_file.write(folder / "search.db", version, queries, ask, answer, names)
        return made

    def words(self, text: str) -> TypedWords:
        """Return the words of `text` with what the index knows of each; ParameterError if it is too long."""
        return typed_words.read(text, self._lookup)

    def near(self, text: str) -> list[str]:
        """Return words of the index that are spelt like those of `text` that it does not have."""
        return [near for word in self.words(text).unknown for near in word.near]

    def find(self, words: TypedWords, part: str, search: Search) -> WordHits:
        """Return the hits of `part` for `words`: with all of them if there are any, otherwise with some.

        Raises ParameterError, with near names, for a value that no hit can be narrowed by.
        """
        if not words.known:
            return WordHits()
        marks = [token_of(part), *(self._mark(name, given) for name, given in search.narrowed.items())]
        wanted = typed_words.expression(words.known, every=True, marks=marks)
        total = every = self._count(wanted)
        if every < FEW and len(words.known) > 1:
            wanted = typed_words.expression(words.known, every=False, marks=marks)
            total = self._count(wanted)
        ranked = self._ranked(self._rows(_HITS, (wanted, RANKED)), words.known) if total else ()
        return WordHits(ranked[: search.most], min(total, COUNTED), total > COUNTED, min(every, COUNTED))

    @property
    def version(self) -> str:
        """The data version of the graph that the index was made of."""
        return str(self._rows("SELECT version FROM origin", ())[0][0])

    def values(self, name: str) -> list[str]:
        """Return the IRIs by which the filter `name` narrows."""
        return [iri for (iri,) in self._rows("SELECT iri FROM mark WHERE filter = ? ORDER BY iri", (name,))]

    def choices(self, name: str, most: int) -> list[tuple[str, str]]:
        """Return at most `most` IRIs by which the filter `name` narrows, with and in order of their names."""
        query = """SELECT mark.iri, COALESCE(hit.title, '') FROM mark LEFT JOIN hit ON hit.iri = mark.iri
            WHERE filter = ? ORDER BY 2, 1 LIMIT ?"""
        return self._rows(query, (name, most))

    def _mark(self, name: str, given: str) -> str:
        if name not in FILTERS:
            raise ParameterError(unknown("filter", name, FILTERS), name, near(name, FILTERS))
        for iri in search_fields.meant(name, given.strip(), self._names):
            if found := self._rows("SELECT token FROM mark WHERE filter = ? AND iri = ?", (name, iri)):
                return str(found[0][0])
        known = [short(NamedNode(one), self._names) for one in self.values(name)]
        raise ParameterError(unknown(name, given, known), name, near(given, known))

    def _ranked(self, rows: Sequence[tuple[int, float]], words: Sequence[TypedWord]) -> tuple[WordHit, ...]:
        """Return the hits in order: by the words that they have, then asserted ones, then by the rank."""
        ranks = dict(rows)
        hits = {row[0]: _hit(row, words) for row in self._rows_in(_EACH, ranks)}
        weights = {word.word: self._rarity(word) for word in words}
        spelt = {word.word: self._rarity_as_spelt(word.word) for word in words}

        def order(number: int) -> tuple[object, ...]:
            hit = hits[number]
            points = sum(weights[word] * search_fields.share(fields) for word, fields in hit.found.items())
            points += _SPELT * sum(spelt[word] for word in _as_spelt(hit))
            return -round(points, 1), not hit.asserted, ranks[number], hit.iri

        return tuple(hits[number] for number in sorted(hits, key=order))

    def _count(self, wanted: str) -> int:
        return int(self._rows(_COUNT, (wanted, COUNTED + 1))[0][0])

    def _rarity(self, word: TypedWord) -> float:
        """Return how much it counts to have `word`: the inverse document frequency of its stems."""
        held = self._rows_in("SELECT SUM(doc) FROM vocabulary WHERE term IN (?)", word.stems)[0][0] or 0
        return math.log(2 + self._size / (1 + held))

    def _rarity_as_spelt(self, word: str) -> float:
        """Return how much it counts to have `word` as it is spelt, and not only its stem."""
        rows = self._rows("SELECT hits FROM spelling WHERE word = ?", (folded(word),))
        return math.log(2 + self._size / (1 + rows[0][0])) if rows else 0.0

    @cached_property
    def _size(self) -> int:
        return int(self._rows("SELECT COUNT(*) FROM hit", ())[0][0])

    def _known(self, stems: Iterable[str]) -> frozenset[str]:
        rows = self._rows_in("SELECT term FROM vocabulary WHERE term IN (?)", stems)
        return frozenset(term for (term,) in rows if not is_token(term))

    def _beginning(self, text: str, most: int) -> frozenset[str]:
        query = "SELECT term FROM vocabulary WHERE term >= ? AND term < ? ORDER BY doc DESC LIMIT ?"
        return frozenset(term for (term,) in self._rows(query, (text, text + "\U0010ffff", most)))

    def _headings(self, stems: Iterable[str]) -> frozenset[str]:
        rows = self._rows_in("SELECT DISTINCT token FROM heading WHERE stem IN (?)", stems)
        return frozenset(token for (token,) in rows)

    @cached_property
    def _spellings(self) -> Sequence[str]:
        return [word for (word,) in self._rows("SELECT word FROM spelling ORDER BY word", ())]

    def _rows_in(self, query: str, values: Iterable[object]) -> list[tuple[Any, ...]]:
        """Return the rows of `query` with all `values` in place of the one that it has in brackets."""
        every = tuple(values)
        return self._rows(query.replace("(?)", f"({', '.join('?' * len(every))})"), every)

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        if not hasattr(self._local, "base"):
            self._local.base = sqlite3.connect(self._address, uri=True)
        return list(self._local.base.execute(query, values))


def _hit(row: tuple[Any, ...], words: Sequence[TypedWord]) -> WordHit:
    _, iri, part, kind, title, asserted, quotes, *columns = row
    texts = dict(zip(_COLUMNS, (frozenset(column.split()) for column in columns), strict=True))
    found = {word.word: _fields(word, texts) for word in words}
    stems = frozenset().union(*(word.stems for word in words))
    shown = tuple(
        quote for quote in json.loads(quotes) if not stems.isdisjoint(word_forms.text_stems(quote, "en"))
    )
    return WordHit(
        iri, part, kind, title, bool(asserted), shown, {w: places for w, places in found.items() if places}
    )


def _as_spelt(hit: WordHit) -> set[str]:
    """Return the typed words that stand in the title or a shown quote of `hit` as they are spelt."""
    shown = {word for text in (hit.title, *hit.quotes) for word in word_forms.plain_words(text)}
    return {word for word in hit.found if folded(word) in shown}


def _fields(word: TypedWord, texts: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    own = [name for name in search_fields.fields() if not word.stems.isdisjoint(texts[name])]
    if not word.headings.isdisjoint(texts[MARKS]):
        own.append(HEADING)
    return tuple(own)
