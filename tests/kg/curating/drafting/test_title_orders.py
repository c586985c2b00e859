"""Titles whose words stand in other orders, numbers and marks of such heads, each on an invented text."""

from __future__ import annotations

import pytest

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.page_draft import page_draft
from kg.curating.drafting.source.found import SourceText

BODY = "\n\nThe boats have left the harbour, and nobody can say when they will be back from the banks.\n"

TITLES = [
    ("Telegram, Ambassador Falk to Foreign Ministry, 15 July 1950",
     "telegram", [("Falk", "Ambassador")], [("Foreign Ministry", "")]),
    ("Ciphered telegram, Falk to Soviet ambassador in Oslo",
     "ciphered telegram", [("Falk", "")], [("", "Soviet ambassador in Oslo")]),
    ("Danish Embassy in New Delhi (Brask), Ciphertelegram No. 1587",
     "ciphertelegram", [("Brask", ""), ("Danish Embassy in New Delhi", "")], []),
    ("Ciphertelegram No. 1749 from the Danish Embassy in Oslo (Brask)",
     "ciphertelegram", [("Brask", ""), ("Danish Embassy in Oslo", "")], []),
    ("Telegram From the Consulate General in Hong Kong to the Department of State",
     "telegram", [("Consulate General in Hong Kong", "")], [("Department of State", "")]),
    ("Cable of the Permanent Mission of Norway to the United Nations, New York, to the Ministry of Fisheries, Oslo, no. 84.310, 29 October 1962",
     "cable", [("Permanent Mission of Norway to the United Nations", "")], [("Ministry of Fisheries", "")]),
    ("Telegram from the Army Attaché in Turkey to the Department of the Army",
     "telegram", [("", "Army Attaché in Turkey")], [("Department of the Army", "")]),
]  # fmt: skip


def drafted(finders: Finders, text: str) -> Draft:
    return page_draft("one", SourceText.of(text), finders)


def names(draft: Draft, member: str) -> list[str]:
    return [found.value for found in draft.lists.get(member, [])]


def numbers(draft: Draft) -> list[object]:
    return [(one.series, one.numbers) for one in draft.numbers]


@pytest.mark.parametrize(("line", "kind", "senders", "recipients"), TITLES)
def test_a_title_in_another_order_names_its_sides(
    finders: Finders,
    line: str,
    kind: str,
    senders: list[tuple[str, str]],
    recipients: list[tuple[str, str]],
) -> None:
    title = finders.titles.read(line)

    assert title is not None
    assert title.kind == kind
    assert [(party.name, party.role) for party in title.senders] == senders
    assert [(party.name, party.role) for party in title.recipients] == recipients


@pytest.mark.parametrize(
    "line",
    ["Cables, ropes and nets went to the harbour", "The Embassy in Oslo (Brask), as a rule, is closed"],
)
def test_a_sentence_with_a_comma_is_no_title(finders: Finders, line: str) -> None:
    assert finders.titles.read(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Danish Embassy, Oslo (Brask), to Foreign Ministry (Lind), 2 May 1962",
        "Mr. Ormsby Falk to Foreign Office",
    ],
)
def test_a_title_without_a_kind_and_an_article_names_its_sides(finders: Finders, line: str) -> None:
    title = finders.titles.read_sides(line)

    assert title is not None
    assert title.senders[0].name in ("Brask", "Ormsby Falk")
    assert [party.name for party in title.recipients][-1] in ("Foreign Ministry", "Foreign Office")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Cable of the Embassy in Oslo to the Ministry of Fisheries, no. 84.310, 2 May 1962", [("telegram", ("84.310",))]),
        ("Cable No. 31 from the Embassy in Oslo to the Ministry of Fisheries, 2 May 1962", [("telegram", ("31",))]),
        ("Telegram from Falk to Lind\n\nN. 14277/1\n\nOslo, May 2, 1962", [("telegram", ("14277/1",))]),
        ("Telegram from Falk to Lind\nNo. 2217/GS            May 2, 1962", [("telegram", ("2217/GS",))]),
        ("Telegram from Falk to Lind\n\nOslo, May 2, 1962, 0915Z.\n\nSecto 12. He came.", [("telegram", ("Secto 12",))]),
    ],
)  # fmt: skip
def test_a_number_of_a_head_is_kept_as_its_office_writes_it(
    finders: Finders, head: str, expected: list[object]
) -> None:
    draft = drafted(finders, head + BODY)

    assert numbers(draft) == expected
    assert draft.single["date"].value == "1962-05-02"
    assert draft.references == []


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("Re USUN 731. He came.", ["731"]),
        ("Ref: A. State 24117; B. Hong Kong 877 (Notal).", ["24117", "877"]),
        ("Reported earlier in No. 541.", ["541"]),
        ("The matter raised in your no. 3/019.226 will be settled.", ["3/019.226"]),
        ("He was seen in Paris 14 times.", []),
    ],
)
def test_a_reference_names_the_post_or_the_office_writes_points(
    finders: Finders, words: str, cited: list[str]
) -> None:
    found = finders.references.find(SourceText.of(words), 0, len(words), 1962)

    assert [number for one in found for number in one.numbers] == cited


