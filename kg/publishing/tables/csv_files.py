r"""CSV files of the tables (RFC 4180), and their description as CSV on the Web (CSVW).

The files have CRLF, doubled quotes and a header line, in UTF-8 without byte order mark. CSVW:
https://www.w3.org/TR/tabular-metadata/.

Values are exact. A spreadsheet may read a cell that begins with =, +, - or @ as a formula; the
description of the tables says so; such a cell gets no prefix here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kg.asking.questions.columns import TYPES, Column
from kg.publishing.tables.data_set import About
from kg.publishing.tables.table_definition import TableDefinition
from kg.publishing.tables.table_rows import FilledTable


def write_csv(filled: FilledTable) -> bytes:
    """Return the table as CSV, in bytes; the header line has the names of the columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in filled.table.columns)
    writer.writerows(filled.rows)
    return text.getvalue().encode()


def write_csvw(filled: Sequence[FilledTable], about: About) -> bytes:
    """Return `csv-metadata.json` (CSVW) for the tables, which are beside it as NAME.csv."""
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


def _table(table: TableDefinition, keys: Mapping[str, str]) -> dict[str, Any]:
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
        "dc:title": column.label,
        "dc:description": _description(column),
        "datatype": TYPES[column.type].xsd,
    }
    if column.required:
        described["required"] = True
    return {**described, "separator": column.separator} if column.separator else described


def _description(column: Column) -> str:
    optional_key = column.references and not column.required
    return f"{column.about} A key of {column.references}.csv, or empty." if optional_key else column.about
