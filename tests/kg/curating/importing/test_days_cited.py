"""What invented documents cite by its day alone: with a party before the day, with nobody, and in lists of days."""

from __future__ import annotations

from typing import Any

import pytest

from kg.curating.importing.references.reference_index import ReferenceIndex
from kg.curating.importing.references.reference_records import ReferenceRecords

from .conftest import HEAD, NOTE, read

Row = dict[str, Any]


def cited(body: str, *keys: str) -> list[tuple[str, ...]]:
    """Return the chosen parts of each reference of a telegram from Ostria of 5 March 1931."""
    _, row = read(f"{NOTE}{HEAD}<p>{body}</p>")
    return [tuple(str(one.get(key, "")) for key in keys) for one in row["citations"]]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("The matter was raised in notes of February 1 and 20, and of March 3.",
         [("notes", "1931-02-01"), ("notes", "1931-02-20"), ("notes", "1931-03-03")]),
        ("I sent notes of February 1,11, and 20.",
         [("notes", "1931-02-01"), ("notes", "1931-02-11"), ("notes", "1931-02-20")]),
        ("I had your telegraphic instructions of January 9 and 13, but wait.",
         [("telegraphic instructions", "1931-01-09"), ("telegraphic instructions", "1931-01-13")]),
        ("I had two notes, dated, respectively, August 18 and September 6, 1929, from him.",
         [("notes", "1929-08-18"), ("notes", "1929-09-06")]),
        ("He read my letters of January 7 and 9, 1930.", [("letters", "1930-01-07"), ("letters", "1930-01-09")]),
        ("He read my telegrams of January 7, 3 p.m., and 9, noon.",
         [("telegrams", "1931-01-07"), ("telegrams", "1931-01-09")]),
        ("He read my letter of January 7 and that of January 9.",
         [("letter", "1931-01-07"), ("letter", "1931-01-09")]),
        ("Your January 7, noon, and January 8, 3 p.m.", [("", "1931-01-07"), ("", "1931-01-08")]),
        ("I had your four telegrams of the 2d and 3d instant, and wait.",
         [("telegrams", "1931-03-02"), ("telegrams", "1931-03-03")]),
        ("I had your telegrams of the 22d, 23d, and 24th ultimo.",
         [("telegrams", "1931-02-22"), ("telegrams", "1931-02-23"), ("telegrams", "1931-02-24")]),
        ("He read my letters of January 7, 9 pilots were there.", [("letters", "1931-01-07")]),
        ("He read my letters of January 7 and 9 pilots came.", [("letters", "1931-01-07")]),
        ("He read my letter of January 7, and 9 came.", [("letter", "1931-01-07")]),
        ("He read my letters of January 7, 30, and 31, and of February 30.",
         [("letters", "1931-01-07"), ("letters", "1931-01-30"), ("letters", "1931-01-31")]),
    ],
)  # fmt: skip
def test_each_day_of_a_list_is_a_document(body: str, found: list[tuple[str, str]]) -> None:
    assert cited(f"41. {body}", "kind", "date") == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("He cited the note of the Keeper General of the Harbor League, dated January 18, 1930.",
         ("note", "1930-01-18", "", "")),
        ("It was told in a memorandum from Brask to Captain Ulf B. Tavrin, Assistant to the Mayor, January 6.",
         ("memorandum", "1931-01-06", "", "brask")),
        ("It was told in a memorandum from the Director of Pilots (Rollo Brask) to Tavrin, January 6.",
         ("memorandum", "1931-01-06", "", "brask")),
        ("See telegram of January 6, 9 p.m., from the American Legation.", ("telegram", "1931-01-06", "", "")),
        ("Following telegram dated January 6 came from the Isles.", ("telegram", "1931-01-06", "", "")),
        ("In its note verbale of January 6th last it is so.", ("note verbale", "1931-01-06", "", "")),
        ("In his letter of January 6 it is so.", ("letter", "1931-01-06", "", "")),
        ("See the memorandum of the Department of State of January 6.", ("memorandum", "1931-01-06", "to", "")),
        ("See the letter to me from the Pilots' Board, dated January 6.", ("letter", "1931-01-06", "to", "")),
        ("See the letter to the Department of January 6.", ("letter", "1931-01-06", "from", "")),
        ("See a letter from the Legation dated January 6.", ("letter", "1931-01-06", "from", "")),
        ("See a letter from this Legation dated January 6.", ("letter", "1931-01-06", "from", "")),
    ],
)  # fmt: skip
def test_who_wrote_stands_between_a_document_and_its_day(body: str, found: tuple[str, ...]) -> None:
    assert cited(f"41. {body}", "kind", "date", "side", "writer") == [found]


@pytest.mark.parametrize(
    "body",
    [
        "He gave the note to the Keeper, who left on January 6.",
        "A letter to him regarding the treaty of January 6.",
        "The note of the agreement of January 6 is lost.",
        "The bank note to the Isles falls due on January 6.",
        "He wrote a letter to the Keeper. On January 6 he left.",
        "A telegram to the Keeper, received January 6, is lost.",
        "They take note of all, and January 6 is near.",
    ],
)
def test_the_day_of_another_thing_is_no_day_of_a_document(body: str) -> None:
    assert cited(f"41. {body}", "words") == []


