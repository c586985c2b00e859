"""The wheel holds everything, names what it needs, and works with that alone from any directory."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kg.build import Collection

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel and, linked to, what its metadata requires, and nothing else."""
    home = tmp_path_factory.mktemp("fresh")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
         "--target", str(home), str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    (metadata,) = home.glob("cablegraph-*.dist-info")
    for needed in required(Distribution.at(metadata), {}).values():
        for name in {file.parts[0] for file in needed.files or ()} - {"..", "__pycache__"}:
            (home / name).symlink_to(Path(str(needed.locate_file(name))))
    return home


def required(one: Distribution, found: dict[str, Distribution]) -> dict[str, Distribution]:
    """Return what `one` requires here, and what that requires, by name; add it to `found`."""
    for wanted in map(Requirement, one.requires or ()):
        applies = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
        name = canonicalize_name(wanted.name)
        if applies and name not in found:
            found[name] = distribution(name)
            required(found[name], found)
    return found


def run(installed: Path, folder: Path, *command: str) -> str:
    """Return what a program writes in `folder` that sees the standard library and `installed` alone."""
    environment = {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(installed),
    }
    return subprocess.run(
        [sys.executable, "-S", *command],
        cwd=folder, env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


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
        "kg/checking/qualifiers.yaml",
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


def test_the_wheel_names_what_it_requires(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = archive.read(name).decode().splitlines()
    named = [Requirement(line.partition(": ")[2]) for line in lines if line.startswith("Requires-Dist: ")]
    own = {one for one in named if "extra" not in str(one.marker)}

    assert own == set(map(Requirement, PROJECT["dependencies"]))
    assert f"Requires-Python: {PROJECT['requires-python']}" in lines


@pytest.mark.slow
def test_the_installed_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    where = run(installed, tmp_path, "-c", "import kg, server; print(kg.__file__, server.__file__)")

    assert where.split() == [str(installed / name / "__init__.py") for name in ("kg", "server")]


@pytest.mark.slow
def test_the_installed_wheel_answers_from_any_directory(installed: Path, tmp_path: Path) -> None:
    command = (str(installed / "bin" / "cablegraph"), "query", "silent-or-absent", "--format", "json")
    asked = run(installed, tmp_path, *command)
    names = {row["name"]["value"] for row in json.loads(asked)["results"]["bindings"]}

    assert names == {"Raúl Castro", "Emilio Aragones", 'Ernesto "Che" Guevara'}


@pytest.mark.slow
def test_the_installed_wheel_checks_records(
    installed: Path, tmp_path: Path, small_sources: Collection
) -> None:
    records = str(small_sources.records)
    checked = run(installed, tmp_path, "-m", "kg", "check", "--json", "--records", records)

    assert json.loads(checked)["violations"] == 0
