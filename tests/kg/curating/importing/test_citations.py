"""What invented documents cite: by number, by day, in notes; and to which document that leads."""

from __future__ import annotations

from typing import Any

import pytest

from kg.curating.importing.references.reference_index import ReferenceIndex

from .conftest import HEAD, NOTE, cited, read

Row = dict[str, Any]
FN = "<note n='{0}' xml:id='d9fn{0}'>{1}</note>"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("41. My telegrams 38 and 39 yesterday and March 3.", [("38", "from"), ("39", "from")]),
        ("41. I had the telegraphic instructions 10 and 11, and obey.", [("10", "to"), ("11", "to")]),
        ("41. See telegram 19 sent by the Harbor Office.", [("19", "")]),
        ("41. With reference to Department’s 31 I wait.", [("31", "to")]),
        ("41. Your telegram No. 3448 [3948] came.", [("3948", "to")]),
        ("41. Your telegram No. 3448 [sic] came.", [("3448", "to")]),
        ("41. Your 3448 [3948] came.", [("3948", "to")]),
        ("41. Your telegram, No. 348, came.", [("348", "to")]),
        ("41. Department’s telegraphic instructions 10 and 11 came.", [("10", "to"), ("11", "to")]),
        ("41. Your 45, March 1, 2 p.m., and 48.", [("45", "to"), ("48", "to")]),
        ("41. Your 45, March 1, 2 [3] p.m., and 48, March 2.", [("45", "to"), ("48", "to")]),
        ("41. Your 25, March 1 and 3.", [("25", "to")]),  # two days
        ("41. Your 45, March 1, and 3 more.", [("45", "to")]),
        ("41. Your note No. 2423/70 of March 1 came.", [("2423/70", "to")]),
        ("41. Your notes Nos. 2423/25 came.", [("2423", "to"), ("2424", "to"), ("2425", "to")]),
        ("41. He has 19 ships and my 3 boats.", []),
    ],
)
def test_numbers_of_documents(body: str, found: list[tuple[str, str]]) -> None:
    assert cited(body, "number", "side") == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Sir: Your instruction to me of January 7 came.", [("1931-01-07", "to", "instruction")]),
        ("Sir: Your Excellency’s memorandum of January 7, 1930, came.", [("1930-01-07", "to", "memorandum")]),
        ("Sir: Your note under date of January 7 came.", [("1931-01-07", "to", "note")]),
        ("Sir: The Ostrian note of December 31st came.", [("1930-12-31", "", "note")]),
        ("Sir: My despatch of 7th January came.", [("1931-01-07", "from", "despatch")]),
        ("Sir: Your note of the 3d instant came.", [("1931-03-03", "to", "note")]),
        ("Sir: Your note of the 27th ultimo came.", [("1931-02-27", "to", "note")]),
        ("Sir: Your note of the 31st ultimo came.", []),  # there is no such day
        ("Sir: The pilots of January 7 came.", []),
        ("Sir: Department’s January 7, 4 p.m., came.", [("1931-01-07", "to", "")]),
        ("Sir: Department’s January 7 balance came.", []),
        ("Sir: My note No. 422 [442] of January 7 came.", [("1931-01-07", "from", "note")]),
        ("Sir: My note No. 422 of the 3d instant came.", [("1931-03-03", "from", "note")]),
    ],
)
def test_documents_by_their_day(body: str, found: list[tuple[str, str, str]]) -> None:
    assert cited(body, "date", "side", "kind") == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("41. Your 34 [33], January 14 [13], 5 p.m., came.", ("33", "1931-01-13", "17:00")),
        ("41. Your January 3, 5 [2] p.m., came.", ("", "1931-01-03", "14:00")),
        ("41. Your January 3 [4], noon, came.", ("", "1931-01-04", "12:00")),
        ("41. Your January 3 [4?], noon, came.", ("", "1931-01-03", "12:00")),  # the edition is not sure
        ("41. Your February 23 [30], noon, came.", ("", "1931-02-23", "12:00")),  # there is no such day
        ("41. Your 23, Jan. 18, 12 M., came.", ("23", "1931-01-18", "12:00")),
    ],
)
def test_what_an_edition_corrects(body: str, found: tuple[str, str, str]) -> None:
    assert cited(body, "number", "date", "hour") == [found]


