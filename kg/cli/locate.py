"""The command `cablegraph locate`: adds missing `start` and `end` to the quotes in record files."""

from __future__ import annotations

from pathlib import Path

import click
import pyoxigraph as ox

from kg.checking import quote_places, quotes, text_copies
from kg.cli.group import FINDINGS, takes_collection
from kg.errors import Finding
from kg.reading import ontology, record_files, triples
from kg.reading.collection.collection import Collection

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
# Records of an installed package are not edited, those of a checkout are.
_CHECKOUT = Path("kg/records")


@takes_collection
@click.command()
@click.option("--texts", type=_FOLDER, required=True, help="Folder with your copies of the texts.")
@click.option("--records", type=_FOLDER,
              help="Folder of the records to complete, by default that of the collection.")  # fmt: skip
@click.pass_context
def locate(ctx: click.Context, texts: Path, records: Path | None, collection: Collection) -> None:
    """Write start and end of quotes in records that lack them.

    The places are below the quote, or behind it where `in` and `quote` stand in braces.
    """
    own = collection.place / "records" if collection.place else _CHECKOUT
    added, findings = complete(records or own, collection, texts)
    for finding in findings:
        click.echo(finding)
    click.echo(f"{added} quotes placed", err=True)
    ctx.exit(FINDINGS if findings else 0)


def complete(records: Path, sources: Collection, texts_folder: Path) -> tuple[int, list[Finding]]:
    """Add the missing bounds to all record files; return how many, and findings for the other quotes.

    Raises DataError if a record file cannot be read, and TextError if no text has an expected hash.
    """
    terms = ontology.load(sources.ontology, sources.names)
    record_set = record_files.read(records, terms.keys, sources.names)
    store = ox.Store()
    store.extend(triples.from_records(record_set, terms))
    copies = text_copies.read(texts_folder, quotes.renderings(store).values())
    passages = quote_places.passages(store, copies.texts)
    added, findings = 0, []
    for document in record_set.documents:
        if not document.file.endswith(".yaml"):  # a table of links quotes nothing
            continue
        by_name = {iri.removeprefix(document.base): passage for iri, passage in passages.items()}
        count, unplaced = quote_places.fill(records / document.file, document.file, by_name)
        added += count
        findings += unplaced
    return added, findings
