"""What somebody needs who curates: the next passage, the things that a name stands for, the guidelines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.curating.drafts import find_things, guidance, open_passages
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import propose
from kg.errors import DataError, ParameterError, TextError, UnknownNameError

from .curating import BODY, DAY, FIRST, HEAD, POSITION, SECOND, TELEGRAM, TEXT, proposal


def test_passages_come_in_the_order_of_the_text_with_what_is_stated(folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)

    found = open_passages.passages(folders, "eve", TELEGRAM)

    assert [(p.name, p.words, p.before) for p in found] == [
        ("passage/header-1", HEAD, ""),
        ("passage/body-1", FIRST, HEAD),
        ("passage/body-2", SECOND, FIRST),
    ]
    assert (found[1].voice, found[1].speaker, found[1].telegram) == ("writer", "actor:ann", TELEGRAM)
    assert found[1].stated == (f"{BODY}/ben-against",)
    assert [TEXT[s.start : s.end] for s in found[1].sentences] == [
        "Ben told me that he is against the new border.",
        "I did not see Ann.",
    ]
    assert [p.name for p in open_passages.unread(found)] == ["passage/body-2"]
    # The head is in the records; of the body a draft that is not begun has nothing.
    alone = open_passages.passages(folders, "bob", TELEGRAM)
    assert [p.name for p in open_passages.unread(alone)] == ["passage/body-1", "passage/body-2"]
    assert [p.name for p in open_passages.unread(alone, alone[1].passage)] == ["passage/body-2"]


def test_a_passage_a_telegram_or_a_text_that_is_not_there_is_said_to_be_none(
    folders: CurationFolders,
) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean {TELEGRAM}"):
        open_passages.passages(folders, telegram=TELEGRAM[:-1])
    with pytest.raises(UnknownNameError, match="no passage 'x'"):
        open_passages.unread(open_passages.passages(folders), "x")
    with pytest.raises(TextError, match="no copy of a text"):
        open_passages.passages(replace(folders, texts=None))


def test_a_name_leads_to_things_of_the_records_and_of_the_draft(folders: CurationFolders) -> None:
    propose(folders, proposal("carla:\n  type: Person\n  label: {en: Carla Roe}\n", file="actor.yaml"), DAY)

    assert [e.id for e in find_things.find(folders, "Roe, Carla", draft="eve") if e.match] == ["actor/carla"]
    assert [e.id for e in find_things.find(folders, "Carla Roe", draft="bob") if e.match] == []
    assert [e.id for e in find_things.find(folders, "the border", "Issue")] == ["issue/border"]
    assert find_things.as_written("actor/carla") == "actor:carla"
    with pytest.raises(ParameterError):
        find_things.find(folders, "Ben", "Persn")


def test_a_draft_that_cannot_be_read_does_not_keep_things_from_being_found(folders: CurationFolders) -> None:
    propose(folders, proposal(POSITION.replace("actor:ben", "actor:bert")), DAY)
    with pytest.raises(DataError):
        open_passages.passages(folders, "eve")

    assert [e.id for e in find_things.find(folders, "Ben", draft="eve") if e.match] == ["actor/ben"]


def test_each_kind_of_the_readme_has_guidelines_with_keys_and_an_example(folders: CurationFolders) -> None:
    for kind in guidance.kinds():
        found = guidance.of(folders, kind)
        assert f"type: {kind}" in found.example, kind
        assert found.purpose, kind
        assert any(key.startswith("note: ") for key in found.keys), kind


def test_guidelines_are_those_of_the_readme_the_shapes_and_the_records(folders: CurationFolders) -> None:
    found = guidance.of(folders, "Position")

    assert (found.purpose, found.required) == ("a stance toward an issue", "`heldBy`, one stance")
    assert "heldBy is missing: say who holds, says, wants or judges it" in "\n".join(found.keys)
    assert "opposes: opposes must name issues that have a record" in found.keys
    assert found.example.startswith(
        "# telegram/1900-01-02-alpha-1/body-1.yaml\nben-opposes:\n  type: Position\n"
    )
    assert guidance.of(folders, "PositionChange").example.startswith(
        "# telegram/1962-"
    )  # none in these records
    assert set(guidance.of(folders, "TimeExtent").sections) == {"Dates"}
    assert set(guidance.general()) == {
        "Guidelines", "A statement, key by key", "Asserted, read, ascribed, proposed",
    }  # fmt: skip
    with pytest.raises(UnknownNameError, match="did you mean Position"):
        guidance.of(folders, "Positon")
