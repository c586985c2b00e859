"""Kinds of heads, each on an invented text: who signed with an office, readers, subjects, places told at length."""

from __future__ import annotations

import pytest

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.page_draft import page_draft
from kg.curating.drafting.composing.refusal import why_no_document
from kg.curating.drafting.source.found import SourceText

BODY = "\n\nThe boats have left the harbour, and nobody can say when they will be back from the banks.\n"


def drafted(finders: Finders, text: str) -> Draft:
    return page_draft("one", SourceText.of(text), finders)


def names(draft: Draft, member: str) -> list[str]:
    return [found.value for found in draft.lists.get(member, [])]


def test_a_subject_in_quotation_marks_is_no_part_of_a_side(finders: Finders) -> None:
    title = finders.titles.read("Cable from the Norwegian Embassy in Chile, 'On the Price of Cod'")

    assert title is not None
    assert [party.name for party in title.senders] == ["Norwegian Embassy in Chile"]


def test_a_footnote_mark_is_no_part_of_a_title(finders: Finders) -> None:
    title = finders.titles.read("Telegram From the Embassy in Norway to the Department of State1")

    assert title is not None
    assert title.recipients[0].name == "Department of State"


@pytest.mark.parametrize(
    ("line", "recipient"),
    [
        ("To the Foreign Ministry, with a copy to the Ministry of Fisheries:", ["Foreign Ministry"]),
        ("To: Ministry of Fisheries", ["Ministry of Fisheries"]),
        ("To this nothing can be added.", []),
    ],
)
def test_an_addressee_stands_on_a_line_of_its_own(finders: Finders, line: str, recipient: list[str]) -> None:
    draft = drafted(finders, f"March 3, 1951\n\nCable from the Embassy in Oslo, 'On Cod'\n\n{line}{BODY}")

    assert [party.name for party in draft.recipient] == recipient


@pytest.mark.parametrize(
    "line", ["Reader: Comrade Lind A.P.", "To be circulated to members of the Board", "https://example.org/3"]
)
def test_readers_and_addresses_do_not_end_a_head(finders: Finders, line: str) -> None:
    text = f"3 March 1951 / Enciphered cable from Oslo from Falk on cod\n\n{line}\n\nTOP SECRET\n\nCopy No. 4{BODY}"
    draft = drafted(finders, text)

    assert names(draft, "classification") == ["TOP SECRET"]
    assert draft.single["copy_number"].value == "4"
    assert [party.name for party in draft.sender] == ["Falk"]


def test_a_telegram_with_day_of_the_week_and_subject_has_its_number(finders: Finders) -> None:
    text = (
        "March 3, 1951\nTelegram from the Chilean Embassy in Oslo (Bastian Pinto)\n\nCONFIDENTIAL\n"
        f"THE PRICE OF COD\n\n59 - THURSDAY - 1130 - Addition to my telegram no. 57.{BODY}"
    )
    draft = drafted(finders, text)

    assert [(n.series, n.numbers) for n in draft.numbers] == [("telegram", ("59",))]
    assert names(draft, "classification") == ["CONFIDENTIAL"]


def test_a_number_is_of_the_series_behind_its_quality(finders: Finders) -> None:
    text = f"Telegram from Falk to Lind\n\nMarch 3, 1951\n\nCIPHERED TELEGRAM No. 1147{BODY}"

    assert [(n.series, n.numbers) for n in drafted(finders, text).numbers] == [("telegram", ("1147",))]


def test_labels_below_a_long_title_name_the_sides(finders: Finders) -> None:
    text = (
        "Cipher telegram from the Soviet Embassy in Oslo regarding the talk with the minister about the price of cod\n"
        "From: Oslo                 To: USSR MFA, copy to USSR Ministry of Fisheries\n\n"
        f"Spec. No. 415 March 3, 1951 Oslo\n\nCopy No. 12{BODY}\nUSSR Ambassador A. Falk\n"
    )
    draft = drafted(finders, text)

    assert draft.single["title"].value.endswith("cod")
    assert [party.name for party in draft.sender] == ["A. Falk", "Soviet Embassy in Oslo"]
    assert [party.name for party in draft.recipient] == ["USSR MFA"]
    assert [n.numbers for n in draft.numbers] == [("415",)]
    assert "USSR MFA" not in names(draft, "places")


