"""`cablegraph draft FILE --collection DIR` adds records to a collection of one's own, and changes none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from kg.cli.main import main
from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.page_draft import page_draft
from kg.curating.drafting.keeping.held_texts import KnownDocument, known_documents, new_documents
from kg.curating.drafting.keeping.matching import NameMatch
from kg.curating.drafting.keeping.record_folder import add_records
from kg.curating.drafting.keeping.resolving import resolve
from kg.curating.drafting.source.found import SourceText
from kg.errors import CablegraphError

FIRST = """Telegram from Velikanov to Zubatov

March 3, 1951

Spec. No. 5

I spoke with Olav Nesset about the pilots, and he refuses to say more.
"""
SECOND = """Telegram from Zubatov to Velikanov

March 4, 1951

Spec. No. 9

We have your No. 5. Tell Olav Nesset that the pilots are known to us.
"""
ACTORS = """# Ours.
olav:
  type: Person
  label: {en: Olav Nesset}
velikanov:
  type: Person
  label: {en: Velikanov of Bergen}"""


def cablegraph(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def read(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def own(tmp_path: Path) -> Path:
    place = tmp_path / "own"
    made = cablegraph("new", place, "--base", "https://example.org/own/", "--title", "Own", "--curator", "Jo")
    assert made.exit_code == 0
    (place / "records" / "actor.yaml").write_text(ACTORS, encoding="utf-8")
    for name, text in (("first.txt", FIRST), ("second.txt", SECOND)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return place


def test_documents_are_added_one_after_the_other_and_the_check_is_green(own: Path) -> None:
    first = cablegraph("draft", own.parent / "first.txt", "--collection", own)
    second = cablegraph("draft", own.parent / "second.txt", "--collection", own)
    again = cablegraph("draft", own.parent / "first.txt", "--collection", own)
    checked = cablegraph("check", "--collection", own, "--texts", own / "texts")

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert first.stdout.startswith("telegram:1951-03-03-5: Telegram from Velikanov to Zubatov")
    references = read(own / "records/telegram/1951-03-04-9/references.yaml")
    assert [record["mentions"] for record in references.values()] == ["telegram:1951-03-03-5"]
    actors = (own / "records" / "actor.yaml").read_text(encoding="utf-8")
    assert actors.startswith(ACTORS + "\n")
    assert actors.count("Olav Nesset") == 1
    assert actors.count("en: Zubatov") == 1
    header = read(own / "records/telegram/1951-03-03-5/header.yaml")
    assert header["sender"]["value"] == "actor:velikanov-2"
    assert read(own / "records/actor.yaml")["velikanov-2"]["note"].startswith("Perhaps actor:velikanov (")
    assert again.exit_code == 1
    assert "first: the same text as one of telegram:1951-03-03-5" in again.stderr
    assert str(own / "records/telegram/1951-03-03-5") in again.stderr
    assert checked.exit_code == 0, checked.output
    assert "violations: 0" in checked.stdout
    assert (
        "coverage: of 1 at the depth catalogue, whether each line of the head has a record; of 1 at the depth mentions, whether each"
        in checked.stdout
    )


def test_what_was_found_can_be_seen_without_a_change(own: Path) -> None:
    shown = cablegraph("draft", own.parent / "first.txt", "--json", "--collection", own)

    assert '"id": "first"' in shown.stdout
    assert not (own / "records" / "telegram").exists()


def draft(finders: Finders, name: str, text: str) -> Any:
    return page_draft(name, SourceText.of(text), finders)


def test_a_text_given_twice_is_written_once(finders: Finders) -> None:
    drafts = [draft(finders, "a", FIRST), draft(finders, "b", FIRST), draft(finders, "c", SECOND)]

    new, reasons = new_documents(drafts, [], Path("records"))

    assert [one.id for one in new] == ["a", "c"]
    assert reasons == ["b: the same text as a, which was given before it"]


def test_another_text_of_a_held_document_says_where_that_is(finders: Finders) -> None:
    held = [KnownDocument("telegram:x", frozenset(), frozenset({"1951-03-03"}), frozenset({"5"}))]

    new, reasons = new_documents([draft(finders, "a", FIRST)], held, Path("own/records"))

    assert new == []
    (reason,) = reasons
    assert reason.startswith(
        "a: another text of telegram:x: the same day and number 5; that is in own/records/telegram/x"
    )


def test_a_held_document_is_meant_by_number_day_and_sender(finders: Finders) -> None:
    def known(name: str, sender: str, day: str = "1951-03-03") -> KnownDocument:
        sides = (frozenset({sender}), frozenset[str]())
        return KnownDocument(name, frozenset(), frozenset({day}), frozenset(), frozenset({"5"}), *sides)

    cases = {
        "telegram:a": [known("telegram:a", "velikanov"), known("telegram:b", "zubatov")],
        "": [known("telegram:a", "velikanov"), known("telegram:b", "velikanov")],
        "telegram:c": [known("telegram:b", "velikanov", "1951-03-05"), known("telegram:c", "velikanov")],
    }
    for expected, held in cases.items():
        citing = draft(finders, "second", SECOND)
        resolve([citing], held)
        assert [one.target for one in citing.references] == [expected]


def test_a_text_that_lies_there_already_is_not_copied(finders: Finders, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "scan.txt").write_bytes(FIRST.encode())
    (tmp_path / "texts" / "1951-03-04-9.txt").write_bytes(b"another")
    drafts = [draft(finders, "a", FIRST), draft(finders, "b", SECOND)]

    add_records(drafts, tmp_path, lambda _: {}, "2026-11-27", ())

    names = sorted(file.name for file in (tmp_path / "texts").iterdir())
    assert names == ["1951-03-04-9-2.txt", "1951-03-04-9.txt", "scan.txt"]


def test_a_thing_of_another_authority_gets_a_name_of_its_own(finders: Finders, tmp_path: Path) -> None:
    match = {"Velikanov": NameMatch("viaf:1"), "Zubatov": NameMatch("place:zubatov")}

    add_records([draft(finders, "a", FIRST)], tmp_path, lambda _: match, "2026-11-27", ())

    actors = read(tmp_path / "records/actor.yaml")
    assert actors["velikanov"]["note"].startswith("Written as a name of viaf:1")
    assert "zubatov" in actors


def test_a_shared_file_to_which_nothing_can_be_added_is_named_before_anything_is_written(
    finders: Finders, tmp_path: Path
) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "actor.yaml").write_text("{}\n")

    with pytest.raises(CablegraphError, match=r"actor\.yaml: nothing can be added at its end"):
        add_records([draft(finders, "a", FIRST)], tmp_path, lambda _: {}, "2026-11-27", ())

    assert [file.name for file in tmp_path.iterdir()] == ["records"]


THIRD = FIRST.replace("I spoke", "As our No. 4 of March 1 says, I spoke")
FOURTH = """Telegram from Velikanov to Zubatov