def test_a_document_is_called_by_kind_and_day_where_its_words_do_not_tell_them() -> None:
    body = (
        "41. I sent notes of February 1 and 20. "
        "A memorandum from Brask to Captain Ulf B. Tavrin, Assistant to the Mayor of the Harbor, January 6, is here."
    )
    _, row = read(f"{NOTE}{HEAD}<p>{body}</p>")
    one = ReferenceRecords(ReferenceIndex())
    one.of(row)

    assert sorted(record["label"]["en"] for record in one.things["document"].values()) == [
        "document cited as memorandum from Brask to Captain Ulf B. Tavrin, Assistant to… 1931-01-06",
        "document cited as notes of 1931-02-20",
        "document cited as notes of February 1",
    ]


def test_each_number_of_a_range_is_a_document_of_its_own() -> None:
    _, row = read(f"{NOTE}{HEAD}<p>41. Your telegrams 30–32 came.</p>")
    one = ReferenceRecords(ReferenceIndex())
    (records,) = one.of(row).values()

    mentioned = [record["mentions"] for record in records.values() if record["type"] == "Reference"]
    assert len({*mentioned}) == 3
    assert [one.things["document"][str(name).partition(":")[2]]["label"]["en"] for name in mentioned] == [
        f"document {number} cited as Your telegrams 30–32" for number in (30, 31, 32)
    ]


@pytest.mark.parametrize(
    ("writers", "found"), [(["brask"], True), (["tavrin"], False), ([], False)],
)  # fmt: skip
def test_a_writer_who_is_no_party_leads_to_what_he_wrote_alone(writers: list[str], found: bool) -> None:
    _, citing = read(f"{NOTE}{HEAD}<p>41. See a memorandum from Brask to Tavrin, January 6.</p>")
    sent: Row = {"name": "d2", "id": "d2", "volume": "harbor1931v01", "kind": "Document", "numbers": [],
                 "date": "1931-01-06", "hour": "", "from": ["ostrian mission"], "to": citing["from"],
                 "pages": ["pg_1"], "writers": writers}  # fmt: skip
    index = ReferenceIndex()
    index.add([citing, sent])

    assert (index.find(citing, citing["citations"][0]) is sent) is found


def test_a_note_speaks_of_all_days_of_a_list() -> None:
    listed = "see despatches of February 20, February 24, and March 3"
    note = "<note n='1' xml:id='d9fn1'>{0}</note>"

    for said, found in (
        ("None printed.", ["None printed"] * 3),
        ("Neither printed.", ["", *["Neither printed"] * 2]),
    ):
        assert [
            one for (one,) in cited(f"41. He wrote ({listed}{note.format(said)}).", "not_printed")
        ] == found


def test_what_is_not_printed_is_no_document_of_its_kind_on_the_day() -> None:
    citing: Row = {"name": "d1", "id": "d1", "volume": "v", "kind": "Communication", "numbers": [], "hour": "",
                   "date": "1931-03-04", "from": ["ostria"], "to": ["department"], "pages": ["pg_1"]}  # fmt: skip
    index = ReferenceIndex()
    index.add([citing, {**citing, "name": "d2", "id": "d2", "date": "1931-02-20"}])
    told = {"kind": "despatch", "date": "1931-02-20"}

    assert index.find(citing, told) is not None
    assert index.find(citing, {**told, "not_printed": "Not printed"}) is None


def test_a_note_that_names_another_day_cites_of_its_own() -> None:
    note = "<note n='1' xml:id='d9fn1'>Sent in telegram No. 25, Feb. 3, 7 p.m., <ref target='#pg_4'>p. 4</ref>.</note>"
    body = f"41. He has the memorandum of February 10{note} there."

    assert cited(body, "number", "date", "page") == [("", "1931-02-10", ""), ("25", "1931-02-03", "pg_4")]


def test_the_parties_of_a_note_are_not_those_of_the_head() -> None:
    note = "<note n='1' xml:id='d9fn1'>See a memorandum by the Assistant Secretary of State, dated Feb. 3.</note>"

    assert cited(f"41. He came.{note}", "date", "side", "sender") == [("1931-02-03", "", "department")]


@pytest.mark.parametrize(
    ("between", "denied"),
    [
        (", from the Keeper on detail at Varna", True),
        (" of February 20, 1931, 3 p.m., from the Keeper of Pilots in the Outer Isles", True),
        (" of February 20, from the Keeper in reply to what the pilots had written of him", False),
        (" of February 20. It was sent to all the pilots of the Outer Harbor with a map", False),
    ],
)
def test_day_hour_and_party_may_stand_between_a_number_and_its_note(between: str, denied: bool) -> None:
    note = "<note n='1' xml:id='d9fn1'>Neither printed.</note>"
    body = f"41. I enclose despatches No. 127 of February 19 and No. 140{between}{note} in regard to boats."

    assert cited(body, "number", "not_printed") == [
        (number, "Neither printed" if denied else "") for number in ("127", "140")
    ]


def test_a_day_for_each_of_several_numbers_is_not_that_of_all() -> None:
    assert cited("41. My telegrams Nos. 40 and 49 of the 2d and 3d instant.", "number", "date") == [
        ("40", ""),
        ("49", ""),
    ]
    assert cited("41. My telegram No. 40 of the 2d instant.", "number", "date") == [("40", "1931-03-02")]


def test_series_that_are_called_by_a_word() -> None:
    assert cited("41. Drafted before Delga 847 came, and after Tosec 12.", "kind", "number") == [
        ("delga", "847"),
        ("tosec", "12"),
    ]