@pytest.mark.parametrize(
    ("body", "relations"),
    [
        ("41. Your 455, January 6, 11 p.m., 458, January 8, 10 a.m., and 459. In view of it I wait.",
         ["repliesTo", "repliesTo", "repliesTo"]),
        ("41. Department’s telegrams: No. 109, January 2, 11 a.m.; No. 111, January 5, 4 p.m. I wait.",
         ["repliesTo", "repliesTo"]),
        ("41. Your 30, January 1, and your 31, January 2, came.", ["repliesTo", "repliesTo"]),
        ("41. In reply to your 30 of January 1, and 31 of January 2.", ["repliesTo", "repliesTo"]),
        ("41. My 36, January 1, and 38, January 3.", ["supplements", "supplements"]),
        ("41. Your 30, January 1, and my 36, January 2.", ["repliesTo", ""]),
        ("41. Your 30, January 1. I wait, as your 31, January 2, says.", ["repliesTo", ""]),
        ("For Brask from Vane. Your January 3, noon.", ["repliesTo"]),
        ("41. For Brask and Tavrin. 4. Your No. 118 came.", ["repliesTo"]),
        ("41. Personal for Brask. Your No. 118 came.", ["repliesTo"]),
        ("41. [From Brask.] Your 118 of January 2d. I agree.", ["repliesTo"]),
        ("41. For Brask [from Vane]. Your 118 of January 2d. I agree.", ["repliesTo"]),
        ("41. [For Brask.] My 118 of January 2. I agree.", ["supplements"]),
        ("41. Strictly confidential to Brask. Your 118, January 2, noon. I wait.", ["repliesTo"]),
        ("41. Most urgent for the Minister from Brask. Your 118, January 2.", ["repliesTo"]),
        ("41. [The pilots wait.] Your 118, January 2, is not here.", [""]),
        ("41. My 36, January 1, and your 30, January 2, regarding pilots.", ["supplements", "repliesTo"]),
        ("41. All stay in the harbor. Your No. 118 came.", [""]),
    ],
)  # fmt: skip
def test_what_is_answered_at_the_beginning(body: str, relations: list[str]) -> None:
    assert [relation for (relation,) in cited(body, "relation")] == relations


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ("41. Your cables 41, 43 and 44 of January 3, January 4 and January 6. I wait.", ["03", "04", "06"]),
        ("41. Your cables Nos. 41 and 43 of January 3 and 4. I wait.", ["03", "04"]),
        ("41. Your cables 41, 43 and 44 of January 3 and 4. I wait.", ["03", "03", "03"]),
        ("41. Your cables 41 and 43 of January 3. I wait.", ["03", "03"]),
        ("41. Your cables 41 and 43 of January 3, 7 p.m., and 9 p.m., respectively.", ["03", "03"]),
        ("41. Your 41 and 43, January 3, 7 p.m., and January 4, 9 p.m. I wait.", ["03", "04"]),
        ("41. Your 41 and 43, January 3, 7 p.m., and 4, 9 p.m. I wait.", ["03", "04"]),
    ],
)
def test_each_of_several_numbers_has_its_own_day(body: str, days: list[str]) -> None:
    assert cited(body, "date") == [(f"1931-01-{day}",) for day in days]


def test_hours_in_capitals() -> None:
    body = "41. My telegrams Nos. 37 of March 1, 2 P.M., and 38 of March 2, 10 A.M., came."

    assert cited(body, "number", "hour") == [("37", "14:00"), ("38", "10:00")]


def test_a_note_speaks_of_each_number_of_a_list() -> None:
    body = "41. My 37 and 38" + FN.format(1, "Neither printed.") + " are sent."

    assert cited(body, "number", "not_printed") == [("37", "Neither printed"), ("38", "Neither printed")]


def test_each_number_of_a_list_has_its_own_note() -> None:
    first = FN.format(1, "July 16, 8 p.m., <ref target='#pg_4'>p. 4</ref>.")
    body = f"41. Your instructions 10{first} and 11{FN.format(2, 'Supra.')} came."

    assert cited(body, "number", "page", "near", "date") == [
        ("10", "pg_4", "", "1931-07-16"),
        ("11", "", "supra", ""),
    ]


