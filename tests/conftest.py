"""What most tests share: the real graph, built once, and the folder of the texts where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build, cache

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder with the texts: CABLEGRAPH_TEXTS, or the one beside the checkout."""
    folder = Path(os.environ.get("CABLEGRAPH_TEXTS", ROOT.parent / "shared" / "documents"))
    if not folder.is_dir():
        pytest.skip("the texts are not here; set CABLEGRAPH_TEXTS to the folder with your copies")
    return folder


@pytest.fixture(scope="session")
def sources() -> build.Sources:
    return build.Sources.shipped()


@pytest.fixture(scope="session")
def graph(sources: build.Sources) -> build.Build:
    return build.build(sources)


@pytest.fixture(scope="session")
def user_cache(graph: build.Build, sources: build.Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of a user who has built the graph; set XDG_CACHE_HOME to it."""
    folder = tmp_path_factory.mktemp("cache")
    cache.write(folder / "cablegraph" / cache.fingerprint(sources)[:32], graph.quads)
    return folder


@pytest.fixture(scope="session")
def store(graph: build.Build) -> ox.Store:
    return build.store_of(graph)
