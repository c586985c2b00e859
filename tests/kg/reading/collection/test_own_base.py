"""A collection with a base IRI of its own gets the same graph as ours, with its own names of things."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg import build
from kg.reading.collection.collection import Collection
from tests.conftest import MADE_UP
from tests.kg.reading.collection.test_collection import GOOD, OWN

# What belongs to the collection: things, links, graphs but for that of the ontology, data set and questions.
_KINDS = "actor|document|event|issue|office|place|series|telegram|topic|link"
_OURS = re.compile(
    rf"https://w3id\.org/cablegraph/(?=id/(?:{_KINDS})/|id/[\">]|graph/(?!ontology>)|queries/|(?:dataset|sparql)[#>])"
)


def lines(built: build.Build) -> set[str]:
    """Return the statements but for those with the name of the collection."""
    return {str(quad) for quad in built.quads if not quad.predicate.value.endswith(("Citation", "/name"))}


@pytest.fixture
def own(tmp_path: Path) -> Collection:
    (tmp_path / "collection.yaml").write_text(GOOD)
    (tmp_path / "records").symlink_to(MADE_UP)
    return Collection.at(tmp_path)


def test_the_graph_is_ours_in_its_own_base(own: Collection, small_sources: Collection) -> None:
    ours, theirs = build.build(small_sources), build.build(own)
    dataset = f"<{OWN}dataset> <http://purl.org/dc/terms/title>"
    expected = {_OURS.sub(OWN, line) for line in lines(ours)}

    differing = expected ^ lines(theirs)

    assert len(ours.quads) == len(theirs.quads)
    assert {line.startswith(dataset) for line in differing} == {True}
    assert f'{dataset} "Telegrams from Havana"@en' in "\n".join(differing)


def test_findings_name_things_as_records_do(own: Collection, tmp_path: Path) -> None:
    records = tmp_path / "mine"
    (records / "telegram" / "a").mkdir(parents=True)
    (records / "actor.yaml").write_text("jane-doe:\n  type: Person\n  label:\n    en: Jane Doe\n")
    text = "about:\n  type: Position\n  heldBy: actor:jane-do\n"
    (records / "telegram" / "a" / "body-1.yaml").write_text(text)

    with pytest.raises(build.DataError) as raised:
        build.build(replace(own, records=records))

    assert "body-1.yaml:3" in str(raised.value)
    assert "did you mean actor:jane-doe?" in str(raised.value)
