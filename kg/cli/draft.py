"""The command `cablegraph draft`: drafts of records from documents as they are found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from kg.cli.group import FINDINGS
from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.drafting import drafts_of
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.word_tables import WordTables
from kg.curating.drafting.keeping.held_texts import known_documents, same_telegrams
from kg.curating.drafting.keeping.matching import NameMatch, matches, read_authorities
from kg.curating.drafting.keeping.record_folder import write_records
from kg.curating.drafting.keeping.resolving import resolve
from kg.errors import CablegraphError, NoDocumentError
from kg.resources import folder

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_FILE)
@click.option(
    "--json", "as_json", is_flag=True, help="Write what was found, a JSON object a line for each document."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False),
              help="Write records and copies of the texts to this folder, a new one.")  # fmt: skip
@click.option("--authorities", multiple=True, type=_FILE,
              help="Match names to this table, too: CSV with the columns id and name, or SSSOM.")  # fmt: skip
@click.pass_context
def draft(
    ctx: click.Context,
    files: tuple[Path, ...],
    as_json: bool,
    out: Path | None,
    authorities: tuple[Path, ...],
) -> None:
    """Draft records of documents as they are found.

    FILE is plain text, Markdown, a saved HTML page or a TEI volume. What is not found is left out; a page
    that is no document gives no draft, and exit code 1.

    \b
    cablegraph draft page.txt --json
    cablegraph draft page.txt volume.xml --out drafts
    cablegraph check --records drafts/records --texts drafts/texts
    """  # noqa: D301 - click leaves the lines after this mark as they are
    if not as_json and out is None:
        raise CablegraphError("say what to write: --json for what was found, or --out DIR for records")
    drafts, refused = _read(files)
    resolve(drafts)
    held = known_documents(folder("records"))
    for one in drafts:
        one.same_as, told = same_telegrams(one, held)
        one.remarks += told
    if as_json:
        for one in drafts:
            click.echo(json.dumps(one.as_json(), ensure_ascii=False))
    if out is not None:
        _write(drafts, out, authorities)
    ctx.exit(FINDINGS if refused else 0)


def _read(files: Sequence[Path]) -> tuple[list[Draft], bool]:
    """Return the drafts of all files, and whether one of these is no document."""
    finders, drafts, refused = Finders(WordTables()), list[Draft](), False
    for file in files:
        try:
            drafts += drafts_of(file, finders)
        except NoDocumentError as error:
            click.echo(error, err=True)
            refused = True
    return drafts, refused


def _write(drafts: Sequence[Draft], out: Path, authorities: Sequence[Path]) -> None:
    """Write the records, with names matched to the collection and the tables."""
    from kg.graph import open as open_graph  # noqa: PLC0415 - its libraries load slowly; --json needs none

    others = read_authorities(authorities)
    graph = open_graph()

    def match(names: Sequence[str]) -> Mapping[str, NameMatch]:
        return matches(names, partial(graph.reconcile), others)

    documents = write_records(drafts, out, match, datetime.now(UTC).date().isoformat())
    for one, name in zip(drafts, documents, strict=True):
        click.echo(f"{name}: {one.single['title'].value if 'title' in one.single else one.id}")
        for remark in (*one.source.remarks, *one.remarks):
            click.echo(f"  {remark}")