def test_a_note_speaks_of_two_references() -> None:
    body = "41. Your 30, March 1, and my 36, March 2," + FN.format(1, "Neither printed.") + " agree."

    assert [printed for (printed,) in cited(body, "not_printed")] == ["Neither printed", "Neither printed"]


def test_what_a_note_sends_to_is_not_what_is_not_printed() -> None:
    note = "Not printed; see telegram No. 64, Jan. 6, <hi>post</hi>, <ref target='#pg_4'>p. 4</ref>."
    body = "41. My 36, January 5." + FN.format(1, note)

    assert cited(body, "number", "date", "page", "not_printed") == [
        ("36", "1931-01-05", "", "Not printed"),
        ("64", "1931-01-06", "pg_4", ""),
    ]


def test_a_note_cites_without_a_link() -> None:
    body = "41. Repeat to Bern." + FN.format(1, "Sent there as Department’s telegram No. 46, March 4, 2 p.m.")

    # The sides of the document are not those of its edition's notes.
    assert cited(body, "number", "date", "hour", "side") == [("46", "1931-03-04", "14:00", "")]


def test_a_kind_is_kept_after_a_word_that_leads_to_a_number() -> None:
    for word in ("Sent as", "See"):
        body = "41. Repeat to Bern." + FN.format(1, f"{word} telegram No. 46, March 4, 1931.")
        assert cited(body, "kind", "number", "date") == [("telegram", "46", "1931-03-04")]
    assert cited("41. The text of article No. 7 stays, see Enclosure No. 12.", "number") == []


def test_the_day_of_a_change_is_not_the_day_of_a_document() -> None:
    note = "See resolution of Jan. 9, as amended Jan. 14, <hi>ante</hi>, <ref target='#pg_4'>p. 4</ref>."

    assert cited("41. All stay." + FN.format(1, note), "date", "page") == [("1931-01-09", "pg_4")]


def test_in_an_enclosure_others_write() -> None:
    inner = "<frus:attachment><head>Note</head><p>Your note of January 7 came, and my No. 3.</p></frus:attachment>"
    _, row = read(f"{NOTE}{HEAD}<p>41. I enclose a note.</p>{inner}")

    assert [(one["words"], one.get("side", "")) for one in row["citations"]] == [
        ("Your note of January 7", ""),
        ("my No. 3", ""),
    ]


def test_a_day_ahead_is_of_the_year_before() -> None:
    assert cited("41. Your 30, December 31, came.", "date") == [("1930-12-31",)]
    assert cited("41. Your 30, December 31, 1931, came.", "date") == [("1931-12-31",)]


def _row(name: str, **more: Any) -> Row:
    row = {"name": name, "id": name, "volume": "v", "kind": "Telegram", "numbers": ["7"], "date": "1931-03-02",
           "hour": "17:00", "from": ["department"], "to": ["isles"], "pages": ["pg_1"]}  # fmt: skip
    return {**row, **more}


CITING = _row("d1", date="1931-03-04", **{"from": ["ostria"], "to": ["department"]})
SEVEN = {"number": "7", "date": "1931-03-02", "side": "to"}


@pytest.mark.parametrize(
    ("sent", "cited", "found"),
    [
        (_row("d2"), {**SEVEN, "hour": "17:00"}, True),  # sent to others under the same number
        (_row("d2"), {**SEVEN, "hour": "09:00"}, False),
        (_row("d2", hour=""), SEVEN, True),
        (_row("d2", **{"from": ["isles"]}), {**SEVEN, "hour": ""}, False),
        (_row("d2", numbers=[], circular=True), {"kind": "circular", "date": "1931-03-02", "side": "to"}, True),
        (_row("d2", numbers=[], circular=True), {"hour": "17:00", "date": "1931-03-02", "side": "to"}, True),
        (_row("d2", numbers=[], circular=True), {"kind": "telegram", "date": "1931-03-02", "side": "to"}, False),
        (_row("d2", to=["ostria"]), {**SEVEN, "kind": "instruction"}, True),  # a telegraphic one
        (_row("d2", to=["ostria"]), {**SEVEN, "kind": "letter"}, False),
    ],
)  # fmt: skip
def test_what_was_sent_to_several_posts_is_printed_once(sent: Row, cited: Row, found: bool) -> None:
    index = ReferenceIndex()
    index.add([CITING, sent])

    assert (index.find(CITING, cited) is sent) is found


