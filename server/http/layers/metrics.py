"""Metrics for Prometheus at /metrics, in its text format.

prometheus_client writes the format and keeps the buckets. Each instance has a registry of its own,
so that nothing is shared in the process.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from server.engine.workers.pool import Pool
from server.http.layers.observers import Exchange
from server.web.sparql_protocol import METHODS

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_OTHER = "other"  # so that a client cannot create a label with every unknown method


class Metrics:
    """Counters of requests since the start, and the state of the pool."""

    def __init__(self, pool: Pool) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_PoolCollector(pool))
        self._requests = Counter(
            "cablegraph_requests",
            "Requests that were answered.",
            ("method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "cablegraph_request_seconds",
            "Time until the last byte of a response, in seconds.",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._bytes = Counter(
            "cablegraph_response_bytes", "Bytes of response bodies.", registry=self._registry
        )

    def count(self, exchange: Exchange) -> None:
        """Count one request."""
        method = exchange.method if exchange.method in METHODS else _OTHER
        self._requests.labels(method, str(exchange.status)).inc()
        self._seconds.observe(exchange.seconds)
        self._bytes.inc(exchange.size)

    def text(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        return bytes(generate_latest(self._registry))


class _PoolCollector(Collector):
    """Reads the state of the pool each time that the metrics are collected."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of the pool at this moment."""
        pool = self._pool
        yield GaugeMetricFamily("cablegraph_up", "Whether the data process is running.", int(pool.alive))
        yield GaugeMetricFamily("cablegraph_workers", "Workers in all.", pool.limits.workers)
        yield GaugeMetricFamily("cablegraph_workers_idle", "Workers that wait for a query.", pool.idle)
        yield CounterMetricFamily(
            "cablegraph_workers_replaced", "Workers on the present data that were replaced.", pool.replaced
        )
        yield CounterMetricFamily("cablegraph_reloads", "Reloads of the data.", pool.reloads)
        yield InfoMetricFamily("cablegraph_data", "The data that is served.", {"version": pool.version})


def register(app: Flask, metrics: Metrics) -> None:
    """Give `app` the address /metrics."""
    headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
    app.add_url_rule("/metrics", "metrics", lambda: Response(metrics.text(), headers=headers))
