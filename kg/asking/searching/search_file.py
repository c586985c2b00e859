"""The index of a graph for the search, a file in SQLite with the full-text module FTS5.

`hit` has what is shown of each hit, `words` the stems of its texts, one column for each field. What a search
may be narrowed by, and the subject headings of a hit, are words of their own, which nobody can type.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, groupby, islice
from pathlib import Path
from types import MappingProxyType

from kg.asking.questions.choices import Ask
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.searching import search_fields, search_texts, word_forms
from kg.asking.searching.search_fields import FILTERS, HEADING, KIND, OWN
from kg.asking.searching.search_texts import SCHEME, TOPIC, TextRow
from kg.namespaces import CG, SHIPPED, Namespaces
from kg.resources import replaced_database
from kg.store.unasserted import CLASSES

THING, STATEMENT, QUESTION = PARTS = ("thing", "statement", "question")
MARKS = "marks"  # the column for parts and filters
_CLICK = "\u01c2"  # a letter of the Khoisan languages
_BATCH = 10_000
_NUMBER = re.compile(r"\D+")  # what a token has beside its number
_STATEMENT = f"{CG}Statement"
_TEMPORARY = """
CREATE TEMP TABLE row (iri TEXT, field TEXT, text TEXT, language TEXT, place INTEGER);
"""
_SCHEMA = f"""
CREATE TABLE hit (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, part TEXT NOT NULL, kind TEXT NOT NULL,
  title TEXT NOT NULL, asserted INTEGER NOT NULL, quotes TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5({", ".join(search_fields.fields())}, {MARKS},
  tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'row');
CREATE TABLE mark (filter TEXT NOT NULL, iri TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (filter, iri));
CREATE TABLE heading (stem TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (stem, token)) WITHOUT ROWID;
CREATE TABLE origin (version TEXT NOT NULL);
CREATE TABLE spelling (word TEXT PRIMARY KEY, hits INTEGER NOT NULL) WITHOUT ROWID;
"""


def write(  # noqa: PLR0913 - three have defaults
    path: Path,
    version: str,
    queries: Mapping[str, SavedQuery],
    ask: Ask,
    answer: Ask | None = None,
    names: Namespaces = SHIPPED,
    *,
    spacing: int = 1,
) -> None:
    """Write the index of a graph and its saved queries; a reader sees the old or the new file, never a part.

    `version` is the data version of the graph on which `ask` runs SELECT queries. `answer` runs the saved
    queries, by default as `ask`. `names` has the namespaces of the collection. With a `spacing` between the
    numbers of hits, others can be put there later. Raises what `ask` raises, and OSError if the file cannot
    be written.
    """
    rows = chain(search_texts.of_graph(ask), search_texts.of_questions(queries, answer or ask, names))
    with replaced(path) as base:
        base.executescript(_SCHEMA)
        base.execute("BEGIN")
        base.execute("INSERT INTO origin VALUES (?)", (version,))
        writer = HitWriter(base, search_texts.broader(ask), names)
        for number, (iri, group) in enumerate(writer.take(rows)):
            writer.write(number * spacing, iri, group)
        writer.write_marks()
        base.execute("INSERT INTO words (words) VALUES ('optimize')")
        base.execute("COMMIT")
        base.execute("ANALYZE")


@contextmanager
def replaced(path: Path, earlier: Path | None = None) -> Iterator[sqlite3.Connection]:
    """Give an index to write, empty or a copy of an `earlier` one; then it takes the place of `path`.

    It does not if an exception leaves the block. Raises OSError if the file cannot be written.
    """
    with replaced_database(path, "the index for the search", earlier) as base:
        base.executescript(_TEMPORARY)
        yield base


class HitWriter:
    """Writes hits of one index; `tokens` are those of filters and headings by name and IRI."""

    def __init__(
        self,
        base: sqlite3.Connection,
        broader: set[tuple[str, str]],
        names: Namespaces,
        tokens: Mapping[tuple[str, str], str] = MappingProxyType({}),
    ) -> None:
        self._base, self._broader, self._own = base, broader, names
        self.tokens = dict(tokens)
        self._last = max((int(_NUMBER.sub("", token)) for token in tokens.values()), default=-1)
        self._labels: dict[str, str] = {}
        self._headings = frozenset[str]()
        columns = ", ".join(("rowid", *search_fields.fields(), MARKS))
        values = ", ".join("?" * (len(search_fields.fields()) + 2))
        self._insert = f"INSERT INTO words ({columns}) VALUES ({values})"  # noqa: S608 - names of our own

    def take(self, rows: Iterable[TextRow]) -> Iterator[tuple[str, list[TextRow]]]:
        """Yield each thing with its rows, by name; `rows` come in any order, with all subject headings."""
        for batch in _batches(rows):
            self._base.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?)", batch)
        self._base.execute("CREATE INDEX temp.by_iri ON row (iri)")
        self._labels = self._names()
        headings = self._base.execute("SELECT DISTINCT text FROM row WHERE field = ?", (TOPIC,))
        self._headings = frozenset(text for (text,) in headings)
        read = self._base.cursor().execute(
            "SELECT iri, field, text, language, MIN(place) FROM row GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5, 3"
        )
        for iri, group in groupby(map(TextRow._make, read), key=lambda row: row.iri):
            yield iri, list(group)

    def write_marks(self) -> None:
        """Write the tokens, which are known when all hits are written."""
        marks = ((name, iri, token) for (name, iri), token in self.tokens.items())
        self._base.executemany("INSERT OR IGNORE INTO mark VALUES (?, ?, ?)", marks)

    def _names(self) -> dict[str, str]:
        """Return the English names of classes and lists, for the kinds of hits."""
        query = """SELECT iri, MIN(text) FROM row WHERE field = 'name' AND language = 'en'
            AND iri IN (SELECT text FROM row WHERE field IN (?, ?)) GROUP BY iri"""
        return dict(self._base.execute(query, (KIND, SCHEME)))

    def write(self, number: int, iri: str, rows: list[TextRow]) -> None:
        """Write the hit of `iri` under a number, in the order of names; none if its rows make no hit."""
        fields = _by_field(rows)
        classes = {row.text for row in fields.get(KIND, ())}
        part = _part(iri, fields, classes, self._own)
        if not part:
            return
        quotes = list(dict.fromkeys(row.text for row in fields.get("quote", ())))
        shown = (part, self._kind(part, classes, fields), _title(fields), not classes & set(CLASSES))
        self._base.execute(
            "INSERT INTO hit VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, iri, *shown, json.dumps(quotes, ensure_ascii=False)),
        )
        texts = [_stems(fields.get(name, ())) for name in search_fields.fields()]
        self._base.execute(self._insert, (number, *texts, self._marks(part, fields)))
        self._base.executemany(
            "INSERT INTO spelling VALUES (?, 1) ON CONFLICT DO UPDATE SET hits = hits + 1",
            ((word,) for word in spelt(rows)),
        )
        if iri in self._headings or f"{CG}Topic" in classes:
            self._heading(iri, fields)

    def _marks(self, part: str, fields: Mapping[str, list[TextRow]]) -> str:
        """Return the tokens of the part, of the values of all filters, and of the subject headings."""
        filters = [self._token(name, row.text) for name in FILTERS for row in fields.get(name, ())]
        return " ".join(
            [token_of(part), *filters, *(self._token(HEADING, r.text) for r in fields.get(TOPIC, ()))]
        )

    def _token(self, name: str, iri: str) -> str:
        if (name, iri) not in self.tokens:
            self._last += 1
            self.tokens[name, iri] = token_of(f"{name}{self._last}")
        return self.tokens[name, iri]

    def _heading(self, iri: str, fields: Mapping[str, list[TextRow]]) -> None:
        named = [row for name in ("name", "other") for row in fields.get(name, ())]
        stems = {stem for row in named for stem in word_forms.text_stems(row.text, row.language)}
        token = self._token(HEADING, iri)
        self._base.executemany("INSERT INTO heading VALUES (?, ?)", ((stem, token) for stem in sorted(stems)))

    def _kind(self, part: str, classes: set[str], fields: Mapping[str, list[TextRow]]) -> str:
        """Return the name of the list that a concept stands in, or of the narrowest class."""
        if part == QUESTION:
            return "saved question"
        schemes = [row.text for row in fields.get(SCHEME, ())]
        wide = {above for narrow, above in self._broader if narrow in classes}
        named = [self._labels[one] for one in (*schemes, *sorted(classes - wide)) if one in self._labels]
        return named[0] if named else next(map(search_fields.kind, sorted(classes)), "")


def token_of(name: str) -> str:
    """Return the word by which the column of marks has `name`; no other column is asked for it."""
    return f"{_CLICK}{name}"


def is_token(word: str) -> bool:
    """Return whether `word` is one of `token_of`."""
    return word.startswith(_CLICK)


def _stems(rows: Iterable[TextRow]) -> str:
    return " ".join(stem for row in rows for stem in word_forms.text_stems(row.text, row.language))


def _part(iri: str, fields: Mapping[str, list[TextRow]], classes: set[str], names: Namespaces) -> str:
    if iri.startswith(names.queries):  # what the graph has of saved queries is left to their files
        return QUESTION if "tag" in fields or "column" in fields else ""
    if _STATEMENT in classes or "content" in fields or "quote" in fields:
        return STATEMENT
    return THING if "name" in fields else ""


def _title(fields: Mapping[str, list[TextRow]]) -> str:
    """Return the text that is shown: what it says, its name, or what is written and who is involved."""
    for name in ("content", "name"):
        texts = sorted(fields.get(name, ()), key=lambda row: row.language not in ("en", ""))
        if texts:
            return texts[0].text
    written = [f"“{row.text}”" for row in fields.get("written", ())][:1]
    involved = [row.text for row in fields.get("involved", ()) if row.language in ("en", "")]
    return " – ".join(written + list(dict.fromkeys(involved))) or " … ".join(
        row.text for row in fields.get("quote", ())
    )


def _by_field(rows: Iterable[TextRow]) -> dict[str, list[TextRow]]:
    fields: dict[str, list[TextRow]] = {}
    for row in rows:
        fields.setdefault(row.field, []).append(row)
    return fields


def spelt(rows: Iterable[TextRow]) -> set[str]:
    """Return the words of the rows of a hit as they are spelt, function words left out."""
    texts = (row.text for row in rows if row.field in OWN)
    words = {word for text in texts for word in word_forms.plain_words(text)}
    return {word for word in words if not word_forms.is_function_word(word)}


def _batches(rows: Iterable[TextRow]) -> Iterator[list[TextRow]]:
    each = iter(rows)
    while batch := list(islice(each, _BATCH)):
        yield batch
