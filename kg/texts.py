"""The user's own copies of the texts, found by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.errors import TextError


def read(folder: Path, hashes: Iterable[str]) -> Mapping[str, str]:
    """Return the text of each wanted SHA-256 that a file below `folder` has; file names do not matter.

    Line ends are kept as they are, since offsets count every code point.
    Raises TextError where `folder` is no folder or none of its files is wanted.
    """
    if not folder.is_dir():
        raise TextError(
            f"{folder}: there is no such folder; give the folder that holds your copies of the texts"
        )
    wanted = set(hashes)
    found = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest in wanted:
            found[digest] = content.decode("utf-8")
    if not found:
        raise TextError(
            f"{folder}: no file has the SHA-256 of a rendering; see textHash in the rendering records"
        )
    return found
