"""What invented documents cite in further ways: days without a month, answers, numbers with letters, posts and papers."""

from __future__ import annotations

import pytest

from . import conftest
from .conftest import HEAD, NOTE, read

FN = "<note n='1' xml:id='d9fn1'>{0}</note>"
LATER = (
    "<head>9. Telegram From the <gloss type='from'>Embassy in Ostria</gloss> to the "
    "<gloss type='to'>Department of State</gloss></head><dateline><placeName>Bern</placeName>, "
    "<date when='1961-03-05T17:00:00'>March 5, 1961, 5 p.m.</date></dateline>"
)


def cited(body: str, *keys: str, head: str = NOTE + HEAD) -> list[tuple[str, ...]]:
    """Return the chosen parts of each reference of a telegram from Ostria of 5 March, behind its first words."""
    return conftest.cited(f"41. The pilots wait. {body}", *keys, head=head)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("I had your letter of the 2d.", [("letter", "1931-03-02", "to")]),
        ("I had your letter of the 18th, and wait.", [("letter", "1931-02-18", "to")]),  # the last one before
        ("He sent a note of second rank.", []),
        ("Your two telegrams of fourth answer all.", [("telegrams", "1931-03-04", "to")]),
        ("I had his note of the third instant.", [("note", "1931-03-03", "")]),
        ("I had your despatch of the fifteenth ultimo.", [("despatch", "1931-02-15", "to")]),
        ("I had your letter of January sixth.", [("letter", "1931-01-06", "to")]),
        ("I had your letter of the sixth of January.", [("letter", "1931-01-06", "to")]),
        ("I had your telegram of yesterday.", [("telegram", "1931-03-04", "to")]),
        ("In my note of even date I told him.", [("note", "1931-03-05", "from")]),
        ("Referring to mine of the 3d.", [("", "1931-03-03", "from")]),
        ("I have yours of the 3d.", [("", "1931-03-03", "to")]),
        ("Your Feb 3 came.", [("", "1931-02-03", "to")]),
        ("Legation’s February 4. He left.", [("", "1931-02-04", "from")]),
        ("I read your note of the second Keeper.", []),
        ("I read your notes of the 2d and 3d January, 1930.", []),  # no day of this month
        ("In our talk of today he left.", []),
        ("Our agreement of January 3 holds.", []),
        ("Your inquiry of January 3 came.", [("", "1931-01-03", "to")]),
        ("Your favor of January 3 came.", [("favor", "1931-01-03", "to")]),
    ],
)
def test_days_without_a_month_and_in_words(body: str, found: list[tuple[str, ...]]) -> None:
    assert cited(body, "kind", "date", "side") == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("I had the Board’s reply of January 3.", [("reply", "1931-01-03")]),
        ("He sent a reply dated January 3.", [("reply", "1931-01-03")]),
        ("I read his reply to the Ostrian note of January 3.", [("note", "1931-01-03")]),
        ("I read the Keeper’s report of January 3.", [("report", "1931-01-03")]),
        ("The Keeper reports under date of January 3 that all is well.", []),
        ("I had the Foreign Minister’s reply of January 3.", [("reply", "1931-01-03")]),
        ("He wrote a paper entitled “Boats,” dated January 3.", [("paper", "1931-01-03")]),
        ("See the notes prepared by Captain Tavrin, dated January 3.", [("notes", "1931-01-03")]),
        ("See a memorandum of conversation with Vane, January 3.", [("memorandum of conversation", "1931-01-03")]),
        ("See a memorandum for the record, January 3.", [("memorandum", "1931-01-03")]),
        ("See a letter to Brask (January 3), and a note (dated January 4).", [("letter", "1931-01-03"), ("note", "1931-01-04")]),
        ("I have a letter which he wrote to me on January 3.", [("letter", "1931-01-03")]),
        ("A note handed to the Keeper on January 3 said so.", [("note", "1931-01-03")]),
        ("The memorandum which he left with me on January 3 said so.", [("memorandum", "1931-01-03")]),
        ("The note was read by the Keeper on January 3.", []),
        ("A letter on Alpha of January 3 came.", [("letter", "1931-01-03")]),
        ("A letter on boats of January 3 came.", []),
        ("The harbor law of January 3 holds, and so does the paper of January 4.", []),
    ],
)  # fmt: skip
def test_answers_papers_and_what_was_handed_over(body: str, found: list[tuple[str, str]]) -> None:
    assert cited(body, "kind", "date") == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("In telegram 34 Vane told him.", [("telegram", "34", "")]),
        ("Telegrams 34 and 35 told him.", [("telegrams", "34", ""), ("telegrams", "35", "")]),
        ("A cable 3 days later told him.", []),
        ("I refer to a despatch, No. 395, from him.", [("despatch", "395", "from")]),
        ("I had Vane’s despatch (No. 902) of January 3.", [("despatch", "902", "")]),
        ("I had your telegraphic replies Nos. 42 and 49.", [("", "42", "to"), ("", "49", "to")]),
        ("I read the telegram from Brask at Varna (No. 16, January 3).", [("telegram", "16", "")]),
        ("I read the note of the Harbor Board No. 16.", [("note", "16", "")]),
        ("I read the text of the letter on Harbor Decree No. 16.", []),
        ("I had your telegram to London No. 16.", [("telegram", "16", "to")]),
        ("His note verbale No. 16 and communication No. 17 came.", [("note verbale", "16", ""), ("communication", "17", "")]),
        ("Despatch numbered 16 came.", [("despatch", "16", "from")]),
        ("Telegram No. 16–bis came.", [("telegram", "16", "")]),
        ("The same telegram to the Keeper in the Isles as No. 13.", [("telegram", "13", "")]),
        ("Repeat this to the Isles as No. 13, and sent to Bern as No. 14.", [("telegram", "14", "")]),
        ("Repeated to the Isles as No. 13.", []),
        ("It is printed as No. 13.", []),
        ("My airgram A–123 came.", [("airgram", "A-123", "from")]),
        ("Your A–123 came.", [("", "A-123", "to")]),
        ("Our A–123 aircraft came.", []),
        ("Referring to my 40. January 3, 4 p.m., and 42, January 4.", [("", "40", "from"), ("", "42", "from")]),
        ("Your priority 16 came.", [("", "16", "to")]),
        ("Brask’ 2 pilots came, and the pilots’ 21 boats.", []),
    ],
)  # fmt: skip
def test_numbers_in_further_ways(body: str, found: list[tuple[str, ...]]) -> None:
    assert cited(body, "kind", "number", "side") == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("As told in Paris 4512 we wait.", [("telegram", "4512")]),
        ("Repeated to Paris G–96.", [("airgram", "G-96")]),
        ("We met in Paris 1955, with 300 men.", []),
        ("Re: ABCD 36511, para 2; XYZ 022, 043.", [("telegram", "36511"), ("telegram", "022"), ("telegram", "043")]),
        ("He has NIE 11–4–61 and NSC 5412/2.", [("nie", "11-4-61"), ("nsc", "5412/2")]),
        ("National Intelligence Estimate Number 11–4–61 says so.", [("national intelligence estimate", "11-4-61")]),
        ("The NSC 5412 Special Group met.", []),
        ("Our B–52s and U–2 planes came.", []),
        ("See CA–9876, February 3.", [("", "CA-9876")]),
        ("See U.N. document S/1234.", [("document", "S/1234")]),
    ],
)  # fmt: skip
def test_posts_letters_and_papers_with_numbers(body: str, found: list[tuple[str, str]]) -> None:
    assert cited(body, "kind", "number", head=LATER) == found


