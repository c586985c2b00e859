"""The command `cablegraph draft`: drafts of records from documents as they are found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import click

from kg.asking.reconciling.gather import gather
from kg.asking.reconciling.index import memory_index
from kg.asking.reconciling.match import found_entity
from kg.asking.reconciling.reconciliation_query import ReconciliationQuery
from kg.cli.group import FINDINGS, takes_collection
from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.drafting import drafts_of
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.word_tables import WordTables
from kg.curating.drafting.keeping.held_texts import (
    KnownDocument,
    known_documents,
    new_documents,
    same_telegrams,
)
from kg.curating.drafting.keeping.matching import (
    HOLDERS,
    NameMatch,
    matches,
    office_holders,
    read_authorities,
    written_names,
)
from kg.curating.drafting.keeping.named_things import Matcher
from kg.curating.drafting.keeping.record_folder import add_records, write_records
from kg.curating.drafting.keeping.resolving import resolve
from kg.errors import CablegraphError, NoDocumentError
from kg.reading.collection.collection import Collection
from kg.store.sparql import rows

_FILE = click.Path(path_type=Path, dir_okay=False)


@takes_collection
@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_FILE)
@click.option(
    "--json", "as_json", is_flag=True, help="Write what was found, a JSON object a line for each document."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False),
              help="Write records and texts to this folder, a new one, not to the collection.")  # fmt: skip
@click.option("--authorities", multiple=True, type=_FILE,
              help="Match names to this table, too: CSV with the columns id and name, or SSSOM.")  # fmt: skip
@click.pass_context
def draft(
    ctx: click.Context,
    files: tuple[Path, ...],
    as_json: bool,
    out: Path | None,
    authorities: tuple[Path, ...],
    collection: Collection,
) -> None:
    """Draft records of documents as they are found.

    FILE is plain text, Markdown, a saved HTML page or a TEI volume. What is not found is left out; a page
    that is no document, and one that the collection has already, gives no draft, and exit code 1.

    \b
    cablegraph draft page.txt --json
    cablegraph draft page.txt --collection havana
    cablegraph draft page.txt volume.xml --out drafts
    cablegraph check --records drafts/records --texts drafts/texts
    """  # noqa: D301 - click leaves the lines after this mark as they are
    place = None if as_json or out is not None else _place(collection)
    drafts, refused = _read(files)
    held = known_documents(collection.records)
    if place is not None:
        refused |= _add(drafts, place, held, _matcher(collection, authorities))
        ctx.exit(FINDINGS if refused else 0)
    for one in drafts:
        one.same_as, told = same_telegrams(one, held)
        one.remarks += told
    resolve(drafts, held)
    if as_json:
        for one in drafts:
            click.echo(json.dumps(one.as_json(), ensure_ascii=False))
    if out is not None:
        _tell(drafts, write_records(drafts, out, _matcher(collection, authorities), _today()))
    ctx.exit(FINDINGS if refused else 0)


def _place(collection: Collection) -> Path:
    """Return the folder of the collection; raises CablegraphError for the one that came with cablegraph."""
    if collection.place is None:
        raise CablegraphError(
            "say what to write: --json for what was found, --collection DIR for records in a collection of "
            "yours, or --out DIR for records in a new folder"
        )
    return collection.place


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


def _add(drafts: Sequence[Draft], place: Path, held: Sequence[KnownDocument], match: Matcher) -> bool:
    """Add the records of new documents to those below `place`; return whether others were left out."""
    new, reasons = new_documents(drafts, held, place / "records")
    for reason in reasons:
        click.echo(reason, err=True)
    resolve(new, held)
    if new:
        _tell(new, add_records(new, place, match, _today(), held))
    return bool(reasons)


def _matcher(collection: Collection, authorities: Sequence[Path]) -> Matcher:
    """Return what tells which things of the collection, or of the tables, names stand for."""
    from kg import cache as builds  # noqa: PLC0415 - its libraries load slowly; --json needs none

    others = read_authorities(authorities)
    graph = cache(lambda: partial(rows, builds.store(builds.current(sources=collection))))

    def match(names: Sequence[str]) -> Mapping[str, NameMatch]:
        ask = graph()
        known = gather(ask, collection.names)
        reconciler = memory_index.reconciler(known)
        candidates = [
            [found_entity(reconciler.known, one) for one in reconciler.reconcile(ReconciliationQuery(name))]
            for name in names
        ]
        holders = office_holders(ask(HOLDERS), collection.names)
        return matches(names, lambda _: candidates, {**others, **written_names(known)}, holders)

    return match


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _tell(drafts: Sequence[Draft], documents: Sequence[str]) -> None:
    for one, name in zip(drafts, documents, strict=True):
        click.echo(f"{name}: {one.single['title'].value if 'title' in one.single else one.id}")
        for remark in (*one.source.remarks, *one.remarks):
            click.echo(f"  {remark}")
