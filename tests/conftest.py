"""What most tests share: the real graph, built once a run, and the folder of the texts where there is one."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import coverage
import pyoxigraph as ox
import pytest

from kg import build, cache
from kg.publishing.dumps import notice, release_folders, write
from kg.publishing.dumps.providers import PROVIDERS

ROOT = Path(__file__).parents[1]
MADE_UP = ROOT / "tests" / "records"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts files with slow tests first, so that none is left for the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@contextmanager
def without_tracer() -> Iterator[None]:
    """Stops coverage's tracer, where there is one.

    A process of pytest-xdist has two, one of which takes over where only the other is stopped; that is why
    `no_cover` of pytest-cov saves no time there.
    """
    stopped = []
    while (tracing := coverage.Coverage.current()) is not None:
        tracing.stop()
        stopped.append(tracing)
    try:
        yield
    finally:
        for tracing in reversed(stopped):
            tracing.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Traces no slow test: what is covered is covered by fast tests.

    Coverage's tracer is called for each line of rdflib, pyshacl and owlrl, too, which it does not count, and
    doubles their time.
    """
    with without_tracer() if item.get_closest_marker("slow") else nullcontext():
        return (yield)


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder with the texts: CABLEGRAPH_TEXTS, or the one beside the checkout."""
    folder = Path(os.environ.get("CABLEGRAPH_TEXTS", ROOT.parent / "shared" / "documents"))
    if not folder.is_dir():
        pytest.skip("the texts are not here; set CABLEGRAPH_TEXTS to the folder with your copies")
    return folder


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of pytest-xdist have in common in this run, and no other run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def _no_folder_of_the_user(run_folder: Path) -> Iterator[None]:
    """Leads this process, and those that it starts, to a cache of this run, which `user_cache` fills.

    PYSTOW_HOME is what clients of Wikidata keep in the home.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(run_folder / "cache"))
        patch.setenv("PYSTOW_HOME", str(run_folder / "pystow"))
        yield


@pytest.fixture(scope="session")
def sources() -> build.Collection:
    return build.Collection.shipped()


@pytest.fixture(scope="session")
def small_sources(sources: build.Collection) -> build.Collection:
    """The same folders with the few records of `tests/records`, for tests that want any graph."""
    return replace(sources, records=MADE_UP)


@pytest.fixture(scope="session")
def untraced() -> Callable[[], AbstractContextManager[None]]:
    """What fixtures wrap long work of other libraries in, when fast tests do the same on less data."""
    return without_tracer


@pytest.fixture(scope="session")
def built_once(
    sources: build.Collection, run_folder: Path, untraced: Callable[[], AbstractContextManager[None]]
) -> build.Build:
    """The real graph: the first process that asks builds it, the others load what it built."""
    kept = run_folder / "graph.pickle"
    with (run_folder / "graph.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with untraced():
                built = build.build(sources)
            folder = run_folder / "cache" / "cablegraph" / cache.fingerprint(sources)[:32]
            cache.write(folder, built.quads, index=partial(build.index, built, sources))
            kept.write_bytes(pickle.dumps(replace(built, loaded=None)))
    loaded: build.Build = pickle.loads(kept.read_bytes())  # noqa: S301 - a process of this run wrote it
    return loaded


@pytest.fixture(scope="session")
def graph(built_once: build.Build) -> build.Build:
    return built_once


@pytest.fixture(scope="session")
def user_cache(built_once: build.Build, run_folder: Path) -> Path:
    """The cache of a user who has built the graph, where XDG_CACHE_HOME points in every test."""
    assert built_once.quads
    return run_folder / "cache"


@pytest.fixture(scope="session")
def word_index(user_cache: Path, sources: build.Collection) -> Path:
    """The index for the search that the build of the real graph wrote."""
    return cache.current(sources=sources, home=user_cache / "cablegraph").search


@pytest.fixture(scope="session")
def store(graph: build.Build) -> ox.Store:
    return build.store_of(graph)


@pytest.fixture(scope="session")
def real(
    graph: build.Build,
    untraced: Callable[[], AbstractContextManager[None]],
    run_folder: Path,
) -> Path:
    """The release of the real graph with all that belongs to it; not to be changed.

    The first process that asks makes it, the others find it.
    """
    with (run_folder / "release.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run_folder / "release").exists():
            with untraced(), write.temporary(run_folder / "release-making") as folder:
                write.write(folder, build.store_of(graph), graph.version, PROVIDERS)
                folder.rename(run_folder / "release")
    return run_folder / "release"


@pytest.fixture(scope="session")
def real_dumps(real: Path, graph: build.Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases with that of the real graph, as a service with this code makes it."""
    home = tmp_path_factory.mktemp("dumps")
    release = home / graph.version[: notice.SHOWN]
    shutil.copytree(real, release, copy_function=os.link)
    (release / ".recipe").write_text(release_folders.recipe())
    assert release_folders.ready(home, graph.version, release_folders.recipe()) == release.name
    return home
