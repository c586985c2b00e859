"""The files of a release that people need who do not know RDF."""

from __future__ import annotations

import pyoxigraph as ox

from kg.resources import folder
from kg.tables import about, csv_file, csvw, data_package, datasette, readme, sqlite
from kg.tables import rows as filling
from kg.tables import table as tables
from kg.tables import view as viewing

_DATABASE = "cablegraph"


def files(store: ox.Store, version: str) -> dict[str, bytes]:
    """Return the tables of the graph in `store` by their path in the release folder.

    `csv/` has a file a table with its descriptions, `sqlite/` the database and what Datasette says
    of it. `version` is the data version. The same store gives the same bytes. Raises DataError when
    the graph does not fit what the headers of the tables promise.
    """
    source = folder("queries") / "tables"
    filled = filling.fill(store, tables.load(source))
    views = viewing.load(source / "views")
    said = about.about(version, about.sources(filled))
    written = {one.table.name: csv_file.write(one) for one in filled}
    return {
        **{f"csv/{name}.csv": content for name, content in written.items()},
        "csv/README.md": readme.write(filled, said),
        "csv/csv-metadata.json": csvw.write(filled, said),
        "csv/datapackage.json": data_package.write(filled, said, written),
        f"sqlite/{_DATABASE}.sqlite": sqlite.write(filled, views, said),
        "sqlite/metadata.json": datasette.write(filled, views, said, _DATABASE),
    }


def descriptions() -> dict[str, str]:
    """Return what each of the files is, in a sentence or two, by its path in the release folder."""
    listed = tables.load(folder("queries") / "tables")
    return {
        **{f"csv/{table.name}.csv": table.description for table in listed},
        **about.about("").files,
    }
