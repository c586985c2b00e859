"""The report of the search: words and phrases as people type them, and what each should find.

Half of the rows of `searches.csv` were typed before the search was built, from the texts and records alone.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg.asking.searching.search_file import PARTS
from kg.asking.searching.search_index import Search, SearchIndex
from kg.namespaces import BASE, ID

ROWS = list(csv.DictReader(Path(__file__).with_name("searches.csv").read_text(encoding="utf-8").splitlines()))
# Not found as far up as was expected when it was typed.
MISSED: set[str] = set()


@pytest.fixture(scope="module")
def index(word_index: Path) -> SearchIndex:
    return SearchIndex(word_index)


def places(index: SearchIndex, text: str) -> dict[str, int]:
    """Return the place of each hit among the things, the statements or the questions, from 1."""
    words = index.words(text)
    found = [index.find(words, part, Search(most=100)).shown for part in PARTS]
    return {
        hit.iri.removeprefix(ID).removeprefix(BASE): n
        for hits in found
        for n, hit in enumerate(hits, start=1)
    }


def finds(index: SearchIndex, row: dict[str, str]) -> bool:
    """Return whether all that is expected is within the first so many, and nothing has the other words."""
    found = places(index, row["words"])
    unknown = {word.word for word in index.words(row["words"]).unknown}
    near = all(found.get(one, 101) <= int(row["within"]) for one in row["expected"].split())
    return near and set(row["nothing"].split()) <= unknown


@pytest.mark.parametrize("row", ROWS, ids=[row["words"] for row in ROWS])
def test_what_people_type_finds_what_it_should(index: SearchIndex, row: dict[str, str]) -> None:
    assert finds(index, row) == (row["words"] not in MISSED), places(index, row["words"])


def test_forty_searches_were_typed_half_of_them_before() -> None:
    assert [row["typed"] for row in ROWS] == ["before"] * 20 + ["after"] * (len(ROWS) - 20)
    assert {row["language"] for row in ROWS} == {"en", "ru", "es"}
