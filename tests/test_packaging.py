"""The wheel holds everything and works in a fresh environment from any directory."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment that holds the wheel."""
    home = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run(
        [str(home / "bin" / "pip"), "install", "--quiet", str(wheel)], check=True, capture_output=True
    )
    return home / "bin"


def test_the_wheel_carries_ontology_shapes_queries_and_records(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    for name in (
        "kg/_data/ontology/telegrams.ttl",
        "kg/_data/ontology/context.jsonld",
        "kg/_data/CITATION.cff",
        "kg/_data/LICENSE-DATA",
        "kg/_data/queries/who-criticised.rq",
        "kg/_data/queries/rules/before/stated-fact.rq",
        "kg/reading/authorities.yaml",
        "kg/reading/sssom.yaml",
        "kg/_data/queries/tables/positions.rq",
        "kg/_data/queries/tables/views/who_did_what.sql",
        "kg/publishing/tables/about.yaml",
        "kg/records/actor.yaml",
        "kg/records/link.sssom.tsv",
        "kg/records/telegram/1962-11-02-havana-1717/body-9.yaml",
        "kg/py.typed",
        "server/pages/openapi/addresses.yaml",
        "server/pages/openapi/components.yaml",
        "kg/asking/reconciling/sounds.tsv",
        "kg/asking/reconciling/words.yaml",
    ):
        assert name in names
    assert any(name.startswith("kg/_data/shapes/stated/") for name in names)
    assert any(name.startswith("server/site/templates/") for name in names)
    assert any(name.startswith("server/site/static/") for name in names)
    assert not any(name.startswith("tests/") for name in names)


def test_the_installed_wheel_answers_from_any_directory(installed: Path, tmp_path: Path) -> None:
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": "/usr/bin:/bin"}
    asked = subprocess.run(
        [str(installed / "cablegraph"), "query", "silent-or-absent", "--format", "json"],
        cwd=tmp_path, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    names = {row["name"]["value"] for row in json.loads(asked.stdout)["results"]["bindings"]}

    assert names == {"Raúl Castro Ruz", "Emilio Aragonés Navarro", 'Ernesto "Che" Guevara de la Serna'}


def test_the_installed_wheel_checks_itself(installed: Path, tmp_path: Path) -> None:
    checked = subprocess.run(
        [str(installed / "python"), "-m", "kg", "check", "--json"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )

    assert json.loads(checked.stdout)["violations"] == 0
