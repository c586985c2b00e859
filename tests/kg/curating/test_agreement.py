"""How far two drafts agree: each expected number is reckoned by hand from what the two say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.curating.agreement import agreement_report, measures
from kg.curating.agreement.compare_drafts import Agreement, Disagreement, compare
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import propose
from kg.errors import CablegraphError

from .curating import BODY, DAY, POSITION, PREDICTION, proposal

NAMING = (
    "name-ben: {type: Naming, names: actor:ben, asWritten: Ben, certainty: certain,"
    " evidence: [{in: passage/body-1, quote: Ben}]}\n"
)
BELIEF = (
    POSITION.replace("ben-against:   # a comment", "ben-dislikes:").replace("Position", "Belief")
    .replace("  opposes: issue:border", "  modality: convinced").replace("actor:ben", "actor:ann")
    .replace("conversation", "own-act").replace("quote: he is", "quote: is")
)  # fmt: skip
ASSESSMENT = (
    "not-seen: {type: Assessment, content: Ann was not there., heldBy: actor:ann, topics: topic:border-question,"
    " basis: opinion, certainty: certain, evidence: [{in: passage/body-1, quote: not see Ann}]}\n"
)
PROBABLE = PREDICTION.replace("certain\n", "probable\n").replace("ann-travels", "ann-leaves")


@pytest.fixture
def two(folders: CurationFolders) -> CurationFolders:
    propose(folders, proposal(POSITION + PREDICTION + NAMING), DAY)
    propose(folders, proposal(BELIEF + PROBABLE + ASSESSMENT, draft="bob", by="Bob"), DAY)
    return folders


def test_kappa_is_that_of_a_table_of_two_by_two() -> None:
    # 20 chosen by both, 5 by the first alone, 10 by the second alone, 15 by none: observed 0.7, expected 0.5.
    first, second = set(range(25)), {*range(20), *range(25, 35)}

    assert measures.kappa(first, second, 50) == pytest.approx(0.4)
    assert measures.kappa(first, first, 50) == 1
    assert measures.kappa((), (), 50) is None
    assert measures.kappa((), (), 0) is None
    assert measures.observed((), (), 0) is None
    assert measures.mean(()) is None
    assert measures.share((), "kind") is None


def test_the_measures_of_two_drafts(two: CurationFolders) -> None:
    agreement = compare(two, "eve", "bob")

    # Four sentences; assertions are of four kinds, so 16 cases, of which Eve has 2, Bob 3, one in common.
    expected = 2 / 16 * 3 / 16 + 14 / 16 * 13 / 16
    assert agreement.unit == "sentences"
    assert agreement.measures == {
        "units": 4,
        "records of A": 3,
        "records of B": 3,
        "kappa of kinds, assertions": pytest.approx((13 / 16 - expected) / (1 - expected)),
        "kappa of kinds, other statements": 0,  # a naming of Eve's alone: as chance would have it
        "observed agreement of all kinds": pytest.approx(16 / 20),
        "assertions of A": 2,
        "assertions of B": 3,
        "assertions on the same words": 2,
        "of those, mean overlap of quotes": pytest.approx((25 / 28 + 1) / 2),
        "of those, same kind": 0.5,
        "of those, same holder": 0.5,
        "of those, same basis": 0.5,
        "of those, same certainty": 0.5,
        "stances of A": 1,
        "stances of B": 0,
        "stances of both": 0,
    }


def test_the_disagreements_say_where_in_what_and_what_each_says(two: CurationFolders) -> None:
    found = compare(two, "eve", "bob").disagreements
    passage = BODY.replace("body-1", "passage/body-1")
    both = f"{BODY}/ben-against, {BODY}/ben-dislikes"

    assert set(found) == {
        Disagreement(passage, f"kind of {both}", "Position", "Belief"),
        Disagreement(passage, f"heldBy of {both}", "actor:ben", "actor:ann"),
        Disagreement(passage, f"basis of {both}", "basis:conversation", "basis:own-act"),
        Disagreement(passage, f"opposes of {both}", "issue:border", ""),
        Disagreement(passage.replace("-1", "-2"), f"certainty of {BODY}/ann-travels, {BODY}/ann-leaves",
                     "certainty:certain", "certainty:probable"),
        Disagreement(passage, "assertion of one alone", "", f"Assessment {BODY}/not-seen"),
        Disagreement(passage, "Naming of one alone", f"{BODY}/name-ben", ""),
    }  # fmt: skip


def test_a_text_that_is_only_quoted_beside_is_not_compared(two: CurationFolders) -> None:
    before = compare(two, "eve", "bob").measures
    both = (
        "rival: {type: Reading, content: Ben is for it., unassertedKind: Position, readHolder: actor:ben,"
        " topics: topic:border-question, certainty: possible, evidence: [{in: passage/body-1, quote: Ben},"
        " {in: 'telegram:1900-01-02-alpha-1/passage/body-1', quote: Ben, start: 21, end: 24}]}\n"
    )
    propose(two, proposal(both), DAY)
    propose(two, proposal(both, draft="bob", by="Bob"), DAY)

    after = compare(two, "eve", "bob")

    assert (after.unit, after.measures["units"]) == ("sentences", before["units"])
    assert after.measures["records of A"] == 4


def test_without_the_text_passages_are_compared(two: CurationFolders) -> None:
    agreement = compare(replace(two, texts=None), "bob", "eve")

    assert (agreement.unit, agreement.measures["units"]) == ("passages", 3)
    assert agreement.measures["observed agreement of all kinds"] == pytest.approx(11 / 15)
    assert agreement.measures["of those, same kind"] == 0.5


def test_a_draft_is_compared_with_the_records(two: CurationFolders) -> None:
    agreement = compare(two, "records", "eve")

    # The head is in the records alone: a name, a number, two facts and a date.
    assert (agreement.measures["records of A"], agreement.measures["records of B"]) == (5, 3)
    assert agreement.measures["assertions of A"] == 0
    assert agreement.measures["of those, same kind"] is None


def test_drafts_of_two_texts_are_not_compared(two: CurationFolders) -> None:
    propose(two, proposal("carla:\n  type: Person\n  label: {en: Carla}\n", "dan", "Dan", "actor.yaml"), DAY)
    with pytest.raises(CablegraphError, match="dan and eve quote no text in common"):
        compare(two, "dan", "eve")


def test_the_report_has_measures_and_then_what_is_to_be_decided() -> None:
    points = tuple(
        Disagreement(f"telegram/x/passage/{name}", "basis of a, b", one, "basis:opinion")
        for name, one in (("body-10", ""), ("body-2", "basis:inference"), ("foot", ""))
    )
    agreement = Agreement("eve", "bob", "sentences", {"units": 4, "x": None, "y": 0.666}, points)

    assert list(agreement_report.lines(agreement)) == [
        "A: eve, B: bob", "sentences: 4", "x: –", "y: 0.67", "to decide: 3",
        "\ntelegram/x/passage/body-2", "  basis of a, b: A basis:inference | B basis:opinion",
        "\ntelegram/x/passage/body-10", "  basis of a, b: A – | B basis:opinion",
        "\ntelegram/x/passage/foot", "  basis of a, b: A – | B basis:opinion",
    ]  # fmt: skip
    written = agreement_report.as_json(agreement)
    assert written["measures"] == {"sentences": 4, "x": None, "y": 0.666}
    assert written["disagreements"][0]["passage"] == "telegram/x/passage/body-10"