@pytest.mark.parametrize("word", ["Supra", "Infra"])
def test_a_note_alone_leads_to_the_document_beside(word: str) -> None:
    assert cited(
        f"41. A paper was sent today{FN.format(1, f'<hi>{word}</hi>.')} to him.", "words", "near"
    ) == [(word, word.lower())]


AHEAD = (
    "41. The pilots of the harbor were told by the watch that all of the boats are to stay where they are. "
)
LINK = "<ref target='#pg_4'>p. 4</ref>"


@pytest.mark.parametrize(
    ("body", "beside"),
    [
        ("The pilots were told" + FN.format(1, f"Ante, {LINK}."), ""),
        ("A cable to Tavrin, 176, December 1, 3 p.m.," + FN.format(1, f"Ante, {LINK}."), "176 1931-12-01"),
        ("The 24th day of July, 1930, 19 ships, 2.50 a ton" + FN.format(1, f"{LINK}."), "19 1930-07-24"),
        (f"[Here follows a paper of January 9, printed on {LINK}.]", "1931-01-09"),
        ("A paper of January 9" + FN.format(1, "<ref target='#pg_4'>pp. 4 ff.</ref>"), ""),  # several papers
    ],
)  # fmt: skip
def test_a_link_alone_has_the_numbers_and_days_that_stand_before_it(body: str, beside: str) -> None:
    assert [one for (one,) in cited(AHEAD + body, "beside") if one] == ([beside] if beside else [])


def test_a_page_that_is_named_for_a_footnote_is_no_document() -> None:
    for named in ("footnote 2", "footnote 2b,", "notes 3 and 4,"):
        assert cited("41. It is kept" + FN.format(1, f"See {named} {LINK}."), "page") == []


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        ("7", "d2"),
        ("9 1931-03-01", "d3"),
        ("7 1931-03-01", "d2"),  # the number before the day
        ("1931-03-01", ""),  # two of one day
        ("41", ""),  # its own number, which a third has, too
        ("", ""),
    ],
)
def test_what_stands_before_a_link_chooses_on_the_page(beside: str, found: str) -> None:
    day = {"date": "1931-03-01"}
    two, three = _row("d2", **day), _row("d3", numbers=["9"], **day)
    citing = {**CITING, "numbers": ["41"]}
    index = ReferenceIndex()
    index.add([citing, two, three, _row("d4", numbers=["41"])])

    one = index.find(citing, {"page": "pg_1", "beside": beside, "date": ""})

    assert (one["name"] if one else "") == found


ELSEWHERE = {"from": ["isles"], "to": ["department"], "kind": "Communication"}
HUNDRED = {"number": "107", "date": "1931-03-02", "side": "to"}


@pytest.mark.parametrize(
    ("sent", "cited", "found"),
    [
        (_row("d2", numbers=["107"]), HUNDRED, True),  # by the department, to others
        (_row("d2", numbers=["107"]), {**HUNDRED, "side": "from"}, False),
        (_row("d2", numbers=["107"], **ELSEWHERE), {**HUNDRED, "side": "from"}, True),
        (_row("d2", numbers=["107"], **ELSEWHERE), HUNDRED, False),
        (_row("d2", numbers=["107"], volume="w", **ELSEWHERE), {**HUNDRED, "side": "from"}, False),
        (_row("d2", numbers=["107"]), {**HUNDRED, "hour": "09:00"}, False),
        (_row("d2", hour="", **ELSEWHERE), {**SEVEN, "side": "from"}, False),  # many have such a number on a day
    ],
)  # fmt: skip
def test_number_and_day_are_enough_within_a_volume(sent: Row, cited: Row, found: bool) -> None:
    index = ReferenceIndex()
    index.add([CITING, sent])

    assert (index.find(CITING, cited) is sent) is found


