"""Services whose store is another service: pages, downloads, and two of them that agree."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

import httpx2
import pytest
from flask import Flask
from pyoxigraph import NamedNode

from kg.cache import CachedBuild
from kg.errors import ReleaseError
from kg.namespaces import SHIPPED
from kg.publishing.dumps.notice import SHOWN
from kg.store import nquads
from server import create_app
from server.data.downloads import copied_release
from server.engine.remote import loading, store_copy, store_state
from server.engine.remote.remote_pool import RemotePool
from server.engine.remote.store_client import StoreClient
from server.engine.workers.pool import Pool

from . import linked
from .elsewhere import Graphs, client_on, pool_on, service, written
from .handled import client_of
from .running import BUSY
from .talking import BROWSER, SELECT, get, problem


@pytest.fixture(scope="module")
def held() -> Iterator[Flask]:
    """The service that has the data: a small graph under canonical names, and no mark."""
    with Pool(linked.load, linked.LIMITS) as pool:
        yield create_app(pool, data_version="v1", queries={})


@pytest.fixture(scope="module")
def pools(held: Flask) -> Iterator[list[RemotePool]]:
    """Two pools that have nothing in common but the address of the store, out of which each reads the version."""
    with ExitStack() as stack:
        opened = []
        for _ in range(2):
            with client_on(service(held), linked.LIMITS.result) as (client, _):
                version = store_state.first(client, SHIPPED).version
            opened.append(stack.enter_context(pool_on(service(held), linked.LIMITS, version)))
        yield opened


@pytest.fixture(scope="module")
def apps(pools: list[RemotePool]) -> list[Flask]:
    return [create_app(pool, data_version=pool.version, queries={}) for pool in pools]


def test_two_services_in_front_of_one_store_answer_alike(apps: list[Flask], held: Flask) -> None:
    asked = (
        f"/sparql?query=SELECT%20%3Fp%20%3Fo%20%7B%3C{linked.SAYS}%3E%20%3Fp%20%3Fo%7D%20ORDER%20BY%20%3Fp"
    )
    tags, bodies = set(), set()
    for app in (*apps, held):
        with client_of(app) as client:
            response = client.get(asked)
            assert response.status_code == 200, response.text
            bodies.add(response.data)
            if app is not held:  # whose data have no mark, so that others know them by another version
                tags.add(response.headers["ETag"])
            again = client.get(asked, headers={"If-None-Match": response.headers["ETag"]})
            assert again.status_code == 304

    assert (len(tags), len(bodies)) == (1, 1)


@pytest.mark.parametrize(
    "address",
    [
        "/id/actor/ann",
        "/id/actor/",
        "/search?q=Ann&format=html",
        "/graphs?graph=https://w3id.org/cablegraph/graph/shared",
        "/reconcile?queries=%7B%22q%22:%7B%22query%22:%22Ann%22%7D%7D",
        "/sitemap.xml",
    ],
)
def test_pages_are_those_of_the_store(
    address: str, apps: list[Flask], pools: list[RemotePool], held: Flask
) -> None:
    headers = {"Accept": BROWSER} if "/id/" in address else {}

    here, there = (app.test_client().get(address, headers=headers) for app in (apps[0], held))

    assert here.status_code == there.status_code < 400
    version = pools[0].version.encode()
    assert here.data.replace(version, b"v1").replace(version[:SHOWN], b"v1") == there.data


def refused(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused")


def late(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectTimeout("late")


def half(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.RemoteProtocolError("peer closed connection")


def other(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, html="<p>Welcome</p>")


def test_a_store_that_fails_is_a_problem_of_the_service() -> None:
    failed = (502, "store-failed")
    failures = {refused: failed, half: failed, other: failed, late: (504, "store-late")}
    present = [refused]

    def fail(request: httpx2.Request) -> httpx2.Response:
        return present[0](request)

    with pool_on(fail) as pool, client_of(create_app(pool, data_version="v1", queries={})) as client:
        for present[0], (status, name) in failures.items():
            found = problem(get(client, SELECT), status, name)
            ready, healthy = client.get("/readyz"), client.get("/healthz")
            page = client.get("/id/actor/", headers={"Accept": BROWSER})

            assert "store.example" not in json.dumps(found)
            assert (ready.status_code, healthy.status_code, page.status_code) == (503, 200, status)


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
_HALF = b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "va'


class Breaking:
    """A store over a socket that sends `answer` to each request and then closes, or with `silent` waits."""

    def __init__(self, answer: bytes, *, silent: bool) -> None:
        self._answer, self._silent = answer, silent
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        for one in (self._socket, *self._open):
            one.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                connection.recv(1 << 16)
                connection.sendall(self._answer)
                self._open.append(connection)
                if not self._silent:
                    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("answer", "silent", "status", "name"),
    [
        (_HEAD + b"Content-Length: 1000\r\n\r\n" + _HALF, False, 502, "store-failed"),
        (_HEAD + b"Transfer-Encoding: chunked\r\n\r\n4c\r\n" + _HALF, False, 502, "store-failed"),
        (_HEAD + b"Connection: close\r\n\r\n" + _HALF, False, 502, "store-failed"),
        (_HEAD + b"Content-Length: 1000\r\n\r\n" + _HALF, True, 503, "query-timeout"),
        (b"", False, 502, "store-failed"),
        (b"", True, 503, "query-timeout"),
    ],
    ids=[
        "half of a length",
        "half of chunks",
        "half without a length",
        "half and silent",
        "closed",
        "silent",
    ],
)
def test_a_store_that_ends_in_its_answer_is_a_problem_in_time(
    answer: bytes, silent: bool, status: int, name: str
) -> None:
    limits = replace(linked.LIMITS, timeout=1.5)
    with (
        Breaking(answer, silent=silent) as store,
        closing(StoreClient(store.address, limits.result)) as client,
        RemotePool(client, lambda _: store_copy.build(client, SHIPPED), limits, "v1") as pool,
        client_of(create_app(pool, data_version="v1", queries={})) as service,
    ):
        begin = time.monotonic()
        problem(get(service, SELECT), status, name)

    assert time.monotonic() - begin < BUSY * limits.timeout


@pytest.fixture
def whole(tmp_path: Path) -> tuple[Graphs, str]:
    """A store with all graphs of a collection, and their version."""
    graphs = Graphs()
    content = nquads.serialize(
        [quad for quad in linked.load() if isinstance(quad.graph_name, NamedNode)], "nq"
    )
    with ExitStack() as stack:
        store = stack.enter_context(graphs.writing())
        version = loading.load(store, [written(tmp_path, content.decode())], SHIPPED)
    return graphs, version


def test_a_copy_for_downloads_is_what_was_loaded(whole: tuple[Graphs, str], tmp_path: Path) -> None:
    graphs, version = whole
    built = CachedBuild(tmp_path / "copy" / "cablegraph.nq", version)

    with client_on(graphs.transport, store_copy.LARGEST) as (client, _):
        copied_release.copy(client, built)

    assert nquads.version(built.nquads.read_bytes()) == version
    with client_on(refused) as (client, _):  # it is not made twice
        store_copy.copy(client, built, SHIPPED)


def test_a_copy_of_other_data_than_stated_is_refused(whole: tuple[Graphs, str], tmp_path: Path) -> None:
    graphs, _ = whole
    built = CachedBuild(tmp_path / "copy" / "cablegraph.nq", "0" * 64)

    with client_on(graphs.transport) as (client, _), pytest.raises(ReleaseError, match="are not the file"):
        store_copy.copy(client, built, SHIPPED)
    assert not built.nquads.exists()


def test_the_program_says_why_it_makes_no_release(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert copied_release.main("http://127.0.0.1:1/", str(tmp_path), str(tmp_path / "x.nq"), "v") == 2
    assert "cannot be reached" in capsys.readouterr().err
