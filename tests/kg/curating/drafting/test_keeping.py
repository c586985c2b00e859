"""Drafts beside what is known: resolved references, documents held, names matched, records written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from kg.asking.reconciling.entities import Entities, Entity
from kg.asking.reconciling.names import Name
from kg.cli.main import main
from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.drafting import drafts_of
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.page_draft import page_draft
from kg.curating.drafting.keeping.draft_records import program_terms, records_of
from kg.curating.drafting.keeping.held_texts import KnownDocument, known_documents, same_telegrams
from kg.curating.drafting.keeping.matching import (
    NameMatch,
    keyed,
    matches,
    office_holders,
    read_authorities,
    written_names,
)
from kg.curating.drafting.keeping.named_things import NamedThings
from kg.curating.drafting.keeping.passages import passages_of, slug_of, unique
from kg.curating.drafting.keeping.record_folder import document_name, write_records
from kg.curating.drafting.keeping.resolving import resolve
from kg.curating.drafting.source.found import SourceText
from kg.errors import CablegraphError
from kg.namespaces import ID, SHIPPED
from kg.resources import folder

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Candidate:
    """What the reconciler gives, as far as it is read."""

    id: str
    score: float
    match: bool


def telegram(finders: Finders, number: str, day: str, title: str, body: str) -> Draft:
    text = f"{title}\n\nMarch {day}, 1951\n\nSpec. No. {number}\n\n{body} This is written at some length, so that it is a text.\n"
    return page_draft(f"t{number.partition('-')[0]}", SourceText.of(text), finders)


def test_a_number_means_the_first_of_a_range_of_the_right_series(finders: Finders) -> None:
    there = "Telegram from Zubatov to Velikanov"
    here = "Telegram from Velikanov to Zubatov"
    drafts = [
        telegram(finders, "311-313", "9", here, "The pilots refuse."),
        telegram(finders, "140", "8", there, "What do the pilots do?"),
        telegram(
            finders, "320", "10", here, "To our No. 311 I add: your No. 140 was read, your No. 999 was not."
        ),
        telegram(
            finders, "141", "11", there, "Your No. 311 and our No. 140 are known. See telegram No. 320."
        ),
    ]

    resolve(drafts)

    found = [[(one.numbers[0], one.target) for one in draft.references] for draft in drafts]
    assert found[2] == [("311", "t311"), ("140", "t140"), ("999", "")]
    assert found[3] == [
        ("311", "t311"),
        ("140", "t140"),
        ("320", ""),
    ]  # without a day and an owner it stays open


def test_two_that_may_be_meant_leave_a_reference_open_unless_a_day_tells(finders: Finders) -> None:
    title = "Telegram from Velikanov to Zubatov"
    drafts = [telegram(finders, "5", day, title, "The pilots refuse.") for day in ("2", "3")]
    drafts[1].id = "other"
    drafts.append(telegram(finders, "6", "4", title, "See my No. 5."))
    drafts.append(telegram(finders, "7", "4", title, "See my No. 5 of March 3."))

    resolve(drafts)

    assert [one.target for draft in drafts for one in draft.references] == ["", "other"]


def test_a_copy_is_known_by_its_hash_in_each_form_and_another_text_by_number_and_day(
    finders: Finders,
) -> None:
    text = "Telegram from Velikanov to Zubatov\n\nMarch 3, 1951\n\nSpec. No. 5\n\nThe pilots refuse, he said to me.\n"
    held = [
        KnownDocument(
            "telegram:same", frozenset({hashlib.sha256(text.encode()).hexdigest()}), frozenset(), frozenset()
        ),
        KnownDocument("telegram:twin", frozenset(), frozenset({"1951-03-03"}), frozenset({"5", "6"})),
        KnownDocument("telegram:else", frozenset(), frozenset({"1951-03-04"}), frozenset({"5"})),
    ]

    def told(written: str) -> tuple[list[str], list[str]]:
        return same_telegrams(page_draft("x", SourceText.of(written), finders), held)

    names, said = told(text)
    assert names == ["telegram:same", "telegram:twin"]
    assert said == [
        "the same text as one of telegram:same, and nothing differs",
        "another text of telegram:twin: the same day and number 5",
    ]
    assert "but for CRLF in place of LF" in told(text.replace("\n", "\r\n"))[1][0]
    assert "but for a byte order mark" in told("\ufeff" + text)[1][0]
    assert "but for no line end at its end" in told(text.rstrip())[1][0]


def test_the_held_telegrams_are_read_with_days_numbers_and_hashes() -> None:
    held = {document.name: document for document in known_documents(folder("records"))}

    one = held["telegram:1962-10-23-havana-1643"]
    assert "1962-10-23" in one.dates
    assert {"1643", "1644"} <= one.numbers
    assert one.hashes == {"8355f9a741f06e69c182fcca34508642a0fe99cb3c8c233300783c2f074e739a"}


def test_what_is_merely_alike_is_told_and_not_matched() -> None:
    def reconcile(names: Sequence[str]) -> list[list[Candidate]]:
        known = {
            "Ole Brekkevold": [Candidate("actor/ole", 98, True)],
            "Brekevold": [Candidate("actor/ole", 90, True)],
        }
        return [known.get(name, []) for name in names]

    found = matches(
        ["Ole Brekkevold", "Brekevold", "Nesset, O.", "Nobody"], reconcile, {keyed("O. Nesset"): "viaf:1"}
    )  # type: ignore[arg-type]

    assert found == {
        "Ole Brekkevold": NameMatch("actor:ole"),
        "Brekevold": NameMatch("", ("actor:ole (90)",)),
        "Nesset, O.": NameMatch("viaf:1"),
        "Nobody": NameMatch(),
    }


def test_a_name_as_a_document_writes_it_is_taken_if_it_has_several_words_and_one_bearer() -> None:
    def entity(id_: str, *names: str) -> Entity:
        return Entity(id_, ("Person",), {}, tuple(Name(name, "", "written") for name in names))

    things = (entity("actor/ole", "Ole J. Brekke", "Brekke", "The Consul"), entity("actor/per", "The Consul"))
    known = Entities({thing.id: thing for thing in things}, {}, {}, {})

    assert written_names(known) == {keyed("Ole J. Brekke"): "actor:ole"}


def test_who_holds_an_office_is_told_with_the_day_and_not_taken() -> None:
    rows = [
        {"office": f"{ID}office/harbour-master", "holder": f"{ID}actor/{who}", "day": day}
        for who, day in (("ole", "1951-03-01"), ("per", "1952-05-02"))
    ]
    holders = office_holders(rows, SHIPPED)

    def reconcile(names: Sequence[str]) -> list[list[Candidate]]:
        return [[Candidate("office/harbour-master", 100, True)] for _ in names]

    found = matches(["Harbour Master"], reconcile, {}, holders)  # type: ignore[arg-type]

    assert found["Harbour Master"] == NameMatch(
        "",
        (
            "office:harbour-master (100)",
            "actor:ole (holds office:harbour-master in a document of 1951-03-01)",
            "actor:per (holds office:harbour-master in a document of 1952-05-02)",
        ),
    )


def test_a_telegram_of_a_post_to_the_department_is_its_own(finders: Finders) -> None:
    title = "Telegram from the Embassy in Norway to the Department of State"
    drafts = [
        telegram(finders, "311", "9", title, "The pilots refuse."),
        telegram(finders, "320", "10", title, "To Embtel 311 I add that they refuse still."),
    ]

    resolve(drafts)

    assert [one.target for one in drafts[1].references] == ["t311"]


def test_authorities_come_from_csv_and_sssom(tmp_path: Path) -> None:
    table, mappings = tmp_path / "a.csv", tmp_path / "b.sssom.tsv"
    table.write_text("id,name,variants\np1,Olav Nesset,O. Nesset|Nesset\np2,Berit Nesset,Nesset\n,nobody,\n")
    mappings.write_text("# mapping set\nsubject_label\tobject_id\nOle Brekkevold\twikidata:Q1\n")

    found = read_authorities([table, mappings])

    assert found == {
        keyed("Olav Nesset"): "p1",
        keyed("O. Nesset"): "p1",
        keyed("Berit Nesset"): "p2",
        keyed("Ole Brekkevold"): "wikidata:Q1",
    }


def test_a_table_that_is_none_is_told(tmp_path: Path) -> None:
    wrong, latin = tmp_path / "a.csv", tmp_path / "b.csv"
    wrong.write_text("who,what\n")
    latin.write_bytes(b"caf\xe9")

    for file, words in ((wrong, "needs a column"), (latin, "byte 3"), (tmp_path / "c", "cannot be read")):
        with pytest.raises(CablegraphError, match=words):
            read_authorities([file])


def test_names_of_records_are_identifiers_of_their_own(finders: Finders) -> None:
    taken: set[str] = set()

    assert slug_of("Che Guevara’s No. 5") == "che-guevaras-no-5"
    assert slug_of("…") == "unnamed"
    assert [unique(taken, "a"), unique(taken, "a"), unique(taken, "a")] == ["a", "a-2", "a-3"]
    assert document_name(drafts_of(TEXTS / "blog.txt", finders)[0]) == "1951-03-14-oslo-20415"
    assert document_name(drafts_of(TEXTS / "one-line.txt", finders)[0]) == "1951-03-11-one-line"


def test_each_line_is_a_passage_with_its_voice(finders: Finders) -> None:
    draft = drafts_of(TEXTS / "dossier.md", finders)[0]

    voices = {draft.source.text[p.start : p.end]: p.voice for p in passages_of(draft)}

    assert voices["Copy No. 4"] == "header"
    assert voices["He asked us for telegram No. 1644 from 18.III.51."] == "writer"


def test_records_are_written_once_and_pass_the_check(tmp_path: Path, finders: Finders) -> None:
    out = tmp_path / "out"
    drafts = [
        draft
        for name in ("archive-page.txt", "dossier.md", "volume.xml", "first-page-missing.txt")
        for draft in drafts_of(TEXTS / name, finders)
    ]

    documents = write_records(
        drafts, out, lambda _: {"Brekkevold": NameMatch("", ("actor:ole (90)",))}, "2026-11-27"
    )

    assert documents[:2] == ["telegram:1951-03-09-311", "telegram:1951-03-19-new-york-1650"]
    checked = CliRunner().invoke(
        main, ["check", "--records", str(out / "records"), "--texts", str(out / "texts"), "--json"]
    )
    findings = json.loads(checked.stdout)["findings"]
    assert [finding for finding in findings if finding["severity"] == "violation"] == []
    header = yaml.safe_load((out / "records/telegram/1951-03-09-311/header.yaml").read_text())
    assert header["number-special"]["from"] == "311"
    (anchor,) = header["number-special"]["evidence"]
    assert drafts[0].source.text[anchor["start"] : anchor["end"]] == anchor["quote"] == "311-313"
    actors = yaml.safe_load((out / "records/actor.yaml").read_text())
    assert actors["brekkevold"]["note"] == "Perhaps actor:ole (90); nobody has decided."
    with pytest.raises(CablegraphError, match="not empty"):
        write_records(drafts, out, lambda _: {}, "2026-11-27")


def test_the_command_prints_a_line_for_each_document_and_tells_of_pages_that_are_none() -> None:
    page = TEXTS.parent / "pages" / "preface.txt"

    done = CliRunner().invoke(main, ["draft", str(TEXTS / "volume.xml"), str(page), "--json"])

    assert done.exit_code == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["d1", "d2", "d3", "d4"]
    assert "preface.txt: no document:" in done.stderr


def test_the_command_asks_what_to_write() -> None:
    done = CliRunner().invoke(main, ["draft", str(TEXTS / "blog.txt")])

    assert done.exit_code == 2
    assert "--json" in done.stderr


@pytest.mark.slow
def test_the_command_writes_records_with_names_of_the_collection(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "Telegram from Velikanov to USSR MFA\n\nMarch 3, 1951\n\nSpec. No. 5\n\nI spoke of Fidel Castro with Nesset, who asked.\n"
    )

    done = CliRunner().invoke(main, ["draft", str(page), "--out", str(tmp_path / "out")])

    assert done.exit_code == 0, done.stderr
    actors = yaml.safe_load((tmp_path / "out/records/actor.yaml").read_text())
    assert "Written as a name of actor:fidel-castro" in actors["fidel-castro"]["note"]
    assert "no line end" not in done.stdout


def test_terms_for_what_a_program_found_are_used_where_the_ontology_has_them(finders: Finders) -> None:
    draft = drafts_of(TEXTS / "archive-page.txt", finders)[0]

    for context, certainty, dated in (('{"depth": {}}', "found", True), ("{}", "probable", False)):
        things = NamedThings(lambda _: {})
        files = records_of(draft, "telegram:x", things, program_terms(context))
        assert files["header"]["number-special"]["certainty"] == certainty
        assert ("date" in files["header"]) == dated
