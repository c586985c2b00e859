"""MANIFEST.json and SHA256SUMS of a release: its files with size, hash and statements, for programs."""

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
from kg.publishing.dumps.file_types import file_type
from kg.publishing.dumps.notice import Note
from kg.publishing.dumps.pieces import Piece
from kg.reading.collection.description import Description
from kg.store.layers import LICENCE, OURS

MANIFEST, SUMS = "MANIFEST.json", "SHA256SUMS"
_SMALLEST = 4096  # bytes; a smaller file takes no less on the disk, and hardly less in a response
_LEVEL = 6  # level 9 takes twice as long and saves 2 %


@dataclass(frozen=True, slots=True)
class GzipCopy:
    """The same file in gzip: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file: `size` in bytes, `sha256` in hexadecimal, `statements` if it is RDF, `gzip` copy if any."""

    name: str
    group: str
    title: str
    media_type: str
    size: int
    sha256: str
    graph: str = ""
    statements: int | None = None
    gzip: GzipCopy | None = None


@dataclass(frozen=True)
class Manifest:
    """Files of the release of the data `version`, in the order of its groups, and notes on what it lacks."""

    version: str
    files: tuple[ManifestEntry, ...]
    notes: tuple[Note, ...] = ()
    licence: str = LICENCE

    @cached_property
    def by_name(self) -> Mapping[str, ManifestEntry]:
        """Return the files by their paths in the release."""
        return {entry.name: entry for entry in self.files}


def compress(content: bytes) -> bytes:
    """Return `content` in gzip, the same bytes every time; no bytes if that would not save space."""
    if len(content) < _SMALLEST:
        return b""
    compressed = gzip.compress(content, _LEVEL, mtime=0)
    return compressed if len(compressed) < len(content) else b""


def entry(piece: Piece, content: bytes, compressed: bytes) -> ManifestEntry:
    """Return the entry of the file `piece` with its `content` and its gzip copy `compressed`, empty for none.

    Raises ReleaseError if its ending is that of an RDF syntax and its content is not valid in it.
    """
    return ManifestEntry(
        name=piece.path,
        group=piece.group,
        title=piece.title,
        media_type=file_type(piece.path).media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        graph=piece.graph,
        statements=piece.statements() if piece.statements else _statement_count(piece.path, content),
        gzip=GzipCopy(len(compressed), hashlib.sha256(compressed).hexdigest()) if compressed else None,
    )


def _statement_count(path: str, content: bytes) -> int | None:
    ending = parts.parsable_ending(path, content)
    try:
        return len(parts.read(content, ending)) if ending else None
    except SyntaxError as error:
        raise ReleaseError(f"{path} is not valid in the syntax of its ending: {error.msg}") from None


def to_json(manifest: Manifest, about: Description = OURS) -> bytes:
    """Return MANIFEST.json of a release of the collection `about`."""
    content = {
        "title": about.title,
        "version": manifest.version,
        "licence": manifest.licence,
        "citation": notice.citation(manifest.version, about),
        "notes": [{"text": note.text, "findings": list(note.findings)} for note in manifest.notes],
        "files": [_members(entry, manifest.licence) for entry in manifest.files],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def from_json(content: bytes) -> Manifest:
    """Return the manifest in the MANIFEST.json `content`; raises ReleaseError if it is not valid."""
    try:
        members = json.loads(content)
        files = tuple(_entry(file) for file in members["files"])
        notes = tuple(Note(note["text"], tuple(note["findings"])) for note in members.get("notes", ()))
        return Manifest(members["version"], files, notes, members["licence"])
    except (KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{MANIFEST} is not a valid list of a release: {error}") from None


def of(folder: Path) -> Manifest:
    """Return the manifest of the release in `folder`; raises ReleaseError if there is no release."""
    try:
        return from_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise ReleaseError(f"{folder} is not a release: {MANIFEST}: {error.strerror}") from None


def checksums(hashes: Iterable[tuple[str, str]]) -> bytes:
    """Return SHA256SUMS, as `sha256sum --check` reads it, from pairs of a path and a SHA-256."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes)).encode()


def read_checksums(content: bytes) -> dict[str, str]:
    """Return the SHA-256 of each path in SHA256SUMS; raises ReleaseError if a line is not valid."""
    lines = [line.split("  ", 1) for line in content.decode(errors="replace").splitlines()]
    if any(len(line) != len(("sha256", "name")) for line in lines):
        raise ReleaseError(f"{SUMS} has a line that is not a checksum, two spaces and a path")
    return {name: sha256 for sha256, name in lines}


def hashes(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of every file, gzip copies included."""
    for entry in manifest.files:
        yield entry.name, entry.sha256
        if entry.gzip:
            yield f"{entry.name}.gz", entry.gzip.sha256


def _members(entry: ManifestEntry, licence: str) -> dict[str, Any]:
    members: dict[str, Any] = {
        "name": entry.name,
        "group": entry.group,
        "title": entry.title,
        "mediaType": entry.media_type,
        "bytes": entry.size,
        "sha256": entry.sha256,
        "licence": licence,
    }
    if entry.graph:
        members["graph"] = entry.graph
    if entry.statements is not None:
        members["statements"] = entry.statements
    if entry.gzip:
        compressed = {"name": f"{entry.name}.gz", "bytes": entry.gzip.size, "sha256": entry.gzip.sha256}
        members["gzip"] = compressed
    return members


def _entry(members: Mapping[str, Any]) -> ManifestEntry:
    compressed = members.get("gzip")
    return ManifestEntry(
        name=str(members["name"]),
        group=str(members["group"]),
        title=str(members["title"]),
        media_type=str(members["mediaType"]),
        size=int(members["bytes"]),
        sha256=str(members["sha256"]),
        graph=str(members.get("graph", "")),
        statements=members.get("statements"),
        gzip=GzipCopy(int(compressed["bytes"]), str(compressed["sha256"])) if compressed else None,
    )
