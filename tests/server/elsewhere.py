"""A service as the store of another one, and stores that fail, all of them in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qsl
from wsgiref.types import WSGIApplication

import httpx2
import pyoxigraph as ox

from kg.cache import CachedBuild
from kg.namespaces import SHIPPED
from server.engine.evaluation.query_request import Limits
from server.engine.remote import store_copy
from server.engine.remote.graph_writing import GraphStore
from server.engine.remote.remote_pool import Pace, RemotePool
from server.engine.remote.store_client import StoreClient

ADDRESS = "http://store.example/sparql"
LIMITS = Limits(timeout=20.0, workers=2, memory=192 << 20, result=256 << 10)
JSON = {"Content-Type": "application/sparql-results+json"}
TURTLE = {"Content-Type": "text/turtle"}
Answer = Callable[[httpx2.Request], httpx2.Response]


def form_of(request: httpx2.Request) -> dict[str, str]:
    """Return the last value of each field that was posted."""
    return dict(parse_qsl(request.content.decode()))


@contextmanager
def client_on(
    transport: httpx2.BaseTransport | Answer,
    result: int = LIMITS.result,
    pauses: Sequence[float] = (0.0, 0.0),
) -> Iterator[tuple[StoreClient, list[str]]]:
    """A client whose requests `transport` answers, and what it tells the log."""
    log: list[str] = []
    if not isinstance(transport, httpx2.BaseTransport):
        transport = httpx2.MockTransport(transport)
    client = StoreClient(ADDRESS, result, log.append, transport, pauses)
    yield client, log
    client.close()


@contextmanager
def pool_on(
    transport: httpx2.BaseTransport | Answer,
    limits: Limits = LIMITS,
    version: str = "v1",
    pace: Pace = Pace(looking=0),  # noqa: B008 - it is frozen
) -> Iterator[RemotePool]:
    """A pool over the store that `transport` stands for, which need not be a whole collection."""
    with client_on(transport, limits.result) as (client, _):

        def build(_: str) -> CachedBuild:
            return store_copy.build(client, SHIPPED)

        with RemotePool(client, build, limits, version, pace=pace) as pool:
            yield pool


def service(app: WSGIApplication) -> httpx2.WSGITransport:
    """Return what sends requests to a service of ours."""
    return httpx2.WSGITransport(app)


class Graphs:
    """A store with a Graph Store Protocol and queries, whose default graph is the union of its graphs.

    `failures` are the statuses with which it answers the next requests to write.
    """

    def __init__(self) -> None:
        self.store = ox.Store()
        self.requests: list[tuple[str, str]] = []
        self.failures: list[int] = []
        self.most = 1 << 20  # bytes that it takes at once

    def writing(self) -> AbstractContextManager[GraphStore]:
        """Return what writes into it, and does not wait before it tries again."""
        return closing(GraphStore("http://store.example/data", 5, self.transport, lambda _: None))

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/sparql":
            return self._queried(form_of(request))
        graph = ox.NamedNode(request.url.params["graph"])
        self.requests.append((request.method, graph.value))
        if self.failures:
            return httpx2.Response(self.failures.pop(0), text="not now")
        if len(request.content) > self.most:
            return httpx2.Response(413)
        return self._written(request.method, graph, request.content)

    def _queried(self, form: dict[str, str]) -> httpx2.Response:
        graph = form.get("default-graph-uri")
        given = {"default_graph": [ox.NamedNode(graph)]} if graph else {"use_default_graph_as_union": True}
        found = self.store.query(form["query"], **given)  # type: ignore[arg-type]
        if isinstance(found, ox.QueryTriples):
            turtle = found.serialize(format=ox.RdfFormat.TURTLE) or b""
            return httpx2.Response(200, content=turtle, headers=TURTLE | {"Content-Length": str(len(turtle))})
        return httpx2.Response(200, content=found.serialize(format=ox.QueryResultsFormat.JSON), headers=JSON)

    def _written(self, method: str, graph: ox.NamedNode, body: bytes) -> httpx2.Response:
        if method == "GET":
            if not self.store.contains_named_graph(graph):
                return httpx2.Response(404)
            text = self.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
            return httpx2.Response(200, content=text)
        if method in ("PUT", "DELETE"):
            self.store.remove_graph(graph)
        if method in ("PUT", "POST"):
            self.store.load(body, ox.RdfFormat.N_TRIPLES, to_graph=graph)
        return httpx2.Response(204)


def written(folder: Path, text: str, name: str = "graph.nq") -> Path:
    """Write a file and return it."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file
