"""Stores of others as processes of their own: loaded by us, asked by us, and gone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.cache import CachedBuild
from kg.namespaces import SHIPPED
from kg.store import nquads
from server import create_app
from server.cli.load import load
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.engine.remote import store_copy, store_state
from server.engine.remote.remote_pool import RemotePool
from server.engine.remote.store_client import StoreClient
from server.engine.workers.pool import Pool
from server.web.formats import Kind
from server.web.http_errors import StoreFailedError

from . import linked
from .elsewhere import written
from .store_process import free_port, oxigraph, running, virtuoso
from .talking import BROWSER

TYPES: dict[Kind, str] = {"solutions": "text/csv", "boolean": "text/csv", "graph": "application/n-triples"}
SHARED, NONE = (f"https://w3id.org/cablegraph/graph/{name}" for name in ("shared", "none"))
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"  # Virtuoso has graphs of its own beside ours
QUESTIONS = (
    f"SELECT ?p ?o {{ <{linked.SAYS}> ?p ?o }} ORDER BY ?p ?o",
    COUNT,
    f"ASK FROM <{SHARED}> {{ <{linked.SAYS}> ?p ?o }}",
    "SELECT DISTINCT ?g { GRAPH ?g { ?s a cg:Person } } ORDER BY ?g",
    f"ASK FROM NAMED <{NONE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s rdfs:label ?l }",
)
PAGES = (f"/graphs?graph={SHARED}&format=nt", "/links/", "/wikidata.json")


@pytest.fixture(scope="module")
def data() -> str:
    """All graphs of a small collection, as N-Quads."""
    quads = [quad for quad in linked.load() if isinstance(quad.graph_name, NamedNode)]
    return nquads.serialize(quads, "nq").decode()


@pytest.fixture
def port() -> int:
    return free_port()


@contextmanager
def asking(address: str, version: str) -> Iterator[RemotePool]:
    """Ask the store at `address` as `serve --store` does; it must have the data of `version`."""
    client = StoreClient(address, linked.LIMITS.result)
    assert store_state.first(client, SHIPPED) == store_state.StoreState(version, marked=True)
    with RemotePool(client, lambda _: store_copy.build(client, SHIPPED), linked.LIMITS, version) as pool:
        yield pool


def ours(data: str, version: str) -> list[QueryAnswer]:
    """Return our own answers to QUESTIONS about the same graphs, with the mark of a load."""

    def loaded() -> Store:
        store = Store()
        store.load(data.encode(), RdfFormat.N_QUADS)
        mark = store_state.mark(version, SHIPPED).encode()
        store.load(mark, RdfFormat.N_TRIPLES, to_graph=NamedNode(store_state.mark_of(SHIPPED)))
        return store

    with Pool(loaded, linked.LIMITS, version) as pool:
        return answers(pool)


def visited(pool: Pool) -> dict[str, tuple[int, bytes]]:
    """Return status and content of each of PAGES, of a service over `pool`."""
    client = create_app(pool, data_version=pool.version, queries={}).test_client()
    responses = {path: client.get(path, headers={"Accept": BROWSER}) for path in PAGES}
    return {path: (response.status_code, response.data) for path, response in responses.items()}


def answers(pool: Pool) -> list[QueryAnswer]:
    return [pool.answer(QueryRequest(question, TYPES)) for question in QUESTIONS]


def test_oxigraph_is_loaded_asked_and_gone(data: str, port: int, tmp_path: Path) -> None:
    address, version = f"http://127.0.0.1:{port}", nquads.version(data.encode())
    with running(oxigraph(port), port, tmp_path) as process:
        said = CliRunner().invoke(load, [f"{address}/store", str(written(tmp_path, data))])
        assert said.stdout == f"loaded: data {version[:16]} in {address}/store\n"
        with asking(f"{address}/query", version) as pool:
            assert answers(pool) == ours(data, version)

            process.kill()
            process.wait()
            with pytest.raises(StoreFailedError, match="cannot be reached"):
                answers(pool)


@pytest.mark.slow
def test_virtuoso_loads_by_itself_and_is_asked(data: str, port: int, tmp_path: Path) -> None:
    own, version = free_port(), nquads.version(data.encode())
    mark = store_state.mark(version, SHIPPED).removesuffix(" .\n")
    file = written(tmp_path, f"{data}{mark} <{store_state.mark_of(SHIPPED)}> .\n")
    command = virtuoso(tmp_path, port, own)
    bulk = f"DB.DBA.TTLP(file_to_string_output('{file.name}'), '', 'x:none', 512);"
    with running(command, port, tmp_path):
        subprocess.run(["isql-vt", str(own), "dba", "dba", f"exec={bulk}"], check=True, cwd=tmp_path)
        with asking(f"http://127.0.0.1:{port}/sparql", version) as pool:
            found = dict(zip(QUESTIONS, answers(pool), strict=True))
            pages = visited(pool)
        copied = CachedBuild(tmp_path / "copy" / "cablegraph.nq", version)
        with closing(StoreClient(f"http://127.0.0.1:{port}/sparql", store_copy.LARGEST)) as client:
            store_copy.copy(client, copied, SHIPPED)

    assert nquads.version(copied.nquads.read_bytes()) == version
    with Pool(linked.load, linked.LIMITS, version) as own:
        assert pages == visited(own)
    expected = dict(zip(QUESTIONS, ours(data, version), strict=True))
    assert {q: a for q, a in found.items() if q != COUNT} == {q: a for q, a in expected.items() if q != COUNT}
