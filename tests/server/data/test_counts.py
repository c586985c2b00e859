"""The counts belong to the data that are served: to those of the build, of a file, after a reload."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kg import cache
from kg.errors import CablegraphError
from kg.store import statistics
from server import create_app
from server.data.downloads.releases import Builds
from server.engine.evaluation.query_request import Limits
from server.engine.workers import graph_file
from server.engine.workers.pool import Pool

from ..linked import load
from ..running import nquads, server

COUNT = '<https://w3id.org/cablegraph/dataset> <http://rdfs.org/ns/void#triples> "{}"'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "graph.nq"
    path.write_text(nquads(12), encoding="utf-8")
    return path


@pytest.fixture
def builds(path: Path) -> Builds:
    return Builds(lambda: graph_file.at(path), graph_file.count)


@pytest.fixture
def pool(builds: Builds) -> Iterator[Pool]:
    first = builds()
    with Pool(lambda: graph_file.load(first), Limits(workers=1), first.version) as pool:
        yield pool


@pytest.fixture
def app(pool: Pool, builds: Builds) -> Flask:
    return create_app(pool, data_version="v", statistics=builds.statistics)


def counted(app: Flask, number: int) -> bool:
    return COUNT.format(number) in app.test_client().get("/.well-known/void?format=nt").text


def test_new_data_have_counts_of_their_own(app: Flask, pool: Pool, builds: Builds, path: Path) -> None:
    assert counted(app, 12)
    path.write_text(nquads(7), encoding="utf-8")
    built = builds(pool.version)

    assert counted(app, 12)  # the new data are not served yet
    pool.reload(built)
    assert counted(app, 7)


def test_when_new_data_are_refused_the_counts_stay(
    app: Flask, pool: Pool, builds: Builds, path: Path
) -> None:
    for content in ("half a li", "", nquads(3)[:-30]):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(CablegraphError):
            pool.reload(builds(pool.version))

        assert counted(app, 12)


def test_only_the_data_that_are_served_and_the_newest_are_remembered(path: Path, builds: Builds) -> None:
    versions = []
    for number in (1, 2, 3):
        path.write_text(nquads(number), encoding="utf-8")
        versions.append(builds(versions[0] if versions else "").version)
    found = [builds.statistics(version) for version in versions]

    assert [one and one.counts["triples"] for one in found] == [{(): 1}, None, {(): 3}]
    assert builds.of(versions[0]).version == versions[0]


def test_what_the_build_counted_is_taken_as_it_is(tmp_path: Path) -> None:
    built = cache.write(tmp_path, list(load()))
    builds = Builds(lambda: built, cache.counts)
    assert builds().version == built.version

    assert builds.statistics(built.version) == statistics.count(load())
    assert builds.statistics("v") is None


def test_a_server_has_counted_a_file_before_it_listens_and_after_a_reload(path: Path) -> None:
    def described(number: int) -> bool:
        return COUNT.format(number).encode() in running.get("/.well-known/void?format=nt")[1]

    with server(path) as running:
        assert described(12)
        path.write_text(nquads(13), encoding="utf-8")
        running.process.send_signal(1)
        running.wait_for_line("reloaded: data ")
        assert described(13)
