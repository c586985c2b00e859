"""Pages that invented documents name without a link, and the documents that stand there."""

from __future__ import annotations

from typing import Any

import pytest

from kg.curating.importing.references.reference_index import ReferenceIndex

from .conftest import HEAD, NOTE, read

Row = dict[str, Any]


def cited(note: str, *keys: str) -> list[tuple[str, ...]]:
    """Return the chosen parts of each reference of a telegram that has one note."""
    text = f"41. He came.<note n='1' xml:id='d9fn1'>{note}</note>"
    _, row = read(f"{NOTE}{HEAD}<p>{text}</p>")
    return [tuple(str(one.get(key, "")) for key in keys) for one in row["citations"]]


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("<hi>Ante</hi>, p. 5.", ("", "pg_5")),
        ("See <hi>post</hi>, pp. 17 ff.", ("", "pg_17")),
        ("See <hi>Foreign Relations</hi>, 1935, vol. <hi>ii</hi>, p. 12.", ("frus1935v02", "pg_12")),
        ("See <hi>Foreign Relations</hi>, 1952–1954, vol. XIV, Part 2, p. 1200.", ("frus1952-54v14p2", "pg_1200")),
        ("See <hi>Foreign Relations</hi>, 1905, p. 6.", ("frus1905", "pg_6")),
        ("See <hi>Foreign Relations</hi>, 1916, Supplement, p. 7.", ("frus1916Supp", "pg_7")),
        ("See <hi>Foreign Relations</hi>, 1918, supp. 1, vol. i, p. 4.", ("frus1918Supp01v01", "pg_4")),
        ("<hi>Foreign Relations</hi>, The Paris Peace Conference, 1919, vol. xi, p. 3.", ("frus1919Parisv11", "pg_3")),
        ("See vol. XIX, p. 854.", ("harbor1931v19", "pg_854")),
        ("Harbor and Foreign State Papers, vol. xix, p. 854.", None),  # a volume of another work
        ("See <hi>ibid.</hi>, p. 854.", None),  # which one it means is told before
        ("He paid the post, 5 pages.", None),
    ],
)  # fmt: skip
def test_pages_that_a_note_names_without_a_link(note: str, found: tuple[str, str] | None) -> None:
    assert cited(note, "volume", "page") == ([found] if found else [])


def test_a_link_is_no_second_page() -> None:
    assert cited("<hi>Ante</hi>, <ref target='#pg_4'>p. 4</ref>.", "page") == [("pg_4",)]


def test_a_page_has_the_kind_number_and_day_that_stand_before_it() -> None:
    note = "See telegram No. 25, Feb. 3, 7 p.m., to the Ambassador in Ostria, <hi>post</hi>, p. 9; and note of Feb. 4, vol. II, p. 3."

    assert cited(note, "kind", "number", "date", "page") == [
        ("telegram", "25", "1931-02-03", "pg_9"),
        ("note", "", "1931-02-04", ""),  # whose volume stands behind it could be that of any work
    ]


def test_a_link_leads_to_a_document_of_another_kind() -> None:
    note = f"See {TOLD}, <hi>post</hi>, <ref target='#pg_12'>p. 12</ref>."
    _, citing = read(f"{NOTE}{HEAD}<p>41. He came.<note n='1' xml:id='d9fn1'>{note}</note></p>")
    sent = {**PAGED, "name": "d1", "id": "d1", "volume": citing["volume"], "kind": "Communication"}
    index = ReferenceIndex()
    index.add([citing, sent])

    assert index.find(citing, citing["citations"][0]) is sent


PAGED: Row = {"volume": "harbor1935v02", "kind": "Telegram", "numbers": [], "date": "1935-02-03", "hour": "",
              "from": ["isles"], "to": ["department"], "pages": ["pg_12"]}  # fmt: skip
TOLD = "telegram No. 25, Feb. 3, 1935"


@pytest.mark.parametrize(
    ("rows", "words", "found"),
    [
        ([{}], "text", "d1"),
        ([{}], TOLD, "d1"),
        ([{"date": "1935-02-04"}], TOLD, ""),  # nothing on the page has the day
        ([{"numbers": ["26"]}], TOLD, ""),
        ([{"kind": "Communication"}], TOLD, ""),  # it is no telegram
        ([{}, {}], "text", ""),  # two are there
        ([{}, {"date": "1935-02-04"}], TOLD, "d1"),
        ([{"numbers": ["26"]}, {"numbers": ["25"]}], TOLD, "d2"),
        ([{}, {}], TOLD, ""),
        ([{"pages": ["pg_11", "pg_12"]}, {}], "text", ""),
        ([{"volume": "harbor1935v03"}], TOLD, ""),
    ],
)  # fmt: skip
def test_one_document_of_the_page_fits_or_none_is_meant(rows: list[Row], words: str, found: str) -> None:
    _, citing = read(
        f"{NOTE}{HEAD}<p>41. He came.<note n='1' xml:id='d9fn1'>See {words}, <hi>post</hi>, p. 12.</note></p>"
    )
    index = ReferenceIndex()
    index.add([citing])
    named = [{**PAGED, "name": f"d{n}", "id": f"d{n}", **row} for n, row in enumerate(rows, 1)]
    for volume in dict.fromkeys(row["volume"] for row in named):
        index.add([row for row in named if row["volume"] == volume])
    (one,) = citing["citations"]

    target = index.find(citing, {**one, "volume": "harbor1935v02"})

    assert (target["name"] if target else "") == found
