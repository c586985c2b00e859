"""What invented documents cite by verbs, in brackets, by a post for each number, and by days and hours of staffs."""

from __future__ import annotations

import pytest

from .conftest import HEAD, NOTE, read
from .test_kinds_cited import FN, LATER, cited


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Of what you were good enough to send me on the 4th I know.", []),  # not led to by `which`
        ("He saw views which you were good enough to send me on the 4th.", [("", "1931-03-04", "to")]),
        ("I saw the letter which you addressed to me under date of January 3.", [("letter", "1931-01-03", "to")]),
        ("I wrote you on January 3.", [("", "1931-01-03", "from")]),
        ("I telegraphed you on the 3d instant.", [("telegram", "1931-03-03", "from")]),
        ("As you cabled me on January 3, they wait.", [("telegram", "1931-01-03", "to")]),
        ("I wrote to the Keeper on January 3.", []),
        ("The Keeper wrote to me on January 3.", []),
        ("You met me on January 3.", []),
        ("I saw the note which he handed me on the 3d, and left.", [("note", "1931-03-03", "")]),
        ("We met on the 3d and sent a note.", []),
        ("He asked [January 3; memorandum of conversation].", [("memorandum of conversation", "1931-01-03", "")]),
        ("He asked (January 3, telegram from Bern).", [("telegram", "1931-01-03", "")]),
        ("He asked (January 3, note 4) and left (January 4; talk with Vane).", []),
    ],
)  # fmt: skip
def test_what_a_verb_or_a_bracket_tells_with_its_day(body: str, found: list[tuple[str, ...]]) -> None:
    assert cited(body, "kind", "date", "side") == found


@pytest.mark.parametrize(
    "body",
    [
        "I saw a letter, not printed, dated January 3.",
        "I saw a letter dated at Bern on January 3.",
        "I saw a letter from the Keeper dated Bern, January 3.",
        "I saw his letter dated at Bern, January 3.",
        "I saw a letter bearing date the 3d of January.",
    ],
)
def test_what_stands_between_a_letter_and_its_day(body: str) -> None:
    assert cited(body, "kind", "date") == [("letter", "1931-01-03")]


def test_a_talk_has_who_wrote_it_down_behind_a_comma() -> None:
    assert cited("See memorandum of conversation, by Vane, January 3.", "kind", "date", "sender") == [
        ("memorandum of conversation", "1931-01-03", "vane")
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("See telegrams 45 from Bern and 46 from Rome.", [("45", "", "bern"), ("46", "", "rome")]),
        (
            "See telegrams 45 from Bern, January 3, 46 from Rome, January 4, and 47 to Paris.",
            [("45", "1961-01-03", "bern"), ("46", "1961-01-04", "rome"), ("47", "", "")],
        ),
        ("See telegram 45 from Bern, and 46 boats.", [("45", "", "bern")]),
        (
            "Telegrams 1211 and 1215 from Bern, January 2 and 3, tell it.",
            [("1211", "1961-01-02", "bern"), ("1215", "1961-01-03", "bern")],
        ),
        (
            "Telegrams 1211 and 1215 from Bern, January 2, tell it.",
            [("1211", "1961-01-02", "bern"), ("1215", "1961-01-02", "bern")],
        ),
        (
            "Telegrams 1211 and 1215 from Bern, both January 2, tell it.",
            [("1211", "1961-01-02", "bern"), ("1215", "1961-01-02", "bern")],
        ),
        (
            "Telegrams 1211 through 1213 from Bern tell it.",
            [("1211", "", "bern"), ("1212", "", "bern"), ("1213", "", "bern")],
        ),
        ("Airgrams A–45 and A–46 from Bern tell it.", [("A-45", "", ""), ("A-46", "", "bern")]),
        ("As told in BERN 4512 we wait.", [("4512", "", "bern")]),
    ],
)
def test_a_post_and_a_day_for_each_number(body: str, found: list[tuple[str, ...]]) -> None:
    assert cited(body, "number", "date", "sender", head=LATER) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Vane reported HARBOR 002 (IN 14032).", ["002"]),
        ("As per [telegram indicator not declassified] 0858.", ["0858"]),
        ("See ABC 1952, and the ABC 300 boats.", []),
        ("See ABCPAC 030405Z, and ABCPAC’s 030406Z.", ["030405Z", "030406Z"]),
        ("They had J.C.S. 771/3; 771/4, and left.", ["771/3", "771/4"]),
        ("They had NSC 5412/2 and 300 boats.", ["5412/2"]),
    ],
)
def test_numbers_behind_letters_and_lists_of_papers(body: str, found: list[str]) -> None:
    assert [number for (number,) in cited(body, "number", head=LATER)] == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Telegram No. 217089–34 came.", ["217089-34"]),
        ("Telegrams Nos. 1643–44 came.", ["1643", "1644"]),
    ],
)
def test_what_does_not_rise_is_one_number_with_a_stroke(body: str, found: list[str]) -> None:
    assert [number for (number,) in cited(body, "number")] == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("I sent my 16 and 17.{}", ["Neither of these is printed"] * 2),
        ("I sent my 16.{}", [""]),
    ],
)
def test_a_note_on_several_or_on_another_text(body: str, found: list[str]) -> None:
    note = FN.format("Neither of these is printed." if len(found) == 2 else "Spanish text not printed.")

    assert [said for (said,) in cited(body.format(note), "not_printed")] == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("He has my No. 16 [January 3, not printed].", "not printed"),
        ("He came [see Legation’s 16, January 3, not printed].", "not printed"),
        ("He has my No. 16 (not printed).", "not printed"),
        ("He has my 16, not printed [by Vane] (as he says).", ""),
    ],
)
def test_what_a_bracket_of_the_text_says(body: str, found: str) -> None:
    assert cited(body, "number", "not_printed") == [("16", found)]


def test_all_that_a_note_lists_is_not_printed() -> None:
    note = FN.format(
        "Note No. 16, January 3, and despatch No. 17 not printed. No. 18 is printed; note No. 19 not printed."
    )

    found = [("16", "not printed"), ("17", "not printed"), ("19", "not printed")]
    assert cited(f"He waits.{note}", "number", "not_printed") == found


@pytest.mark.parametrize(
    "note",
    [
        "Copied in despatch No. 16, January 3, 1935, from the Ambassador in Helvetia; not printed.",
        "Telegram No. 16, January 3, 5 p.m., 1935. [Footnote in the original; telegram not printed.]",
    ],
)
def test_what_is_not_printed_is_told_behind_day_and_post(note: str) -> None:
    assert cited(f"He waits.{FN.format(note)}", "number", "not_printed") == [("16", "not printed")]


def test_a_note_at_a_colon_tells_of_the_list_behind_it() -> None:
    note = FN.format("None printed.")
    later = "The pilots of the harbor had been waiting for the boats of the Keeper since noon."

    assert cited(f"Papers:{note} J.C.S. 771/3; 771/4. {later} See J.C.S. 9/1.", "number", "not_printed") == [
        ("771/3", "not printed"),
        ("771/4", "not printed"),
        ("9/1", ""),
    ]


def test_the_number_of_an_airgram_has_letters_and_is_found_by_them() -> None:
    _, row = read(NOTE.replace("Telegram", "Airgram") + HEAD + "<p>A–613. The pilots wait.</p>")

    assert (row["numbers"], row["citations"]) == (["A-613"], [])