def test_an_office_of_another_nation_is_no_side() -> None:
    body = "The Foreign Minister’s note of January 3 and the Minister’s note of January 4 came."

    assert cited(body, "date", "side") == [("1931-01-03", ""), ("1931-01-04", "from")]


def test_a_number_behind_a_post_alone_is_none_before_the_1940s() -> None:
    assert cited("As told in Paris 4512 we wait.", "number") == []


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("See Document 151.", [("", "d151")]),
        ("Documents 12, 14, and 17.", [("", "d12"), ("", "d14"), ("", "d17")]),
        ("See League Document 12.", []),
        ("See Document 12 of the Board.", []),
        ("<hi>Foreign Relations</hi>, 1961–1963, vol. VI, Document 12.", [("frus1961-63v06", "d12")]),
        ("<ref target='frus1961-63v06'><hi>Foreign Relations</hi>, 1961–1963, vol. VI</ref>, Document 12.",
         [("frus1961-63v06", "d12")]),
    ],
)  # fmt: skip
def test_documents_by_the_number_that_an_edition_gives(note: str, found: list[tuple[str, str]]) -> None:
    assert cited(FN.format(note), "volume", "document", head=LATER) == found


def test_a_volume_that_is_linked_has_its_page_behind_the_link() -> None:
    note = "<ref target='frus1961-63v06'><hi>Foreign Relations</hi>, 1961-1963, vol. VI</ref>, pp. 5-6."

    assert cited(FN.format(note), "volume", "page") == [("frus1961-63v06", "pg_5")]


@pytest.mark.parametrize(
    "note", ["See <hi>infra</hi>.", "To the letter <hi>infra</hi>.", "See the note <hi>infra</hi>."]
)
def test_what_stands_beside_is_named_in_a_few_words(note: str) -> None:
    if note.startswith("To the"):
        note = note.replace("To the", "In the")
    assert cited(f"I sent all.{FN.format(note)}", "near") == [("infra",)]


def test_the_number_that_a_note_tells_of_what_is_not_printed() -> None:
    note = FN.format("Telegram No. 16, March 5, 6 p.m., not printed.")

    assert cited(f"I sent you my telegram of today{note} on boats.", "number", "date", "not_printed") == [
        ("", "1931-03-05", "not printed"),
        ("16", "1931-03-05", "not printed"),
    ]


def test_a_link_has_the_words_that_tell_what_it_leads_to() -> None:
    note = "See Ambassador’s No. 16, Jan. 6, 9 p.m., <hi>ante</hi>, <ref target='#pg_4'>p. 4</ref>."

    assert cited(f"Referring to my No. 53.{FN.format(note)}", "number", "page", "words") == [
        ("53", "", "my No. 53"),
        ("16", "pg_4", "See Ambassador’s No. 16, Jan. 6, 9 p.m., ante, p."),
    ]


def test_a_document_beside_has_its_day() -> None:
    note = FN.format("Not printed; see memorandum of March 5, 1931, <hi>supra</hi>.")

    assert cited(f"My 16.{note} He came.", "date", "near") == [("", ""), ("1931-03-05", "supra")]


@pytest.mark.parametrize("opening", ["Secto 12. For Vane. I wait.", "NIE 12–61</p><p>The pilots wait."])
def test_what_opens_a_document_is_its_own_number(opening: str) -> None:
    _, row = read(f"<note rend='inline' type='source'>811.3/9: Telegram</note>{LATER}<p>{opening}</p>")

    assert row["citations"] == []
    assert row["numbers"] == (["12"] if "Secto" in opening else [])
