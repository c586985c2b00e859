"""The command `cablegraph serve`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kg import cache
from kg.progress import Progress
from server import create_app, serving
from server.pool import Limits, Pool

Build = Callable[[Path | None, Callable[[str], None]], cache.Built]


def command(build: Build) -> click.Command:
    """Return the command `serve`, which gets its graph from `build`."""

    @click.command("serve", params=_options())
    def serve(host: str, port: int, timeout: float, workers: int | None, texts: Path | None) -> None:
        """Serve the graph as a SPARQL endpoint and a query page, until Ctrl-C."""
        limits = Limits(timeout=timeout, workers=workers) if workers else Limits(timeout=timeout)
        _serve(build(texts, Progress()), limits, host, port)

    return serve


def _options() -> list[click.Parameter]:
    return [
        _option("--host", str, "Address to listen on.", "127.0.0.1"),
        _option("--port", click.IntRange(0, 65535), "Port; 0 takes a free one.", 8000),
        _option(
            "--timeout",
            click.FloatRange(min=0, max=86_400, min_open=True),
            "Longest time for a query, in seconds.",
            Limits().timeout,
        ),
        _option(
            "--workers",
            click.IntRange(min=1),
            "Queries that run at once; without it one a processor, at least 2.",
        ),
        _option(
            "--texts",
            click.Path(exists=True, file_okay=False, path_type=Path),
            "Folder with your own copies of the texts, to check the quotes against.",
        ),
    ]


def _option(name: str, type_: Any, text: str, default: object = None) -> click.Option:
    return click.Option([name], type=type_, help=text, default=default, show_default=default is not None)


def _serve(built: cache.Built, limits: Limits, host: str, port: int) -> None:
    _say(f"loading {built.nquads.name} …")
    # A full queue is answered with 503; a line in the log for every request in it helps nobody.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with Pool(lambda: cache.store(built), limits) as pool:  # before the server starts its threads
        app = create_app(pool, data_version=built.version)
        serving.run(app, host, port, _announce, pool.close)


def _announce(address: str) -> None:
    click.echo(f"cablegraph is listening on {address}")


def _say(message: str) -> None:
    click.echo(message, err=True)


serve = command(cache.current)
