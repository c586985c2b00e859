"""Check a release: nothing is missing, nothing was changed, and the syntaxes tell the same."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from kg.errors import Finding, ReleaseError
from kg.publishing.dumps import manifest, parts
from kg.publishing.dumps.manifest import MANIFEST, SUMS, Manifest, ManifestEntry
from kg.store import nquads

_WHOLE = "cablegraph.nq"


def check(folder: Path) -> list[Finding]:
    """Return what is wrong with the release in `folder`; raises ReleaseError if there is none."""
    try:
        sums = manifest.read_checksums((folder / SUMS).read_bytes())
        listed = manifest.from_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise ReleaseError(f"{folder} holds no release: {error.filename}: {error.strerror}") from None
    found = [*_files(folder, sums), *_listed(listed, sums)]
    if not found:  # what is not there, or not itself, cannot be compared
        found = [*_twins(folder, listed), *_graphs(folder, listed)]
    return sorted(found)


def _files(folder: Path, sums: dict[str, str]) -> Iterator[Finding]:
    for name, expected in sums.items():
        try:
            with (folder / name).open("rb") as file:
                actual = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            yield Finding(name, 0, f"cannot be read: {error.strerror}")
        else:
            if actual != expected:
                yield Finding(name, 0, f"has the SHA-256 {actual}, not {expected}; fetch it again")
    files = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    for name in sorted(files - sums.keys() - {SUMS}):
        if not name.startswith("."):
            yield Finding(name, 0, f"is not in {SUMS}; it is no part of this release")


def _listed(listed: Manifest, sums: dict[str, str]) -> Iterator[Finding]:
    told = dict(manifest.hashes(listed))
    for name in sorted(told.keys() ^ (sums.keys() - {MANIFEST})):
        yield Finding(name, 0, f"stands in one of {MANIFEST} and {SUMS} only")
    for name in sorted(told.keys() & sums.keys()):
        if told[name] != sums[name]:
            yield Finding(name, 0, f"has other checksums in {MANIFEST} and {SUMS}")
    whole = told.get(_WHOLE, "")
    if whole != listed.version:
        yield Finding(_WHOLE, 0, f"has not the data version {listed.version} for its SHA-256")


def _twins(folder: Path, listed: Manifest) -> Iterator[Finding]:
    for entry in listed.files:
        try:
            if (
                entry.gzip
                and gzip.decompress((folder / f"{entry.name}.gz").read_bytes())
                != (folder / entry.name).read_bytes()
            ):
                yield Finding(f"{entry.name}.gz", 0, f"holds another text than {entry.name}")
        except (OSError, EOFError, zlib.error) as error:
            yield Finding(f"{entry.name}.gz", 0, f"is no gzip: {error}")


def _graphs(folder: Path, listed: Manifest) -> Iterator[Finding]:
    """Tell which RDF files cannot be read, are not canonical, or say other things than their N-Quads."""
    expected = lru_cache(1)(lambda name: frozenset(parts.read((folder / name).read_bytes(), "nq")))
    for entry in listed.files:
        content = (folder / entry.name).read_bytes()
        ending = parts.ending_alone(entry.name, content)
        if not ending:
            continue
        try:
            quads = parts.read(content, ending)
        except SyntaxError as error:
            yield Finding(entry.name, error.lineno or 0, f"cannot be read: {error.msg}")
            continue
        if len(quads) != entry.statements:
            yield Finding(entry.name, 0, f"has {len(quads)} statements, not {entry.statements}")
        if ending == "nq":
            yield from _canonical(entry.name, content, quads)
        else:
            yield from _compared(entry, ending, quads, listed, expected)


def _canonical(name: str, content: bytes, quads: list[ox.Quad]) -> Iterator[Finding]:
    """Without blank nodes, canonical N-Quads are sorted lines in one form (RDFC-1.0 section 4.4.3)."""
    if any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad.subject, quad.object)):
        yield Finding(name, 0, "has blank nodes")
    elif nquads.serialize(quads, "nq") != content:
        yield Finding(name, 0, "is not in canonical form: sorted lines, each once")


def _compared(
    entry: ManifestEntry,
    ending: str,
    quads: list[ox.Quad],
    listed: Manifest,
    expected: Callable[[str], frozenset[ox.Quad]],
) -> Iterator[Finding]:
    model = f"{entry.name.removesuffix(ending)}nq"
    if model not in listed.by_name:
        return
    if parts.keeps_graphs(ending):
        same = set(quads) == expected(model)
    else:
        same = {quad.triple for quad in quads} == {quad.triple for quad in expected(model)}
    if not same:
        yield Finding(entry.name, 0, f"says other things than {model}")
