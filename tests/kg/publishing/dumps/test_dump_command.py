"""`cablegraph dump`: the graph, a part, a file, the whole release, and its check."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg import build, cache
from kg.cli.main import main
from kg.publishing.dumps import manifest, pieces
from kg.publishing.dumps.providers import PROVIDERS
from kg.store import nquads

from .conftest import version_of

pytestmark = pytest.mark.usefixtures("user_cache")
ODD = ox.Quad(
    ox.NamedNode("https://w3id.org/cablegraph/id/actor/odd"),
    ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ox.NamedNode("https://w3id.org/cablegraph/ontology#Actor"),
    ox.NamedNode("https://w3id.org/cablegraph/graph/shared"),
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["dump", *arguments])


@pytest.mark.slow
def test_another_process_with_another_seed_writes_the_same_bytes(
    real: Path, graph: build.Build, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "release"
    done = subprocess.run(
        [sys.executable, "-m", "kg", "dump", "--out", str(out)],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    sums = (out / "SHA256SUMS").read_text(encoding="utf-8")

    assert f"files of data version {graph.version}" in done.stderr
    assert sums == (real / "SHA256SUMS").read_text(encoding="utf-8")
    assert len(sums.splitlines()) > 300
    for digest, name in (line.split("  ") for line in sums.splitlines()):
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest, name
    assert [path.name for path in out.parent.iterdir()] == ["release"]


def test_the_whole_release_is_written_into_a_new_folder(
    tmp_path: Path, small: ox.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = cache.CachedBuild(tmp_path / "graph.nq", version_of(small))
    built.nquads.write_bytes(nquads.serialize([*small, ODD], "nq"))
    monkeypatch.setattr(cache, "current", lambda *_: built)
    result = run("--out", str(tmp_path / "new"))
    lines = result.stderr.splitlines()

    assert result.exit_code == 0
    assert "The tables are left out: the data do not fit them, in one place." in lines
    assert "queries/tables/actors.rq:1: https://w3id.org/cablegraph/id/actor/odd: name is empty" in lines
    assert lines[-1].endswith(f"files of data version {built.version} in {tmp_path / 'new'}")


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


def test_the_list_names_the_files_and_what_they_are(real: Path) -> None:
    lines = run("--list").stdout.splitlines()
    titles = dict(line.partition("\t")[::2] for line in lines)
    made_of_others = {"README.md", "ro-crate-metadata.json"}  # what is made when the others are there

    assert titles["cablegraph.ttl"] == "The whole graph"
    assert titles["layers/links.nq"] == "Links to other catalogues, with evidence"
    assert titles["queries/who-criticised.rq"] == "Who criticised an issue"
    assert titles["csv/positions.csv"].startswith("One row a position that a passage says somebody to take")
    assert titles["links/all.sssom.tsv"].startswith("All links in SSSOM. Every link to every catalogue")
    assert titles["projections/ric-o.ttl"] == "The graph in RiC-O, for archives."
    assert titles.keys() | made_of_others == manifest.of(real).by_name.keys()


@pytest.mark.parametrize(
    "name", ["layers/links.ttl", "csv/actors.csv", "links/gnd.beacon.txt", "projections/schema-org.jsonld"]
)
def test_one_file_is_the_one_of_the_release(real: Path, name: str) -> None:
    result = run(name)

    assert result.exit_code == 0
    assert result.stdout_bytes == (real / name).read_bytes()


def test_names_are_listed_without_making_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> dict[str, bytes]:
        raise AssertionError("files were made")

    made = tuple(replace(provider, files=refuse) for provider in PROVIDERS)
    monkeypatch.setattr("kg.publishing.dumps.providers.of", lambda _: made)

    assert "csv/actors.csv\t" in run("--list").stdout
    assert "did you mean csv/actors.csv" in run("csv/actor.csv").stderr


def test_files_that_the_data_do_not_give_are_not_listed(small: ox.Store) -> None:
    undrawn = ox.Store()
    undrawn.extend(quad for quad in small if "/inferred/" not in quad.graph_name.value)
    for store in (small, undrawn):
        made = {piece.path for piece in pieces.of(store, version_of(store), PROVIDERS).pieces}
        listed = pieces.named(store, version_of(store), PROVIDERS)

        assert made <= listed.keys()
        assert {path for path in listed if path.startswith(("links/", "rdf12/", "projections/"))} <= made
    assert not [path for path in listed if path.startswith(("links/gnd", "rdf12/"))]


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
    assert "Use only one of NAME" in result.stderr
