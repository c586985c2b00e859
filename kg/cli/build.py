"""The command `cablegraph build`: the graph as files in all RDF syntaxes, or as a store on disk."""

from __future__ import annotations

from pathlib import Path

import click

from kg import cache
from kg.build import Build
from kg.build import build as build_graph
from kg.cli.group import Progress, takes_collections
from kg.publishing.stores.store_folder import StoreManifest
from kg.publishing.stores.write_store import StoreWriter
from kg.reading.collection.collection import Collection
from kg.store import nquads

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@takes_collections
@click.command()
@click.argument("files", nargs=-1, metavar="[FILE...]",
                type=click.Path(path_type=Path, dir_okay=False, exists=True))  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="out", show_default=True,
              help="Folder for cablegraph.ttl, .nt, .nq, .trig, .jsonld and so on.")  # fmt: skip
@click.option("--store", type=click.Path(path_type=Path, file_okay=False),
              help="Write a store on disk into this folder, which `serve --store` opens.")  # fmt: skip
@click.option("--base", help="Base IRI of the quads in FILE, if they are of no collection.")
@click.option("--texts", type=_FOLDER, help="Check every quote against your copies of the texts here.")
def build(
    files: tuple[Path, ...],
    out: Path,
    *,
    store: Path | None,
    base: str | None,
    texts: Path | None,
    collection: Collection,
) -> None:
    """Build the graph and write it in all syntaxes, or as a store on disk.

    With --store, FILE is what `cablegraph import` wrote, or any quads of the collection.

    \b
    cablegraph build --store store
    cablegraph build --store store volumes.nq.gz
    """  # noqa: D301 - click leaves the lines after this mark as they are
    if store is None:
        _refuse_files(files, base)
        _write_syntaxes(out, texts, collection)
    elif files:
        own = Collection.in_base(base) if base else collection
        _tell(StoreWriter(store, own, Progress()).write_files(files), store)
    else:
        built = _built(collection, texts)
        _tell(StoreWriter(store, collection, Progress()).write_build(built), store)
        for finding in built.findings:
            click.echo(finding, err=True)


def _built(collection: Collection, texts: Path | None) -> Build:
    results = cache.step_results(collection)
    built = build_graph(collection, texts, Progress(), results=results)
    results.save()
    return built


def _refuse_files(files: tuple[Path, ...], base: str | None) -> None:
    if files or base:
        raise click.UsageError("FILE and --base are for a store on disk; say its folder with --store DIR")


def _tell(found: StoreManifest, place: Path) -> None:
    click.echo(place)
    click.echo(f"{found.statements} statements, data version {found.version}", err=True)


def _write_syntaxes(out: Path, texts: Path | None, collection: Collection) -> None:
    result = _built(collection, texts)
    for file in nquads.write(result.quads, out, collection.names):
        click.echo(file)
    for finding in result.findings:
        click.echo(finding, err=True)
    click.echo(f"{len(result.quads)} statements, data version {result.version}", err=True)
