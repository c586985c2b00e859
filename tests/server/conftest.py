"""A small graph and a real pool of workers on it, shared by the tests of the server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from pyoxigraph import RdfFormat, Store
from werkzeug.test import Client

from server import create_app
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool

from .handled import client_of
from .pools import open_pool

# Twelve statements: five in graph one, four in two, three in three; no statement twice.
DATA = """
@prefix ex: <http://ex.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:one {
  ex:kennan a ex:Person ; rdfs:label "George Kennan"@en .
  ex:telegram ex:sentBy ex:kennan ; ex:title "<b>Long & \\"odd\\"</b>" ; dcterms:date "1946-02-22"^^xsd:date .
}
ex:two {
  ex:byrnes a ex:Person ; rdfs:label "James Byrnes"@en .
  ex:telegram ex:sentTo ex:byrnes ; ex:note [] .
}
ex:three {
  ex:moscow rdfs:label "Москва"@ru ; ex:population "100%25" ; ex:site <javascript:alert(1)> .
}
"""
SIZES = {"one": 5, "two": 4, "three": 3}


def load() -> Store:
    store = Store()
    store.load(DATA.encode(), RdfFormat.TRIG)
    return store


@pytest.fixture
def store() -> Store:
    return load()


@pytest.fixture(scope="session")
def sizes() -> dict[str, int]:
    return SIZES


@pytest.fixture(scope="session")
def loader() -> Callable[[], Store]:
    return load


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    limits = Limits(timeout=1.0, workers=2, memory=192 << 20, result=256 << 10, wait=0.3)
    with open_pool(load, limits) as pool:
        yield pool


@pytest.fixture(scope="session")
def app(pool: Pool) -> Flask:
    return create_app(pool, name="test graph", data_version="v1")


@pytest.fixture(params=["in Flask", "in the loop"])
def here(app: Flask, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A client of the application, and one of the whole service: both ways answer alike."""
    if request.param == "in Flask":
        yield app.test_client()
    else:
        with client_of(app) as of_service:
            yield of_service


@pytest.fixture
def client(here: Client) -> Client:
    """The same; where a service without data of its own answers alike, a file adds that."""
    return here


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


class Listener:
    """Accepts connections on loopback and counts them, to show that none comes."""

    def __enter__(self) -> Listener:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._count)
        self._thread.start()
        return self

    def _count(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if connection.recv(3) == b"end":
                    return
                self.calls += 1

    def __exit__(self, *_: object) -> None:
        with socket.create_connection(self._socket.getsockname()) as last:
            last.sendall(b"end")
        self._thread.join(5)
        self._socket.close()
