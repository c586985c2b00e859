"""Writer of a release: all its files in a folder that appears whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, ReleaseError
from kg.publishing.dumps import file_types, manifest, pieces, readme
from kg.publishing.dumps.file_types import FILE_TYPES
from kg.publishing.dumps.manifest import MANIFEST, SUMS, Manifest, ManifestEntry
from kg.publishing.dumps.notice import omitted_files
from kg.publishing.dumps.pieces import Piece
from kg.publishing.dumps.providers import Provider
from kg.publishing.tables import ro_crate, table_files
from kg.reading.collection.collection import Collection
from kg.reading.collection.description import Description

CRATE_NAME = ro_crate.NAME
_AT_ONCE = 16  # files that are synchronised with the disk at once
# Segments of plain characters that do not begin with a dot.
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
Progress = Callable[[str], None]


def write(
    folder: Path,
    store: ox.Store,
    version: str,
    providers: Sequence[Provider] = (),
    progress: Progress = lambda _: None,
    collection: Collection | None = None,
) -> Manifest:
    """Write the release of the data `version` in `store` into the empty `folder`; return its manifest.

    `collection` is by default ours.

    A file whose syntax cannot hold the data is left out, with a note. One file is in memory at a time. Files
    are synchronised with the disk by `publish` only. Raises ReleaseError if the path of a file is not valid
    or is used twice, and OSError if the disk refuses.
    """
    own = collection or Collection.shipped()
    contents = pieces.of(store, version, providers, own)
    waiting, notes = deque(contents.pieces), contents.notes
    _check_paths(piece.path for piece in waiting)
    del contents
    entries: list[ManifestEntry] = []
    omitted: dict[str, DataError] = {}
    while waiting:
        piece = waiting.popleft()  # so that the data of the piece can be released
        if not entries or piece.group != entries[-1].group:
            progress(f"writing {file_types.group(piece.group).title}")
        try:
            entries.append(_write(folder, piece))
        except DataError as error:
            omitted[piece.path] = error
        del piece
    notes = (*notes, *omitted_files(omitted))
    content = partial(readme.write, version, tuple(entries), notes, own.about)
    entries.append(_write(folder, Piece(readme.NAME, "about", "What is here.", "", content)))
    entries.append(_write(folder, crate_piece(store, version, tuple(entries), own)))
    return _write_lists(folder, Manifest(version, tuple(entries), notes, own.about.licence), own.about)


def _write_lists(folder: Path, made: Manifest, about: Description) -> Manifest:
    # within a group as they were made
    shown = sorted(made.files, key=lambda entry: file_types.rank(entry.group))
    result = replace(made, files=tuple(shown))
    listed = manifest.to_json(result, about)
    _save(folder / MANIFEST, listed)
    sums = [*manifest.hashes(result), (MANIFEST, hashlib.sha256(listed).hexdigest())]
    _save(folder / SUMS, manifest.checksums(sums))
    return result


@contextmanager
def temporary(folder: Path) -> Iterator[Path]:
    """Yield the new `folder` to write to; it is removed at the end of the context unless published.

    Raises ReleaseError if the disk refuses.
    """
    with _release_errors(folder.parent):
        folder.mkdir(parents=True)
    try:
        with _release_errors(folder.parent):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _release_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReleaseError(
            f"the release cannot be written below {folder}: {error.strerror}; nothing was changed"
        ) from None


def publish(folder: Path, target: Path) -> None:
    """Rename the complete `folder` to `target` atomically; `target` may be an empty folder.

    All files are synchronised with the disk before the name appears. Many are synchronised at once,
    since the disk can then write them together instead of one after the other.
    """
    paths = sorted(folder.rglob("*"))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        deque(pool.map(_sync, (path for path in paths if path.is_file())), maxlen=0)
    for inner in (*(path for path in paths if path.is_dir()), folder):
        _sync(inner)
    folder.rename(target)
    _sync(target.parent)


def _write(folder: Path, piece: Piece) -> ManifestEntry:
    content = piece.content()
    compressed = manifest.compress(content)
    described = manifest.entry(piece, content, compressed)
    _save(folder / piece.path, content)
    if compressed:
        _save(folder / f"{piece.path}.gz", compressed)
    return described


def _save(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        file.write(content)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_paths(paths: Iterable[str]) -> None:
    taken = {MANIFEST, SUMS, readme.NAME, CRATE_NAME}
    for path in paths:
        if not _PATH.fullmatch(path) or path.endswith(".gz"):
            raise ReleaseError(
                f"{path!r} is not a valid path in a release; use segments of letters, digits, '.', '_' and "
                "'-' that do not begin with a dot, and no ending '.gz', which the release adds itself"
            )
        if path in taken:
            raise ReleaseError(f"two files of the release have the path {path!r}; rename one")
        taken.add(path)


def crate_piece(store: ox.Store, version: str, entries: Iterable[ManifestEntry], own: Collection) -> Piece:
    """Return the RO-Crate of `entries` and their gzip copies, in the release of `version` from `store`."""
    crate_entries = [one for entry in entries for one in _crate_entries(entry)]
    sources = table_files.text_sources(store, own.queries)
    content = partial(ro_crate.crate, crate_entries, version, sources, own.about)
    return Piece(CRATE_NAME, "about", "All files of the release, described as an RO-Crate.", "", content)


def _crate_entries(entry: ManifestEntry) -> Iterator[ro_crate.CrateEntry]:
    yield ro_crate.CrateEntry(entry.name, entry.media_type, entry.size, entry.sha256, entry.title)
    if entry.gzip:
        packed = f"{entry.title} In gzip." if entry.title else ""
        yield ro_crate.CrateEntry(
            f"{entry.name}.gz", FILE_TYPES[".gz"].media_type, entry.gzip.size, entry.gzip.sha256, packed
        )
