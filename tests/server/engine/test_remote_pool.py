"""A pool over a store elsewhere: what it answers, what it knows of the store's data, and how it fails."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest
from flask import Flask

from kg.cache import CachedBuild
from kg.errors import BusyError, CablegraphError, TimeLimitError
from kg.namespaces import SHIPPED
from server.engine.evaluation.query_request import QueryRequest
from server.engine.processes.waiting import InLoop
from server.engine.remote import store_state
from server.engine.remote.remote_pool import Pace, RemotePool
from server.engine.workers.pool import Pool
from server.web.formats import Kind
from server.web.http_errors import ServiceRefusedError, StoreFailedError, UpdateRefusedError

from ..elsewhere import JSON, LIMITS, Graphs, client_on, form_of, pool_on, service

TYPES: dict[Kind, str] = {"solutions": "text/csv", "boolean": "text/csv", "graph": "text/turtle"}
COUNT = QueryRequest("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", TYPES)
DATASET = ox.NamedNode(SHIPPED.dataset)
META = ox.NamedNode(f"{SHIPPED.graph}meta")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
VOID = ox.NamedNode("http://rdfs.org/ns/void#Dataset")


@pytest.fixture(scope="module")
def elsewhere(app: Flask) -> Iterator[RemotePool]:
    """A pool in front of the service that the other tests ask, as its store."""
    with pool_on(service(app)) as pool:
        yield pool


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?l { ?s rdfs:label ?l } ORDER BY ?l",
        "ASK { ?s ?p '100%25' }",
        "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s rdfs:label ?l }",
        "SELECT (COUNT(*) AS ?n) FROM <http://ex.org/one> { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s <http://ex.org/sentTo> ?o } }",
    ],
)
def test_the_answer_is_that_of_the_store(query: str, pool: Pool, elsewhere: RemotePool) -> None:
    request = QueryRequest(query, TYPES)

    answer = elsewhere.answer(request)

    assert answer == replace(pool.answer(request), version="v1")


def test_an_event_loop_may_ask_too(elsewhere: RemotePool) -> None:
    with ThreadPoolExecutor(2) as threads:
        answer = asyncio.run(elsewhere.ask(InLoop(threads), COUNT))

    assert answer.body == b"n\r\n12\r\n"


@pytest.mark.parametrize("waiting", [0.0, 0.4])
def test_an_answer_does_not_fail_or_wait_for_look_ups_for_hints(waiting: float) -> None:
    looked: list[str] = []

    def store(request: httpx2.Request) -> httpx2.Response:
        text = form_of(request)["query"]
        if "VALUES" not in text:
            return httpx2.Response(
                200, text='{"head": {"vars": ["s"]}, "results": {"bindings": []}}', headers=JSON
            )
        looked.append(text)
        time.sleep(waiting)  # a store that does not answer, or late
        return httpx2.Response(404)

    request = QueryRequest("SELECT ?s { ?s <http://ex.org/sentFrom> ?o }", TYPES, hints=True)
    with pool_on(store, pace=Pace(hinting=0.2)) as pool:
        begin = time.monotonic()
        answer = pool.answer(request)

    assert (answer.body, answer.hints, len(looked)) == (b"s\r\n", (), 1)
    assert time.monotonic() - begin < LIMITS.timeout / 2


def test_hints_are_looked_up_in_the_store(pool: Pool, elsewhere: RemotePool) -> None:
    request = QueryRequest("SELECT ?s { ?s <http://ex.org/sentFrom> ?o }", TYPES, hints=True)

    assert elsewhere.answer(request).hints == pool.answer(request).hints != ()


def refused(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused")


def test_a_query_is_checked_before_anything_is_sent() -> None:
    with pool_on(refused) as pool:
        with pytest.raises(UpdateRefusedError):
            pool.answer(QueryRequest("DROP ALL", TYPES))
        with pytest.raises(ServiceRefusedError):
            pool.answer(QueryRequest("SELECT * { SERVICE <http://ex.org/> { ?s ?p ?o } }", TYPES))
        with pytest.raises(StoreFailedError, match="cannot be reached"):
            pool.answer(COUNT)


def test_what_is_no_result_is_found_in_the_worker() -> None:
    bodies = [b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": ', b"[]", b'{"head": {}}']

    def next_body(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=bodies[-1], headers=JSON)

    with pool_on(next_body) as pool:
        while bodies:
            with pytest.raises(StoreFailedError, match="not the result of a query"):
                pool.answer(COUNT)
            bodies.pop()


class Held:
    """A store that answers when it is let."""

    def __init__(self) -> None:
        self.let, self.asked = threading.Event(), threading.Semaphore(0)

    def __call__(self, _: httpx2.Request) -> httpx2.Response:
        self.asked.release()
        self.let.wait(10)
        body = b'{"head": {"vars": ["n"]}, "results": {"bindings": []}}'
        return httpx2.Response(200, content=body, headers=JSON)


def test_a_store_that_takes_too_long_is_given_up() -> None:
    held = Held()
    with pool_on(held) as pool:
        with pytest.raises(TimeLimitError, match=r"longer than 0\.05 s"):
            pool.answer(replace(COUNT, timeout=0.05))
        held.let.set()

        assert pool.answer(COUNT).body == b"n\r\n"


def test_no_more_queries_wait_for_the_store_than_may() -> None:
    held = Held()
    with pool_on(held, replace(LIMITS, long=1)) as pool, ThreadPoolExecutor(1) as threads:
        first = threads.submit(pool.answer, COUNT)
        assert held.asked.acquire(timeout=5)
        with pytest.raises(BusyError, match="Too many"):
            pool.answer(COUNT)
        held.let.set()

        assert first.result(5).body == b"n\r\n"
        pool.close()
        with pytest.raises(CablegraphError):
            pool.answer(COUNT)


@pytest.fixture
def graphs() -> Graphs:
    """A store with the description of a collection, marked with the version v1."""
    graphs = Graphs()
    graphs.store.add(ox.Quad(DATASET, TYPE, VOID, META))
    mark(graphs, "v1")
    return graphs


def mark(graphs: Graphs, version: str) -> None:
    name = ox.NamedNode(store_state.mark_of(SHIPPED))
    graphs.store.remove_graph(name)
    graphs.store.load(store_state.mark(version, SHIPPED).encode(), ox.RdfFormat.N_TRIPLES, to_graph=name)


def test_other_data_have_another_version(graphs: Graphs) -> None:
    with pool_on(graphs.transport) as pool:
        pool.mend()
        assert (pool.version, pool.reloads, pool.answer(COUNT).version) == ("v1", 0, "v1")

        mark(graphs, store_state.LOADING)
        pool.mend()
        assert (pool.version, pool.answer(COUNT).volatile) == ("v1", True)

        mark(graphs, "v2")
        pool.mend()
        assert (pool.version, pool.reloads) == ("v2", 1)
        assert (pool.answer(COUNT).version, pool.answer(COUNT).volatile) == ("v2", False)


def test_a_reload_takes_what_it_is_given(graphs: Graphs) -> None:
    with pool_on(graphs.transport) as pool:
        pool.reload(CachedBuild(Path("graph.nq"), "v7"))

        assert (pool.version, pool.reloads) == ("v7", 1)


def test_the_upkeep_survives_a_store_that_is_away() -> None:
    with pool_on(refused) as pool:
        pool.mend()

        assert pool.alive
        assert pool.version == "v1"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda graphs: mark(graphs, store_state.LOADING), "being loaded"),
        (lambda graphs: graphs.store.remove_graph(META), "has no description"),
    ],
)
def test_a_store_that_cannot_be_served_is_refused(
    graphs: Graphs, change: Callable[[Graphs], None], reason: str
) -> None:
    change(graphs)

    with client_on(graphs.transport) as (client, _), pytest.raises(CablegraphError, match=reason):
        store_state.first(client, SHIPPED)


def test_a_store_without_a_mark_has_the_version_of_its_description(graphs: Graphs) -> None:
    graphs.store.remove_graph(ox.NamedNode(store_state.mark_of(SHIPPED)))

    with client_on(graphs.transport) as (client, _):
        first = store_state.first(client, SHIPPED)
        graphs.store.add(ox.Quad(DATASET, TYPE, DATASET, META))
        second = store_state.first(client, SHIPPED)

    assert not first.marked
    assert len(first.version) == 64
    assert first.version != second.version


def test_a_store_that_lacks_what_is_needed_is_refused_with_what_to_do(graphs: Graphs) -> None:
    def separate(request: httpx2.Request) -> httpx2.Response:
        request = httpx2.Request("POST", request.url, content=request.content + b"&default-graph-uri=x:none")
        return graphs(request)

    def deaf(request: httpx2.Request) -> httpx2.Response:
        fields = request.content.split(b"&default-graph-uri")[0]
        return graphs(httpx2.Request("POST", request.url, content=fields))

    with client_on(separate) as (client, _), pytest.raises(CablegraphError, match="--union-default-graph"):
        store_state.first(client, SHIPPED)
    with client_on(deaf) as (client, _), pytest.raises(CablegraphError, match="ignores the parameter"):
        store_state.first(client, SHIPPED)


def test_a_service_of_something_else_is_refused() -> None:
    page = httpx2.Response(200, content=b"[]", headers=JSON)
    with client_on(lambda _: page) as (client, _), pytest.raises(CablegraphError, match="not the address"):
        store_state.first(client, SHIPPED)
