"""`metadata.json` for Datasette: titles, licence, sources, and what each column means.

Source: documentation of Datasette, section "Metadata".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from kg.tables.about import About
from kg.tables.data_package import described
from kg.tables.rows import Filled
from kg.tables.view import View


def write(filled: Sequence[Filled], views: Iterable[View], about: About, database: str) -> bytes:
    """Return `metadata.json` for the SQLite file whose name without ending is `database`."""
    tables: dict[str, Any] = {
        one.table.name: {
            "title": one.table.title,
            "description": one.table.description,
            "columns": {column.name: described(column) for column in one.table.columns},
        }
        for one in filled
    }
    tables |= {view.name: {"title": view.title, "description": view.description} for view in views}
    metadata = {
        "title": about.title,
        "description": f"{about.description} Data version {about.version}. {about.licence_reach}",
        "license": about.licence_title,
        "license_url": about.licence_address,
        "source": "; ".join(source.title for source in about.sources),
        # Datasette has room for one address; that of one source would stand for all.
        "source_url": about.homepage,
        "about": about.creator,
        "about_url": about.homepage,
        "databases": {database: {"tables": tables}},
    }
    return (json.dumps(metadata, ensure_ascii=False, indent=2) + "\n").encode()
