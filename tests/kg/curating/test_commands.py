"""The commands `agreement` and `review`, as a person runs them."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner, Result

from kg.cli.curating.folder_options import folders_of
from kg.cli.main import main
from kg.curating.drafts.accept import paths, proposals
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import propose

from .curating import BODY, DAY, FIRST, POSITION, PREDICTION, SECOND, all_files, proposal

CARLA = "carla:\n  type: Person\n  label: {en: Carla}\n"


def run(folders: CurationFolders, *given: str, typed: str = "") -> Result:
    where = ("--records", str(folders.records), "--texts", str(folders.texts))
    return CliRunner().invoke(main, [*given, *where], input=typed)


@pytest.fixture
def drafted(folders: CurationFolders) -> CurationFolders:
    propose(folders, proposal(PREDICTION), DAY)
    propose(folders, proposal(POSITION), DAY)
    propose(folders, proposal(CARLA, file="actor.yaml"), DAY)
    return folders


def test_drafts_are_by_default_beside_the_records(folders: CurationFolders) -> None:
    assert folders_of(folders.records).drafts == folders.drafts


def test_agreement_is_shown_as_text_and_as_json(drafted: CurationFolders) -> None:
    propose(drafted, proposal(POSITION, "bob", "Bob"), DAY)

    shown = run(drafted, "agreement", "eve", "bob")
    written = run(drafted, "agreement", "eve", "bob", "--json")

    assert shown.stdout.startswith("A: eve, B: bob\nsentences: 4\nrecords of A: 2\nrecords of B: 1\n")
    assert shown.stdout.endswith(f"assertion of one alone: A Prediction {BODY}/ann-travels | B –\n")
    assert json.loads(written.stdout)["measures"]["stances of both"] == 1
    assert run(drafted, "agreement", "eve", "bert").exit_code == 2


def test_review_goes_through_the_text_and_moves_what_is_accepted(drafted: CurationFolders) -> None:
    result = run(drafted, "review", "eve", "--reviewer", "Bob", typed="s\na\nr\n")

    assert result.exit_code == 0, result.output
    shown = [result.output.index(words) for words in ("3 proposals, 0 violations", CARLA, FIRST, SECOND)]
    assert shown == sorted(shown)
    assert result.output.endswith("accepted: 1, rejected: 1, left: 1\n")
    assert list(yaml.safe_load((drafted.records / f"{BODY}.yaml").read_text())) == ["ben-against"]
    assert paths(proposals(drafted, "eve")) == ["actor/carla"]


def test_review_ends_when_told_and_does_what_was_decided(drafted: CurationFolders) -> None:
    before = all_files(drafted.records)

    result = run(drafted, "review", "eve", typed="Bob\nr\nx\nq\n")

    assert result.exit_code == 0, result.output
    assert result.output.endswith("accepted: 0, rejected: 1, left: 2\n")
    assert all_files(drafted.records) == before
    assert paths(proposals(drafted, "eve")) == [f"{BODY}/ann-travels", f"{BODY}/ben-against"]


def test_review_shows_findings_at_their_proposal_and_accepts_nothing_with_them(
    folders: CurationFolders,
) -> None:
    propose(folders, proposal(POSITION.replace("actor:ben", "actor:bert")), DAY)
    before = all_files(folders.drafts.parent)

    result = run(folders, "review", "eve", "--reviewer", "Bob", typed="a\n")

    assert result.exit_code == 1, result.output
    finding = f"drafts/eve/{BODY}.yaml:5: heldBy names 'actor:bert', which does not exist"
    assert f"! {finding}" in result.output
    assert result.output.endswith("nothing was accepted: 1 findings; the proposals stay in the draft\n")
    assert all_files(folders.drafts.parent) == before
