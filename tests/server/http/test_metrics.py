"""Figures for Prometheus, read back with its own parser, and what watchers ask for."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from pyoxigraph import Store
from werkzeug.test import Client

from server import create_app
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
from server.http.layers import metrics
from server.http.layers.metrics import Metrics
from server.http.layers.observers import ObserverLayer

from ..handled import as_wsgi, at_once
from ..running import within
from ..talking import get


def watched(pool: Pool) -> Client:
    """A client of an application on `pool` with figures."""
    counted = Metrics(pool)
    app = create_app(pool, data_version="v1", queries={})
    metrics.register(app, counted)
    return Client(as_wsgi(ObserverLayer(at_once(app), [counted.count])))


def figures(client: Client) -> dict[tuple[str, ...], float]:
    """Return every figure by its name and the values of its labels."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.mimetype == "text/plain"
    return {
        (sample.name, *sample.labels.values()): sample.value
        for metric in text_string_to_metric_families(response.text)
        for sample in metric.samples
    }


def test_without_being_asked_for_there_are_none(app: Flask) -> None:
    assert app.test_client().get("/metrics").status_code == 404


def test_requests_are_counted_by_method_and_status(pool: Pool) -> None:
    client = watched(pool)
    sizes = [len(client.get("/sparql?query=ASK%7B%7D").data) for _ in range(3)]
    sizes.append(len(client.get("/nothing").data))
    sizes.append(len(client.open("/sparql", method="BREW").data))
    found = figures(client)

    assert found["cablegraph_requests_total", "GET", "200"] == 3
    assert found["cablegraph_requests_total", "GET", "404"] == 1
    assert found["cablegraph_requests_total", "other", "405"] == 1
    assert found["cablegraph_request_seconds_count",] == 5
    assert 0 < found["cablegraph_request_seconds_sum",] < 60
    assert found["cablegraph_response_bytes_total",] == sum(sizes)


def test_the_pool_tells_of_its_workers_and_data(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=2), 'odd "version"\n') as pool:
        client = watched(pool)
        before = figures(client)
        pool.reload()
        many = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8))
        assert get(client, f"SELECT (COUNT(*) AS ?n) {{ {many} }}", more="&timeout=0.05").status_code == 503
        after = figures(client)

    assert before["cablegraph_up",] == 1
    assert before["cablegraph_workers",] == before["cablegraph_workers_idle",] == 2
    assert before["cablegraph_data_info", 'odd "version"\n'] == 1
    assert (before["cablegraph_reloads_total",], after["cablegraph_reloads_total",]) == (0, 1)
    assert (before["cablegraph_workers_replaced_total",], after["cablegraph_workers_replaced_total",]) == (
        0,
        1,
    )


def test_a_service_that_answers_is_ready_and_says_with_what(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1), "v7") as pool:
        client = create_app(pool, data_version="v7", queries={}).test_client()
        ready, healthy = client.get("/readyz"), client.get("/healthz")
        named = client.get("/readyz").text
        os.kill(pool.process, signal.SIGKILL)
        assert within(5, lambda: not pool.alive)
        ill = client.get("/healthz")
        healed = client.get("/readyz")
    closed = client.get("/readyz")

    assert (ready.status_code, ready.headers["Cache-Control"]) == (200, "no-store")
    assert named == "ready: data v7\n"
    assert (healthy.status_code, healthy.text) == (200, "ok\n")
    assert (ill.status_code, ill.text) == (503, "the data process is gone\n")
    assert healed.status_code == 200
    assert (closed.status_code, closed.text) == (503, "The service is closing.\n")


def test_without_a_version_it_is_ready_all_the_same(app: Flask) -> None:
    assert app.test_client().get("/readyz").text == "ready\n"
