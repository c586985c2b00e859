"""MANIFEST.json and SHA256SUMS: what a release holds, for programs."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import ReleaseError
from kg.publishing.dumps import notice, parts
from kg.publishing.dumps.file_types import medium
from kg.publishing.dumps.notice import Note
from kg.publishing.dumps.pieces import Piece
from kg.store.layers import LICENCE, TITLE

MANIFEST, SUMS = "MANIFEST.json", "SHA256SUMS"
_SMALLEST = 4096  # bytes; a file takes no less on the disk, and little more on the way
_LEVEL = 6  # 9 takes twice as long for 2 % less


@dataclass(frozen=True, slots=True)
class Twin:
    """The same file in gzip: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file: `size` in bytes, `sha256` in hex, `statements` where it is RDF, `gzip` its twin if any."""

    name: str
    group: str
    title: str
    media_type: str
    size: int
    sha256: str
    graph: str = ""
    statements: int | None = None
    gzip: Twin | None = None


@dataclass(frozen=True)
class Manifest:
    """The files of the release of the data `version`, in the order in which they are shown, and notes."""

    version: str
    files: tuple[ManifestEntry, ...]
    notes: tuple[Note, ...] = ()
    licence: str = LICENCE

    @cached_property
    def by_name(self) -> Mapping[str, ManifestEntry]:
        """Return the files by their paths in the release."""
        return {entry.name: entry for entry in self.files}


def compressed(content: bytes) -> bytes:
    """Return `content` in gzip, the same bytes every time, or nothing where it is not worth it."""
    if len(content) < _SMALLEST:
        return b""
    twin = gzip.compress(content, _LEVEL, mtime=0)
    return twin if len(twin) < len(content) else b""


def entry(piece: Piece, content: bytes, twin: bytes) -> ManifestEntry:
    """Return the entry of the file `piece` with its content and its twin in gzip, empty for none.

    Raises ReleaseError when it calls itself RDF and cannot be read as such.
    """
    return ManifestEntry(
        name=piece.path,
        group=piece.group,
        title=piece.title,
        media_type=medium(piece.path).media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        graph=piece.graph,
        statements=piece.statements() if piece.statements else _counted(piece.path, content),
        gzip=Twin(len(twin), hashlib.sha256(twin).hexdigest()) if twin else None,
    )


def _counted(path: str, content: bytes) -> int | None:
    ending = parts.ending_alone(path, content)
    try:
        return len(parts.read(content, ending)) if ending else None
    except SyntaxError as error:
        raise ReleaseError(f"{path} is not what its name says: {error.msg}") from None


def to_json(manifest: Manifest) -> bytes:
    """Return MANIFEST.json."""
    content = {
        "title": TITLE,
        "version": manifest.version,
        "licence": manifest.licence,
        "citation": notice.citation(manifest.version),
        "notes": [{"text": note.text, "findings": list(note.findings)} for note in manifest.notes],
        "files": [_described(found, manifest.licence) for found in manifest.files],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def from_json(content: bytes) -> Manifest:
    """Return the manifest in MANIFEST.json; raises ReleaseError when it is none."""
    try:
        told = json.loads(content)
        files = tuple(_entry(found) for found in told["files"])
        notes = tuple(Note(note["text"], tuple(note["findings"])) for note in told.get("notes", ()))
        return Manifest(told["version"], files, notes, told["licence"])
    except (KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{MANIFEST} is not the list of a release: {error}") from None


def of(folder: Path) -> Manifest:
    """Return the manifest of the release in `folder`; raises ReleaseError when there is none."""
    try:
        return from_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise ReleaseError(f"{folder} holds no release: {MANIFEST}: {error.strerror}") from None


def checksums(hashes: Iterable[tuple[str, str]]) -> bytes:
    """Return SHA256SUMS, as `sha256sum --check` reads it, of pairs of a path and a SHA-256."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes)).encode()


def read_checksums(content: bytes) -> dict[str, str]:
    """Return the SHA-256 of each path in SHA256SUMS; raises ReleaseError for a line that is none."""
    lines = [line.split("  ", 1) for line in content.decode(errors="replace").splitlines()]
    if any(len(line) != len(("sha256", "name")) for line in lines):
        raise ReleaseError(f"{SUMS} has a line that is not a checksum, two spaces and a path")
    return {name: sha256 for sha256, name in lines}


def hashes(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Return path and SHA-256 of every file, twins included."""
    for found in manifest.files:
        yield found.name, found.sha256
        if found.gzip:
            yield f"{found.name}.gz", found.gzip.sha256


def _described(found: ManifestEntry, licence: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": found.name,
        "group": found.group,
        "title": found.title,
        "mediaType": found.media_type,
        "bytes": found.size,
        "sha256": found.sha256,
        "licence": licence,
    }
    if found.graph:
        described["graph"] = found.graph
    if found.statements is not None:
        described["statements"] = found.statements
    if found.gzip:
        twin = {"name": f"{found.name}.gz", "bytes": found.gzip.size, "sha256": found.gzip.sha256}
        described["gzip"] = twin
    return described


def _entry(told: Mapping[str, Any]) -> ManifestEntry:
    twin = told.get("gzip")
    return ManifestEntry(
        name=str(told["name"]),
        group=str(told["group"]),
        title=str(told["title"]),
        media_type=str(told["mediaType"]),
        size=int(told["bytes"]),
        sha256=str(told["sha256"]),
        graph=str(told.get("graph", "")),
        statements=told.get("statements"),
        gzip=Twin(int(twin["bytes"]), str(twin["sha256"])) if twin else None,
    )
