"""Graphs written to a store by the Graph Store Protocol, and what is there when something fails."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest

from kg.errors import CablegraphError
from kg.namespaces import SHIPPED
from server.engine.remote import loading, store_state
from server.engine.remote.graph_writing import GraphStore

from ..elsewhere import Graphs, client_on, written

GRAPH = "https://w3id.org/cablegraph/graph/"
META = (
    f"<{SHIPPED.dataset}> <http://rdfs.org/ns/void#subset> <{GRAPH}a> <{GRAPH}meta> .\n"
    f"<{SHIPPED.dataset}> <http://rdfs.org/ns/void#subset> <{GRAPH}b> <{GRAPH}meta> .\n"
    f"<{SHIPPED.dataset}> a <http://rdfs.org/ns/void#Dataset> <{GRAPH}meta> .\n"
).replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ")
A, B = (f'<x:s> <x:p> "{name}" <{GRAPH}{name}> .\n' for name in "ab")
DATA = META + A + B


@pytest.fixture
def graphs() -> Graphs:
    return Graphs()


@pytest.fixture
def store(graphs: Graphs) -> Iterator[GraphStore]:
    with graphs.writing() as store:
        yield store


def state(graphs: Graphs) -> store_state.StoreState:
    with client_on(graphs) as (client, _):
        return store_state.look(client, SHIPPED)


def texts(graphs: Graphs, name: str) -> list[str]:
    return sorted(
        q.object.value for q in graphs.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + name))
    )


def test_a_file_becomes_the_graphs_of_the_store(graphs: Graphs, store: GraphStore, tmp_path: Path) -> None:
    version = loading.load(store, [written(tmp_path, DATA)], SHIPPED)

    assert version == hashlib.sha256(DATA.encode()).hexdigest()
    assert state(graphs) == store_state.StoreState(version, marked=True)
    assert (texts(graphs, "a"), texts(graphs, "b")) == (["a"], ["b"])
    assert len(graphs.store) == 6  # with the mark


def test_a_graph_in_parts_is_replaced_and_then_added_to(
    graphs: Graphs, store: GraphStore, tmp_path: Path
) -> None:
    more = A.replace('"a"', '"c"') + A.replace('"a"', '"d"')
    graphs.store.add(ox.Quad(*map(ox.NamedNode, ("x:s", "x:p", "x:old", f"{GRAPH}a"))))

    loading.load(store, [written(tmp_path, DATA + more)], SHIPPED, batch=1)

    assert texts(graphs, "a") == ["a", "c", "d"]
    assert [method for method, graph in graphs.requests if graph == f"{GRAPH}a"] == ["PUT", "POST", "POST"]


def test_compressed_files_have_the_version_of_their_content(
    graphs: Graphs, store: GraphStore, tmp_path: Path
) -> None:
    packed = tmp_path / "graph.nq.gz"
    packed.write_bytes(gzip.compress(DATA.encode()))
    several = [written(tmp_path, META + A), written(tmp_path, B, "b.nq")]

    assert loading.load(store, [packed], SHIPPED) == hashlib.sha256(DATA.encode()).hexdigest()
    joined = loading.load(store, several, SHIPPED)

    assert loading.version_of([packed]) == hashlib.sha256(DATA.encode()).hexdigest()
    assert joined == loading.version_of(several) == state(graphs).version
    assert (texts(graphs, "a"), texts(graphs, "b")) == (["a"], ["b"])


def test_graphs_of_an_earlier_load_are_removed_and_those_of_others_stay(
    graphs: Graphs, store: GraphStore, tmp_path: Path
) -> None:
    graphs.store.add(ox.Quad(*map(ox.NamedNode, ("x:s", "x:p", "x:o", "x:other"))))
    loading.load(store, [written(tmp_path, DATA)], SHIPPED)

    loading.load(store, [written(tmp_path, META + A)], SHIPPED)

    assert (texts(graphs, "a"), texts(graphs, "b")) == (["a"], [])
    assert graphs.store.contains_named_graph(ox.NamedNode("x:other"))


def test_what_fails_for_a_while_is_sent_again(graphs: Graphs, store: GraphStore, tmp_path: Path) -> None:
    graphs.failures = [503, 500, 429]

    loading.load(store, [written(tmp_path, DATA)], SHIPPED)

    assert not state(graphs).loading
    assert len(graphs.store) == 6


def test_a_load_that_breaks_off_leaves_the_mark_of_one(
    graphs: Graphs, store: GraphStore, tmp_path: Path
) -> None:
    file = written(tmp_path, DATA + "<x:s> <x:p> <x:half")
    with pytest.raises(CablegraphError, match="not a file of N-Quads"):
        loading.load(store, [file], SHIPPED, batch=1)
    assert state(graphs).loading

    loading.load(store, [written(tmp_path, DATA)], SHIPPED)

    assert not state(graphs).loading
    assert len(graphs.store) == 6


def test_a_store_that_stays_away_is_named_with_the_graph(graphs: Graphs, store: GraphStore) -> None:
    graphs.failures = [503] * 4
    with pytest.raises(CablegraphError, match=r"store\.example/data failed 4 times to PUT <x:a>: status 503"):
        store.replace("x:a", [b"<x:s> <x:p> <x:o> .\n"])


def test_no_connection_is_said() -> None:
    def refused(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    transport = httpx2.MockTransport(refused)
    with (
        closing(GraphStore("http://store.example/", 1, transport, lambda _: None)) as store,
        pytest.raises(CablegraphError, match="ConnectError: refused"),
    ):
        store.drop("x:a")


def test_another_address_is_refused_with_what_to_give(graphs: Graphs, store: GraphStore) -> None:
    graphs.failures = [405]
    with pytest.raises(CablegraphError, match=r"status 405: not now\. Give the address of its Graph Store"):
        store.drop("x:a")


def test_a_page_in_place_of_a_graph_is_refused(tmp_path: Path) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, html="<p>Welcome</p>"))
    with (
        closing(GraphStore("http://store.example/", transport=transport)) as store,
        pytest.raises(CablegraphError, match="not the address of a Graph Store"),
    ):
        loading.load(store, [written(tmp_path, DATA)], SHIPPED)


def test_what_is_too_large_at_once_is_sent_in_halves(
    graphs: Graphs, store: GraphStore, tmp_path: Path
) -> None:
    graphs.most = 180
    lines = "".join(A.replace('"a"', f'"{n}"') for n in range(9))

    loading.load(store, [written(tmp_path, DATA + lines)], SHIPPED)
    assert texts(graphs, "a") == [*map(str, range(9)), "a"]

    graphs.most = 10
    with pytest.raises(CablegraphError, match="takes no triple as long"):
        store.add("x:a", [b"<x:s> <x:p> <x:o> .\n"])


def test_statements_in_no_graph_are_refused(store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(CablegraphError, match="in no graph"):
        loading.load(store, [written(tmp_path, META + "<x:s> <x:p> <x:o> .\n")], SHIPPED)


@pytest.mark.parametrize("content", [A, f"<x:s> <x:p> <{GRAPH}meta> <{GRAPH}a> .\n"])
def test_files_that_describe_no_collection_are_refused_before_anything_is_sent(
    graphs: Graphs, store: GraphStore, tmp_path: Path, content: str
) -> None:
    with pytest.raises(CablegraphError, match="build --store DIR FILE"):
        loading.load(store, [written(tmp_path, content)], SHIPPED)

    assert graphs.requests == []


def test_a_file_that_cannot_be_read_is_named(store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(CablegraphError, match=r"none\.nq cannot be read"):
        loading.version_of([tmp_path / "none.nq"])
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(DATA.encode())[:40])
    with pytest.raises(CablegraphError, match=r"broken\.gz is not a file of N-Quads"):
        loading.load(store, [broken], SHIPPED)
