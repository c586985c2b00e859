"""A file is taken only when it is whole; the same is shown with processes in test_upkeep."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from kg import cache
from kg.build import Build
from kg.errors import CablegraphError
from kg.store import nquads, statistics
from server.engine.workers import graph_file

META = "https://w3id.org/cablegraph/graph/meta"
XSD = "http://www.w3.org/2001/XMLSchema#"
ONE = '<a:s> <a:p> "1" <a:g> .\n'
TWO = '<a:s> <a:p> "2" <a:g> .\n'


def counted(graph: str, count: object) -> str:
    number = f'"{count}"^^<{XSD}integer>'
    return (
        f"<https://w3id.org/cablegraph/dataset> <http://rdfs.org/ns/void#subset> <{graph}> <{META}> .\n"
        f"<{graph}> <http://rdfs.org/ns/void#triples> {number} <{META}> .\n"
    )


def load(tmp_path: Path, content: str) -> Store:
    path = tmp_path / "graph.nq"
    path.write_text(content, encoding="utf-8")
    return graph_file.load(graph_file.at(path))


@pytest.mark.parametrize(
    ("content", "statements"),
    [
        (ONE, 1),
        (ONE + TWO + counted("a:g", 2), 4),
        (ONE + counted("a:g", 1) + counted("a:none", 0), 5),
    ],
)
def test_a_whole_file_is_taken(tmp_path: Path, content: str, statements: int) -> None:
    assert len(load(tmp_path, content)) == statements


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is not complete: it has no statements"),
        (ONE + counted("a:g", 2), "a:g has 1 statements, not 2"),
        (ONE + TWO + counted("a:g", 1), "a:g has 2 statements, not 1"),
        (ONE + counted("a:g", 1) + counted("a:h", 7), "a:h has 0 statements, not 7"),
        (ONE + counted("a:g", 1).splitlines(keepends=True)[0], "a:g has 1 statements, not a stated number"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(CablegraphError, match=reason):
        load(tmp_path, content)


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(ONE, encoding="utf-8")
    built = graph_file.at(path)
    path.write_text(TWO, encoding="utf-8")

    with pytest.raises(CablegraphError, match="changed while it was read"):
        graph_file.load(built)


def test_the_real_graph_is_whole_and_has_the_version_of_its_build(graph: Build, tmp_path: Path) -> None:
    content = nquads.serialize(graph.quads, "nq")
    path = tmp_path / "graph.nq"
    path.write_bytes(content)
    built = graph_file.at(path)

    assert built.version == nquads.version(content)
    assert len(graph_file.load(built)) == len(graph.quads)
    path.write_bytes(b"".join(content.splitlines(keepends=True)[:-1]))
    with pytest.raises(CablegraphError, match="is not complete"):
        graph_file.load(graph_file.at(path))


def test_it_travels_in_a_head(tmp_path: Path) -> None:
    built = cache.CachedBuild(tmp_path / "é.nq", "v")

    assert graph_file.built(graph_file.source(built)) == built


def test_a_file_is_counted_up_to_a_size(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(ONE + TWO + ONE, encoding="utf-8")
    built = graph_file.at(path)
    size = path.stat().st_size
    found = graph_file.count(built, size)

    assert found
    assert found.counts["triples"] == {(): 2}
    assert found == statistics.count(graph_file.load(built))
    assert graph_file.count(built, size - 1) is None


@pytest.mark.parametrize(
    "content", [TWO.encode(), ONE.encode()[:-5], ONE.encode().replace(b'"1"', b'"\xff"'), b"\x00", None]
)
def test_what_cannot_be_loaded_is_not_counted(tmp_path: Path, content: bytes | None) -> None:
    """Another file than the one that was hashed, half a line, no UTF-8, no text, no file at all."""
    path = tmp_path / "graph.nq"
    path.write_text(ONE, encoding="utf-8")
    built = graph_file.at(path)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)

    assert graph_file.count(built) is None
