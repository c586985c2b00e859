"""The release of a collection with a base IRI of its own: no file names anything of ours but terms."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import build
from kg.cli.main import main
from kg.publishing.dumps import providers, write
from kg.reading.collection.collection import Collection
from tests.conftest import MADE_UP
from tests.kg.reading.collection.test_collection import GOOD, OWN
from tests.server import foreign

OURS = "shapes"  # with their citation


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("own")
    (place / "collection.yaml").write_text(GOOD)
    (place / "records").symlink_to(MADE_UP)
    collection = Collection.at(place)
    built = build.build(collection)
    folder = place / "release"
    folder.mkdir()
    write.write(
        folder,
        build.store_of(built),
        built.version,
        providers.of(collection),
        collection=collection,
    )
    return folder


def test_no_file_of_a_release_names_things_of_ours(release: Path) -> None:
    wrong = {}
    for file in sorted(release.rglob("*")):
        path = file.relative_to(release).as_posix()
        if file.is_file() and not path.startswith(OURS) and not path.endswith((".gz", ".sqlite")):
            wrong[path] = sorted(foreign.iris(file.read_text(encoding="utf-8")))[:3]

    assert {path: iris for path, iris in wrong.items() if iris} == {}
    assert {Path(path).suffix for path in wrong} >= {
        ".csv",
        ".json",
        ".jsonld",
        ".nq",
        ".nt",
        ".rdf",
        ".trig",
        ".ttl",
    }
    assert f"@prefix actor: <{OWN}id/actor/>" in (release / "cablegraph.ttl").read_text()
    assert "Telegrams from Havana" in (release / "README.md").read_text()


def test_there_are_files_for_each_graph_and_table(release: Path) -> None:
    assert (release / "layers/shared.ttl").is_file()
    assert (release / "asserted.nq").stat().st_size < (release / "cablegraph.nq").stat().st_size
    assert (release / "csv/telegrams.csv").read_text().count(f"{OWN}id/telegram/")
    assert "Jane Doe" in (release / "CITATION.cff").read_text()


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "nq", "trig"])
def test_the_command_writes_the_graph_in_its_own_base(release: Path, ending: str) -> None:
    done = CliRunner().invoke(main, ["dump", "--format", ending, "--collection", str(release.parent)])

    assert done.exit_code == 0
    assert "telegram/1900-01-02-alpha-1" in done.stdout or "telegram:1900-01-02-alpha-1" in done.stdout
    assert foreign.iris(done.stdout) == set()
