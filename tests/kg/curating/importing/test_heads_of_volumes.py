"""Heads of invented documents: who signs for whom, parts of names, numbers with letters, ships."""

from __future__ import annotations

import pytest

from kg.curating.importing.runs.chunk_work import preferred
from kg.curating.importing.volumes.actor_names import name_parts

from .conftest import HEAD, NOTE, read

TO_VANE = (
    "<note rend='inline' type='source'>811.3/9</note><head>The Secretary of State to the Minister in Ostria "
    "(<persName type='to'>Vane</persName>)</head><dateline><placeName>Washington</placeName>, "
    "<date when='1931-03-05'>March 5, 1931</date>.</dateline>"
)


def header(inner: str, *keys: str) -> list[tuple[str, ...]]:
    """Return the chosen parts of each record of a head that has the first of them."""
    records, _ = read(inner)
    found = records.frame.files["header"].values()
    return [tuple(str(one.get(key, "")) for key in keys) for one in found if keys[0] in one]


@pytest.mark.parametrize(
    "closer",
    [
        "For the Secretary of State:<lb/><signed>Lene Brask</signed>",
        "(For H. M. Secretary)<signed>Lene Brask</signed>",
    ],
)
def test_who_signs_for_another_is_not_the_sender(closer: str) -> None:
    facts = header(f"{TO_VANE}<p>Sir: Text.</p><closer>{closer}</closer>", "property", "value")

    assert ("sender", "actor:secretary-of-state") in facts


def test_who_signs_for_nobody_else_holds_the_office() -> None:
    facts = header(
        f"{TO_VANE}<p>Sir: For the harbor.</p><closer><signed>Lene Brask</signed></closer>",
        "property",
        "value",
    )

    assert ("sender", "actor:harbor1931v01-brask-secretary-of-state") in facts


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("No. A 715", "A 715"),
        ("No. 75/R", "75/R"),
        ("NC/56", "NC/56"),
        ("127/A/XCII", "127/A/XCII"),
        ("No. 63–18", "63–18"),  # no range, for it does not rise
    ],
)
def test_a_number_that_cannot_be_counted_is_a_mark(line: str, number: str) -> None:
    marks = header(f"{TO_VANE}<p>{line}</p><p>Sir: Text.</p>", "markingKind", "asWritten")

    assert ("undetermined", number) in marks
    assert header(f"{TO_VANE}<p>{line}</p><p>Sir: Text.</p>", "inSeries") == []


def test_a_range_of_numbers_rises() -> None:
    assert header(f"{TO_VANE}<p>No. 18–19</p><p>Sir: Text.</p>", "from", "to") == [("18", "19")]


def test_a_circular_is_a_telegram() -> None:
    note = "<note rend='inline' type='source'>811.3/9: Circular telegram</note>"
    records, row = read(f"{note}{HEAD}<p>All stay.</p>")

    assert (records.kind, row["circular"]) == ("Telegram", True)
    assert read(f"{NOTE}{HEAD}<p>All stay.</p>")[1]["circular"] is False


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("T. B. Hohl", {"initial": ["T.", "B."], "familyName": "Hohl"}),
        ("T.B. Hohl", {"initial": ["T.", "B."], "familyName": "Hohl"}),
        ("R. Vane", {"initial": "R.", "familyName": "Vane"}),
        ("Lene Brask", {"givenName": "Lene", "familyName": "Brask"}),
        ("Orsa e Silva", {"familyName": "Orsa e Silva"}),
        ("Des Quais", {"familyName": "Des Quais"}),
        ("Jan van der Meer", {"givenName": "Jan", "familyName": "van der Meer"}),
        ("Colonel Vane", {"familyName": "Vane"}),
        ("me", {}),
        ("his brother", {}),
        ("Q" * 61, {}),
    ],
)
def test_parts_of_names(name: str, parts: dict[str, object]) -> None:
    assert name_parts(name, name) == parts


def test_a_ship_is_nobody() -> None:
    records, _ = read(f"{NOTE}{HEAD}<p>41. The S. S. Aldine and S.S. Borea lie here, T. S. Calder says.</p>")
    named = [one["asWritten"] for one in records.frame.files["namings"].values()]

    assert "T. S. Calder" in named
    assert not [words for words in named if "Aldine" in words or "Borea" in words]


def test_an_organisation_has_no_family_name() -> None:
    head = HEAD.replace(
        "The Minister in Ostria (<persName type='from'>Vane</persName>)",
        "The Executive Committee of the Harbor Council",
    )
    records, _ = read(f"{NOTE}{head}<p>41. Text.</p>")
    names = records.frame.files["namings"].values()

    assert [one for one in names if "Committee" in one["asWritten"] and "familyName" in one] == []


