"""The page of an address that is not there: words of the address, what they find, ways in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from kg.errors import BusyError
from server.pages.search import ways_on
from server.pages.search.finder import Finder
from server.pages.search.ways_on import WaysOn

from ..linked import service
from ..talking import BROWSER


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/id/actor/che-guevarra", "che guevarra"),
        ("/telegram/1962-11-02/7", "telegram"),
        ("/pages/castro.html", "castro"),
        ("/id/actor/Фидель_Кастро/", "Фидель Кастро"),
        ("/1962/7", ""),
        ("/", ""),
    ],
)
def test_the_words_are_those_of_the_last_part_that_has_any(path: str, words: str) -> None:
    assert ways_on.words_of(path) == words


def test_the_page_has_a_search_the_nearest_things_and_ways_in(client: FlaskClient) -> None:
    answer = client.get("/people/dan", headers={"Accept": BROWSER})

    assert answer.status_code == 404
    assert 'type="search" maxlength="300" value="dan"' in answer.text
    assert '<a href="/id/actor/dan">Dan</a>' in answer.text
    for way in ("/", "/id/", "/queries/", "/statements"):
        assert f'<a href="{way}">' in answer.text


def test_a_thing_that_is_not_known_leads_on_too(client: FlaskClient) -> None:
    answer = client.get("/id/actor/dane", headers={"Accept": BROWSER})

    assert answer.status_code == 404
    assert "Similar names" in answer.text
    assert 'value="dane"' in answer.text
    assert "Ways in" in answer.text


def test_other_problems_and_other_formats_lead_nowhere(client: FlaskClient) -> None:
    wrong = client.get("/sparql?query=ASK", headers={"Accept": BROWSER})
    data = client.get("/people/dan", headers={"Accept": "application/json"})

    assert "Ways in" not in wrong.text
    assert set(data.json or {}) == {"type", "title", "status", "detail", "instance"}


def test_a_busy_search_leaves_the_words() -> None:
    class Busy(Finder):
        def __init__(self) -> None:
            pass

        def find(self, *_: object, **_more: object) -> ways_on.WaysOn:  # type: ignore[override]
            raise BusyError("Being read.")

    assert ways_on.find(Busy(), "/people/dan") == WaysOn("dan")
