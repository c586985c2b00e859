"""Proposals stand in a draft beside the records, in the name of who proposes, and never in the records."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import LARGEST, Proposal, propose, withdraw
from kg.errors import CablegraphError, DataError

from .curating import BODY, DAY, NEXT, POSITION, PREDICTION, TELEGRAM, TEXT, UNLOCATED, all_files, proposal


def draft(
    folders: CurationFolders, name: str = "eve", file: str = f"{BODY}.yaml"
) -> dict[str, dict[str, object]]:
    content = yaml.safe_load((folders.drafts / name / file).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_a_proposal_is_written_with_place_and_curation_and_the_records_stay(folders: CurationFolders) -> None:
    before = all_files(folders.records)

    done = propose(folders, proposal(), DAY)

    quote = "he is against the new border"
    assert (done.records, done.findings) == ((f"{BODY}/ben-against",), ())
    record = draft(folders)["ben-against"]
    assert record["writtenIn"] == "curation/eve-1900-05-06"
    assert record["evidence"] == [
        {
            "in": "passage/body-1",
            "quote": quote,
            "start": TEXT.index(quote),
            "end": TEXT.index(quote) + len(quote),
        }
    ]
    assert draft(folders, file=f"telegram/{TELEGRAM}/curation.yaml") == {
        "eve-1900-05-06": {
            "type": "Curation", "curatedBy": "Eve Example", "curatedOn": "1900-05-06", "curates": ["rendering/sheet"],
        }
    }  # fmt: skip
    assert all_files(folders.records) == before


def test_a_later_proposal_stands_beside_the_first_and_one_of_the_same_key_replaces_it(
    folders: CurationFolders,
) -> None:
    propose(folders, proposal(), DAY)
    propose(folders, proposal(PREDICTION), NEXT)
    propose(folders, proposal(POSITION.replace("the border.", "the new border.")), NEXT)

    assert list(draft(folders)) == ["ann-travels", "ben-against"]
    assert draft(folders)["ben-against"]["content"] == "Ben is against the new border."
    assert draft(folders)["ben-against"]["writtenIn"] == "curation/eve-1900-05-07"
    assert list(draft(folders, file=f"telegram/{TELEGRAM}/curation.yaml")) == [
        "eve-1900-05-06",
        "eve-1900-05-07",
    ]


def test_texts_keep_their_quotation_marks_and_nested_statements_name_the_curation_too(
    folders: CurationFolders,
) -> None:
    text = (
        'told: {type: ReportedSpeech, content: "yes: no", heldBy: actor:ben, speechForm: indirect, basis: conversation,\n'
        "  topics: topic:border-question, certainty: certain, note: '0511', embeds: {type: AscribedClaim, content: No.,\n"
        "  ascribedTo: actor:ann, unassertedKind: Belief, certainty: certain},\n"
        "  evidence: [{in: passage/body-1, quote: I did not see Ann}]}\n"
    )
    propose(folders, proposal(text), DAY)

    record = draft(folders)["told"]
    assert (record["content"], record["note"]) == ("yes: no", "0511")
    assert record["embeds"]["writtenIn"] == record["writtenIn"] == "curation/eve-1900-05-06"  # type: ignore[index]
    assert "writtenIn" not in record["evidence"][0]  # type: ignore[index]


def test_a_quote_without_a_place_is_a_finding_in_the_draft(folders: CurationFolders) -> None:
    done = propose(folders, proposal(UNLOCATED), DAY)

    assert [str(finding) for finding in done.findings] == [
        f"drafts/eve/{BODY}.yaml:11: the passage does not contain the quote; copy it character by character"
    ]


def test_a_shared_thing_is_proposed_without_a_curation(folders: CurationFolders) -> None:
    propose(folders, proposal("carla:\n  type: Person\n  label: {en: Carla}\n", file="actor.yaml"), DAY)

    assert draft(folders, file="actor.yaml") == {"carla": {"type": "Person", "label": {"en": "Carla"}}}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"draft": "../eve"}, "a draft cannot be called so: '../eve' is not a valid identifier"),
        ({"draft": "records"}, "a draft cannot be called so: 'records' stands for the records"),
        ({"draft": ""}, "a draft cannot be called so"),
        ({"file": "../../actor.yaml"}, "no file for proposals"),
        ({"file": f"telegram/{TELEGRAM}/curation.yaml"}, "no file for proposals"),
        ({"file": f"telegram/{TELEGRAM}/index.yaml"}, "no file for proposals"),
        ({"file": "telegram/../body-1.yaml"}, "no file for proposals"),
        ({"file": "telegram.yaml"}, "no file for proposals"),
        ({"file": "link.sssom.tsv"}, "no file for proposals"),
        ({"file": "telegram/1900-03-04-gamma-8/body-1.yaml"}, f"did you mean {TELEGRAM}"),
        ({"by": " "}, "say who proposes"),
        ({"by": "Eve\nExample"}, "say who proposes"),
        ({"by": "E" * 101}, "say who proposes"),
        ({"text": "a: !!python/name:os.system {type: Position}"}, "tags (!name) are not supported"),
        ({"text": "a: &x {type: Position}\nb: *x\n"}, "anchors (&name) are not supported"),
        ({"text": "a: " + "[" * 30 + "]" * 30}, "nested more than 20 deep"),
        ({"text": "type: Position\n"}, "each record stands under a key of its own"),
        ({"text": "{a: {type: Position}}"}, "write each record on lines of its own"),
        ({"text": "A b:\n  type: Position\n"}, "'A b' is not a valid identifier"),
        ({"text": "a: text\n"}, "a must be a record"),
        ({"text": "# nothing\n"}, "the file is empty"),
        ({"text": " "}, "there is no record"),
        ({"text": "a:\n  type: Position\n" + "#" * LARGEST}, "more than 65,536"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_proposal_is_refused_and_nothing_is_written(
    given: dict[str, str], message: str, folders: CurationFolders
) -> None:
    with pytest.raises(CablegraphError, match=re.escape(message)):
        propose(folders, proposal(**given), DAY)

    assert all_files(folders.drafts) == {}


def test_a_record_that_is_there_and_a_draft_of_somebody_else_are_refused(folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)
    with pytest.raises(
        CablegraphError, match="in the name of 'Eve Example'; propose into a draft of your own"
    ):
        propose(folders, proposal(PREDICTION, by="Bob"), DAY)
    with pytest.raises(CablegraphError, match="actor/ann is already in the records; choose another key"):
        propose(folders, proposal("ann:\n  type: Person\n  label: {en: A}\n", file="actor.yaml"), DAY)


def test_a_telegram_without_passages_is_not_curated(folders: CurationFolders) -> None:
    bare = folders.records / "telegram" / "1900-03-05-gamma-10"
    bare.mkdir()
    (bare / "index.yaml").write_text(
        "type: Telegram\nlabel: {en: telegram 10}\nholding: held\ndepth: statements\n"
    )
    with pytest.raises(CablegraphError, match="has no passages"):
        propose(folders, Proposal("eve", "Eve", "telegram/1900-03-05-gamma-10/body-1.yaml", POSITION), DAY)


def test_a_link_that_leads_out_is_refused_before_anything_is_read_or_written(
    folders: CurationFolders, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folders.drafts / "eve").symlink_to(outside)
    with pytest.raises(CablegraphError, match="leads out of"):
        propose(folders, proposal(), DAY)
    assert list(outside.iterdir()) == []

    (folders.drafts / "eve").unlink()
    (folders.records / "extra.yaml").symlink_to(tmp_path / "outside" / "secret")
    with pytest.raises(CablegraphError, match=r"extra\.yaml leads out of"):
        propose(folders, proposal(), DAY)


def test_a_proposal_is_taken_back_with_its_lines_alone(folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)
    propose(folders, proposal(PREDICTION), DAY)
    with pytest.raises(CablegraphError, match="did you mean ann-travels"):
        withdraw(folders, "eve", [f"{BODY}/ben-against", f"{BODY}/ann-travel"])
    assert list(draft(folders)) == ["ben-against", "ann-travels"]

    withdraw(folders, "eve", [f"{BODY}/ben-against"])
    assert list(draft(folders)) == ["ann-travels"]
    withdraw(folders, "eve", [f"{BODY}/ann-travels"])
    assert not (folders.drafts / "eve" / f"{BODY}.yaml").exists()
    with pytest.raises(CablegraphError, match="no file of a draft"):
        withdraw(folders, "eve", ["../records/actor/ann"])


def test_a_draft_that_is_not_there_or_too_large_is_said_to_be(folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)
    with pytest.raises(CablegraphError, match="did you mean eve"):
        withdraw(folders, "ewe", [f"{BODY}/ben-against"])
    (folders.drafts / "eve" / "notes.txt").write_bytes(b"x" * (9 << 20))
    with pytest.raises(CablegraphError, match="more than 8,388,608; divide it"):
        withdraw(folders, "eve", [f"{BODY}/ben-against"])
    assert folders.names() == ["eve"]


def test_a_draft_that_is_no_yaml_is_a_finding(folders: CurationFolders) -> None:
    path = folders.drafts / "eve" / f"{BODY}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("a: [\n")
    with pytest.raises(DataError, match="this is not YAML"):
        propose(folders, proposal(), DAY)
