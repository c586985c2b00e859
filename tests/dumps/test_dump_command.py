"""`cablegraph dump`: the graph, a part, a file, the whole release, and its check."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg.command import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["dump", *arguments])


def test_the_whole_release_is_that_of_another_build_byte_for_byte(real: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "release"
    result = run("--out", str(out))
    files = {path.relative_to(real) for path in real.rglob("*") if path.is_file()}

    assert result.exit_code == 0
    assert "files of data version" in result.stderr
    assert len(files) > 200
    assert {path.relative_to(out) for path in out.rglob("*") if path.is_file()} == files
    assert [path for path in files if (out / path).read_bytes() != (real / path).read_bytes()] == []
    assert [path.name for path in out.parent.iterdir()] == ["release"]


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    result = run("--out", str(tmp_path))

    assert result.exit_code == 2
    assert "is not empty; name a new folder" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("--out", str(tmp_path / "file" / "release"))

    assert result.exit_code == 2
    assert "Not a directory; nothing was changed" in result.stderr


def test_a_good_release_is_found_good(release: Path, tmp_path: Path) -> None:
    result = run("--check", str(release))

    assert (result.exit_code, result.stdout) == (0, "")
    assert "files checked, 0 findings" in result.stderr
    assert run("--check", str(tmp_path)).exit_code == 2


def test_findings_are_shown_and_make_the_exit_code_1(release: Path, tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_bytes((release / "SHA256SUMS").read_bytes())
    (tmp_path / "MANIFEST.json").write_bytes((release / "MANIFEST.json").read_bytes())
    result = run("--check", str(tmp_path))

    assert result.exit_code == 1
    assert "ontology.ttl: cannot be read: No such file or directory" in result.stdout


def test_the_list_names_the_files_and_what_they_are() -> None:
    lines = run("--list").stdout.splitlines()

    assert "cablegraph.ttl\tThe whole graph" in lines
    assert "layers/links.nq\tLinks to other catalogues, with evidence" in lines
    assert "queries/who-criticised.rq\tWho criticised an issue" in lines
    assert len(lines) > 120


def test_one_file_is_the_one_of_the_release(real: Path) -> None:
    result = run("layers/links.ttl")

    assert result.exit_code == 0
    assert result.stdout_bytes == (real / "layers/links.ttl").read_bytes()


def test_near_names_are_offered_for_a_file() -> None:
    result = run("layers/link.ttl")

    assert result.exit_code == 2
    assert "there is no file of the release 'layers/link.ttl'; did you mean layers/links.ttl" in result.stderr


def test_asserted_only_has_nothing_inferred() -> None:
    quads = list(ox.parse(run("--asserted", "--format", "nq").stdout_bytes, ox.RdfFormat.N_QUADS))
    graphs = {quad.graph_name.value.removeprefix("https://w3id.org/cablegraph/graph/") for quad in quads}

    assert "telegram/1962-11-02-havana-1717" in graphs
    assert not [graph for graph in graphs if graph.startswith("inferred/")]


def test_a_layer_is_a_graph_by_another_name() -> None:
    assert run("--layer", "links").stdout_bytes == run("--graph", "links").stdout_bytes
    assert "there is no layer 'inferred/shared'" in run("--asserted", "--graph", "inferred/shared").stderr


@pytest.mark.parametrize(
    "arguments",
    [("--list", "--out", "x"), ("a.ttl", "--format", "nt"), ("--list", "--asserted"), ("a", "--list")],
)
def test_ways_that_exclude_each_other_are_told(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert "stand alone" in result.stderr
