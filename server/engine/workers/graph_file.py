"""Built graphs in N-Quads files: hashed, loaded, counted; refused if half-written or changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kg.cache import CachedBuild
from kg.errors import CablegraphError
from kg.namespaces import PREFIXES
from kg.store import statistics
from kg.store.layers import DATASET, META
from kg.store.statistics import Statistics
from server.engine.workers.wire import Head

LARGEST_COUNTED = 64 << 20  # bytes; such a file took 2.3 s of processor time and 126 MiB of memory
_VOID = "http://rdfs.org/ns/void#"
_META, _TRIPLES, _SUBSET = NamedNode(META), NamedNode(_VOID + "triples"), NamedNode(_VOID + "subset")
_TYPE, _LINKSET = NamedNode(PREFIXES["rdf"] + "type"), NamedNode(_VOID + "Linkset")


def at(path: Path) -> CachedBuild:
    """Return the N-Quads file at `path` with its SHA-256; raises CablegraphError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return CachedBuild(path.absolute(), hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise CablegraphError(f"{path} cannot be read: {error.strerror}") from None


def source(built: CachedBuild) -> Head:
    """Return the head of a message with the path and the version of a built file."""
    return {"path": str(built.nquads), "version": built.version}


def built(source: Head) -> CachedBuild:
    """Return the built file whose path and version are in the head `source`."""
    return CachedBuild(Path(source["path"]), source["version"])


def load(built: CachedBuild) -> Store:
    """Return a store in memory with the graph in the file.

    Raises CablegraphError if the file is not the one that was hashed, is empty, or has other numbers
    of statements than it states of itself (VoID section 4.6); SyntaxError and OSError if it cannot
    be read.
    """
    store = Store()
    store.bulk_load(path=str(built.nquads), format=RdfFormat.N_QUADS)
    if at(built.nquads).version != built.version:  # after loading, so that a change meanwhile is noticed
        raise CablegraphError(f"{built.nquads} was changed while it was read; try again")
    differences = "; ".join(_differences(store))
    if differences:
        raise CablegraphError(f"{built.nquads} is not complete: {differences}. Write it again.")
    return store


def count(built: CachedBuild, largest: int = LARGEST_COUNTED) -> Statistics | None:
    """Return the counts of the graph in the file, or None if it has more than `largest` bytes.

    Returns None as well if the file is not the one that was hashed, or cannot be read; `load`
    raises the reason.
    """
    try:
        if built.nquads.stat().st_size > largest:
            return None
        counts = statistics.count(parse(path=str(built.nquads), format=RdfFormat.N_QUADS))
        return counts if at(built.nquads).version == built.version else None
    except (CablegraphError, OSError, SyntaxError):
        return None


def _differences(store: Store) -> Iterator[str]:
    """Yield each difference between `store` and the numbers of statements in its metadata graph."""
    if not len(store):
        yield "it has no statements"
    stated = {
        quad.subject: int(quad.object.value)
        for quad in store.quads_for_pattern(None, _TRIPLES, None, _META)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
    parts = [quad.object for quad in store.quads_for_pattern(NamedNode(DATASET), _SUBSET, None, _META)]
    linksets = {
        quad.subject for quad in store.quads_for_pattern(None, _TYPE, _LINKSET, _META)
    }  # these are not graphs
    for graph in {*stated, *parts} - {_META, *linksets}:
        if isinstance(graph, NamedNode):
            count = sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
            if count != stated.get(graph):
                yield f"{graph.value} has {count} statements, not {stated.get(graph, 'a stated number')}"