@pytest.mark.parametrize(
    ("day", "found"),
    [("1931-02-27", True), ("1931-03-04", True), ("1931-03-06", False), ("1931-02", False)],
)  # fmt: skip
def test_a_day_may_be_misprinted_beside_a_number_of_a_series(day: str, found: bool) -> None:
    sent = _row("d2", to=["ostria"])
    index = ReferenceIndex()
    index.add([CITING, sent])

    assert (index.find(CITING, {**SEVEN, "date": day, "hour": "09:00"}) is sent) is found


NOTE_OF = {**ELSEWHERE, "from": ["ostrian mission"], "numbers": []}


@pytest.mark.parametrize(
    ("sent", "kind", "found"),
    [
        (NOTE_OF, "note", True),
        (NOTE_OF, "personal memorandum", True),
        (NOTE_OF, "letter", False),  # anybody writes letters
        (NOTE_OF, "instruction", False),
        (NOTE_OF, "report", True),
        ({**NOTE_OF, "kind": "Telegram"}, "note", False),
        ({**NOTE_OF, "from": ["ostria"]}, "note", False),  # the legation there reports on a note
    ],
)
def test_a_kind_tells_the_way_where_no_writer_is_told(sent: Row, kind: str, found: bool) -> None:
    citing = {**CITING, "from": ["department"], "to": sent["from"]}
    row = _row("d2", **sent)
    index = ReferenceIndex()
    index.add([citing, row])

    assert (index.find(citing, {"kind": kind, "date": "1931-03-02"}) is row) is found


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("Telegram 759 from Lisbon, January 30.", ("759", "1931-01-30", "", "lisbon", "")),
        (
            "In telegram 53, January 22, 3 p. m., to New Delhi.",
            ("53", "1931-01-22", "15:00", "", "new delhi"),
        ),
        (
            "Telegram 37 (Harbor 281). January 24, 7 p. m., to Varna.",
            ("37", "1931-01-24", "19:00", "", "varna"),
        ),
        ("Telegram 8 to the Chargé in Ostria, January 2.", ("8", "1931-01-02", "", "", "ostria")),
        ("Telegram 8 from Tirana to the Department of State.", ("8", "", "", "tirana", "department")),
        ("Telegram 8 to be sent at once.", ("8", "", "", "", "")),
        ("Telegram 8, March 1, from the Department.", ("8", "1931-03-01", "", "", "")),
        ("Telegram 8 from Vane Island Pilots.", ("8", "", "", "", "")),
    ],
)
def test_from_where_and_to_where_a_note_says_it_was_sent(note: str, told: tuple[str, ...]) -> None:
    found = cited(f"41. He wrote.{FN.format(1, note)}", "number", "date", "hour", "sender", "recipient")

    assert found == [told]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Sir: I send a letter from the Secretary of the Harbor, dated the 3d instant.", [("1931-03-03", "letter", "")]),
        (f"Sir: He did.{FN.format(1, 'Joint letter of February 3 not printed.')}", [("1931-02-03", "joint letter", "not printed")]),
        (f"Sir: He did.{FN.format(1, 'Telegram 90, January 17, not printed.')}", [("1931-01-17", "telegram", "not printed")]),
        (f"Sir: He did.{FN.format(1, 'Telegram 90, January 17, and his report, not printed.')}", [("1931-01-17", "telegram", "not printed")]),
        (f"Sir: He did.{FN.format(1, 'Telegram 9, January 7. See telegram 90, January 17, not printed.')}",
         [("1931-01-07", "telegram", ""), ("1931-01-17", "telegram", "not printed")]),
        ("Sir: They had a cable 18 January about pilots.", [("1931-01-18", "cable", "")]),
        ("Sir: I have your very helpful letter of March 1.", [("1931-03-01", "letter", "")]),
        ("Sir: My talk with him on the note of March 1 ended.", [("1931-03-01", "note", "")]),
        ("Sir: In a February 19 memorandum he wrote. I have your February 3, 1930, letter.",
         [("1931-02-19", "memorandum", ""), ("1930-02-03", "letter", "")]),
        ("Sir: In a February 19 conversation he said so.", []),
        ("Sir: The Department has received your note of March 1.", [("1931-03-01", "note", "")]),
        ("Sir: I bring to your attention my notes of March 1.", [("1931-03-01", "notes", "")]),
    ],
)  # fmt: skip
def test_letters_and_what_a_note_denies_of_its_own(body: str, found: list[tuple[str, str, str]]) -> None:
    assert cited(body, "date", "kind", "not_printed") == found


