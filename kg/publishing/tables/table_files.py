"""Files of the tables in a release: CSV, SQLite, their descriptions, and the README beside the CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from kg.asking.questions.columns import Column
from kg.errors import DataError
from kg.publishing.tables import csv_files, data_package, data_set, sqlite, table_definition, table_rows
from kg.publishing.tables.data_package import column_description
from kg.publishing.tables.data_set import About, TextSource
from kg.publishing.tables.sqlite import write_datasette_metadata
from kg.publishing.tables.table_rows import FilledTable
from kg.reading.collection.description import Description
from kg.resources import folder
from kg.store.layers import OURS

_DATABASE, _TELEGRAMS = "cablegraph", "telegrams"


def files(
    store: ox.Store, version: str, about: Description = OURS, queries: Traversable | None = None
) -> dict[str, bytes]:
    """Return the content of each file made from `store`, by its path in the release folder.

    `csv/` has one file for each table and their descriptions, `sqlite/` the database and its metadata
    for Datasette. `version` is the data version; `about` and `queries` are those of the collection. The
    same store gives the same bytes. Raises DataError if the graph does not fit the headers of the tables.
    """
    source = (queries or folder("queries")) / "tables"
    filled = table_rows.fill(store, table_definition.load(source))
    views = sqlite.load_views(source / "views")
    described = data_set.about(version, data_set.sources(filled), about)
    csv = {one.table.name: csv_files.write_csv(one) for one in filled}
    return {
        **{f"csv/{name}.csv": content for name, content in csv.items()},
        "csv/README.md": write_readme(filled, described),
        "csv/csv-metadata.json": csv_files.write_csvw(filled, described),
        "csv/datapackage.json": data_package.write(filled, described, csv),
        f"sqlite/{_DATABASE}.sqlite": sqlite.write(filled, views, described),
        "sqlite/metadata.json": write_datasette_metadata(filled, views, described, _DATABASE),
    }


def text_sources(store: ox.Store, queries: Traversable | None = None) -> tuple[TextSource, ...]:
    """Return the texts on which the data rest; none if the data do not fit the table of telegrams.

    `queries` are those of the collection.
    """
    text = ((queries or folder("queries")) / "tables" / f"{_TELEGRAMS}.rq").read_text(encoding="utf-8")
    try:
        return data_set.sources([table_rows.fill_one(store, table_definition.parse(_TELEGRAMS, text))])
    except DataError:
        return ()


def descriptions() -> dict[str, str]:
    """Return the description of each file, in a sentence or two, by its path in the release folder."""
    tables = table_definition.load(folder("queries") / "tables")
    return {
        **{f"csv/{table.name}.csv": table.description for table in tables},
        **data_set.about("").files,
    }


def write_readme(filled: Sequence[FilledTable], about: About) -> bytes:
    """Return README.md of the CSV files, in UTF-8: how to read and cite them, and every column."""
    return "\n".join(_lines(filled, about)).encode()


def _lines(filled: Sequence[FilledTable], about: About) -> Iterator[str]:
    yield from (f"# Tables of {about.title}", "", about.description, "")
    yield from (f"- {rule}" for rule in about.reading)
    yield ""
    yield f"Licence: {about.licence_title}, <{about.licence_address}>. {about.licence_reach}"
    yield from ("", f"Cite as: {about.citation}", "")
    for one in filled:
        yield from _table(one)


def _table(filled: FilledTable) -> Iterator[str]:
    table = filled.table
    yield from (f"## {table.name}.csv", "", f"{table.description} Rows: {len(filled.rows)}.", "")
    yield from ("| column | type | meaning |", "|---|---|---|")
    for column in table.columns:
        yield f"| `{column.name}` | {_type(column)} | {_cell(column_description(column))} |"
    yield ""


def _type(column: Column) -> str:
    return f"{column.type}, in `{column.references}.csv`" if column.references else column.type


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
