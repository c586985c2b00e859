"""Built graphs in N-Quads files: hashed, loaded, counted; refused if half-written or changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kg.cache import CachedBuild
from kg.errors import CablegraphError
from kg.namespaces import PREFIXES, layer_name
from kg.publishing.stores.store_folder import DiskStore
from kg.store import statistics
from kg.store.statistics import Statistics
from server.engine.processes.wire import Head

Loaded = Store | DiskStore  # in the memory of this process, or for each worker to open
LARGEST_COUNTED = 64 << 20  # bytes; such a file took 2.3 s of processor time and 126 MiB of memory
_VOID = "http://rdfs.org/ns/void#"
_TRIPLES, _SUBSET = NamedNode(_VOID + "triples"), NamedNode(_VOID + "subset")
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
    store = {"store": str(built.store)} if built.store else {}
    return {"path": str(built.nquads), "version": built.version, **store}


def built(source: Head) -> CachedBuild:
    """Return the built file whose path and version are in the head `source`."""
    store = Path(source["store"]) if "store" in source else None
    return CachedBuild(Path(source["path"]), source["version"], store=store)


def load(built: CachedBuild) -> Loaded:
    """Return the store on disk of the graph, if it has one, else a store in memory with what is in the file.

    Raises CablegraphError if the store is gone, or if the file is not the one that was hashed, is empty, or
    has other numbers of statements than it states of itself (VoID section 4.6); SyntaxError and OSError if
    it cannot be read.
    """
    if built.store:
        if not built.store.is_dir():
            raise CablegraphError(f"{built.store} is gone; another store was written, so reload the service")
        return DiskStore(built.store)
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
    for graph in _metas(store):
        yield from _differences_from(store, graph)


def _metas(store: Store) -> list[NamedNode]:
    """Return the graphs that describe the others, one for each collection."""
    graphs = (graph for graph in store.named_graphs() if isinstance(graph, NamedNode))
    return [graph for graph in graphs if layer_name(graph.value) == "meta"]


def _dataset(meta: NamedNode) -> str:
    return f"{meta.value.removesuffix('graph/meta')}dataset"


def _differences_from(store: Store, meta: NamedNode) -> Iterator[str]:
    stated = {
        quad.subject: int(quad.object.value)
        for quad in store.quads_for_pattern(None, _TRIPLES, None, meta)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
    dataset = NamedNode(_dataset(meta))
    parts = [quad.object for quad in store.quads_for_pattern(dataset, _SUBSET, None, meta)]
    linksets = {
        quad.subject for quad in store.quads_for_pattern(None, _TYPE, _LINKSET, meta)
    }  # these are not graphs
    datasets = {NamedNode(_dataset(other)) for other in _metas(store)}  # of collections read together
    for graph in {*stated, *parts} - {meta, *linksets, *datasets}:
        if isinstance(graph, NamedNode):
            count = sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
            if count != stated.get(graph):
                yield f"{graph.value} has {count} statements, not {stated.get(graph, 'a stated number')}"
