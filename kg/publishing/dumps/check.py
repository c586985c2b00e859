"""Check of a release: no file is missing or changed, and all syntaxes have the same statements."""

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
from kg.store import nquads, rdf_xml

_WHOLE = "cablegraph.nq"
_XML = (".rdf", ".graphml", ".xml")


def check(folder: Path) -> list[Finding]:
    """Return the findings on the release in `folder`, sorted; raises ReleaseError if there is no release."""
    try:
        sums = manifest.read_checksums((folder / SUMS).read_bytes())
        listed = manifest.from_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise ReleaseError(f"{folder} is not a release: {error.filename}: {error.strerror}") from None
    findings = [*_file_findings(folder, sums), *_list_findings(listed, sums)]
    if not findings:  # files that are missing or changed cannot be compared
        findings = [
            *_gzip_findings(folder, listed),
            *_rdf_findings(folder, listed),
            *_xml_findings(folder, listed),
        ]
    return sorted(findings)


def _file_findings(folder: Path, sums: dict[str, str]) -> Iterator[Finding]:
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
            yield Finding(name, 0, f"is not in {SUMS}, so it does not belong to this release; remove it")


def _list_findings(listed: Manifest, sums: dict[str, str]) -> Iterator[Finding]:
    hashes = dict(manifest.hashes(listed))
    for name in sorted(hashes.keys() ^ (sums.keys() - {MANIFEST})):
        yield Finding(name, 0, f"is listed in only one of {MANIFEST} and {SUMS}")
    for name in sorted(hashes.keys() & sums.keys()):
        if hashes[name] != sums[name]:
            yield Finding(name, 0, f"has different checksums in {MANIFEST} and {SUMS}")
    whole = hashes.get(_WHOLE, "")
    if whole != listed.version:
        yield Finding(_WHOLE, 0, f"has a SHA-256 that is not the data version {listed.version}")


def _gzip_findings(folder: Path, listed: Manifest) -> Iterator[Finding]:
    for entry in listed.files:
        try:
            if (
                entry.gzip
                and gzip.decompress((folder / f"{entry.name}.gz").read_bytes())
                != (folder / entry.name).read_bytes()
            ):
                yield Finding(f"{entry.name}.gz", 0, f"has other content than {entry.name}")
        except (OSError, EOFError, zlib.error) as error:
            yield Finding(f"{entry.name}.gz", 0, f"is not valid gzip: {error}")


def _rdf_findings(folder: Path, listed: Manifest) -> Iterator[Finding]:
    """Yield findings on RDF files that cannot be read, are not canonical, or differ from their N-Quads."""
    expected = lru_cache(1)(lambda name: frozenset(parts.read((folder / name).read_bytes(), "nq")))
    for entry in listed.files:
        content = (folder / entry.name).read_bytes()
        ending = parts.parsable_ending(entry.name, content)
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
            yield from _difference(entry, ending, quads, listed, expected)


def _xml_findings(folder: Path, listed: Manifest) -> Iterator[Finding]:
    """Yield a finding for each file that is not XML, which the engine's own reader may pass over."""
    for entry in listed.files:
        if entry.name.endswith(_XML):
            error = rdf_xml.xml_error((folder / entry.name).read_bytes())
            if error:
                yield Finding(entry.name, 0, f"is not XML: {error}")


def _canonical(name: str, content: bytes, quads: list[ox.Quad]) -> Iterator[Finding]:
    """Yield a finding unless the N-Quads are canonical: sorted lines in one form (RDFC-1.0 section 4.4.3)."""
    if any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad.subject, quad.object)):
        yield Finding(name, 0, "has blank nodes")
    elif nquads.serialize(quads, "nq") != content:
        yield Finding(name, 0, "is not in canonical form: sorted lines, each once")


def _difference(
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
        yield Finding(entry.name, 0, f"has other statements than {model}")
