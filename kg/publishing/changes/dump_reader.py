"""Read a dump from a file, whatever its syntax, plain or compressed."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.store.nquads import SYNTAXES

WHOLE = "cablegraph.nq"  # what a release folder holds, see kg/publishing/dumps
# What is longer is no dump of ours, or a small compressed file that is a trap.
LARGEST = 1 << 30


def read(file: Path, largest: int = LARGEST) -> ox.Store:
    """Return a store with the statements of `file`, which ends in .nq, .trig, .ttl … or the same and .gz.

    The folder of a release stands for its whole graph. Raises DataError with file and line when its
    ending names no syntax, when it is not what its ending says, cannot be read, or is longer than
    `largest` bytes.
    """
    if file.is_dir():
        file = _whole(file)
    name = file.name.removesuffix(".gz")
    ending = name.rpartition(".")[2]
    if ending not in SYNTAXES:
        raise _wrong(
            file, 0, f"its ending names no syntax; there are: {', '.join(SYNTAXES)}, each also with .gz"
        )
    store = ox.Store()
    try:
        store.bulk_load(_content(file, largest), SYNTAXES[ending][0])
    except SyntaxError as error:
        raise _wrong(file, error.lineno or 0, f"this is not {ending}: {error.msg}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise _wrong(file, 0, f"cannot be read: {error}") from error
    return store


def _whole(folder: Path) -> Path:
    found = (folder / name for name in (WHOLE, f"{WHOLE}.gz"))
    if file := next(filter(Path.is_file, found), None):
        return file
    raise _wrong(folder, 0, f"this is no release: it holds no {WHOLE}; name a file, or another folder")


def _content(file: Path, largest: int) -> bytes:
    with gzip.open(file) if file.name.endswith(".gz") else file.open("rb") as opened:
        content = opened.read(largest + 1)
    if len(content) > largest:
        raise _wrong(file, 0, f"it is longer than {largest:,} bytes")
    return content


def _wrong(file: Path, line: int, message: str) -> DataError:
    return DataError([Finding(str(file), line, message)])