@pytest.mark.parametrize(("way", "side"), [("from", "to"), ("to", "from")])
def test_what_a_note_says_of_the_department_alone_is_of_both_sides(way: str, side: str) -> None:
    note = FN.format(1, f"Telegram 8, March 1, {way} the Department.")

    assert cited(f"41. He wrote.{note}", "number", "side") == [("8", side)]


def test_whose_a_letter_is_by_its_words() -> None:
    body = "Sir: I read Mr. Vane’s memorandum of March 1, and your kind letter of March 2, and Lisbon’s March 3 note."

    assert cited(body, "side", "writer") == [("", "vane"), ("to", ""), ("", "lisbon")]
    assert cited("Sir: He has received your note of March 1.", "side", "relation") == [("to", "repliesTo")]
    assert cited("Sir: I bring to your attention my notes of March 1.", "side", "words") == [
        ("from", "my notes of March 1")
    ]


@pytest.mark.parametrize(
    ("writer", "day", "found"),
    [("vane", "1931-03-01", True), ("vane", "1931-03-02", False), ("brask", "1931-03-01", False)],
)
def test_what_somebody_wrote_on_a_day_is_found_by_the_name(writer: str, day: str, found: bool) -> None:
    index = ReferenceIndex()
    row: Row = {
        "name": "d1",
        "id": "d1",
        "volume": "h",
        "kind": "Document",
        "numbers": [],
        "date": "1931-03-01",
    }
    row |= {
        "hour": "",
        "from": ["adviser"],
        "to": [],
        "pages": [],
        "place": "washington",
        "writers": ["vane"],
    }
    citing = {**row, "name": "d2", "id": "d2", "date": "1931-03-04", "from": ["chief"], "writers": ["cotter"]}
    index.add([row, citing])

    target = index.find(citing, {"kind": "memorandum", "date": day, "writer": writer})
    assert (target is not None) == found


def sent(number: str, day: str, parties: tuple[str, str], place: str) -> Row:
    """Return the row of an invented telegram."""
    row: Row = {
        "name": f"{number} {day} {place}",
        "id": f"d{number}",
        "volume": "h",
        "kind": "Telegram",
        "pages": [],
    }
    row |= {"numbers": [number], "date": day, "hour": "", "place": place}
    return {**row, "from": [parties[0]], "to": [parties[1]]}


@pytest.mark.parametrize(
    ("cited", "found"),
    [
        ({"number": "252", "date": "1958-03-06", "sender": "lisbon"}, "252 1958-03-06 lisbon"),
        ({"number": "252", "date": "", "sender": "lisbon"}, "252 1958-03-06 lisbon"),
        ({"number": "31", "date": "1958-03-07", "recipient": "lisbon"}, "31 1958-03-07 washington"),
        ({"number": "252", "date": "1958-03-09", "sender": "lisbon"}, ""),
        ({"number": "252", "date": "1958-03-06", "sender": "tirana"}, ""),
        ({"number": "252", "date": "1958-03-06", "sender": "lisbon", "recipient": "tirana"}, ""),
        ({"number": "310", "date": ""}, "310 1958-03-08 lisbon"),
        ({"number": "310", "date": "", "sender": "tirana"}, ""),
        ({"number": "31", "date": ""}, ""),  # too short, where nobody tells whose it is
    ],
)
def test_a_post_is_known_by_the_place_that_it_writes_from(cited: Row, found: str) -> None:
    index = ReferenceIndex()
    citing = sent("300", "1958-03-08", ("ostria", "department"), "lisbon")
    index.add([
        sent("252", "1958-03-06", ("ostria", "department"), "lisbon"),
        sent("252", "1957-03-06", ("ostria", "department"), "lisbon"),
        sent("31", "1958-03-07", ("department", "ostria"), "washington"),
        citing,
        sent("310", "1958-03-08", ("ostria", "department"), "lisbon"),
    ])  # fmt: skip
    target = index.find(citing, {"kind": "telegram", **cited})

    assert (target["name"] if target else "") == found
