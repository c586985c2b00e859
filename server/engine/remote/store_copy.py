"""The data of a store elsewhere as a build: its version, and a copy of all graphs in a file of N-Quads.

The copy is made when downloads are first wanted. It is the file that was loaded, byte for byte, or refused.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import platformdirs
from pyoxigraph import (
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    parse,
)

from kg import cache
from kg.cache import CachedBuild
from kg.errors import ReleaseError
from kg.namespaces import Namespaces, layer_name
from kg.resources import write_atomically
from kg.store import nquads
from server.engine.evaluation import fetched_store
from server.engine.remote import store_state
from server.engine.remote.store_client import StoreClient
from server.web.formats import Kind

LARGEST = 2 << 30  # bytes of one graph
_SECONDS = 600.0  # for one graph
_GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
_TRIPLES = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"


def build(client: StoreClient, names: Namespaces) -> CachedBuild:
    """Return the version of the data in the store, and the file for a copy of it, which need not be there.

    Raises what `store_state.first` raises.
    """
    state = store_state.first(client, names)
    folder = platformdirs.user_cache_path("cablegraph") / "elsewhere" / state.version[:32]
    return CachedBuild(folder / cache.GRAPH, state.version)


def copy(client: StoreClient, built: CachedBuild, names: Namespaces) -> None:
    """Write all graphs of the store into the file of `built`, unless they are there.

    Raises ReleaseError if they are not of the version of `built`, as when they were loaded in another way,
    and what `StoreClient.ask` raises.
    """
    if built.nquads.is_file():
        return
    content = nquads.serialize(_quads(client, names), "nq", names)
    if nquads.version(content) != built.version:
        raise ReleaseError(
            f"the graphs of {client.address} are not the file whose version it states; for downloads, load "
            "it with cablegraph load and a file of cablegraph dump."
        )
    built.nquads.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(built.nquads, content)


def _quads(client: StoreClient, names: Namespaces) -> Iterator[Quad]:
    for graph in _graphs(client):
        if graph.value != store_state.mark_of(names):
            body = _ask(client, _TRIPLES.format(graph=graph), "graph")
            for quad in parse(body, RdfFormat.TURTLE):
                yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _graphs(client: StoreClient) -> list[NamedNode]:
    """Return the graphs of collections; Virtuoso has graphs of its own beside them."""
    found = fetched_store.read(_ask(client, _GRAPHS, "solutions"), "solutions")
    assert isinstance(found, QuerySolutions)  # noqa: S101 - of that kind
    graphs = [row["g"] for row in found if isinstance(row["g"], NamedNode)]
    described = tuple(
        graph.value.removesuffix("meta") for graph in graphs if layer_name(graph.value) == "meta"
    )
    return [graph for graph in graphs if graph.value.startswith(described)]


def _ask(client: StoreClient, text: str, kind: Kind) -> bytes:
    return client.ask([("query", text)], kind, time.monotonic() + _SECONDS)
