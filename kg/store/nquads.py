"""Serialization of the graph in six RDF syntaxes, with the same bytes every time; the data version.

There are no blank nodes, so sorted N-Quads are canonical, and their SHA-256 is the data version.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.namespaces import PREFIXES

# File ending -> (syntax, whether it keeps named graphs)
SYNTAXES: dict[str, tuple[ox.RdfFormat, bool]] = {
    "ttl": (ox.RdfFormat.TURTLE, False),
    "nt": (ox.RdfFormat.N_TRIPLES, False),
    "nq": (ox.RdfFormat.N_QUADS, True),
    "trig": (ox.RdfFormat.TRIG, True),
    "jsonld": (ox.RdfFormat.JSON_LD, True),
    "rdf": (ox.RdfFormat.RDF_XML, False),
}
_WITHOUT_PREFIXES = ("nt", "nq")


def ordered(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads without duplicates, sorted by graph, then subject, predicate and object."""
    return sorted(set(quads), key=lambda q: (str(q.graph_name), str(q.triple)))


def version(nquads: bytes) -> str:
    """Return the data version: the SHA-256 of the sorted N-Quads in hexadecimal."""
    return hashlib.sha256(nquads).hexdigest()


def serialize(quads: Iterable[ox.Quad], ending: str) -> bytes:
    """Return the quads in the syntax of `ending`; their union if it has no named graphs.

    N-Triples and N-Quads are sorted by line, the other syntaxes are grouped by subject.
    """
    return serialize_sorted(ordered(quads) if SYNTAXES[ending][1] else union(quads), ending)


def union(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """Return the triples of the quads without duplicates, sorted by subject, predicate and object."""
    return sorted({quad.triple for quad in quads}, key=str)


def serialize_sorted(statements: Iterable[ox.Quad] | Iterable[ox.Triple], ending: str) -> bytes:
    """Return `statements`, as `ordered` or (for a syntax without graphs) `union` sorts them, in a syntax."""
    lines = ending in _WITHOUT_PREFIXES
    result = io.BytesIO()
    ox.serialize(statements, result, SYNTAXES[ending][0], prefixes=None if lines else PREFIXES)
    return b"".join(sorted(result.getvalue().splitlines(keepends=True))) if lines else result.getvalue()


def write(quads: Sequence[ox.Quad], folder: Path, name: str = "cablegraph") -> list[Path]:
    """Write all syntaxes into `folder` and return the files; each is written completely or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for ending in SYNTAXES:
        target = folder / f"{name}.{ending}"
        write_atomically(target, serialize(quads, ending))
        files.append(target)
    return files


def write_atomically(target: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new content, never a part."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
