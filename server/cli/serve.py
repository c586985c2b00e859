"""The command `cablegraph serve`: the pool, the application, its layers and the web server together."""

from __future__ import annotations

import os
import signal
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import Flask

from kg import cache
from kg.asking.questions import saved_queries
from kg.cli.group import Progress
from kg.errors import CablegraphError
from kg.publishing.dumps import release_folders
from kg.publishing.stores import store_folder
from kg.reading.collection import together
from kg.reading.collection.collection import Collection
from kg.store.statistics import Statistics
from server import Service, create_app
from server.application import MAX_AGE
from server.cli import pid_file, store_places, watching
from server.cli.preparing import prepare
from server.cli.serve_options import Options, parameters
from server.cli.store_elsewhere import Elsewhere
from server.data.downloads.releases import MAKER, Builds, Releases
from server.engine.workers import graph_file, upkeep
from server.engine.workers.pool import Pool
from server.http.layers import metrics
from server.http.layers.observers import access_log_writer
from server.http.layers.rate_limit import Rate
from server.http.listening import http_server
from server.site.other_services import Services

Build = Callable[[Path | None, Callable[[str], None], Collection], cache.CachedBuild]


def command(build: Build) -> click.Command:
    """Return the command `serve`, which gets its graph from `build(texts, progress, collection)`."""

    @click.command("serve", params=parameters())
    def serve(**given: Any) -> None:
        """Serve the graph as a SPARQL endpoint and a query page, until Ctrl-C.

        The signal SIGHUP reloads it: running queries end on the data that they began with, later
        ones use the records, or the file, as they are then. Data that are incomplete or not valid are
        refused, and the previous data stay.
        """
        options = _of_store(Options(**given))
        if options.watch and (options.graph or not any(options.collection.places)):
            raise click.UsageError("--watch needs --collection DIR, the folder to watch, and not --graph")
        http_server.check_address(options.host, options.port)
        _serve(lambda: _current(options, build), options, _elsewhere(options))

    return serve


def _of_store(options: Options) -> Options:
    """Return `options` with the collection of the store on disk, if they name one and no collection.

    Raises UsageError for an option that does not go with a store, and CablegraphError if there is none.
    """
    beside = {"--graph": options.graph, "--rdf12": options.rdf12, "--watch": options.watch}
    if options.store and (given := [name for name, value in beside.items() if value]):
        raise click.UsageError(f"--store serves what was built before; leave out {', '.join(given)}")
    if options.store_files and not isinstance(options.store, str):
        raise click.UsageError("--store-files needs --store URL, a store elsewhere with the same data")
    collection = store_places.collection_of(options.store_files or options.store, options.collection)
    return replace(options, collection=collection)


def _elsewhere(options: Options) -> Elsewhere | None:
    """Return the store that `--store` names by its address, or None if it names a folder or nothing."""
    if not isinstance(options.store, str):
        return None
    return Elsewhere(options.store, options.limits, options.collection.names, _log, options.store_files)


def _current(options: Options, build: Build) -> cache.CachedBuild:
    if isinstance(options.store, Path):
        return store_folder.built(options.store, options.collection.names.base)
    collection = together.again(options.collection)
    built = graph_file.at(options.graph) if options.graph else build(options.texts, Progress(), collection)
    return cache.annotated(built, collection, Progress()) if options.rdf12 else built


def _loading(built: cache.CachedBuild, options: Options, elsewhere: Elsewhere | None) -> str:
    if elsewhere:
        return f"asking {elsewhere.address} …"
    return f"opening {options.store} …" if built.store else f"loading {built.nquads.name} …"


def _counts(options: Options) -> Callable[[cache.CachedBuild], Statistics | None]:
    return graph_file.count if options.graph and not options.rdf12 else cache.counts


def _serve(build: Callable[[], cache.CachedBuild], options: Options, elsewhere: Elsewhere | None) -> None:
    build = elsewhere.build if elsewhere else build
    watched = watching.Watched(build, _log)
    builds = Builds(watched if options.watch else build, _counts(options))
    built = builds()
    _log(_loading(built, options, elsewhere))
    lost: list[str] = []

    def give_up() -> None:
        lost.append(
            "So many processes were killed that none is left to replace them; start the service again."
        )
        os.kill(os.getpid(), signal.SIGTERM)

    # The pool must be created before the first thread.
    with (
        _pool(builds, built, options, elsewhere) as pool,
        pid_file.hold(options.pid_file),
        upkeep.maintain(pool, lambda: builds(pool.version), _log, give_up) as reload,
        _watching(options, reload),
    ):
        app = _application(pool, builds, options, elsewhere.maker if elsewhere else MAKER)
        if options.watch:
            watching.show(app, watched)
        service, ended = _service(app, pool, options), threading.Event()

        def stop() -> None:
            pool.close()
            service.close()

        threading.Thread(target=prepare, args=(app, pool, ended), daemon=True).start()
        http_server.run(
            service,
            options.host,
            options.port,
            _announce_and_open if options.open else _announce,
            stop,
            behind_proxy=options.behind_proxy,
        )
        ended.set()
    if lost:
        raise CablegraphError(lost[0])


def _pool(builds: Builds, built: cache.CachedBuild, options: Options, elsewhere: Elsewhere | None) -> Pool:
    if elsewhere:
        return elsewhere.pool(builds, built.version)
    return Pool(lambda: graph_file.load(built), options.limits, built.version, options.collection.names)


@contextmanager
def _watching(options: Options, reload: Callable[[], None]) -> Iterator[None]:
    """While the context lasts, call `reload` after each change of a file, if that is wanted."""
    with ExitStack() as stack:
        for place in filter(None, options.collection.places if options.watch else ()):
            stack.enter_context(watching.changes(place, reload))
        yield


def _application(pool: Pool, builds: Builds, options: Options, maker: Sequence[str]) -> Flask:
    return create_app(
        pool,
        data_version=pool.version,
        services=Services(pool, options.allow_service),
        max_age=0 if options.watch else MAX_AGE,
        releases=Releases(
            options.dumps or release_folders.default(),
            lambda: builds.of(pool.version).released,
            _log,
            maker=maker,
            collection=options.collection,
        ),
        statistics=builds.statistics,
        findings=lambda version: cache.findings(builds.of(version)),
        search=builds.search,
        kept=builds.kept,
        names=builds.names,
        queries=saved_queries.load(options.collection.queries, options.collection.names),
        about=options.collection.about,
        texts=options.shown_texts,
        drafts=options.shown_drafts,
    )


def _service(app: Flask, pool: Pool, options: Options) -> Service:
    """Return the service with the layers that the options ask for."""
    observers = []
    if options.access_log or options.log_queries:
        observers.append(access_log_writer(_log, queries=options.log_queries))
    if options.metrics:
        counters = metrics.Metrics(pool)
        metrics.register(app, counters)
        observers.append(counters.count)
    rate = Rate(options.rate) if options.rate else None
    size = 0 if options.watch else options.cache_size << 20
    return Service(app, cache_size=size, rate=rate, observers=observers)


def _announce(address: str) -> None:
    click.echo(f"cablegraph is listening on {address}")


def _announce_and_open(address: str) -> None:
    _announce(address)
    if not webbrowser.open(address):
        _log("no browser could be opened; open the address yourself")


def _log(message: str) -> None:
    click.echo(message, err=True)


serve = command(cache.current)
