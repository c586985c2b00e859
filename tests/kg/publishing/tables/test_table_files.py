"""The files of a release: complete, exact, described, and the same every time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from csvw import CSVW
from frictionless import Package

from kg import build
from kg.publishing.tables import data_set, table_files
from kg.publishing.tables.table_rows import FilledTable
from kg.store.layers import OURS
from kg.store.nquads import serialize

ROOT = Path(__file__).parents[4]
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def written(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_each_table_has_a_file_beside_its_descriptions(files: Files, filled: dict[str, FilledTable]) -> None:
    assert set(files) == {
        *(f"csv/{name}.csv" for name in filled),
        *("csv/README.md", "csv/csv-metadata.json", "csv/datapackage.json"),
        *("sqlite/cablegraph.sqlite", "sqlite/metadata.json"),
    }


def test_csv_is_as_rfc_4180_has_it(files: Files, filled: dict[str, FilledTable]) -> None:
    for name, one in filled.items():
        content = files[f"csv/{name}.csv"]
        text = content.decode("utf-8")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))

        assert not content.startswith(b"\xef\xbb\xbf")
        assert text.endswith("\r\n")
        assert lines == [[column.name for column in one.table.columns], *map(list, one.rows)]


@pytest.mark.slow
def test_frictionless_finds_the_package_valid(written: Path) -> None:
    report = Package(str(written / "csv" / "datapackage.json")).validate()

    assert report.flatten(["message"]) == []
    assert report.valid
    assert {f"{task.name}.csv" for task in report.tasks} == {f.name for f in (written / "csv").glob("*.csv")}


@pytest.mark.slow
def test_frictionless_sees_a_broken_foreign_key(written: Path, tmp_path: Path) -> None:
    for file in (written / "csv").iterdir():
        content = file.read_bytes()
        if file.name == "issues.csv":
            content = content.replace(b"soviet-policy-in-the-crisis,\r\n", b"nothing-of-that-name,\r\n", 1)
        (tmp_path / file.name).write_bytes(content)

    report = Package(str(tmp_path / "datapackage.json")).validate()

    assert ["foreign-key"] in report.flatten(["type"])


@pytest.mark.slow
def test_csvw_finds_the_tables_valid(written: Path) -> None:
    found = CSVW(str(written / "csv" / "csv-metadata.json"), validate=True)

    assert found.is_valid
    assert found.warnings == []
    assert {table.local_name: sum(1 for _ in table) for table in found.t.tables}["telegrams.csv"] == 6


def test_the_package_says_licence_version_and_sources(files: Files, graph: build.Build) -> None:
    package = json.loads(files["csv/datapackage.json"])

    assert package["version"] == graph.version
    assert [licence["path"] for licence in package["licenses"]] == [
        "https://creativecommons.org/licenses/by/4.0/"
    ]
    assert any(source.get("path", "").endswith("/document/115064") for source in package["sources"])
    for resource in package["resources"]:
        content = files[f"csv/{resource['path']}"]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_the_readme_warns_of_formulas_and_describes_every_column(
    files: Files, filled: dict[str, FilledTable]
) -> None:
    text = files["csv/README.md"].decode()

    assert "formula" in text
    for name, one in filled.items():
        assert f"## {name}.csv" in text
        for column in one.table.columns:
            assert f"| `{column.name}` |" in text


def test_what_is_said_of_the_data_set_is_what_the_citation_file_says() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    said = data_set.about("0" * 64)

    assert (said.title, said.published) == (cff["title"], cff["date-released"])
    assert said.title == OURS.title
    assert said.creator == cff["authors"][0]["name"]
    assert list(said.keywords) == cff["keywords"]
    assert said.licence in cff["license"]
    assert said.licence_address in (ROOT / "LICENSE-DATA").read_text(encoding="utf-8")
    assert "0" * 64 in said.citation


_AGAIN = """
import hashlib, sys
import pyoxigraph as ox
from kg.publishing.tables import table_files
store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
for path, content in table_files.files(store, sys.argv[2]).items():
    print(path, hashlib.sha256(content).hexdigest())
"""


@pytest.mark.slow
def test_another_process_with_another_hash_seed_writes_the_same_bytes(
    files: Files, graph: build.Build, tmp_path: Path
) -> None:
    nquads = tmp_path / "graph.nq"
    lines = serialize(graph.quads, "nq").splitlines(keepends=True)
    nquads.write_bytes(b"".join(reversed(lines)))
    done = subprocess.run(
        [sys.executable, "-c", _AGAIN, str(nquads), graph.version],
        env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    expected = [f"{path} {hashlib.sha256(content).hexdigest()}" for path, content in files.items()]
    assert done.stdout.splitlines() == expected


def test_a_graph_without_telegrams_gives_empty_tables() -> None:
    files = table_files.files(ox.Store(), "0" * 64)

    assert files["csv/issues.csv"] == b"issue,name,broader,note\r\n"
