"""A reading is cut into pages at passages: the telegram first, its edition after it."""

from __future__ import annotations

from server.pages.telegrams.reading import Claim, Passage
from server.pages.telegrams.reading_pages import anchors, cut


def passage(name: str, claims: range, part: str = "telegram", within: str = "") -> Passage:
    made = tuple(Claim(n, f"c:{n}", 0, "words", *[""] * 10) for n in claims)
    return Passage(f"p:{name}", name, int(name[-1]), "body", part, "", within, 0, 9, (), (), made, 0)


def names(*some: Passage, most: int) -> list[list[str]]:
    return [[one.name for one in page.passages] for page in cut(some, most)]


def test_a_page_is_full_before_the_next_begins() -> None:
    some = (
        passage("b1", range(2)),
        passage("b2", range(2)),
        passage("b3", range(3)),
        passage("b4", range(9)),
    )

    assert names(*some, most=4) == [["b1", "b2"], ["b3"], ["b4"]]
    assert names(*some, most=99) == [["b1", "b2", "b3", "b4"]]
    assert names(most=4) == []


def test_what_stands_within_a_passage_stays_on_its_page() -> None:
    some = passage("b1", range(4)), passage("e1", range(4), within="p:b1"), passage("b2", range(1))

    assert names(*some, most=4) == [["b1", "e1"], ["b2"]]


def test_the_edition_has_pages_of_its_own() -> None:
    pages = cut((passage("b1", range(1, 3)), passage("a1", range(3, 4), part="edition")), 99)

    assert [(page.number, page.part, page.title) for page in pages] == [
        (1, "telegram", "body 1"),
        (2, "edition", "body 1"),
    ]
    assert anchors(pages, 2) == {1: "?page=1#c1", 2: "?page=1#c2", 3: "#c3"}


def test_a_title_has_the_first_and_the_last_passage() -> None:
    (page,) = cut((passage("b1", range(1)), passage("b2", range(1))), 9)

    assert page.title == "body 1 to body 2"
