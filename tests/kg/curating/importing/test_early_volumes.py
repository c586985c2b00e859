"""The markup of volumes on the years before 1917: numbers beside datelines, arrivals in brackets, short names."""

from __future__ import annotations

from typing import Any

from kg.curating.importing.runs.work_folder import Row

from .conftest import read

OPENER = (
    "<opener><dateline><placeName><hi>Legation of the United States</hi>,<lb/><hi>Lisbon</hi></placeName>, "
    "<date when='1882-06-19'><hi>June</hi> 19, 1882</date>.{received}</dateline><seg>No. 37.]</seg></opener>"
)


def document(
    head: str, received: str = "", text: str = "Text.", more: str = ""
) -> tuple[list[dict[str, Any]], Row]:
    """Return the records of the head of an invented document, and its row."""
    found, row = read(f"<head>{head}</head>{more}{OPENER.format(received=received)}<p>{text}</p>")
    return list(found.frame.files["header"].values()), row


def test_the_number_stands_beside_the_dateline_and_that_of_the_edition_before_the_title() -> None:
    found, row = document("No. 21.<lb/><hi>Mr. <persName type='from'>Vane</persName> to Mr. Cotter</hi>.")

    assert [one["from"] for one in found if one["type"] == "DocumentNumber"] == ["37"]
    assert row["numbers"] == ["37"]
    assert (row["from"], row["to"]) == (["vane"], ["cotter"])


def test_an_arrival_in_round_brackets() -> None:
    found, _ = document("Mr. Vane to Mr. Cotter.", " (Received July 21.)")

    dates = [one for one in found if one["type"] == "TimeExtent"]
    assert [one["asWritten"] for one in dates] == ["June 19, 1882", "July 21."]


def test_a_name_of_two_letters_is_an_addressee() -> None:
    _, row = document("Mr. Vane to Mr. Wu.")

    assert (row["from"], row["to"], row["kind"]) == (["vane"], ["wu"], "Communication")


def test_a_line_on_an_extract_ends_no_text() -> None:
    text = "I have received your despatches Nos. 10, 11, and 13. In my despatch No. 2 I wrote."
    _, row = document(
        "Mr. Vane to Mr. Cotter.", "", text, "<note rend='inline' type='source'>[Extract.]</note>"
    )

    found = [(one["number"], one["side"]) for one in row["citations"]]
    assert found == [("10", "to"), ("11", "to"), ("13", "to"), ("2", "from")]


def test_white_space_at_the_end_of_a_date_and_a_comma_before_an_hour() -> None:
    found, _ = read(
        "<head>The Minister in Ostria (<persName type='from'>Vane</persName>) to the Secretary of State</head>"
        "<dateline><placeName> <hi>Lisbon</hi></placeName>, <date when='1914-07-31T16:00:00'> "
        "<hi>July 31, 1914, 4 p.m.</hi> </date> <lb/> [<hi>Received, 2:36 p.m.</hi>] </dateline><p>Text.</p>"
    )
    dates = [one for one in found.frame.files["header"].values() if one["type"] == "TimeExtent"]

    assert [one["earliest"][:16] for one in dates] == ["1914-07-31T16:00", "1914-07-31T14:36"]


def test_the_comma_behind_a_signature_is_no_part_of_the_name() -> None:
    signed = "<p>Text.</p><closer><signed>Rollo J. Vane,<lb/><hi>Acting Keeper.</hi></signed></closer>"
    found, row = read(f"<head>Mr. Vane to Mr. Cotter.</head>{OPENER.format(received='')}{signed}")
    senders = [one for one in found.frame.files["header"].values() if one.get("property") == "sender"]

    assert (len(senders), row["from"]) == (1, ["vane"])
