"""The markup of volumes on the 1950s and 1960s: openers, marks, source notes, numbers in titles, Greenwich."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from kg.curating.drafting.heads.parties import Party
from kg.curating.importing.volumes.posts import posts_of

from .conftest import read

EMBASSY = "Telegram From the Embassy in Ostria to the Department of State"
LISBON = "<placeName>Lisbon</placeName>, <date when='1958-03-04T17:00:00'>March 4, 1958, 5 p.m.</date>"


def records(
    opener: str = f"<dateline>{LISBON}</dateline>",
    text: str = "1412. Text.",
    head: str = EMBASSY,
    source: str = "Secret.",
) -> list[dict[str, object]]:
    """Return the records of the head of an invented document."""
    note = f"<note n='1' xml:id='d9fn1' type='source'>Source: Department of State, Central Files, 611.98/3–458. {source}</note>"
    found, _ = read(f"<head>9. {head}{note}</head><opener>{opener}</opener><p>{text}</p>")
    return list(found.frame.files["header"].values())


def chosen(found: Iterable[dict[str, object]], key: str, *keys: str) -> list[tuple[str, ...]]:
    """Return the parts of the records that have the first of them."""
    return [tuple(str(one.get(part, "")) for part in (key, *keys)) for one in found if key in one]


@pytest.mark.parametrize(
    "opener",
    [
        f"<seg rendition='#left'>SECRET</seg> <seg rendition='#right'>PRIORITY</seg><dateline>{LISBON}</dateline>",
        f"<dateline>{LISBON}</dateline><seg rendition='#left'>SECRET—PRIORITY</seg>",
        f"<p rend='flushleft'><hi rend='smallcaps'>secret</hi></p><p>priority</p><dateline>{LISBON}</dateline>",
        f"<dateline>{LISBON}</dateline><p>SECRET  PRIORITY</p>",
        f"<seg rendition='#left'><hi>secret   priority</hi><lb/><gloss target='#t_niact1'><hi>niact</hi></gloss></seg>"
        f"<dateline>{LISBON}</dateline>",
    ],
)
def test_marks_of_an_opener(opener: str) -> None:
    found = records(opener, source="")
    kinds = ("classification", "priority")
    marks = [
        (kind, words.lower()) for kind, words in chosen(found, "markingKind", "asWritten") if kind in kinds
    ]

    assert marks[:2] == [("classification", "secret"), ("priority", "priority")]
    assert marks[2:] == ([("priority", "niact")] if "niact" in opener else [])
    assert chosen(found, "from") == [("1412",)]


def test_us_urgent_is_one_mark() -> None:
    found = records(f"<seg>restricted   us urgent</seg><dateline>{LISBON}</dateline>", source="")

    marks = [
        one for one in chosen(found, "markingKind", "asWritten") if one[0] in ("classification", "priority")
    ]
    assert marks == [("classification", "restricted"), ("priority", "us urgent")]


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("Department of State, Central Files, 784A.56/1–2756. Secret.", "784A.56/1–2756"),
        ("Department of State, Central Files, 110.11–XY/2–458. Secret.", "110.11–XY/2–458"),
        ("Department of State, Central Files, AV 4 US–OST. Secret.", "AV 4 US–OST"),
        (
            "National Archives, RG 59, Central Files 1964–66, POL 27–7 OST/HAR. Secret; Exdis.",
            "POL 27–7 OST/HAR",
        ),
        ("Department of State, Central Foreign Policy File, D770088–0912. Secret.", "D770088–0912"),
        ("Department of State, NEA Files: Lot 59 D 518, Brask Talks. Secret.", ""),
    ],
)
def test_the_file_number_of_a_source_note(source: str, file: str) -> None:
    head = EMBASSY + f"<note n='1' xml:id='d9fn1' type='source'>Source: {source}</note>"
    found, _ = read(f"<head>9. {head}</head><dateline>{LISBON}</dateline><p>5. Text.</p>")

    marks = chosen(found.frame.files["header"].values(), "markingKind", "asWritten")
    assert [words for kind, words in marks if kind == "undetermined"] == ([file] if file else [])


def test_marks_are_lines_that_say_nothing_else() -> None:
    found = records(text="Secret talks began.", source="")

    assert {kind for (kind,) in chosen(found, "markingKind")} == {"form", "undetermined"}


@pytest.mark.parametrize(
    ("title", "kind", "number"),
    [("Telegram 2207", "Telegram", "2207"), ("Airgram A–312", "Airgram", "")],
)
def test_the_number_in_a_title(title: str, kind: str, number: str) -> None:
    found = records(text="1. Text.", head=EMBASSY.replace("Telegram", title))

    assert chosen(found, "markingKind", "asWritten")[0] == ("form", kind)
    assert chosen(found, "from") == ([(number,)] if number else [])
    if not number:
        assert ("undetermined", "A–312") in chosen(found, "markingKind", "asWritten")


@pytest.mark.parametrize(
    ("dateline", "bounds"),
    [
        (
            "Lisbon, <date when='1958-03-04T16:30:00Z'>March 4, 1958, 1630Z</date>.",
            ("1958-03-04T16:30:00Z", "1958-03-04T16:30:59Z", "minute", "greenwich"),
        ),
        (
            "Washington, <date from='1958-07-01' to='1958-07-03'>July 1–3, 1958</date>.",
            ("1958-07-01T00:00:00-04:00", "1958-07-03T23:59:59-04:00", "vague", "washington-assumed"),
        ),
        (
            "American Embassy, Lisbon, <date when='1958-01-04'>January 4, 1958</date>.",
            ("1958-01-04T00:00:00Z", "1958-01-04T23:59:59Z", "day", "lisbon-assumed"),
        ),
    ],
)
def test_dates_of_a_dateline_without_a_place_element(dateline: str, bounds: tuple[str, ...]) -> None:
    found = chosen(records(f"<dateline>{dateline}</dateline>"), "earliest", "latest", "precision", "zone")

    assert found == [bounds]


@pytest.mark.parametrize(
    ("source", "received"),
    [
        ("Received at 1:12 p.m. Repeated to Bern.", ("1:12 p.m.", "1958-03-04T13:12:00-05:00")),
        ("Received at 1:12 p.m. Repeated to Bern on March 6.", ("1:12 p.m.", "1958-03-04T13:12:00-05:00")),
        ("Received at 1:12 a.m. on March 5.", ("March 5", "1958-03-05T01:12:00-05:00")),
        ("Received March 5, 1:12 a.m.", ("March 5, 1:12 a.m.", "1958-03-05T01:12:00-05:00")),
    ],
)
def test_the_arrival_that_a_source_note_tells(source: str, received: tuple[str, str]) -> None:
    assert chosen(records(source=f"Secret. {source}"), "asWritten", "earliest")[-1] == received


def test_a_conversation_is_addressed_to_nobody() -> None:
    head = "Memorandum of a Conversation, Department of State, Washington, March 11, 1958, 3 p.m."
    found = records("", "Text.", head)

    assert not [one for one in found if one.get("property") == "addressee"]
    assert chosen(found, "earliest", "precision") == [("1958-03-11T15:00:00-05:00", "hour")]


@pytest.mark.parametrize(
    "head", ["Memorandum for Record", "Memorandum for the File", "Memorandum to the Files"]
)
def test_a_record_is_no_addressee(head: str) -> None:
    found = records(head=head)

    assert not [one for one in found if one.get("property") == "addressee"]


@pytest.mark.parametrize(
    ("head", "sides"),
    [
        ("Paper by the President’s Special Assistant for Pilots (<persName>Vane</persName>)", {"author": "Vane"}),
        ("Paper Prepared by Rollo B. Vane of the Policy Planning Staff", {"author": "Rollo B. Vane"}),
        ("Action Memorandum From the Director of Pilots (Vane) to Secretary of State Cotter", {"sender": "Vane", "addressee": "Cotter"}),
        ("Minutes of a National Security Council Meeting", {}),
        ("Memorandum by the Adviser on Harbor Relations (Vane)", {"author": "Vane, Adviser on Harbor Relations"}),
        ("Telegram 1234 From the Embassy in Ostria to the Department of State, March 4, 1958, 1500Z",
         {"sender": "Embassy in Ostria", "addressee": "Department of State"}),
    ],
)  # fmt: skip
def test_titles_of_later_papers(head: str, sides: dict[str, str]) -> None:
    document, _ = read(f"<head>9. {head}</head><dateline>{LISBON}</dateline><p>Text.</p>")
    things = document.actors.things.get("actor", {})
    header = document.frame.files["header"].values()
    found = {
        str(one["property"]): things[str(one["value"]).partition(":")[2]]["label"]["en"].partition(", P")[0]
        for one in header
        if one.get("property") in ("sender", "author", "addressee")
    }

    assert {key: label for key, label in found.items() if not label.startswith(sides.get(key, "?"))} == {}
    assert found.keys() == sides.keys()


def test_an_hour_behind_the_date_is_its_hour() -> None:
    dateline = (
        "<dateline><placeName>Lisbon</placeName>, <date when='1958-03-04'>March 4, 1958</date>, "
        "<time from='11:46:00' to='13:12:00'>11:46 a.m.–1:12 p.m.</time></dateline>"
    )
    found = chosen(records(dateline), "earliest", "precision")

    assert found == [("1958-03-04T11:46:00Z", "minute")]


def test_the_body_of_a_person_of_a_title_is_the_office() -> None:
    found, _ = read(
        "<head>9. Memorandum From <persName type='from'>Rollo B. Vane</persName> of the National Security Council Staff "
        f"to President <persName type='to'>Cotter</persName></head><dateline>{LISBON}</dateline><p>Text.</p>"
    )
    facts = chosen(found.frame.files["header"].values(), "property", "value")
    titles = [title for (title,) in chosen(found.frame.files["namings"].values(), "title")]

    assert len([value for name, value in facts if name == "sender"]) == 1
    assert titles == ["National Security Council Staff", "President"]


@pytest.mark.parametrize(
    "head",
    [
        "The Minister in Ostria ( <persName type='from'>Vane</persName> ) to the Secretary of State",
        "No. 591<lb/>The Minister in Ostria (<persName type='from'>Vane</persName>) to the Secretary of State",
    ],
)
def test_spaces_in_brackets_and_the_number_of_the_edition_are_no_part_of_an_office(head: str) -> None:
    found, row = read(
        f"<head>{head}</head><dateline>{LISBON}</dateline><p>Sir: Text.</p>"
        "<closer><signed>Rollo Vane</signed></closer>"
    )
    titles = [title for (title,) in chosen(found.frame.files["namings"].values(), "title")]

    assert titles == ["Minister in Ostria"]
    assert (row["from"], row["to"]) == (["ostria"], ["department"])


def test_an_office_of_many_words_is_kept_whole() -> None:
    office = "Assistant Keeper of the Outer Harbor for Southern and Western Island Pilots and Lights"
    found, _ = read(
        f"<head>9. Letter From the {office} (<persName type='from'>Vane</persName>) to the Minister in Ostria "
        f"(<persName type='to'>Brask</persName>)</head><dateline>{LISBON}</dateline><p>Text.</p>"
    )
    titles = [title for (title,) in chosen(found.frame.files["namings"].values(), "title")]

    assert titles == [office, "Minister in Ostria"]


@pytest.mark.parametrize(
    ("source", "text", "places"),
    [
        (
            "Secret. Repeated to Rome, Tel Aviv, and London on March 6.",
            "5. Text.",
            ["Rome", "Tel Aviv", "London"],
        ),
        ("Secret. Repeated for information to Rome.", "5. Text.", ["Rome"]),
        (
            "Secret.",
            "5. Text.</p><p>Sent Department 5, repeated The Hague 9, Paris unn.",
            ["The Hague", "Paris"],
        ),
        ("Secret.", "5. It was repeated to Rome, that they knew.", ["Rome"]),
        ("Secret. Repeated to Department, Rome.", "5. Text.", []),
        ("Secret. The charge was repeated to everybody.", "5. He repeated The Times said so.", []),
    ],
)
def test_posts_to_which_it_was_repeated(source: str, text: str, places: list[str]) -> None:
    found = records(text=text, source=source)

    copied = [value for name, value in chosen(found, "property", "value") if name == "copiedTo"]
    assert copied == [f"actor:post-in-{place.lower().replace(' ', '-')}" for place in places]


def test_a_note_at_the_head_tells_in_which_telegram_it_was_repeated() -> None:
    head = (
        EMBASSY + "<note n='2' xml:id='d9fn2'>Repeated in telegram 55, March 6, 8 p. m., to The Hague.</note>"
    )

    assert ("copiedTo", "actor:post-in-the-hague") in chosen(records(head=head), "property", "value")


def test_short_forms_of_later_telegrams() -> None:
    _, row = read(
        f"<head>{EMBASSY}</head><dateline>{LISBON}</dateline><p>5. Reurtel 311, Feb 20. Embtel 522, Feb 19.</p>"
    )

    found = [(one["number"], one["side"], one["date"]) for one in row["citations"]]
    assert found == [("311", "to", "1958-02-20"), ("522", "from", "1958-02-19")]


@pytest.mark.parametrize(
    ("parties", "posts"),
    [
        ((Party("Vane"), Party("Embassy in the Isles")), ("isles",)),
        ((Party("Cotter"), Party("Department of State")), ("department",)),
        ((Party("Vane", "Ambassador in Ostria"),), ("ostria",)),
        ((Party("Mission at the United Nations"),), ("united nations",)),
        ((Party("British Embassy"),), ("british mission",)),
    ],
)
def test_who_signs_for_a_mission_is_of_it(parties: tuple[Party, ...], posts: tuple[str, ...]) -> None:
    assert posts_of(parties) == posts
