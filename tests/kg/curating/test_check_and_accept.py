"""A draft is read with the records; a person's word moves it into them, all or nothing."""

from __future__ import annotations

import os

import pytest
import yaml

from kg.build import build, store_of
from kg.curating.drafts import draft_check
from kg.curating.drafts.accept import accept, paths, proposals
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import propose
from kg.errors import CablegraphError, DataError
from kg.namespaces import CG, ID
from kg.store.sparql import rows
from kg.terms import value

from .curating import BODY, DAY, NEXT, POSITION, PREDICTION, TELEGRAM, UNLOCATED, all_files, proposal

AGAINST, TRAVELS = f"{BODY}/ben-against", f"{BODY}/ann-travels"
FILE = f"drafts/eve/{BODY}.yaml"


def found(folders: CurationFolders) -> list[str]:
    return [str(finding) for finding in draft_check.check(folders, "eve").findings]


def test_a_good_draft_has_no_findings_and_its_quotes_are_counted(folders: CurationFolders) -> None:
    propose(folders, proposal(POSITION + PREDICTION), DAY)

    report = draft_check.check(folders, "eve")

    assert report.findings == ()
    assert (report.statements, report.anchors, report.verified) == (2, 2, 2)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("actor:ben", "actor:bert", [f"{FILE}:5: heldBy names 'actor:bert', which does not exist; did you mean actor:ben?"]),
        ("basis: conversation", "stance: con", [f"{FILE}:8: a record has no key 'stance'"]),
        ("  topics: topic:border-question\n", "", [f"{FILE}:1: topics is missing: name at least one subject heading"]),
        ("  evidence", "  hedge: It is said that\n  evidence", [f"{FILE}:10: the quotes lack 'it said that' of hedge; quote the words that carry it"]),
        ("passage/body-1", "passage/body-2", [f"{FILE}:11: start is missing"]),
    ],
    ids=["reference", "key", "shape", "hedge", "place"],
)  # fmt: skip
def test_a_mistake_is_found_at_the_line_of_the_draft(
    old: str, new: str, expected: list[str], folders: CurationFolders
) -> None:
    propose(folders, proposal(POSITION.replace(old, new)), DAY)

    lines = found(folders)

    assert [line.split(";")[0].split(":")[:2] for line in lines[:1]] == [
        line.split(":")[:2] for line in expected
    ]
    assert any(line.startswith(expected[0].split("; did")[0]) for line in lines), lines


def test_what_draft_and_records_say_together_is_inferred_and_checked(folders: CurationFolders) -> None:
    text = "".join(
        f"ann-{mode}:\n  type: Participation\n  participant: actor:ann\n  atEvent: event:talk\n  mode: {mode}\n"
        "  heldBy: actor:ann\n  basis: own-act\n  certainty: certain\n"
        f"  evidence: [{{in: passage/body-1, quote: {quote}}}]\n"
        for mode, quote in (("absent", "I did not see Ann"), ("spoke", "Ben told me"))
    )
    told = (
        "occurred:\n  type: Fact\n  heldBy: actor:ann\n  property: eventStatus\n  about: event:talk\n"
        "  value: status:occurred\n  basis: own-act\n  certainty: certain\n"
        "  evidence: [{in: passage/body-1, quote: Ben told me}]\n"
    )
    propose(folders, proposal(text + told), DAY)

    assert any("cannot be both absentFrom and" in line for line in found(folders)), found(folders)


def test_a_statement_that_names_no_curation_is_found(folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)
    path = folders.drafts / "eve" / f"{BODY}.yaml"
    path.write_text(path.read_text().replace("  writtenIn: curation/eve-1900-05-06\n", ""))

    assert found(folders) == [
        f"{FILE}:1: writtenIn is missing: name the Curation of who proposes this, as in curation/ann-2026-11-27"
    ]


def test_an_accepted_record_says_who_wrote_and_who_reviewed_it(folders: CurationFolders) -> None:
    propose(folders, proposal(POSITION + PREDICTION), DAY)
    own = folders.records / BODY
    before = all_files(folders.records)

    done = accept(folders, "eve", [AGAINST], "Bob Señor", NEXT)

    assert done.records == (AGAINST,)
    assert set(done.files) == {f"{BODY}.yaml", f"telegram/{TELEGRAM}/curation.yaml"}
    assert yaml.safe_load(own.with_suffix(".yaml").read_text())["ben-against"]["writtenIn"] == (
        "curation/eve-1900-05-06-bob-senor-1900-05-07"
    )
    after = all_files(folders.records)
    assert {name for name, content in before.items() if content != after[name]} == {
        f"telegram/{TELEGRAM}/curation.yaml"
    }
    assert paths(proposals(folders, "eve")) == [TRAVELS]
    store = store_of(build(folders.sources))
    curated = [
        {key: value(row[key]) for key in ("by", "reviewer", "note")}
        for row in rows(store, f"SELECT ?by ?reviewer ?note {{ <{ID}{AGAINST}> <{CG.curation}> ?c . ?c "
                        f"<http://purl.org/dc/terms/creator> ?by ; <http://purl.org/dc/terms/contributor> ?reviewer ; "
                        f"<{CG.note}> ?note }}")
    ]  # fmt: skip
    assert curated == [{"by": "Eve Example", "reviewer": "Bob Señor", "note": "Accepted on 1900-05-07."}]


