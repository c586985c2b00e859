"""The description of the CSV tables as CSV on the Web (W3C, Metadata Vocabulary for Tabular Data).

Section 5.5.2 lets each row of a referencing table have its row in the referenced one, and says nothing
of empty cells. So only columns that are never empty are declared as foreign keys here; of the others
the description says where they lead. `datapackage.json` declares all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kg.tables.about import About
from kg.tables.rows import Filled
from kg.tables.table import Column, Table
from kg.tables.types import NAMES


def write(filled: Sequence[Filled], about: About) -> bytes:
    """Return `csv-metadata.json` for the tables, which lie beside it as NAME.csv."""
    keys = {one.table.name: one.table.key.name for one in filled}
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": about.title,
        "dc:description": f"{about.description} {about.licence_reach}",
        "dc:creator": about.creator,
        "dc:license": {"@id": about.licence_address},
        "dc:identifier": about.version,
        "dc:source": [source.page or source.title for source in about.sources],
        "tables": [_table(one.table, keys) for one in filled],
    }
    return (json.dumps(group, ensure_ascii=False, indent=2) + "\n").encode()


def _table(table: Table, keys: Mapping[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_column(column) for column in table.columns],
        "primaryKey": table.key.name,
        # Reserved expansion (RFC 6570, section 3.2.3), so that the cell itself is the identifier.
        "aboutUrl": f"{{+{table.key.name}}}",
    }
    foreign = [
        {
            "columnReference": column.name,
            "reference": {"resource": f"{column.references}.csv", "columnReference": keys[column.references]},
        }
        for column in table.columns
        if column.references and column.required
    ]
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.description,
        "tableSchema": {**schema, "foreignKeys": foreign} if foreign else schema,
    }


def _column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,  # what the header line has
        "dc:title": column.title,
        "dc:description": _description(column),
        "datatype": NAMES[column.type].csvw,
    }
    if column.required:
        described["required"] = True
    return {**described, "separator": column.separator} if column.separator else described


def _description(column: Column) -> str:
    leads = column.references and not column.required
    return (
        f"{column.description} A key of {column.references}.csv, or empty." if leads else column.description
    )
