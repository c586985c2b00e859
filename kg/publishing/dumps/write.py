"""The files of a release, written into a folder that appears whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, ReleaseError
from kg.publishing.dumps import file_types, manifest, pieces, readme
from kg.publishing.dumps.file_types import MEDIA
from kg.publishing.dumps.manifest import MANIFEST, SUMS, Manifest, ManifestEntry
from kg.publishing.dumps.notice import Note
from kg.publishing.dumps.pieces import Piece
from kg.publishing.dumps.providers import Provider
from kg.publishing.tables import data_set, ro_crate, table_definition, table_rows
from kg.resources import folder

CRATE_NAME = ro_crate.NAME
_TELEGRAMS = "telegrams"
_AT_ONCE = 16  # files that the disk is asked to take at once
# Steps of plain letters that do not begin with a dot.
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
Progress = Callable[[str], None]


def write(
    folder: Path,
    store: ox.Store,
    version: str,
    providers: Sequence[Provider] = (),
    progress: Progress = lambda _: None,
) -> Manifest:
    """Write the release of the data `version` in `store` into the empty `folder`; return its manifest.

    One file is in memory at a time. Nothing is known to be on the disk before `publish`. Raises
    ReleaseError for a file of a provider that no release can hold, and OSError when the disk takes
    no more.
    """
    contents = pieces.of(store, version, providers)
    waiting, notes = deque(contents.pieces), contents.notes
    _refuse(piece.path for piece in waiting)
    del contents
    entries: list[ManifestEntry] = []
    while waiting:
        piece = waiting.popleft()  # and with the piece goes what it was made of
        if not entries or piece.group != entries[-1].group:
            progress(f"writing {file_types.group(piece.group).title}")
        entries.append(_write(folder, piece))
        del piece
    contained = partial(readme.write, version, tuple(entries), notes)
    entries.append(_write(folder, Piece(readme.NAME, "about", "What is here.", "", contained)))
    entries.append(_write(folder, crate_piece(store, version, tuple(entries))))
    return _list(folder, version, entries, notes)


def _list(folder: Path, version: str, entries: Iterable[ManifestEntry], notes: tuple[Note, ...]) -> Manifest:
    shown = sorted(
        entries, key=lambda entry: file_types.rank(entry.group)
    )  # within a group as they were made
    result = Manifest(version, tuple(shown), notes)
    listed = manifest.to_json(result)
    _save(folder / MANIFEST, listed)
    sums = [*manifest.hashes(result), (MANIFEST, hashlib.sha256(listed).hexdigest())]
    _save(folder / SUMS, manifest.checksums(sums))
    return result


@contextmanager
def temporary(folder: Path) -> Iterator[Path]:
    """Give the new `folder` to be filled; what is not published by the end of the context is removed.

    Raises ReleaseError when the disk refuses.
    """
    with _told(folder.parent):
        folder.mkdir(parents=True)
    try:
        with _told(folder.parent):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReleaseError(
            f"the release cannot be written below {folder}: {error.strerror}; nothing was changed"
        ) from None


def publish(folder: Path, target: Path) -> None:
    """Call the full `folder` `target`, at once and for good; `target` may be an empty folder.

    All of it is on the disk before the name is. Files are synchronised many at once, so that the
    disk can take them together: one after the other each would wait for its own turn.
    """
    found = sorted(folder.rglob("*"))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        deque(pool.map(_sync, (path for path in found if path.is_file())), maxlen=0)
    for inner in (*(path for path in found if path.is_dir()), folder):
        _sync(inner)
    folder.rename(target)
    _sync(target.parent)


def _write(folder: Path, piece: Piece) -> ManifestEntry:
    content = piece.content()
    twin = manifest.compressed(content)
    described = manifest.entry(piece, content, twin)
    _save(folder / piece.path, content)
    if twin:
        _save(folder / f"{piece.path}.gz", twin)
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


def _refuse(paths: Iterable[str]) -> None:
    taken = {MANIFEST, SUMS, readme.NAME, CRATE_NAME}
    for path in paths:
        if not _PATH.fullmatch(path) or path.endswith(".gz"):
            raise ReleaseError(
                f"a release cannot hold {path!r}: write steps of letters, digits, '.', '_' and '-' that do "
                "not begin with a dot, and leave '.gz' to the release"
            )
        if path in taken:
            raise ReleaseError(f"two files of the release are called {path!r}; rename one")
        taken.add(path)


def crate_piece(store: ox.Store, version: str, entries: Iterable[ManifestEntry]) -> Piece:
    """Return the file that describes `entries` and their twins, for the release of `version` from `store`."""
    described = [one for entry in entries for one in _described(entry)]
    content = partial(ro_crate.crate, described, version, crate_sources(store))
    return Piece(CRATE_NAME, "about", "All files of the release, described as an RO-Crate.", "", content)


def crate_sources(store: ox.Store) -> tuple[data_set.TextSource, ...]:
    """Return the texts on which the data rest; none where the data do not fit the table of telegrams."""
    text = (folder("queries") / "tables" / f"{_TELEGRAMS}.rq").read_text(encoding="utf-8")
    try:
        return data_set.sources([table_rows.fill_one(store, table_definition.parse(_TELEGRAMS, text))])
    except DataError:
        return ()


def _described(entry: ManifestEntry) -> Iterator[ro_crate.CrateEntry]:
    yield ro_crate.CrateEntry(entry.name, entry.media_type, entry.size, entry.sha256, entry.title)
    if entry.gzip:
        packed = f"{entry.title} In gzip." if entry.title else ""
        yield ro_crate.CrateEntry(
            f"{entry.name}.gz", MEDIA[".gz"].media_type, entry.gzip.size, entry.gzip.sha256, packed
        )