def test_each_statement_of_a_record_on_one_line_names_the_reviewed_reading(folders: CurationFolders) -> None:
    said = "basis: conversation, topics: topic:border-question, certainty: certain"
    text = (
        f"told: {{type: ReportedSpeech, content: It was told., heldBy: actor:ben, speechForm: indirect, {said}, "
        "evidence: [{in: passage/body-1, quote: Ben told me}], embeds: {type: AscribedClaim, content: No., "
        "ascribedTo: actor:ann, unassertedKind: Belief, certainty: certain}}\n"
    )
    propose(folders, proposal(text), DAY)
    path = folders.drafts / "eve" / f"{BODY}.yaml"
    path.write_text(" ".join(path.read_text().split()) + "\n")

    accept(folders, "eve", [f"{BODY}/told"], "Bob", NEXT)

    record = yaml.safe_load((folders.records / f"{BODY}.yaml").read_text())["told"]
    assert record["writtenIn"] == record["embeds"]["writtenIn"] == "curation/eve-1900-05-06-bob-1900-05-07"


def test_acceptance_adds_to_the_ends_of_files_and_leaves_no_empty_draft(folders: CurationFolders) -> None:
    propose(folders, proposal(POSITION + PREDICTION), DAY)
    carla = "carla:\n  type: Person\n  label: {en: Carla}\n"
    propose(folders, proposal(carla, file="actor.yaml"), DAY)
    actors = folders.records / "actor.yaml"
    actors.write_text("# people\n" + actors.read_text().rstrip("\n"))
    before = actors.read_text()

    accept(folders, "eve", [AGAINST], "Bob", NEXT)
    accept(folders, "eve", [TRAVELS, "actor/carla"], "Bob", NEXT)

    assert actors.read_text() == f"{before}\n{carla}"
    records = yaml.safe_load((folders.records / f"{BODY}.yaml").read_text())
    assert list(records) == ["ben-against", "ann-travels"]
    curations = yaml.safe_load((folders.records / "telegram" / TELEGRAM / "curation.yaml").read_text())
    assert list(curations) == ["catalogue", "eve-1900-05-06-bob-1900-05-07"]
    assert all_files(folders.drafts) == {}
    assert [f for f in build(folders.sources).findings if f.severity == "violation"] == []


@pytest.mark.parametrize(
    ("text", "reviewer", "message"),
    [
        (UNLOCATED, "Bob", "start is missing"),
        (
            POSITION.replace("actor:ben", "actor:carla"),
            "Bob",
            "heldBy names 'actor:carla', which does not exist",
        ),
        (POSITION, "", "say who reviews"),
    ],
)
def test_what_has_a_violation_is_not_accepted_and_nothing_moves(
    text: str, reviewer: str, message: str, folders: CurationFolders
) -> None:
    propose(folders, proposal(text), DAY)
    before = all_files(folders.drafts.parent)

    with pytest.raises(CablegraphError, match=message):
        accept(folders, "eve", [AGAINST], reviewer, NEXT)

    assert all_files(folders.drafts.parent) == before


def test_a_record_that_rests_on_another_proposal_is_not_accepted_without_it(folders: CurationFolders) -> None:
    propose(
        folders,
        proposal(PREDICTION + POSITION.replace("  basis", "  restates: body-1/ann-travels\n  basis")),
        DAY,
    )

    with pytest.raises(DataError) as refused:
        accept(folders, "eve", [AGAINST], "Bob", NEXT)
    assert [(f.file, f.line) for f in refused.value.findings] == [(FILE, 18)]  # as in the whole draft

    accept(folders, "eve", [AGAINST, TRAVELS], "Bob", NEXT)
    assert all_files(folders.drafts) == {}


def test_nothing_is_accepted_without_the_text(folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)
    alone = CurationFolders.of(folders.records, folders.drafts)

    with pytest.raises(CablegraphError, match="1 of 1 quotes were not compared with a text"):
        accept(alone, "eve", [AGAINST], "Bob", NEXT)


def test_a_record_that_is_not_proposed_is_not_accepted(folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)
    with pytest.raises(CablegraphError, match=f"did you mean {AGAINST}"):
        accept(folders, "eve", [AGAINST[:-1]], "Bob", NEXT)


@pytest.mark.parametrize("records", [["actor/carla", AGAINST], [AGAINST, "actor/carla"]], ids=["old", "new"])
def test_if_one_file_cannot_be_written_the_others_are_as_before(
    records: list[str], folders: CurationFolders
) -> None:
    propose(folders, proposal("carla:\n  type: Person\n  label: {en: Carla}\n", file="actor.yaml"), DAY)
    propose(folders, proposal(), DAY)
    stem, _, _ = records[1].rpartition("/")
    path = folders.records / f"{stem}.yaml"
    path.with_name(f".{path.name}.{os.getpid()}").mkdir()  # where the new content would be written first
    before = all_files(folders.drafts.parent)

    with pytest.raises(CablegraphError, match="nothing was accepted"):
        accept(folders, "eve", records, "Bob", NEXT)

    assert all_files(folders.drafts.parent) == before


def test_all_files_of_a_draft_that_cannot_be_read_are_named(folders: CurationFolders) -> None:
    for name in ("actor", "place"):
        (folders.drafts / "eve").mkdir(exist_ok=True)
        (folders.drafts / "eve" / f"{name}.yaml").write_text("a: [\n")
    with pytest.raises(DataError) as error:
        proposals(folders, "eve")
    assert [finding.file for finding in error.value.findings] == [
        "drafts/eve/actor.yaml",
        "drafts/eve/place.yaml",
    ]
