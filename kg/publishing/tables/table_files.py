"""The files of a release that people need who do not know RDF, and the README beside the CSV files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kg.asking.questions.columns import Column
from kg.publishing.tables import csv_files, data_package, data_set, sqlite, table_definition, table_rows
from kg.publishing.tables.data_package import described
from kg.publishing.tables.data_set import About
from kg.publishing.tables.sqlite import write_datasette_metadata
from kg.publishing.tables.table_rows import Filled
from kg.resources import folder

_DATABASE = "cablegraph"


def files(store: ox.Store, version: str) -> dict[str, bytes]:
    """Return the tables of the graph in `store` by their path in the release folder.

    `csv/` has a file a table with its descriptions, `sqlite/` the database and what Datasette says
    of it. `version` is the data version. The same store gives the same bytes. Raises DataError when
    the graph does not fit what the headers of the tables promise.
    """
    source = folder("queries") / "tables"
    filled = table_rows.fill(store, table_definition.load(source))
    views = sqlite.load_views(source / "views")
    said = data_set.about(version, data_set.sources(filled))
    written = {one.table.name: csv_files.write_csv(one) for one in filled}
    return {
        **{f"csv/{name}.csv": content for name, content in written.items()},
        "csv/README.md": write_readme(filled, said),
        "csv/csv-metadata.json": csv_files.write_csvw(filled, said),
        "csv/datapackage.json": data_package.write(filled, said, written),
        f"sqlite/{_DATABASE}.sqlite": sqlite.write(filled, views, said),
        "sqlite/metadata.json": write_datasette_metadata(filled, views, said, _DATABASE),
    }


def descriptions() -> dict[str, str]:
    """Return what each of the files is, in a sentence or two, by its path in the release folder."""
    listed = table_definition.load(folder("queries") / "tables")
    return {
        **{f"csv/{table.name}.csv": table.description for table in listed},
        **data_set.about("").files,
    }


def write_readme(filled: Sequence[Filled], about: About) -> bytes:
    """Return the Markdown, in UTF-8."""
    return "\n".join(_lines(filled, about)).encode()


def _lines(filled: Sequence[Filled], about: About) -> Iterator[str]:
    yield from (f"# Tables of {about.title}", "", about.description, "")
    yield from (f"- {rule}" for rule in about.reading)
    yield ""
    yield f"Licence: {about.licence_title}, <{about.licence_address}>. {about.licence_reach}"
    yield from ("", f"Cite as: {about.citation}", "")
    for one in filled:
        yield from _table(one)


def _table(filled: Filled) -> Iterator[str]:
    table = filled.table
    yield from (f"## {table.name}.csv", "", f"{table.description} Rows: {len(filled.rows)}.", "")
    yield from ("| column | type | meaning |", "|---|---|---|")
    for column in table.columns:
        yield f"| `{column.name}` | {_type(column)} | {_cell(described(column))} |"
    yield ""


def _type(column: Column) -> str:
    return f"{column.type}, in `{column.references}.csv`" if column.references else column.type


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
