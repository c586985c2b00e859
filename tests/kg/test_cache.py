"""The cache serves the graph of the records as they are, and nothing half-built."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build, cache
from kg.errors import DataError, Finding
from kg.namespaces import PREFIXES
from kg.store import statistics


@pytest.fixture
def own(tmp_path: Path, small_sources: build.Collection) -> build.Collection:
    return replace(small_sources, records=shutil.copytree(str(small_sources.records), tmp_path / "records"))


def test_the_graph_is_built_once_and_then_found(tmp_path: Path, own: build.Collection) -> None:
    steps: list[str] = []
    first = cache.current(None, steps.append, own, tmp_path / "home")
    built = len(steps)
    second = cache.current(None, steps.append, own, tmp_path / "home")

    assert built > 0
    assert len(steps) == built
    assert first == second
    assert first.version == hashlib.sha256(first.nquads.read_bytes()).hexdigest()
    assert len(cache.store(first)) == first.nquads.read_bytes().count(b"\n")
    assert cache.counts(second) == statistics.count(cache.store(second))


def test_a_changed_record_is_another_graph(own: build.Collection) -> None:
    before = cache.fingerprint(own)
    file = Path(str(own.records)) / "actor.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")

    assert cache.fingerprint(own) != before


def test_wrong_records_leave_nothing_behind(tmp_path: Path, own: build.Collection) -> None:
    (Path(str(own.records)) / "actor.yaml").write_text("nobody:\n  typ: Person\n")

    with pytest.raises(DataError):
        cache.current(None, lambda _: None, own, tmp_path / "home")

    assert not (tmp_path / "home").exists()


def test_the_users_cache_is_the_default_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own: build.Collection
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))

    assert cache.current(sources=own).nquads.is_relative_to(tmp_path / "home")


def test_without_other_sources_it_is_the_graph_of_the_records(user_cache: Path, graph: build.Build) -> None:
    found = cache.current()

    assert found.nquads.is_relative_to(user_cache)
    assert found.version == graph.version


QUADS = [ox.Quad(*map(ox.NamedNode, ("a:s", "a:p", "a:o", "a:g")))]


def test_a_graph_has_its_counts_beside_it(tmp_path: Path) -> None:
    built = cache.write(tmp_path, QUADS)

    assert {file.name for file in tmp_path.iterdir()} == {"cablegraph.nq", "cablegraph.statistics.json"}
    assert built.nquads.read_text(encoding="utf-8") == "<a:s> <a:p> <a:o> <a:g> .\n"
    assert cache.counts(built) == statistics.count(QUADS)


def test_no_graph_appears_without_its_counts(tmp_path: Path) -> None:
    (tmp_path / "cablegraph.statistics.json").mkdir()  # so that nothing can be written there
    with pytest.raises(OSError, match="directory"):
        cache.write(tmp_path, QUADS)

    assert not (tmp_path / "cablegraph.nq").exists()


def test_a_graph_that_was_written_without_counts_has_none(tmp_path: Path) -> None:
    built = cache.write(tmp_path, QUADS)
    built.statistics.unlink()

    assert cache.counts(built) is None


def test_what_the_validation_found_is_kept_beside_the_graph(tmp_path: Path) -> None:
    found = [Finding("a.yaml", 3, "Words: ÄÖ", "warning")]
    built = cache.write(tmp_path, QUADS, found)

    assert cache.findings(built) == found
    assert cache.findings(cache.write(tmp_path / "none", QUADS, [])) == []
    assert cache.findings(cache.write(tmp_path / "other", QUADS)) is None


def test_annotations_are_made_once_and_the_plain_graph_stays(tmp_path: Path) -> None:
    ours, inferred = "https://w3id.org/cablegraph/ontology#", "https://w3id.org/cablegraph/graph/inferred/t"
    says, type_ = ox.NamedNode("http://ex.org/says"), ox.NamedNode(f"{PREFIXES['rdf']}type")
    domain, actor = ox.NamedNode(f"{PREFIXES['rdfs']}domain"), ox.NamedNode(f"{ours}Actor")
    holds = ox.NamedNode(f"{ours}holds")
    quads = [
        ox.Quad(holds, domain, actor, ox.NamedNode("https://w3id.org/cablegraph/graph/ontology")),
        ox.Quad(says, holds, ox.Literal("x"), ox.NamedNode("https://w3id.org/cablegraph/graph/t")),
        ox.Quad(says, type_, actor, ox.NamedNode(inferred)),
    ]
    plain = cache.write(tmp_path / "plain", quads, [])
    steps: list[str] = []
    first = cache.annotated(plain, None, steps.append, tmp_path)
    second = cache.annotated(plain, None, steps.append, tmp_path)

    assert (first, len(steps)) == (second, 1)
    assert first.version != plain.version
    assert first.released == plain
    assert set(cache.store(plain)) < set(cache.store(first))
    assert cache.findings(first) == []
    assert cache.counts(first) == statistics.count(cache.store(first))
