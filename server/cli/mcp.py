"""The command `cablegraph mcp`: the graph for language models; needs the extra `mcp`."""

from __future__ import annotations

import threading
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from kg.asking.questions import saved_queries
from kg.cache import CachedBuild
from kg.cli.curating.folder_options import folder_options, folders_of
from kg.cli.group import takes_collection
from kg.curating.drafts.curation_folders import CurationFolders
from kg.errors import CablegraphError
from kg.inference import rules
from kg.reading.collection.collection import Collection
from kg.store.statistics import Statistics
from server.cli.store_places import GraphPlace, Place, collection_of, takes_store
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool

RESULT = 8 << 20  # bytes of an answer, before it is cut to the rows that are shown
_SPARE = 5.0  # seconds beyond the longest query in which it is answered
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MISSING = (
    "The SDK of the Model Context Protocol is missing; install it, in a checkout, with: pip install '.[mcp]'"
)


_BESIDE = "--store serves what was built before; leave out --graph and --curate"
_CURATING = (
    "--curate serves over standard input and output alone, where a person can be asked; "
    "--records, --drafts and --texts belong to it"
)


@takes_collection
@takes_store("Serve")
@click.command("mcp")
@click.option(
    "--http", "over_http", is_flag=True, help="Serve over HTTP instead of standard input and output."
)
@click.option("--host", type=click.Choice(LOOPBACK), default=LOOPBACK[0], show_default=True,
              help="Address to listen on, of this machine only.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True,
              help="Port; 0 takes a free one.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(min=0, max=86_400, min_open=True), default=Limits().timeout,
              show_default=True, help="Longest time for a query, in seconds.")  # fmt: skip
@click.option("--graph", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Serve this built file, in N-Quads, instead of the records of cablegraph.")  # fmt: skip
@click.option("--curate", is_flag=True, help="Add tools that write drafts, which a person accepts.")
@folder_options
def mcp(  # noqa: PLR0913 - one parameter an option
    *, over_http: bool, host: str, port: int, timeout: float, graph: Path | None, store: Place, curate: bool,
    records: Path | None, drafts: Path | None, texts: Path | None, collection: Collection,
) -> None:  # fmt: skip
    """Serve the graph to language models by the Model Context Protocol; read-only without --curate.

    Programs start it themselves and speak over standard input and output. With --http it listens
    on this machine at the path /mcp until Ctrl-C. server/model_context/README.md shows a configuration.
    """
    if find_spec("mcp") is None:
        raise CablegraphError(_MISSING)
    named = any(given is not None for given in (records, drafts, texts))
    if (curate and over_http) or (named and not curate):
        raise click.UsageError(_CURATING)
    if store and (graph or curate):
        raise click.UsageError(_BESIDE)
    folders = folders_of(records, drafts, texts, collection) if curate else None
    sources = folders.sources if folders else collection_of(store, collection)
    served = GraphPlace(store, sources, graph)
    service = import_module("server.model_context.mcp_server")
    # The pool must be created before the first thread.
    with served.pool(Limits(timeout=timeout, result=RESULT)) as pool, served.watched(pool):
        server = _served(service, pool, served.built, served.counts, folders, sources)
        if over_http:
            service.http(server, host, port, lambda at: click.echo(f"cablegraph is listening on {at}"))
        else:
            service.stdio(server, timeout + _SPARE)


def _served(
    service: Any, pool: Pool, built: CachedBuild, counts: Statistics | None,
    folders: CurationFolders | None, sources: Collection,
) -> Any:  # fmt: skip
    """Return the server with the tools that read and, with `folders`, those that curate."""
    saved, drawn = saved_queries.load(sources.queries, sources.names), rules.load(sources.queries / "rules")
    read = (pool, saved, drawn, counts, built.search, sources.about)
    if folders is None:
        return service.serve(*read)
    curating = import_module("server.model_context.curating.curation_tools")
    accepting = import_module("server.model_context.curating.acceptance_tool")
    server = service.serve(*read, more=curating.INSTRUCTIONS)
    lock = threading.Lock()
    curating.add(server, folders, lock)
    accepting.add(server, folders, lock)
    return server
