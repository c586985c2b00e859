"""Reader of dumps: a file in any RDF syntax, plain or gzip, or the folder of a release."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.store.nquads import SYNTAXES, ending_of

WHOLE = "cablegraph.nq"  # the whole graph in a release folder, see kg/publishing/dumps
LARGEST = 1 << 30  # bytes; longer content is not a dump of ours, or a decompression bomb


def read(file: Path, largest: int = LARGEST) -> ox.Store:
    """Return a store with the statements of `file`, which ends in .nq, .trig, .ttl …, or in these and .gz.

    The folder of a release stands for its whole graph. Raises DataError, with file and line, if the
    ending is not that of a syntax, the content is not valid in it, the file cannot be read, or its
    content is longer than `largest` bytes.
    """
    if file.is_dir():
        file = _whole(file)
    name = file.name.removesuffix(".gz")
    ending = ending_of(name)
    if not ending:
        raise _error(
            file,
            0,
            f"its ending is not that of an RDF syntax; there are: {', '.join(SYNTAXES)}, each also with .gz",
        )
    store = ox.Store()
    try:
        store.bulk_load(_content(file, largest), SYNTAXES[ending][0])
    except SyntaxError as error:
        raise _error(file, error.lineno or 0, f"this is not valid {ending}: {error.msg}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise _error(file, 0, f"cannot be read: {error}") from error
    return store


def _whole(folder: Path) -> Path:
    files = (folder / name for name in (WHOLE, f"{WHOLE}.gz"))
    if file := next(filter(Path.is_file, files), None):
        return file
    raise _error(folder, 0, f"this is not a release, since it has no {WHOLE}; give a file or another folder")


def _content(file: Path, largest: int) -> bytes:
    with gzip.open(file) if file.name.endswith(".gz") else file.open("rb") as opened:
        content = opened.read(largest + 1)
    if len(content) > largest:
        raise _error(file, 0, f"it is longer than {largest:,} bytes")
    return content


def _error(file: Path, line: int, message: str) -> DataError:
    return DataError([Finding(str(file), line, message)])