@pytest.mark.parametrize(
    ("note", "number"),
    [
        ("439.11c Tavrin, Orsett/49", "439.11c Tavrin, Orsett/49"),
        ("701/121: Telegram", "701/121"),
        ("123EN3/490: Telegram", "123EN3/490"),
        ("860h. 51/573", "860h. 51/573"),
        ("740.0011 Harbor Pact (Ostria)/51: Telegram (part air)", "740.0011 Harbor Pact (Ostria)/51"),
        ("Harbor Conf. 184.1 Vane, Rollo: Telegram", "184.1 Vane, Rollo"),
        ("File No. 654.119/84, 90", "654.119/84, 90"),
        ("811.3/41 supp.: Telegram", "811.3/41 supp."),
        ("Vane Papers: Telegram", None),
        ("Treaty Series No. 822", None),
    ],
)
def test_file_numbers_above_a_head(note: str, number: str | None) -> None:
    records, _ = read(f"<note rend='inline' type='source'>{note}</note>{HEAD}<p>Text.</p>")
    marks = [
        one["asWritten"] for one in records.frame.files["header"].values() if "file" in one.get("note", "")
    ]

    assert marks == ([number] if number else [])


@pytest.mark.parametrize(
    ("head", "senders", "addressees"),
    [
        ("President Vane to Dr. O. T. Tavrin", ["Vane, President"], ["O. T. Tavrin"]),
        ("Mr. Rollo Vane, Major Orsett Tavrin, and Dr. L. Brask to the Secretary of State",
         ["Rollo Vane", "Orsett Tavrin", "L. Brask"], ["Secretary of State"]),
        ("the Minister in Ostria (Vane) to the Secretary of State",
         ["Vane, Minister in Ostria"], ["Secretary of State"]),
        ("The Secretary of State to J. Calder &amp; Co.", ["Secretary of State"], ["J. Calder & Co"]),
        ("Report Covering the Visit of Mr. Vane to the Harbor", None, None),
        ("Memorandum Presented to the Harbor Council by General Orsett Tavrin", None, None),
        ("Memorandum by the Secretary of the Commission to Negotiate Peace (Vane)", None, None),
        ("Minutes of the Commission to Negotiate Peace, Hotel Orsett", None, None),
        ("Memorandum of the Counselor for the Department of State (Vane)", None, None),
        ("Memorandum of Plan for Dealing With the Harbor", None, None),
        ("Memorandum by Mr. Rollo Vane, Assistant to the Economic Adviser", None, None),
        ("Protocol of May 3 Added to the Agreement on Harbors", None, None),
        ("Memorandum by Mr. Rollo Vane of Subjects To Be Dealt With", None, None),
        ("Memorandum by the Secretary of the Commission to Negotiate Peace (Vane) to Mr. Orsett Tavrin",
         ["Vane, Secretary of the Commission to Negotiate Peace"], ["Orsett Tavrin"]),
    ],
)  # fmt: skip
def test_sides_of_a_head(head: str, senders: list[str] | None, addressees: list[str] | None) -> None:
    records, _ = read(f"{NOTE}<head>{head}</head><p>Text.</p>")
    things = records.actors.things.get("actor", {})
    facts = [one for one in records.frame.files["header"].values() if one["type"] == "Fact"]
    named = [(one["property"], things[one["value"].partition(":")[2]]["label"]["en"]) for one in facts]

    assert [who for side, who in named if side == "sender"] == (senders or [])
    assert [who for side, who in named if side == "addressee"] == (addressees or [])


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("<head>Note by Tavrin</head><p>Text.</p>", "enclosure 1: Note by Tavrin"),
        ("<note rend='inline'>[Enclosure—Draft]</note><head/><p>Text.</p>", "enclosure 1: [Enclosure—Draft]"),
    ],
)
def test_titles_of_enclosures(inner: str, title: str) -> None:
    records, _ = read(f"{NOTE}{HEAD}<p>41. Text.</p><frus:attachment>{inner}</frus:attachment>")

    assert [one["label"]["en"] for one in records.actors.things["document"].values()] == [title]


@pytest.mark.parametrize(
    ("words", "hour", "precision"),
    [
        ("7: 55 p.m.", "19:55", "minute"),
        ("12 noon.", "12:00", "hour"),
        ("March 5, 12 noon.", "12:00", "hour"),
        ("March 5—12 midnight.", "00:00", "hour"),
        ("March 5, 12 m.", "12:00", "hour"),
    ],
)
def test_hours_of_receipts(words: str, hour: str, precision: str) -> None:
    head = HEAD.replace("</dateline>", f"<lb/>[Received {words}]</dateline>")
    found = header(f"{NOTE}{head}<p>41. Text.</p>", "earliest", "precision")

    assert found[-1] == (f"1931-03-05T{hour}:00-05:00", precision)


