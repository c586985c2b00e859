"""Titles, their parties, and the labels of archives' pages."""

from __future__ import annotations

import pytest

from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.page_draft import page_draft
from kg.curating.drafting.composing.tei_people import office_at
from kg.curating.drafting.finding.same_person import initialled
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


# Heads in which more, or less, than one sender stands; people and offices are invented.
SIDES = [
    ("The Delegates to the Conference on Buoys (Norrby and Falk) to the Secretary of State",
     [("Norrby", "Delegates to the Conference on Buoys"), ("Falk", "Delegates to the Conference on Buoys")]),
    ("Messrs. Norrby, Falk, and Ostby to the Secretary of State", [("Norrby", ""), ("Falk", ""), ("Ostby", "")]),
    ("Mr. Thorvald W. Lind of J. P. Ostby & Co. to the Secretary of State", [("Thorvald W. Lind", "")]),
    ("Mr. John H. Lind, on Special Mission to the North, to the Secretary of State", [("John H. Lind", "")]),
    ("The Minister in the Kingdom of the Fjords, Isles and Skerries (Lind) to the Secretary of State",
     [("Lind", "Minister in the Kingdom of the Fjords, Isles and Skerries")]),
    ("The Solicitor for the Department of State (Hallworth) to the Secretary of State",
     [("Hallworth", "Solicitor for the Department of State")]),
    ("Sergeant Jonas V. Falk to the Secretary of State", [("Jonas V. Falk", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "senders"), SIDES)
def test_each_sender_of_an_old_title_is_one_party(
    finders: Finders, line: str, senders: list[tuple[str, str]]
) -> None:
    title = finders.titles.read_sides(line)

    assert title is not None
    assert [(party.name, party.role) for party in title.senders] == senders


def test_with_whom_a_memorandum_says_to_have_spoken_has_not_written_it(finders: Finders) -> None:
    title = finders.titles.read(
        "Memorandum by the Secretary of State of a Conversation With the Norwegian Minister (Falk)"
    )

    assert title is not None
    assert [(party.name, party.role) for party in title.senders] == [("", "Secretary of State")]


@pytest.mark.parametrize(
    ("initials", "name", "same"),
    [
        ("W. W.", "Wilson", True),
        ("E B W", "Mrs. Wilson", True),
        ("A. F.", "Lind", False),
        ("Falk", "Falk", False),
    ],
)
def test_initials_alone_are_of_the_name_that_ends_with_the_last(initials: str, name: str, same: bool) -> None:
    assert initialled(initials, name) is same


@pytest.mark.parametrize(
    ("end", "signed"),
    [
        ("It is so.\n\nConfidential\n", []),
        ("It is so.\n\nAmbassador in Oslo      J. Falk\n", ["J. Falk"]),
        ("It is so.\n\nBergen\nConsul General\n", ["Bergen"]),
        ("It is so.\n\nBergen\n", []),
    ],
)
def test_a_signature_is_a_name_and_no_mark_nor_a_place(finders: Finders, end: str, signed: list[str]) -> None:
    source = SourceText.of(end)

    assert [name.value for name in finders.signatures.read(source, (0, len(end))).names] == signed


@pytest.mark.parametrize(
    ("head", "senders"),
    [
        (
            "FROM: I. Lind, Chief of the First Department\nTO: Department of State",
            [("I. Lind", "Chief of the First Department", "")],
        ),
        ("FROM: FALKLUND, UNATIONS, NEW YORK\nTO: Department of State", [("FALKLUND", "", "New York")]),
    ],
)
def test_a_label_names_a_person_with_office_or_place(
    finders: Finders, head: str, senders: list[tuple[str, str, str]]
) -> None:
    text = f"TELEGRAM\n{head}\nNO: 12\nDATE: May 3, 1951\nSECRET\n\nThe boats have left the harbour and are not back.\n"
    draft = page_draft("one", SourceText.of(text), finders)

    assert [(party.name, party.role, party.place) for party in draft.sender] == senders


def test_an_addressee_is_told_from_its_precedence_and_number(finders: Finders) -> None:
    text = "OUTGOING TELEGRAM\nSECRET\nSENT TO: Amembassy OSLO  PRIORITY 802\nMay 3, 1951\n\nThe boats have left the harbour.\n"
    draft = page_draft("one", SourceText.of(text), finders)

    assert [party.name for party in draft.recipient] == ["Amembassy OSLO"]
    assert [mark.value for mark in draft.lists["priority"]] == ["PRIORITY"]
    assert [numbers.numbers for numbers in draft.numbers] == [("802",)]