@pytest.mark.parametrize(
    ("end", "signed"),
    [
        ("It is so.\n\nUSSR Ambassador A. Falk\n", ["A. Falk"]),
        ("It is so.\n\nThe naval attaché in Norway\nColonel FALKLUND\n", ["Falklund"]),
    ],
)
def test_office_and_rank_are_no_part_of_who_signed(finders: Finders, end: str, signed: list[str]) -> None:
    found = finders.signatures.read(SourceText.of(end), (0, len(end)))

    assert [name.value for name in found.names] == signed


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ('U. S. S. "Harrier," at Sea, June 2, 1919.', "1919-06-02"),
        ("Green Hill Gate, Ashley, Wickham, Kent. August 8, 1919.", "1919-08-08"),
        ("Oslo, December 25 [and 26], 1917, 4 p.m.", "1917-12-25"),
    ],
)
def test_a_day_stands_behind_a_place_told_at_length(finders: Finders, line: str, day: str) -> None:
    text = f"763.72/55: Telegram\n\nPresident Lind to the Emperor of Norway\n\n{line}{BODY}\nThorvald Lind\n"
    draft = drafted(finders, text)

    assert draft.single["date"].value == day
    assert [party.name for party in draft.sender] == ["Thorvald Lind"]


@pytest.mark.parametrize(
    "title", ["Colonel E. M. Lind to the Secretary of State", "Admiral Lind to Admiral Falk"]
)
def test_persons_with_ranks_on_both_sides_make_a_title(finders: Finders, title: str) -> None:
    draft = drafted(finders, f"{title}\n\nOslo, December 5, 1918.{BODY}")

    assert draft.single["title"].value == title
    assert why_no_document(draft, finders) == ""


def test_words_of_a_search_page_in_a_text_with_a_head_are_its_own(finders: Finders) -> None:
    body = (
        BODY.strip() + " The voyage had important results for the town, and there are 12 results to be told."
    )
    text = f"The Minister in Norway (Lind) to the Secretary of State\n\nOslo, May 3, 1921.\n\n{body * 2}\n\nLind\n"

    assert why_no_document(drafted(finders, text), finders) == ""


def test_a_note_with_a_number_names_archive_and_posts(finders: Finders) -> None:
    text = (
        "23. Telegram From the Embassy in Norway to the Department of State1\n\nOslo, February 7, 1961, 6 p.m.\n\n"
        f"1503. Eyes only Ambassador. Recommend Department wait.{BODY}\nLind\n\n"
        "1. Source: Department of State, Central Files, 751/2-761. Secret; Niact. Repeated to Lima and Paris.\n"
    )
    draft = drafted(finders, text)

    assert draft.single["archive"].value == "Department of State, Central Files, 751/2-761"
    assert names(draft, "classification") == ["Secret", "Eyes only"]
    assert [(n.series, n.numbers) for n in draft.numbers] == [
        ("edition_document", ("23",)),
        ("telegram", ("1503",)),
    ]
    assert {"Lima", "Paris"} <= set(names(draft, "places"))
    assert "Recommend Department" not in names(draft, "organisations")


@pytest.mark.parametrize(
    ("words", "persons"),
    [
        ("Falk, Minister for Foreign Affairs, handed me a note.", ["Falk"]),
        ("The trade representative, Tviberg, had left.", ["Tviberg"]),
        ("A Dane, adviser of Tviberg, came by.", ["Tviberg"]),
        ("He said that Tviberg and Ostrand told him so.", ["Tviberg", "Ostrand"]),
        ("Zhou Tieshan received me, and Zhou was tired.", ["Zhou Tieshan"]),
        ("I heard that Kelm Tovar took the fort.", ["Kelm Tovar"]),
        ("He wrote to Deputy Minister Tviberg N.S. of it.", ["Tviberg N.S."]),
        ("It was Chief of Staff Tviberg who told it.", ["Tviberg"]),
        ("French Consul General, du Bosquier, who knows nothing, left.", ["du Bosquier"]),
        ("A letter of the clerk was lost.", []),
    ],
)
def test_words_beside_a_name_show_a_person(finders: Finders, words: str, persons: list[str]) -> None:
    draft = drafted(finders, f"Telegram from Lind to Brask\n\nMarch 3, 1951\n\n{words}\n")

    assert [name for name in names(draft, "persons") if name not in ("Lind", "Brask")] == persons


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("Please refer to our cable of June 9, No. 317, on it.", ["317"]),
        ("Departmental telegram 178 (1) repeated to us.", ["178"]),
        ("We bought 178 (2) of them.", []),
    ],
)
def test_a_reference_has_its_number_behind_a_day_or_before_a_footnote(
    finders: Finders, words: str, numbers: list[str]
) -> None:
    found = finders.references.find(SourceText.of(words), 0, len(words), 1961)

    assert [number for one in found for number in one.numbers] == numbers


def test_a_town_that_no_table_has_is_told_by_in_and_at_alone(finders: Finders) -> None:
    words = "The clash at Brennvik was short. Following from Tovarin. In Kelmsby's view it is over."
    draft = drafted(finders, f"Telegram from Lind to Brask\n\nMarch 3, 1951\n\n{words}\n")

    assert names(draft, "places") == ["Brennvik"]
