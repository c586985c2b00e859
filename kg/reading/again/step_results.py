"""Results of steps of earlier builds, in a file of SQLite, by the hash of all that each was made from.

A step asks for the result of its inputs, and makes it if there is none. What the last build did not ask for
is deleted, so that the file holds one build. A file that cannot be read or written costs time alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS result (key BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS last (code TEXT PRIMARY KEY, build TEXT NOT NULL);
"""


class StepResults:
    """The results of steps; without a `file` each is made anew.

    `code` stands for what all steps depend on: this program and its libraries. `last` is what the last build
    with the same code has said of where it wrote its graph, or empty.
    """

    def __init__(self, file: Path | None = None, code: str = "") -> None:
        self._file, self._code = file, code.encode()
        self._kept = dict(_read(file, "SELECT key, content FROM result")) if file else {}
        self._last = dict(_read(file, "SELECT code, build FROM last")).get(code, "") if file else ""
        self.last = self._last
        self._asked: dict[bytes, bytes] = {}

    @property
    def remembers(self) -> bool:
        """Return whether results are kept for a later build."""
        return self._file is not None

    def result(self, inputs: Iterable[bytes], make: Callable[[], bytes | None]) -> bytes | None:
        """Return the result of `inputs`, from an earlier build or from `make`; None of `make` is not kept."""
        digest = hashlib.sha256(self._code)
        for part in inputs:
            digest.update(b"%d\0" % len(part))
            digest.update(part)
        key = digest.digest()
        content = self._kept.get(key)
        made = make() if content is None else zlib.decompress(content)
        if made is not None and self.remembers:
            self._asked[key] = content or zlib.compress(made, 1)
        return made

    def save(self) -> None:
        """Write the results that were asked for, and delete all others."""
        if self._file is None or (self._asked.keys() == self._kept.keys() and self.last == self._last):
            return
        gone = [(key,) for key in self._kept.keys() - self._asked.keys()]
        new = [(key, content) for key, content in self._asked.items() if key not in self._kept]
        with suppress(sqlite3.Error, OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=1)) as base, base:
                for table in _TABLES.split(";"):
                    base.execute(table)
                base.execute("DELETE FROM last")
                base.execute("INSERT INTO last VALUES (?, ?)", (self._code.decode(), self.last))
                base.executemany("DELETE FROM result WHERE key = ?", gone)
                base.executemany("INSERT OR REPLACE INTO result VALUES (?, ?)", new)


def _read(file: Path, query: str) -> list[Any]:
    """Return the rows of a query of a file; a file that is no data base is deleted."""
    if not file.is_file():
        return []
    try:
        with closing(sqlite3.connect(file, timeout=1)) as base:
            return list(base.execute(query))
    except sqlite3.OperationalError:
        return []
    except sqlite3.DatabaseError:
        with suppress(OSError):
            file.unlink()
        return []
