"""The tables of the real graph, filled once."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import build
from kg.publishing.tables import table_definition, table_files, table_rows
from kg.publishing.tables.table_rows import FilledTable
from kg.resources import folder


@pytest.fixture(scope="session")
def filled(store: ox.Store) -> dict[str, FilledTable]:
    tables = table_definition.load(folder("queries") / "tables")
    return {one.table.name: one for one in table_rows.fill(store, tables)}


@pytest.fixture(scope="session")
def files(store: ox.Store, graph: build.Build) -> dict[str, bytes]:
    return table_files.files(store, graph.version)
