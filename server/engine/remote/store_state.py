"""The state of a store elsewhere: the version of its data, and whether it answers as this service needs.

`cablegraph load` writes the version into a graph of its own, the mark, so that every service in front of one
store knows the same version. It is `loading` until all graphs are there. A store that was loaded in another
way has no mark; then the version is a digest of the graph that describes the others.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import (
    Literal,
    NamedNode,
    QuerySolutions,
    RdfFormat,
    parse,
)

from kg.errors import CablegraphError
from kg.namespaces import PREFIXES, Namespaces
from kg.terms import value
from server.engine.evaluation import fetched_store
from server.engine.remote.store_client import StoreClient
from server.web.formats import Kind

Found = TypeVar("Found")

LOADING = "loading"
SECONDS = 30.0  # for each of the queries here
_VERSION = f"{PREFIXES['owl']}versionInfo"
_IN_UNION = f"ASK {{{{ <{{dataset}}> a <{PREFIXES['void']}Dataset> }}}}"
_NO_UNION = (
    "the default graph of the store is not the union of its graphs. Start Oxigraph with "
    "--union-default-graph, Fuseki with tdb2:unionDefaultGraph; other stores do so by themselves."
)
_NO_DATASET = "the store ignores the parameter default-graph-uri (SPARQL 1.1 Protocol section 2.1.4)."
_NOT_LOADED = "the store is being loaded, or loading it was broken off. Load it (again) with cablegraph load."
_NOTHING = "the store has no description <{meta}> of a collection. Load one with cablegraph load."


@dataclass(frozen=True, slots=True)
class StoreState:
    """The `version` of the data in a store, or `loading`; without a mark it is that of its description."""

    version: str
    marked: bool

    @property
    def loading(self) -> bool:
        """Whether graphs are being replaced now."""
        return self.version == LOADING


def mark_of(names: Namespaces) -> str:
    """Return the name of the graph with the version of the data of a collection."""
    return f"{names.graph}loaded"


def mark(version: str, names: Namespaces) -> str:
    """Return the one statement of that graph, as N-Triples."""
    return f"{NamedNode(names.dataset)} <{_VERSION}> {Literal(version)} .\n"


def look(client: StoreClient, names: Namespaces) -> StoreState:
    """Return the state of the store, read from its mark; without one the version is empty.

    Raises what `StoreClient.ask` raises, and SyntaxError for an answer that is none.
    """
    text = f"SELECT ?v {{ GRAPH <{mark_of(names)}> {{ <{names.dataset}> <{_VERSION}> ?v }} }}"
    found = fetched_store.read(_ask(client, text, "solutions"), "solutions")
    assert isinstance(found, QuerySolutions)  # noqa: S101 - of that kind
    versions = [value(row["v"]) for row in found]
    return StoreState(versions[0] if len(versions) == 1 else LOADING * bool(versions), bool(versions))


def first(client: StoreClient, names: Namespaces) -> StoreState:
    """Return the state of a store that this service is to ask.

    Raises CablegraphError, with what to do, if the store is half loaded or answers otherwise than needed.
    """
    state = _read(look, client, names)
    if state.loading:
        raise CablegraphError(f"{client.address}: {_NOT_LOADED}")
    described = _read(_digest, client, names)
    if not described:
        raise CablegraphError(f"{client.address}: {_NOTHING.format(meta=_meta(names))}")
    text = _IN_UNION.format(dataset=names.dataset)
    if not _holds(client, text):
        raise CablegraphError(f"{client.address}: {_NO_UNION}")
    if _holds(client, text, f"{names.graph}none"):
        raise CablegraphError(f"{client.address}: {_NO_DATASET}")
    return state if state.marked else StoreState(described, marked=False)


def _meta(names: Namespaces) -> str:
    return f"{names.graph}meta"


def _digest(client: StoreClient, names: Namespaces) -> str:
    """Return a digest of the description of all graphs; an empty text if there is none."""
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{_meta(names)}> {{ ?s ?p ?o }} }}"
    lines = sorted({str(quad.triple) for quad in parse(_ask(client, text, "graph"), RdfFormat.TURTLE)})
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def _holds(client: StoreClient, text: str, graph: str = "") -> bool:
    body = _ask(client, text, "boolean", *((("default-graph-uri", graph),) if graph else ()))
    return bool(fetched_store.read(body, "boolean"))


def _ask(client: StoreClient, text: str, kind: Kind, *more: tuple[str, str]) -> bytes:
    return client.ask([("query", text), *more], kind, time.monotonic() + SECONDS)


def _read(read: Callable[[StoreClient, Namespaces], Found], client: StoreClient, names: Namespaces) -> Found:
    try:
        return read(client, names)
    except SyntaxError:
        raise CablegraphError(f"{client.address} is not the address of queries of a store.") from None
