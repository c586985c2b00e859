"""The command `cablegraph build`: the graph as files in all RDF syntaxes."""

from __future__ import annotations

from pathlib import Path

import click

from kg.build import build as build_graph
from kg.cli.group import Progress
from kg.resources import Sources
from kg.store import nquads

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="out", show_default=True,
              help="Folder for cablegraph.ttl, .nt, .nq, .trig, .jsonld and so on.")  # fmt: skip
@click.option("--texts", type=_FOLDER, help="Check every quote against your copies of the texts here.")
def build(out: Path, texts: Path | None) -> None:
    """Build the graph and write it in all syntaxes."""
    result = build_graph(Sources.shipped(), texts, Progress())
    for file in nquads.write(result.quads, out):
        click.echo(file)
    for finding in result.findings:
        click.echo(finding, err=True)
    click.echo(f"{len(result.quads)} statements, data version {result.version}", err=True)
