"""What most tests share: the real graph, built once, and the folder of the texts where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build as building
from kg import cache, dump

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder with the texts: CABLEGRAPH_TEXTS, or the one beside the checkout."""
    folder = Path(os.environ.get("CABLEGRAPH_TEXTS", ROOT.parent / "shared" / "documents"))
    if not folder.is_dir():
        pytest.skip("the texts are not here; set CABLEGRAPH_TEXTS to the folder with your copies")
    return folder


@pytest.fixture(scope="session")
def sources() -> building.Sources:
    return building.Sources.shipped()


@pytest.fixture(scope="session")
def graph(sources: building.Sources) -> building.Build:
    return building.build(sources)


@pytest.fixture(scope="session")
def user_cache(
    graph: building.Build, sources: building.Sources, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The cache of a user who has built the graph; set XDG_CACHE_HOME to it."""
    folder = tmp_path_factory.mktemp("cache")
    cached = folder / "cablegraph" / cache.fingerprint(sources)[:32] / "cablegraph.nq"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(dump.serialize(graph.quads, "nq"))
    return folder


@pytest.fixture(scope="session")
def store(graph: building.Build) -> ox.Store:
    return building.store_of(graph)
