"""The command `cablegraph load`: a graph into a store elsewhere, which `serve --store ADDRESS` then asks."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from kg import cache
from kg.cli.group import Progress, takes_collections
from kg.namespaces import Namespaces
from kg.reading.collection.collection import Collection
from server.cli.store_places import GraphPlace, collection_of
from server.engine.remote import loading
from server.engine.remote.graph_writing import GraphStore


@takes_collections
@click.command("load")
@click.argument("address", metavar="URL")
@click.argument("files", metavar="[FILE|DIR]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=120.0, show_default=True,
              help="Longest time for one request, in seconds.")  # fmt: skip
@click.option("--mark-only", is_flag=True,
              help="Load no graph, only say that the store has those in FILE, by its bulk load.")  # fmt: skip
def load(
    address: str, files: tuple[Path, ...], *, timeout: float, mark_only: bool, collection: Collection
) -> None:
    """Load a graph into a store elsewhere by the SPARQL 1.1 Graph Store Protocol.

    URL is the address of that protocol, such as http://127.0.0.1:7878/store of Oxigraph or …/data of Fuseki.
    Each FILE has N-Quads, or N-Quads in gzip; without any, it is the graph of the collection. DIR is a store
    on disk, whose graph is loaded. Each graph in the files replaces that in the store; those of an earlier
    load that the files lack are removed.

    \b
    cablegraph load http://127.0.0.1:7878/store
    cablegraph load http://127.0.0.1:7878/store volumes.nq.gz
    cablegraph serve --store http://127.0.0.1:7878/query
    cablegraph load http://127.0.0.1:7878/store DIR
    cablegraph serve --store http://127.0.0.1:7878/query --store-files DIR

    What fails is tried again for some seconds. If it still fails, the same command begins again. The
    environment variable CABLEGRAPH_STORE_AUTHORIZATION has the value of the header Authorization, if the
    store wants one.
    """  # noqa: D301 - click does not rewrap the lines after \b
    progress = Progress()
    with closing(GraphStore(address, timeout)) as store:
        sources, names = _sources(files, collection, progress)
        if mark_only:
            version = loading.version_of(sources)
            loading.set_mark(store, version, names)
        else:
            version = loading.load(store, sources, names, progress)
    click.echo(f"{'marked' if mark_only else 'loaded'}: data {version[:16]} in {address}")


def _sources(
    files: Sequence[Path], collection: Collection, progress: Progress
) -> tuple[list[Path], Namespaces]:
    """Return the files to load, and the namespaces of their collection."""
    folders = [file for file in files if file.is_dir()]
    if not folders:
        return list(files) or [cache.current(None, progress, collection).nquads], collection.names
    if len(files) > 1:
        raise click.UsageError("a store on disk is loaded alone; name one DIR, or files")
    (folder,) = folders
    asked = GraphPlace(folder, collection_of(folder, collection))
    return [asked.built.nquads], asked.collection.names
