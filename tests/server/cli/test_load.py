"""`cablegraph load`, and the options of `cablegraph serve --store ADDRESS`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from kg.cli.main import main
from kg.namespaces import SHIPPED
from kg.publishing.stores import store_folder
from kg.publishing.stores.write_store import StoreWriter
from kg.reading.collection.collection import Collection
from server.cli.load import load
from server.engine.remote import store_address, store_state

from ..elsewhere import written

META = f"{SHIPPED.graph}meta"
QUAD = f"<x:s> <x:p> <x:o> <{META}> .\n"


class GraphServer(HTTPServer):
    """Keeps each graph that is put, by its name, and the proof that came with it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Keeper)
        self.graphs: dict[str, bytes] = {}
        self.proofs: set[str | None] = set()


class Keeper(BaseHTTPRequestHandler):
    server: GraphServer

    def do_GET(self) -> None:
        self._answer(404)

    def do_PUT(self) -> None:
        (graph,) = parse_qs(urlsplit(self.path).query)["graph"]
        self.server.graphs[graph] = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.proofs.add(self.headers["Authorization"])
        self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture
def keeper() -> Iterator[GraphServer]:
    with GraphServer() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_graphs_and_mark_are_written(keeper: GraphServer, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{keeper.server_port}/store?tenant=a"
    file, version = written(tmp_path, QUAD), hashlib.sha256(QUAD.encode()).hexdigest()

    done = CliRunner(env={store_address.AUTHORIZATION: "Bearer x"}).invoke(load, [address, str(file)])

    assert done.stdout == f"loaded: data {version[:16]} in {address}\n"
    assert keeper.graphs == {
        META: b"<x:s> <x:p> <x:o> .\n",
        store_state.mark_of(SHIPPED): store_state.mark(version, SHIPPED).encode(),
    }
    assert keeper.proofs == {"Bearer x"}


def test_a_store_that_loads_by_itself_is_only_marked(keeper: GraphServer, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{keeper.server_port}/store"

    done = CliRunner().invoke(load, [address, str(written(tmp_path, QUAD)), "--mark-only"])

    assert done.stdout.startswith("marked: data ")
    assert list(keeper.graphs) == [store_state.mark_of(SHIPPED)]


def test_the_graph_of_a_store_on_disk_is_loaded_in_its_own_base(keeper: GraphServer, tmp_path: Path) -> None:
    base = "https://example.org/quay/"
    content = f"<{base}id/actor/ann> <x:p> <x:o> <{base}graph/telegram/one> .\n"
    place, names = tmp_path / "store", Collection.in_base(base)
    (tmp_path / "none").mkdir()
    StoreWriter(place, replace(names, queries=tmp_path / "none")).write_files([written(tmp_path, content)])
    address = f"http://127.0.0.1:{keeper.server_port}/store"

    done = CliRunner().invoke(load, [address, str(place)])

    assert done.stdout == f"loaded: data {store_folder.read(place).version[:16]} in {address}\n"
    assert (
        keeper.graphs[f"{base}graph/telegram/one"]
        == b"<https://example.org/quay/id/actor/ann> <x:p> <x:o> .\n"
    )
    assert store_state.mark_of(names.names) in keeper.graphs


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["load", "store"], "'store' is not a valid address of a service"),
        (["serve", "--store", "http://me:secret@127.0.0.1/"], store_address.AUTHORIZATION),
        (["serve", "--store", "http://127.0.0.1:1/", "--port", "0"], "cannot be reached"),
        (["serve", "--store", "http://127.0.0.1:1/", "--rdf12"], "--rdf12"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(main, arguments)

    assert done.exit_code == 2
    assert said in done.output
    assert "secret" not in done.output
