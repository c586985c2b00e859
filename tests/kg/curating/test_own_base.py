"""Whoever curates a collection of their own sees, proposes and accepts in its base IRI."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import build
from kg.cli.main import main
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import propose
from kg.reading.collection.collection import Collection
from tests.kg.reading.collection.test_collection import GOOD, OWN
from tests.server import foreign

from .curating import BODY, DAY, POSITION, PREDICTION, TELEGRAM, collection, proposal


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of a collection with two drafts."""
    place = tmp_path / "own"
    place.mkdir()
    drafts = collection(place)
    (place / "collection.yaml").write_text(GOOD)
    folders = CurationFolders.of(drafts.records, drafts.drafts, drafts.texts, Collection.at(place))
    propose(folders, proposal(PREDICTION), DAY)
    propose(folders, proposal(POSITION), DAY)
    propose(folders, proposal(POSITION, "bob", "Bob"), DAY)
    return place


def run(place: Path, *given: str, typed: str = "") -> Result:
    where = ("--collection", str(place), "--texts", str(place / "texts"))
    result = CliRunner().invoke(main, [*given, *where], input=typed)
    assert result.exit_code == 0, result.output
    return result


def test_drafts_of_a_collection_are_compared_without_a_name_of_ours(own: Path) -> None:
    shown = run(own, "agreement", "eve", "bob").stdout

    assert shown.endswith(f"assertion of one alone: A Prediction {BODY}/ann-travels | B –\n")
    assert foreign.iris(shown) == set()


def test_what_is_accepted_is_in_the_graph_of_the_collection(own: Path) -> None:
    result = run(own, "review", "eve", "--reviewer", "Bob", typed="a\ns\n")

    assert result.output.endswith("accepted: 1, rejected: 0, left: 1\n")
    assert foreign.iris(result.output) == set()
    statement = f"<{OWN}id/telegram/{TELEGRAM}/body-1/ben-against>"
    quads = [str(quad) for quad in build.build(Collection.at(own)).quads]
    assert any(
        quad.startswith(f"{statement} <https://w3id.org/cablegraph/ontology#opposes> <{OWN}id/issue/border>")
        for quad in quads
    )
