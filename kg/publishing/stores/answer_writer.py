"""Writes the file of a store on disk with the answers that it keeps, and with the names of all things.

It is in SQLite: rows as SPARQL results in JSON have them, and the number of all rows. So a page reads the
first rows, and none waits for a question that looks at the whole of a large graph.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

from kg.namespaces import XSD
from kg.publishing.stores.kept_questions import KeptQuestion, hash_of, key_of
from kg.store import sparql

SLOW = 0.05  # seconds of processor time from which all rows of an answer are kept
_MONTH = len("2000-01")
_SCHEMA = """
CREATE TABLE origin (version TEXT NOT NULL);
CREATE TABLE answer (id INTEGER PRIMARY KEY, question TEXT NOT NULL, given TEXT NOT NULL,
  text TEXT NOT NULL, columns TEXT NOT NULL, total INTEGER NOT NULL, UNIQUE (question, given));
CREATE TABLE different (answer INTEGER NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL);
CREATE TABLE row (answer INTEGER NOT NULL, part TEXT NOT NULL, number INTEGER NOT NULL,
  bindings TEXT NOT NULL, PRIMARY KEY (answer, number)) WITHOUT ROWID;
CREATE INDEX parted ON row (answer, part, number) WHERE part <> '';
CREATE TABLE part (answer INTEGER NOT NULL, part TEXT NOT NULL, entries INTEGER NOT NULL);
CREATE TABLE made (name TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE thing (folder TEXT NOT NULL, iri TEXT NOT NULL, PRIMARY KEY (folder, iri)) WITHOUT ROWID;
"""
_STRING = f"{XSD}string"  # the datatype of a literal without any
_ROW = Mapping[str, dict[str, str]]


def begin(path: Path, version: str, things: Iterable[tuple[str, str]]) -> None:
    """Write the file with the data `version` and all `things`, pairs of folder and IRI, and no answers yet.

    Raises OSError if it cannot be written.
    """
    with _writing(path) as base:
        base.executescript(_SCHEMA)
        base.execute("INSERT INTO origin VALUES (?)", (version,))
        base.executemany("INSERT INTO thing VALUES (?, ?) ON CONFLICT DO NOTHING", things)


def keep(path: Path, kept: KeptQuestion, text: str, store: ox.Store, slow: float = SLOW) -> bool:
    """Add the answer of `store` to the query `text`, which is that of `kept`; return whether it is kept.

    All rows are kept of an answer that takes `slow` seconds of processor time until its first row. A file in
    which an answer is interrupted does not have it. Raises OSError if it cannot be written.
    """
    started = time.process_time()
    solutions = sparql.rows(store, text)
    columns = [variable.value for variable in solutions.variables]
    every = _bindings(solutions, columns)
    first = list(islice(every, 1))
    takes_long = time.process_time() - started >= slow
    if takes_long or kept.always:
        counts = _Counts(kept, None if takes_long else kept.rows)
        row = (kept.question, key_of(kept.given), hash_of(text), json.dumps(columns))
        _write(path, row, counts, counts.rows(chain(first, every)))
    return takes_long or kept.always


def keep_made(path: Path, name: str, content: bytes) -> None:
    """Add what was made of the data under `name`, in place of what is there; raises as `keep` does."""
    with _writing(path) as base:
        base.execute("INSERT OR REPLACE INTO made VALUES (?, ?)", (name, content))


def _write(
    path: Path, answer: tuple[str, ...], counts: _Counts, kept: Iterable[tuple[str, int, str]]
) -> None:
    """Write an answer with the rows that are `kept`; the `counts` are complete after the last one."""
    with _writing(path) as base:
        number = base.execute(
            "INSERT INTO answer (question, given, text, columns, total) VALUES (?, ?, ?, ?, 0)", answer
        ).lastrowid
        base.executemany("INSERT INTO row VALUES (?, ?, ?, ?)", ((number, *row) for row in kept))
        base.execute("UPDATE answer SET total = ? WHERE id = ?", (counts.total, number))
        different = ((number, name, len(found)) for name, found in counts.different.items())
        base.executemany("INSERT INTO different VALUES (?, ?, ?)", different)
        entries = ((number, part, len(found)) for part, found in counts.entries.items())
        base.executemany("INSERT INTO part VALUES (?, ?, ?)", entries)


class _Counts:
    """Counts the rows of one answer while they pass: all, different values, entries by part.

    `most` of them are kept, all if it is None.
    """

    def __init__(self, kept: KeptQuestion, most: int | None) -> None:
        self._kept, self._most = kept, most
        self.different: dict[str, set[str]] = {name: set() for name in kept.different}
        self.entries: dict[str, set[str]] = defaultdict(set)
        self.total = 0

    def rows(self, every: Iterable[_ROW]) -> Iterator[tuple[str, int, str]]:
        """Yield part, number and JSON of each row that is kept."""
        for number, row in enumerate(every):
            self.total = number + 1
            for name, found in self.different.items():
                found.update([row[name]["value"]] if name in row else ())
            part = "/".join(_part(row, name) for name in self._kept.parts)
            if self._kept.entries:
                self.entries[part].add(row[self._kept.entries]["value"])
            if self._most is None or number < self._most:
                yield part, number, json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _part(row: _ROW, name: str) -> str:
    """Return the value of a column; of a date its year and month."""
    value = row[name]["value"] if name in row else ""
    return value[:_MONTH] if value[4:5] == value[7:8] == "-" else value


def _bindings(solutions: ox.QuerySolutions, columns: list[str]) -> Iterator[_ROW]:
    """Yield the rows as results in JSON have them (SPARQL 1.1 Query Results JSON Format, section 3.2.2)."""
    for solution in solutions:
        terms = ((name, solution[name]) for name in columns)
        yield {name: _term(term) for name, term in terms if term is not None}


def _term(term: object) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    # Graphs here have no blank nodes, and no question that is kept returns triples.
    assert isinstance(term, ox.Literal)  # noqa: S101
    said = {"xml:lang": term.language or "", "datatype": "" if term.language else term.datatype.value}
    told = {name: text for name, text in said.items() if text not in ("", _STRING)}
    return {"type": "literal", "value": term.value, **told}


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection for one transaction; raises OSError if the file cannot be written."""
    try:
        with closing(sqlite3.connect(path)) as base, base:
            yield base
    except sqlite3.OperationalError as error:
        raise OSError(f"the answers cannot be written: {error}") from error
