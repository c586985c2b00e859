"""Pools on the data of a test: our own, or over a store in a process of its own.

With the environment variable CABLEGRAPH_TEST_STORE=oxigraph the tests of the service run over `oxigraph serve`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
from pyoxigraph import RdfFormat, Store

from kg.namespaces import SHIPPED, Namespaces
from server.engine.evaluation.query_request import Limits
from server.engine.remote import store_copy
from server.engine.remote.remote_pool import Pace, RemotePool
from server.engine.remote.store_client import StoreClient
from server.engine.workers.pool import Pool

from .store_process import free_port, oxigraph, running

VARIABLE = "CABLEGRAPH_TEST_STORE"
OVER_OXIGRAPH = os.environ.get(VARIABLE) == "oxigraph"


@contextmanager
def open_pool(
    load: Callable[[], Store], limits: Limits | None = None, version: str = "", names: Namespaces = SHIPPED
) -> Iterator[Pool]:
    """Open a pool on what `load` returns: in its own process, or in a store elsewhere if the variable says so."""
    if OVER_OXIGRAPH:
        with remote_pool(load(), limits or Limits(), version, names) as pool:
            yield pool
    else:
        with Pool(load, limits, version, names) as own:
            yield own


@contextmanager
def remote_pool(
    store: Store, limits: Limits, version: str, names: Namespaces = SHIPPED
) -> Iterator[RemotePool]:
    """Open a pool over `oxigraph serve` with the quads of `store`."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, running(oxigraph(port), port, Path(folder)):
        _fill(f"http://127.0.0.1:{port}/store", store)
        client = StoreClient(f"http://127.0.0.1:{port}/query", limits.result)
        patient = Pace(hinting=limits.timeout)  # tests of hints expect them however busy the machine is
        with RemotePool(
            client, lambda _: store_copy.build(client, names), limits, version, names, patient
        ) as pool:
            yield pool


def _fill(address: str, store: Store) -> None:
    quads = store.dump(format=RdfFormat.N_QUADS)
    with closing(httpx2.Client(trust_env=False, timeout=120.0)) as http:
        response = http.post(address, content=quads, headers={"Content-Type": "application/n-quads"})
    assert response.is_success, response.text
