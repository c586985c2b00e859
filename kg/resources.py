"""Files: those that come with the package, and those that take the place of others when they are complete.

A reader of these sees the old or the new, never a part.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

SHAPE_FOLDERS = ("stated", "graph", "ontology", "queries")  # told in `kg.checking.shacl`


def folder(name: str) -> Traversable:
    """Return the folder `ontology`, `shapes`, `queries` or `records` of a wheel or a checkout.

    A wheel has the first three in `kg/_data`; in a checkout they lie beside `kg`.
    """
    if name == "records":
        return files("kg") / "records"
    shipped = files("kg") / "_data" / name
    return shipped if shipped.is_dir() else Path(__file__).parent.parent / name


def document(name: str) -> Traversable:
    """Return the file `CITATION.cff` or `LICENSE-DATA`, from `kg/_data` or from beside `kg`."""
    shipped = files("kg") / "_data" / name
    return shipped if shipped.is_file() else Path(__file__).parent.parent / name


def listed(folder: Traversable, ending: str) -> list[Traversable]:
    """Return the files directly in `folder` whose names end with `ending`, sorted by name."""
    return [file for file in entries(folder) if file.is_file() and file.name.endswith(ending)]


def walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield the path, after `prefix`, and the file of everything below `folder`, sorted by name."""
    for entry in entries(folder):
        if entry.is_dir():
            yield from walk(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry


def entries(folder: Traversable) -> list[Traversable]:
    """Return the entries of `folder` sorted by name, without hidden files and Python's caches."""
    found = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "__pycache__")))
    return sorted(found, key=lambda entry: entry.name)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give the name of a file to write, which takes the place of `path` unless an exception leaves the block.

    Raises OSError if it cannot.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file, which is on the disk when this returns; raises OSError if it cannot be written."""
    with replaced(path) as temporary, temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def replaced_database(path: Path, called: str, earlier: Path | None = None) -> Iterator[sqlite3.Connection]:
    """Give a database of SQLite, empty or a copy of an `earlier` one, which takes the place of `path`.

    It is written without a journal and without waiting for the disk, since one that is not complete is
    removed. Raises OSError, in which it is `called` by what it is, if it cannot be written.
    """
    try:
        with replaced(path) as temporary:
            if earlier is not None:
                shutil.copyfile(earlier, temporary)
            with closing(sqlite3.connect(temporary, isolation_level=None)) as base:
                base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
                yield base
    except sqlite3.OperationalError as error:
        raise OSError(f"{called} cannot be written: {error}") from error
