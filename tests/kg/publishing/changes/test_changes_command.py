"""`cablegraph changes`: every syntax, plain or compressed, and messages that say what to write."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import build
from kg.cli.main import main
from kg.errors import DataError
from kg.publishing.changes import dump_reader
from kg.store import nquads

OLD = '<https://w3id.org/cablegraph/id/actor/ada> <http://www.w3.org/2000/01/rdf-schema#label> "Ada"@en'
SHARED = "<https://w3id.org/cablegraph/graph/shared>"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["changes", *map(str, words)])


def test_two_dumps_are_compared_in_words(tmp_path: Path) -> None:
    old, new = tmp_path / "old.nq", tmp_path / "new.nq"
    old.write_text(f"{OLD} {SHARED} .\n", encoding="utf-8")
    new.write_text(f"{OLD.replace('Ada', 'Ada L.')} {SHARED} .\n", encoding="utf-8")
    result = run(old, new)

    assert result.exit_code == 0
    assert "  - rdfs:label: “Ada” → “Ada L.”" in result.stdout.splitlines()
    assert json.loads(run(old, new, "--format", "json", "--limit", "0").stdout)["things_changed"] == {
        "total": 1,
        "shown": [],
    }


def test_a_release_folder_stands_for_its_whole_graph(tmp_path: Path) -> None:
    for name, label in (("one", "Ada"), ("two", "Ada L.")):
        (tmp_path / name).mkdir()
        content = f"{OLD.replace('Ada', label)} {SHARED} .\n".encode()
        packed = name == "two"
        (tmp_path / name / f"cablegraph.nq{'.gz' if packed else ''}").write_bytes(
            gzip.compress(content) if packed else content
        )
    (tmp_path / "none").mkdir()
    wrong = run(tmp_path / "none")

    assert "  - rdfs:label: “Ada” → “Ada L.”" in run(tmp_path / "one", tmp_path / "two").stdout.splitlines()
    assert wrong.exit_code == 3
    assert "none: this is not a release, since it has no cablegraph.nq" in wrong.stderr


@pytest.mark.usefixtures("user_cache")
def test_the_default_for_new_is_the_graph_as_it_is_now(graph: build.Build, tmp_path: Path) -> None:
    old = tmp_path / "old.nq"
    old.write_bytes(nquads.serialize(graph.quads, "nq"))
    result = run(old)

    assert "Nothing changed" in result.stdout
    assert graph.version in result.stdout


@pytest.mark.parametrize("ending", nquads.SYNTAXES)
@pytest.mark.parametrize("compressed", [False, True])
def test_every_syntax_is_read_plain_and_compressed(
    ending: str, compressed: bool, graph: build.Build, tmp_path: Path
) -> None:
    some = [quad for quad in graph.quads if quad.graph_name.value.endswith("/shared")]
    content = nquads.serialize(some, ending)
    file = tmp_path / f"some.{ending}{'.gz' if compressed else ''}"
    file.write_bytes(gzip.compress(content) if compressed else content)

    assert {quad.triple for quad in dump_reader.read(file)} == {quad.triple for quad in some}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("old.txt", b"", r"old\.txt: its ending is not that of an RDF syntax; there are: ttl, nt, nq"),
        ("old.nq", b"\n<http://e/a> oops\n", r"old\.nq:2: this is not valid nq"),
        ("old.nq.gz", b"no gzip", r"old\.nq\.gz: cannot be read"),
        ("old.nq.gz", gzip.compress(b"#\n" * 99, mtime=0)[:-9], r"old\.nq\.gz: cannot be read"),
        ("old.ttl", b"@prefix : <http://e/> . :a :b [] .", "it has blank nodes"),
    ],
)
def test_what_is_no_dump_is_refused_with_its_place(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run(tmp_path / name, tmp_path / name)

    assert result.exit_code == 3
    assert re.search(message, result.stderr)


def test_a_small_compressed_file_that_becomes_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "old.nq.gz"
    file.write_bytes(gzip.compress(b"#" * 5000))

    with pytest.raises(DataError, match="it is longer than 1,000 bytes"):
        dump_reader.read(file, 1000)


def test_a_missing_file_is_wrong_use(tmp_path: Path) -> None:
    result = run(tmp_path / "none.nq")

    assert result.exit_code == 2
    assert "none.nq" in result.stderr
