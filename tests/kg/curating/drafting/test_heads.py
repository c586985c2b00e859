"""Titles, their parties, and the labels of archives' pages."""

from __future__ import annotations

import pytest

from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.tei_people import office_at
from kg.curating.drafting.source.found import SourceText

TITLES = [
    ("Telegram of Soviet Ambassador to Norway P.T. Velikanov to the USSR Ministry of Fisheries (MF), 7 March 1951",
     "telegram", [("P.T. Velikanov", "Soviet Ambassador to Norway", "")], [("USSR Ministry of Fisheries", "", "")]),
    ("14 March 1951 / Enciphered cable from Oslo from Velikanov on his talk with O. Nesset",
     "enciphered cable", [("Velikanov", "", "Oslo")], []),
    ("4. Telegram From the Mission to the United Nations to the Department of State",
     "telegram", [("Mission to the United Nations", "", "")], [("Department of State", "", "")]),
    ("Telegram from GRANIT (Soviet Defense Minister Lev Grot) to PAVEL (General Issa Plotnik)",
     "telegram", [("Lev Grot", "Soviet Defense Minister", "")], [("Issa Plotnik", "General", "")]),
    ("Telegram from Zubatov and Dolinin to Velikanov",
     "telegram", [("Zubatov", "", ""), ("Dolinin", "", "")], [("Velikanov", "", "")]),
    ("Telegram From the Department of State to Secretary of State Hadleigh, at Geneva",
     "telegram", [("Department of State", "", "")], [("Hadleigh", "Secretary of State", "Geneva")]),
    ("Telegram from the Chilean Embassy in Oslo (Bastian Pinto), 8:30 p.m., Friday",
     "telegram", [("Bastian Pinto", "", ""), ("Chilean Embassy in Oslo", "", "")], []),
    ("Telegram to Soviet Ambassador in Oslo from USSR Foreign Ministry",
     "telegram", [("USSR Foreign Ministry", "", "")], [("", "Soviet Ambassador in Oslo", "")]),
    ("Телеграмма посла СССР на Кубе А.И. Тихонова в МИД СССР",
     "телеграмма", [("А.И. Тихонова", "посла СССР на Кубе", "")], [("МИД СССР", "", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "senders", "recipients"), TITLES)
def test_a_title_names_kind_and_parties(
    finders: Finders, line: str, kind: str, senders: list[object], recipients: list[object]
) -> None:
    title = finders.titles.read(line)

    assert title is not None
    assert title.kind == kind
    assert [(p.name, p.role, p.place) for p in title.senders] == senders
    assert [(p.name, p.role, p.place) for p in title.recipients] == recipients


@pytest.mark.parametrize(
    "line",
    [
        "Letters of the same text were sent to all posts",
        "The pilots came to the harbour.",
        "cable from nobody",
        "",
    ],
)
def test_a_sentence_is_no_title(finders: Finders, line: str) -> None:
    assert finders.titles.read(line) is None


def test_an_old_title_is_divided_behind_the_name_in_brackets(finders: Finders) -> None:
    title = finders.titles.read_sides(
        "The Secretary to the President (Tarrant) to the Minister in Norway (Hartwell)"
    )

    assert title is not None
    assert [(p.name, p.role) for p in title.senders] == [("Tarrant", "Secretary to the President")]
    assert [(p.name, p.role) for p in title.recipients] == [("Hartwell", "Minister in Norway")]


def test_what_is_no_telegram_is_not_called_one(finders: Finders) -> None:
    title = finders.titles.read("Note from First Deputy Minister V.V. Kosmin regarding draft information")

    assert title is not None
    assert (title.kind, title.senders[0].role) == ("note", "First Deputy Minister")


def test_a_title_that_is_broken_over_lines_is_joined(finders: Finders) -> None:
    text = "Telegram from Soviet Ambassador to Norway Velikanov to the USSR\nForeign Ministry, 16 March 1951\n\nTOP SECRET\n\nToday I called on him.\n"

    layout = finders.layouts.read(SourceText.of(text))

    assert layout.title is not None
    assert layout.title.recipients[0].name == "USSR Foreign Ministry"
    assert layout.title.date == "1951-03-16"
    assert text[layout.body[0] :].startswith("Today")


@pytest.mark.parametrize(
    ("title", "line", "numbers"),
    [
        ("Telegram from the Embassy in Oslo to the Foreign Ministry", "No. 311", [("telegram", ("311",))]),
        (
            "Despatch from the Legation in Oslo to the Foreign Ministry",
            "Nos. 31-32.",
            [("despatch", ("31", "32"))],
        ),
        ("The Minister in Norway (Hartwell) to the Secretary of State", "No. 152", []),
        ("Telegram from the Embassy in Oslo to the Foreign Ministry", "No. 311 of the file", []),
    ],
)
def test_a_number_alone_is_of_the_series_of_such_documents(
    finders: Finders, title: str, line: str, numbers: list[object]
) -> None:
    head = finders.layouts.read(SourceText.of(f"{title}\n\nMarch 3, 1951\n\n{line}\n\nHe came.\n")).head

    assert [(n.series, n.numbers) for n in head.numbers] == numbers


def test_bare_numbers_of_a_head_are_probably_incoming_ones(finders: Finders) -> None:
    text = "Telegram from Velikanov to USSR MFA\n\nMarch 3, 1951\n\n50390 50396\n\nSpecial # 17-18 Top priority\n\nHe came.\n"

    head = finders.layouts.read(SourceText.of(text)).head

    assert [(n.series, n.numbers, n.printed.certainty) for n in head.numbers] == [
        ("incoming", ("50390", "50396"), "probable"),
        ("special", ("17", "18"), "certain"),
    ]
    assert [mark.value for mark in head.marks["priority"]] == ["Top priority"]


@pytest.mark.parametrize(
    ("said", "date", "office"),
    [
        ("Consul until May 1912; thereafter Minister", "1912-05-02", "Consul"),
        ("Consul until May 1912; thereafter Minister", "1912-06-02", "Minister"),
        ("Pilot from June 1912", "1912-06-02", "Pilot"),
        ("Pilot from June 1912", "1912-05-02", ""),
        ("Pilot until 1911", "1912-05-02", ""),
        ("Pilot of Bergen", "1912-05-02", "Pilot of Bergen"),
    ],
)
def test_the_office_is_that_of_the_day(said: str, date: str, office: str) -> None:
    assert office_at(said, date) == office