March 1, 1951

Spec. No. 4

The pilots came in the night and were led to the harbour before it was day.
"""


def drafted(place: Path, finders: Finders, text: str) -> tuple[list[str], Draft]:
    """Add the draft of a text to the records below `place`; return its name, and the draft."""
    draft = page_draft("one", SourceText.of(text), finders)
    held = known_documents(place / "records")
    resolve([draft], held)
    return add_records([draft], place, lambda names: {}, "2026-11-27", held), draft  # noqa: ARG005


def test_a_document_known_by_reference_keeps_its_name_when_it_is_drafted(
    tmp_path: Path, finders: Finders
) -> None:
    drafted(tmp_path, finders, THIRD)
    (cited,) = read(tmp_path / "records" / "document.yaml")
    (name,), draft = drafted(tmp_path, finders, FOURTH)

    assert cited.startswith("1951-03-01")
    assert name == f"document:{cited}"
    assert f"known by reference before, as {name}, whose name it keeps" in draft.remarks
    assert not read(tmp_path / "records" / "document.yaml")
    assert read(tmp_path / "records" / "document" / cited / "index.yaml")["holding"] == "held"


@pytest.mark.parametrize(
    ("old", "new"), [("March 1,", "March 2,"), ("Spec. No. 4", "Spec. No. 6"), ("Velikanov to", "Orlov to")]
)
def test_another_day_number_or_sender_is_another_document(
    tmp_path: Path, finders: Finders, old: str, new: str
) -> None:
    drafted(tmp_path, finders, THIRD)
    (name,), draft = drafted(tmp_path, finders, FOURTH.replace(old, new))

    assert name.startswith("telegram:")
    assert not draft.remarks
    assert len(read(tmp_path / "records" / "document.yaml")) == 1


def test_without_a_day_or_where_a_person_wrote_the_record_it_is_only_offered(
    tmp_path: Path, finders: Finders
) -> None:
    drafted(tmp_path, finders, THIRD.replace(" of March 1 says", " says"))
    (tmp_path / "records" / "telegram.yaml").write_text(
        "by-hand:\n  type: Telegram\n  label: {en: Deptel 4}\n  holding: not-held\n"
    )
    (name,), draft = drafted(tmp_path, finders, FOURTH)

    assert name.startswith("telegram:1951-03-01")
    assert "undated" in draft.remarks[-1]
    assert "telegram:by-hand, known by reference alone" in draft.remarks[-1]
