"""The tables of the real graph, filled once."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import build as building
from kg.resources import folder
from kg.tables import release, rows, table
from kg.tables.rows import Filled


@pytest.fixture(scope="session")
def filled(store: ox.Store) -> dict[str, Filled]:
    tables = table.load(folder("queries") / "tables")
    return {one.table.name: one for one in rows.fill(store, tables)}


@pytest.fixture(scope="session")
def files(store: ox.Store, graph: building.Build) -> dict[str, bytes]:
    return release.files(store, graph.version)
