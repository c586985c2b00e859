"""The command `cablegraph changes OLD [NEW]`: the difference between two dumps, in Markdown or JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg import cache
from kg.cli.group import Progress, takes_collections
from kg.publishing.changes import dump_reader, report_json, report_markdown
from kg.publishing.changes.compare import changes as compare
from kg.reading.collection.collection import Collection

_FILE = click.Path(path_type=Path, exists=True)


@takes_collections
@click.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE, required=False)
@click.option(
    "--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True
)
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True,
              help="List at most this many entries of each kind; the totals count all.")  # fmt: skip
def changes(old: Path, new: Path | None, form: str, limit: int, collection: Collection) -> None:
    """Report what changed from the dump OLD to the dump NEW.

    Without NEW, compare OLD with the current graph of the collection.

    \b
    Dumps are folders of releases, or files .nq, .trig, .quads.jsonld, .ttl, .nt, .jsonld or .rdf, also with
    .gz. Only the first three keep the layers, which separate what is stated from what is inferred.
    """  # noqa: D301 - click leaves the lines after this mark as they are
    before = dump_reader.read(old)
    after = dump_reader.read(new) if new else cache.store(cache.current(None, Progress(), collection))
    write = report_json.write if form == "json" else report_markdown.write
    sys.stdout.buffer.write(write(compare(before, after), limit))