@pytest.mark.parametrize(
    ("addressed", "earliest"),
    [
        ("the Acting Secretary of State", "1931-03-05T19:00:00-05:00"),
        ("the Commission to Negotiate Peace", "1931-03-05T19:00:00Z"),  # in Paris
        ("the Harbor Council", "1931-03-05T00:00:00+14:00"),
    ],
)
def test_a_receipt_is_in_the_time_of_the_addressee(addressed: str, earliest: str) -> None:
    head = HEAD.replace("the Secretary of State", addressed)
    head = head.replace("</dateline>", "<lb/>[Received March 5, 7 p.m.]</dateline>")

    assert header(f"{NOTE}{head}<p>41. Text.</p>", "earliest")[-1] == (earliest,)


def test_an_element_that_holds_date_and_receipt() -> None:
    head = HEAD.replace("</date></dateline>", "<lb/>[Received 7: 55 p.m.]</date></dateline>")
    found = header(f"{NOTE}{head}<p>41. Text.</p>", "earliest", "precision", "asWritten")

    assert found == [
        ("1931-03-05T17:00:00Z", "hour", "March 5, 1931—5 p.m."),
        ("1931-03-05T19:55:00-05:00", "minute", "7: 55 p.m."),
    ]


@pytest.mark.parametrize(
    ("words", "receipt"),
    [
        ("<placeName>Lisbon</placeName> [undated].<lb/>[Received January 5, 1931—2 p.m.]",
         ("1931-01-05T14:00:00-05:00", "hour")),
        ("<placeName>Lisbon</placeName>, <hi>undated</hi>.<lb/>[<hi>Received January 5, 1931, 10.40 a.m.</hi>]",
         ("1931-01-05T10:40:00-05:00", "minute")),
    ],
)  # fmt: skip
def test_an_undated_document_has_no_date_of_its_own(words: str, receipt: tuple[str, str]) -> None:
    head = HEAD.partition("<dateline>")[0]
    records, row = read(f"{NOTE}{head}<dateline>{words}</dateline><p>41. Your 30, December 31.</p>")
    found = records.frame.files["header"]

    assert [(one["earliest"], one["precision"]) for one in found.values() if "earliest" in one] == [receipt]
    assert found["no-date"]["expected"] == "date"
    # The day of the receipt is the last on which it may have been written.
    assert (row["date"], [one["date"] for one in row["citations"]]) == ("1931-01-05", ["1930-12-31"])


def test_a_date_behind_the_receipt_is_none_of_the_document() -> None:
    head = HEAD.partition("<dateline>")[0]
    line = "<dateline>Lisbon [undated].<lb/>[Received January 5, 1931, and January 7, 1931.]</dateline>"
    dates = header(f"{NOTE}{head}{line}<p>41. Text.</p>", "earliest")

    assert dates == [("1931-01-05T00:00:00-05:00",)]


@pytest.mark.parametrize(
    ("head", "signature", "actor"),
    [
        ("The Minister in Ostria (Vane)", "Rollo Vane", "harbor1931v01-vane-minister-in-ostria"),
        ("The Minister in Ostria (Vane)", "R. Vane", "harbor1931v01-vane-minister-in-ostria"),
        ("The Minister in Ostria (Vane)", "Vane", "harbor1931v01-vane-minister-in-ostria"),
        ("The Chargé in Ostria (Vane)", "Rollo Vane", "harbor1931v01-vane-charge-in-ostria"),
        ("Admiral (Vane)", "Rollo Vane", "harbor1931v01-rollo-vane-admiral"),  # there may be two
    ],
)
def test_the_holder_of_an_office_is_one_with_and_without_a_given_name(
    head: str, signature: str, actor: str
) -> None:
    title = f"<head>{head} to the Secretary of State</head>"
    facts = header(
        f"{NOTE}{title}<p>41. Text.</p><closer><signed>{signature}</signed></closer>", "property", "value"
    )

    assert ("sender", f"actor:{actor}") in facts


def test_the_label_with_more_of_the_name_is_kept() -> None:
    long, short = (
        {"type": "Person", "label": {"en": one}} for one in ("Rollo Vane, Minister", "Vane, Minister")
    )
    place, other = ({"type": "Place", "label": {"en": one}} for one in ("Lisbon", "Lisbon."))

    assert preferred(long, short) is preferred(short, long) is long
    assert preferred(place, other) is preferred(other, place) is place