def test_a_table_in_one_cell_is_no_label_and_a_distribution_names_nobody(finders: Finders) -> None:
    text = (
        "Enciphered cable on the price of cod in Oslo, 2 May 1962\n\nCopy No. 7\n\n[Distribution: Tovar, Kelm, Ostby]\n\n"
        f"From: Oslo No. 20419 Time: 9:10 Date: 2.V.1962\n\nSpecial No. 547\n\nUrgent{BODY}\n2.V.62\n\nTISHKOV\n"
    )
    draft = drafted(finders, text)

    assert draft.single["title"].value == "Enciphered cable on the price of cod in Oslo"
    assert names(draft, "places") == ["Oslo"]
    assert names(draft, "persons") == ["Tishkov"]
    assert numbers(draft) == [("incoming", ("20419",)), ("special", ("547",))]


def test_persons_whom_a_line_addresses_are_recipients(finders: Finders) -> None:
    text = (
        "2 May 1962 / Cable from Oslo from Falkov and Colonel Dunov on cod\n\nCopy No. 1\n\n"
        f"Cde. A. A. Brask; Cde. R. Ya. Lind{BODY}\nFALKOV\nDUNOV\n"
    )
    draft = drafted(finders, text)

    assert [party.name for party in draft.recipient] == ["A. A. Brask", "R. Ya. Lind"]
    assert [party.name for party in draft.sender] == ["Falkov", "Dunov"]


def test_a_signature_of_one_part_of_the_name_is_no_second_sender(finders: Finders) -> None:
    text = (
        "Telegram from the Italian Ambassador in Oslo, Aldini di Fontana, to the Minister of Foreign Affairs, Bassi\n\n"
        f"May 2, 1962{BODY}\n[signed] Aldini\n"
    )

    assert [party.name for party in drafted(finders, text).sender] == ["Aldini di Fontana"]


@pytest.mark.parametrize("mark", ["(ss) ", "/-/ ", "/s/ "])
def test_a_mark_before_a_signature_is_no_part_of_it(finders: Finders, mark: str) -> None:
    end = f"It is so.\n\n{mark}Mirko Haral\n"

    assert [name.value for name in finders.signatures.read(SourceText.of(end), (0, len(end))).names] == [
        "Mirko Haral"
    ]


@pytest.mark.parametrize(
    ("words", "persons"),
    [
        ("Slimane (Tunisia) and Quaye (Ghana) will ask for it.", ["Slimane", "Quaye"]),
        ("He spoke of the raid on Kokkinos and Polidos.", []),
        ("Kim Yong Nam came with Tviberg.", ["Kim Yong Nam", "Tviberg"]),
    ],
)
def test_delegates_and_names_of_three_words_are_persons_and_raided_towns_are_not(
    finders: Finders, words: str, persons: list[str]
) -> None:
    draft = drafted(finders, f"Telegram from Lind to Brask\n\nMarch 3, 1951\n\n{words}\n")

    assert [name for name in names(draft, "persons") if name not in ("Lind", "Brask")] == persons


def test_a_stroke_before_the_year_of_the_document_is_no_range(finders: Finders) -> None:
    text = f"Telegram from Falk to Lind\n\nMay 2, 1963\n\nCiphered telegram 266/63\nConfidential\n\nSupplement to our telegram 259/63.{BODY}"
    draft = drafted(finders, text)

    assert numbers(draft) == [("telegram", ("266/63",))]
    assert [one.numbers for one in draft.references] == [("259/63",)]


def test_the_addressee_of_the_head_stands_for_the_place_of_the_title(finders: Finders) -> None:
    text = f"4 March 1946 / Enciphered telegram from Oslo to Moscow on cod\n\nTop Secret\nNo copies to be made\n\nTo Comrade Brask{BODY}"
    draft = drafted(finders, text)

    assert [party.name for party in draft.recipient] == ["Brask"]
    assert names(draft, "classification") == ["Top Secret", "No copies to be made"]


@pytest.mark.parametrize(
    ("words", "places", "persons"),
    [
        ("The boats at Brennvik and Kelmsby will stay.", ["Brennvik", "Kelmsby"], []),
        ("Ostby drove to Brennvik at night.", ["Brennvik"], ["Ostby"]),
        ("He said that Brennvik airfield was closed.", ["Brennvik"], []),
        ("He lives on Tovar Street with his sister.", ["Tovar Street"], []),
        ("He wrote to Ostby of it, in the presence of Tviberg.", [], ["Ostby", "Tviberg"]),
    ],
)
def test_words_beside_a_name_tell_a_town_from_a_person(
    finders: Finders, words: str, places: list[str], persons: list[str]
) -> None:
    draft = drafted(finders, f"Telegram from Lind to Brask\n\nMarch 3, 1951\n\n{words}\n")

    assert names(draft, "places") == places
    assert [name for name in names(draft, "persons") if name not in ("Lind", "Brask")] == persons
