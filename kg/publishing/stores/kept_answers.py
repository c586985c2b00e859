"""The answers that a store on disk keeps, read-only, and the names of all its things."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.publishing.stores.kept_questions import hash_of, key_of

_LAST = "\U0010ffff"  # after every character that a part may have
_EVERY = -1  # rows, as LIMIT of SQLite has it


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """Rows of one answer as SPARQL results in JSON; `total` counts all rows, `different` values by column."""

    body: bytes
    total: int
    different: Mapping[str, int] = field(default_factory=dict)


class KeptAnswers:
    """The answers and things in a file of `answer_writer`, of one data `version`. All threads may use it.

    The version is empty for a file that is being made.
    """

    def __init__(self, path: Path, version: str = "") -> None:
        self.version = version
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()

    @classmethod
    def of(cls, path: Path, version: str) -> KeptAnswers | None:
        """Return the answers in the file `path`, or None if it has none on the data version `version`."""
        found = cls(path, version)
        try:
            found._rows("SELECT text FROM answer LIMIT 0")
            return found if found._rows("SELECT version FROM origin") == [(version,)] else None
        except sqlite3.DatabaseError:  # there is no file, or one of another version
            return None

    def answer(
        self,
        question: str,
        given: Mapping[str, str],
        most: int | None = None,
        parts: tuple[str, str] | None = None,
    ) -> KeptAnswer | None:
        """Return the first `most` rows of an answer, by default all that are kept; None if none is.

        With `parts`, the first and the last, only rows of these.
        """
        found = self._rows(
            "SELECT id, columns, total FROM answer WHERE question = ? AND given = ?", question, key_of(given)
        )
        for number, columns, total in found:
            rows = self._of_part(number, most, *parts) if parts else self._of_page(number, most)
            counted = self._rows("SELECT name, number FROM different WHERE answer = ?", number)
            return KeptAnswer(body_of(json.loads(columns), rows), total, dict(counted))
        return None

    def page(
        self, question: str, given: Mapping[str, str], text: str, most: int | None, skip: int
    ) -> KeptAnswer | None:
        """Return `most` rows of an answer, all if it is None, after the first `skip`.

        It is None unless all of these rows are kept, of the answer to the query `text`.
        """
        found = self._rows(
            "SELECT id, columns, total FROM answer WHERE question = ? AND given = ? AND text = ?",
            *(question, key_of(given), hash_of(text)),
        )
        for number, columns, total in found:
            rows = self._of_page(number, most, skip)
            wanted = max(0, total - skip)
            if len(rows) == (wanted if most is None else min(wanted, most)):
                return KeptAnswer(body_of(json.loads(columns), rows), total)
        return None

    def _of_page(self, answer: int, most: int | None, skip: int = 0) -> list[str]:
        query = "SELECT bindings FROM row WHERE answer = ? AND number >= ? ORDER BY number LIMIT ?"
        return [row for (row,) in self._rows(query, answer, skip, _EVERY if most is None else most)]

    def _of_part(self, answer: int, most: int | None, first: str, last: str) -> list[str]:
        query = (
            "SELECT bindings FROM row WHERE answer = ? AND part <> '' AND part BETWEEN ? AND ? "
            "ORDER BY number LIMIT ?"
        )
        return [row for (row,) in self._rows(query, answer, first, last, _EVERY if most is None else most)]

    def around(self, question: str, text: str, part: str) -> tuple[str, str] | None:
        """Return the parts of the rows before and after that of `part` in the answer to the query `text`.

        Each is empty at an end; None if no row is of `part`.
        """
        found = self._rows(
            "SELECT number, answer FROM row JOIN answer ON answer.id = row.answer "
            "WHERE question = ? AND text = ? AND part = ? AND part <> ''",
            *(question, hash_of(text), part),
        )
        for number, answer in found[:1]:
            near = self._rows(
                "SELECT number, part FROM row WHERE answer = ? AND number BETWEEN ? AND ?",
                *(answer, number - 1, number + 1),
            )
            beside = dict(near)
            return beside.get(number - 1, ""), beside.get(number + 1, "")
        return None

    def parts(self, question: str, given: Mapping[str, str]) -> dict[str, int]:
        """Return how many entries each part of an answer has; nothing for one that is not kept in parts."""
        return dict(
            self._rows(
                "SELECT part, entries FROM part JOIN answer ON answer.id = part.answer "
                "WHERE question = ? AND given = ? ORDER BY part",
                *(question, key_of(given)),
            )
        )

    def made(self, name: str) -> bytes | None:
        """Return what the build made of the data under `name`; None if an older store has no such thing."""
        try:
            found = self._rows("SELECT content FROM made WHERE name = ?", name)
        except sqlite3.OperationalError:  # its file has no such table
            return None
        return found[0][0] if found else None

    def folders(self) -> dict[str, int]:
        """Return the IRIs of all folders of things, in their order, each with the number of its things."""
        return dict(self._rows("SELECT folder, COUNT(*) FROM thing GROUP BY folder ORDER BY folder"))

    def things(self, folder: str, most: int, skip: int = 0) -> list[str]:
        """Return the IRIs of things in `folder` in their order: `most`, after the first `skip`."""
        query = "SELECT iri FROM thing WHERE folder = ? ORDER BY iri LIMIT ? OFFSET ?"
        return [iri for (iri,) in self._rows(query, folder, most, skip)]

    def beside(self, folder: str, iri: str, most: int) -> list[str]:
        """Return up to twice `most` things in `folder`, whose names stand before and after that of `iri`."""
        before = "SELECT iri FROM thing WHERE folder = ? AND iri < ? ORDER BY iri DESC LIMIT ?"
        after = "SELECT iri FROM thing WHERE folder = ? AND iri >= ? ORDER BY iri LIMIT ?"
        return [one for query in (before, after) for (one,) in self._rows(query, folder, iri, most)]

    def every_thing(self, most: int, skip: int = 0) -> list[str]:
        """Return the IRIs of all things in their order: `most`, after the first `skip`."""
        query = "SELECT iri FROM thing ORDER BY folder, iri LIMIT ? OFFSET ?"
        return [iri for (iri,) in self._rows(query, most, skip)]

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query; each thread has a connection of its own."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = sqlite3.connect(self._address, uri=True)
        return connection.execute(query, values).fetchall()


def beginning(start: str) -> tuple[str, str]:
    """Return the first and the last part that may begin with `start`."""
    return start, start + _LAST


def body_of(columns: Iterable[str], rows: Iterable[str]) -> bytes:
    """Return SPARQL results in JSON with the `columns`, and `rows` that are JSON already."""
    head = json.dumps({"vars": list(columns)})
    return f'{{"head":{head},"results":{{"bindings":[{",".join(rows)}]}}}}'.encode()
