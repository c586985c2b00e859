"""The command `cablegraph serve`: the pool, the application, its layers and the web server together."""

from __future__ import annotations

import os
import signal
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import click
from flask import Flask

from kg import cache
from kg.cli.group import Progress
from kg.errors import CablegraphError
from kg.publishing.dumps import release_folders
from kg.store.statistics import Statistics
from server import create_app
from server.cli import pid_file
from server.cli.serve_options import Options, parameters
from server.data.downloads.releases import Builds, Releases
from server.engine.workers import graph_file, upkeep
from server.engine.workers.pool import Pool
from server.http.layers import metrics, rate_limit
from server.http.layers.observers import ObserverLayer, access_log_writer
from server.http.listening import http_server
from server.site.other_services import Services

_FIRST = "/search?q=first&format=html"
_PAUSE = 0.5  # seconds between two looks whether the data were reloaded

Build = Callable[[Path | None, Callable[[str], None]], cache.CachedBuild]


def command(build: Build) -> click.Command:
    """Return the command `serve`, which gets its graph from `build(texts, progress)`."""

    @click.command("serve", params=parameters())
    def serve(**given: Any) -> None:
        """Serve the graph as a SPARQL endpoint and a query page, until Ctrl-C.

        The signal SIGHUP reloads it: running queries end on the data that they began with, later
        ones use the records, or the file, as they are then. Data that are incomplete or not valid are
        refused, and the previous data stay.
        """
        options = Options(**given)
        http_server.check_address(options.host, options.port)
        _serve(lambda: _current(options, build), options)

    return serve


def _current(options: Options, build: Build) -> cache.CachedBuild:
    built = graph_file.at(options.graph) if options.graph else build(options.texts, Progress())
    return cache.annotated(built, Progress()) if options.rdf12 else built


def _counts(options: Options) -> Callable[[cache.CachedBuild], Statistics | None]:
    return graph_file.count if options.graph and not options.rdf12 else cache.counts


def _serve(build: Callable[[], cache.CachedBuild], options: Options) -> None:
    builds = Builds(build, _counts(options))
    built = builds()
    _log(f"loading {built.nquads.name} …")
    lost: list[str] = []

    def give_up() -> None:
        lost.append(
            "So many processes were killed that none is left to replace them; start the service again."
        )
        os.kill(os.getpid(), signal.SIGTERM)

    # The pool must be created before the first thread.
    with (
        Pool(lambda: graph_file.load(built), options.limits, built.version) as pool,
        pid_file.hold(options.pid_file),
        upkeep.maintain(pool, lambda: builds(pool.version), _log, give_up),
    ):
        app = _application(pool, builds, options)
        layers, ended = _layers(app, pool, options), threading.Event()
        threading.Thread(target=prepare, args=(app, pool, ended), daemon=True).start()
        http_server.run(
            layers,
            options.host,
            options.port,
            _announce_and_open if options.open else _announce,
            pool.close,
            behind_proxy=options.behind_proxy,
        )
        ended.set()
    if lost:
        raise CablegraphError(lost[0])


def prepare(app: Flask, pool: Pool, ended: threading.Event) -> None:
    """Make what the first search of new data needs, so that no visitor waits for it, until `ended` is set."""
    prepared = -1
    while True:
        if pool.reloads != prepared:
            prepared = pool.reloads
            with suppress(CablegraphError), app.test_request_context(_FIRST):
                app.view_functions["search"]()  # without the layers that count and limit requests
        if ended.wait(_PAUSE):
            return


def _application(pool: Pool, builds: Builds, options: Options) -> Flask:
    return create_app(
        pool,
        data_version=pool.version,
        services=Services(pool, options.allow_service),
        cache_size=options.cache_size << 20,
        releases=Releases(
            options.dumps or release_folders.default(), lambda: builds.of(pool.version).released, _log
        ),
        statistics=builds.statistics,
        findings=lambda version: cache.findings(builds.of(version)),
        search=builds.search,
        texts=options.shown_texts,
        drafts=options.shown_drafts,
    )


def _layers(app: Flask, pool: Pool, options: Options) -> WSGIApplication:
    """Return `app` inside the layers that see every request: observers outside, then the rate limit."""
    if options.rate:
        rate_limit.register(app, rate_limit.Rate(options.rate))
    observers = []
    if options.access_log or options.log_queries:
        observers.append(access_log_writer(_log, queries=options.log_queries))
    if options.metrics:
        counters = metrics.Metrics(pool)
        metrics.register(app, counters)
        observers.append(counters.count)
    return ObserverLayer(app, observers) if observers else app


def _announce(address: str) -> None:
    click.echo(f"cablegraph is listening on {address}")


def _announce_and_open(address: str) -> None:
    _announce(address)
    if not webbrowser.open(address):
        _log("no browser could be opened; open the address yourself")


def _log(message: str) -> None:
    click.echo(message, err=True)


serve = command(cache.current)
