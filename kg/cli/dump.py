"""The command `cablegraph dump`: the graph, one of its layers, one file of the release, or all files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from kg import cache, terms
from kg.cli.group import FINDINGS, Progress, takes_collections
from kg.errors import ReleaseError, UnknownNameError
from kg.namespaces import is_inferred
from kg.publishing.dumps import check, manifest, pieces, providers, write
from kg.reading.collection.collection import Collection
from kg.store import nquads

_FOLDER = click.Path(path_type=Path, file_okay=False)


@takes_collections
@click.command("dump")
@click.argument("name", required=False)
@click.option("--format", "ending", type=click.Choice(list(nquads.SYNTAXES)),
              help="Syntax for standard output; by default Turtle.")  # fmt: skip
@click.option("--graph", "--layer", "graph",
              help="Only this layer, for example shared, links, telegram/… or inferred/….")  # fmt: skip
@click.option("--asserted", is_flag=True, help="Only what is asserted, nothing inferred.")
@click.option("--out", type=_FOLDER, help="Write the whole release into this new folder.")
@click.option("--list", "listing", is_flag=True, help="List the files of the release.")
@click.option("--check", "checked", type=_FOLDER, metavar="DIR", help="Check the release in this folder.")
@click.pass_context
def dump(
    ctx: click.Context,
    /,
    name: str | None,
    ending: str | None,
    graph: str | None,
    *,
    asserted: bool,
    collection: Collection,
    **modes: Any,
) -> None:
    """Write the graph, a layer, or files of the release.

    The graph, a layer and the file NAME are written to standard output.

    \b
    cablegraph dump --format nq --graph shared    one layer, without licence and citation
    cablegraph dump --list                        the files of the release
    cablegraph dump asserted.ttl                  one of them, with licence and citation
    cablegraph dump --out release                 all of them, with checksums and gzip copies
    cablegraph dump --check release               whether they are complete and agree
    """  # noqa: D301 - click leaves the lines after this mark as they are
    mode = _mode({"name": name, **modes}, limited=bool(ending or graph or asserted))
    if mode == "checked":
        ctx.exit(_check(modes["checked"]))
    if mode == "out":
        _refuse_non_empty(modes["out"])
    built = cache.current(None, Progress(), collection)
    store = cache.store(built)
    if mode == "out":
        _write(modes["out"], store, built.version, collection)
    elif mode:
        _files(store, built.version, name, collection)
    else:
        quads = [quad for quad in store if not (asserted and _is_inferred(quad))]
        chosen = terms.layer(quads, graph) if graph else quads
        sys.stdout.buffer.write(nquads.serialize(chosen, ending or "ttl", collection.names))


def _mode(modes: Mapping[str, object], *, limited: bool) -> str:
    """Return which of `modes` is set, or an empty text; `limited` is whether a part option is set, too."""
    chosen = [name for name, value in modes.items() if value]
    if len(chosen) > 1 or (chosen and limited):
        raise click.UsageError(
            "Use only one of NAME, --out, --list and --check, and none of them with --format, --graph or "
            "--asserted."
        )
    return chosen[0] if chosen else ""


def _check(folder: Path) -> int:
    findings = check.check(folder)
    for finding in findings:
        click.echo(finding)
    files = manifest.read_checksums((folder / manifest.SUMS).read_bytes())
    click.echo(f"{len(files)} files checked, {len(findings)} findings", err=True)
    return FINDINGS if findings else 0


def _refuse_non_empty(out: Path) -> None:
    if out.exists() and any(out.iterdir()):
        raise ReleaseError(f"{out} is not empty; name a new folder, so that no file is overwritten")


def _write(out: Path, store: ox.Store, version: str, collection: Collection) -> None:
    target = out.absolute()
    with write.temporary(target.with_name(f".{target.name}.making-{os.getpid()}")) as folder:
        release = write.write(folder, store, version, providers.of(collection), Progress(), collection)
        write.publish(folder, target)
    for note in release.notes:
        click.echo("\n".join((note.text, *note.findings)), err=True)
    click.echo(f"{len(release.files)} files of data version {version} in {out}", err=True)


def _files(store: ox.Store, version: str, name: str | None, collection: Collection) -> None:
    """List the files of the release, or write the file `name` without making the others."""
    by_path = pieces.named(store, version, providers.of(collection), collection)
    if name is None:
        for path, piece in by_path.items():
            click.echo(f"{path}\t{piece.title}".rstrip())
    elif name in by_path:
        sys.stdout.buffer.write(by_path[name].content())
    else:
        raise UnknownNameError("file of the release", name, by_path)


def _is_inferred(quad: ox.Quad) -> bool:
    return is_inferred(terms.value(quad.graph_name))
