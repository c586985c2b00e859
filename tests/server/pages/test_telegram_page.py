"""The reading page of a telegram: its words at their places, and what they assert."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from kg import build
from kg.asking.questions import saved_queries
from kg.asking.questions.saved_queries import SavedQuery
from kg.resources import folder
from server import create_app
from server.engine.evaluation.query_request import Limits

from ..pools import open_pool
from ..talking import BROWSER

QUESTIONS = saved_queries.load(folder("queries"))
NOVEMBER, OCTOBER = "/id/telegram/1962-11-02-havana-1717", "/id/telegram/1962-10-23-havana-1643"
LARGEST = 100_000  # bytes of a page
OA, CG = "http://www.w3.org/ns/oa#", "https://w3id.org/cablegraph/ontology#"


@contextmanager
def service(
    store: ox.Store,
    texts: Path | None = None,
    queries: Mapping[str, SavedQuery] = QUESTIONS,
    index: Path | None = None,
) -> Iterator[FlaskClient]:
    with open_pool(lambda: store, Limits(timeout=60.0, workers=1, wait=30.0)) as pool:
        app = create_app(pool, data_version="v1", texts=texts, queries=queries, search=lambda _: index)
        yield app.test_client()


@pytest.fixture(scope="module")
def real(graph: build.Build) -> ox.Store:
    return build.store_of(graph)


@pytest.fixture(scope="module")
def client(real: ox.Store, word_index: Path) -> Iterator[FlaskClient]:
    with service(real, index=word_index) as made:
        yield made


def page(client: FlaskClient, path: str, number: int = 1) -> str:
    response = client.get(f"{path}?page={number}", headers={"Accept": BROWSER})
    assert response.status_code == 200, response.text
    return response.text


def pages(client: FlaskClient, path: str) -> list[str]:
    """Return all pages of a telegram, in their order."""
    numbers = {int(number) for number in re.findall(r'href="\?page=(\d+)"', page(client, path))} or {1}
    return [page(client, path, n) for n in range(1, max(numbers) + 1)]


@pytest.fixture(scope="module")
def whole(client: FlaskClient) -> dict[str, list[str]]:
    """All pages of both telegrams."""
    return {path: pages(client, path) for path in (NOVEMBER, OCTOBER)}


def words(page: str) -> str:
    """Return the words of the passages of a page, without marks and numbers."""
    found = re.findall(r'<p class="words">(.*?)</p>', page, re.DOTALL)
    bare = [re.sub(r"<sup>.*?</sup>", "", passage) for passage in found]
    return "\n".join(unescape(re.sub(r"<[^>]+>", "", passage)) for passage in bare)


@pytest.mark.parametrize("path", [NOVEMBER, OCTOBER])
def test_every_quote_of_a_passage_is_on_the_page_and_nothing_else(
    whole: dict[str, list[str]], real: ox.Store, path: str
) -> None:
    shown = words("\n".join(whole[path]))
    quotes = {
        exact.value
        for anchor, _, passage, _ in real.quads_for_pattern(None, NamedNode(f"{CG}inPassage"), None)
        if passage.value.startswith(f"https://w3id.org/cablegraph{path}/")
        for _, _, exact, _ in real.quads_for_pattern(anchor, NamedNode(f"{OA}exact"), None)
    }
    joined = shown.replace("\n", " ")
    assert quotes
    assert [quote for quote in quotes if quote not in joined] == []


def test_with_the_texts_the_passages_are_whole(
    real: ox.Store, texts: Path, whole: dict[str, list[str]]
) -> None:
    with service(real, texts) as client:
        shown = words(client.get(NOVEMBER, headers={"Accept": BROWSER}).text)
    bare = words(whole[NOVEMBER][0])

    assert "…" not in shown
    assert "…" in bare
    known = [part.strip() for part in bare.replace("\n", " … ").split("…") if part.strip()]
    assert [part for part in known if part not in shown.replace("\n", " ")] == []


def test_a_folder_without_the_texts_gives_the_page_without_them(real: ox.Store, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("another text", encoding="utf-8")
    with service(real, tmp_path) as client:
        page = client.get(OCTOBER, headers={"Accept": BROWSER}).text

    assert "The text itself is not part of these data" in page


def test_each_page_is_small_and_each_number_leads_to_a_claim(whole: dict[str, list[str]]) -> None:
    every = whole[NOVEMBER]
    own = [set(re.findall(r'<li id="c(\d+)"', page)) for page in every]

    assert [len(page.encode()) for page in every if len(page.encode()) > LARGEST] == []
    assert sorted(int(n) for some in own for n in some) == list(range(1, sum(map(len, own)) + 1))
    for page, here in zip(every, own, strict=True):
        assert set(re.findall(r'href="#c(\d+)"', page)) <= here
        for number, claim in re.findall(r'href="\?page=(\d+)#c(\d+)"', page):
            assert claim in own[int(number) - 1]
        assert set(re.findall(r'href="#(q\d+)"', page)) <= set(re.findall(r' id="(q\d+)"', page))


def test_a_claim_says_who_holds_it_and_through_whom(whole: dict[str, list[str]]) -> None:
    every = "\n".join(whole[NOVEMBER])
    claim = next(line for line in every.splitlines() if "García Frías voices criticism" in line)

    assert "position (stance) · Guillermo Garcia" in claim
    assert "through Aleksandr Alekseev" in claim
    assert "information received" in claim
    assert f'href="{NOVEMBER}/body-7/garcia-criticises"' in claim


def test_what_nobody_asserts_is_marked(whole: dict[str, list[str]]) -> None:
    every = "\n".join(whole[NOVEMBER])
    readings = [line for line in every.splitlines() if '<strong class="reading">' in line]

    assert {"a possible reading", "ascribed", "proposed"} == {
        re.search(r'class="reading">([^<]+)', line)[1]  # type: ignore[index]
        for line in readings
    }


def test_the_head_tells_the_source_and_the_gaps(client: FlaskClient) -> None:
    page = client.get(NOVEMBER, headers={"Accept": BROWSER}).text
    second = client.get(f"{NOVEMBER}?page=2", headers={"Accept": BROWSER}).text

    assert "Archive of the President of the Russian Federation" in page
    assert "Looked for, and not said" in page
    assert 'href="https://wilson-center.drivingcreative.com/document/115064"' in page
    assert "#:~:text=" in page
    assert "Looked for, and not said" not in second


def test_telegrams_follow_each_other_by_date(client: FlaskClient) -> None:
    october, november = (client.get(path, headers={"Accept": BROWSER}).text for path in (OCTOBER, NOVEMBER))

    assert f'rel="next" href="{NOVEMBER}"' in october
    assert 'rel="prev"' not in october
    assert f'rel="prev" href="{OCTOBER}"' in november
    assert 'rel="next"' not in november


def test_programs_and_the_page_of_the_thing_are_as_before(client: FlaskClient) -> None:
    turtle = client.get(NOVEMBER, headers={"Accept": "text/turtle"})
    thing = client.get(f"{NOVEMBER}?view=statements", headers={"Accept": BROWSER})
    page = client.get(NOVEMBER, headers={"Accept": BROWSER})

    assert turtle.mimetype == "text/turtle"
    assert "<h2>Statements</h2>" in thing.text
    assert page.headers.getlist("Link")[0].endswith(f'{NOVEMBER}>; rel="canonical"')
    assert page.headers["ETag"]


@pytest.mark.parametrize("wanted", ["0", "99", "two", "²"])
def test_a_page_that_there_is_not_is_an_error(client: FlaskClient, wanted: str) -> None:
    response = client.get(f"{NOVEMBER}?page={wanted}", headers={"Accept": BROWSER})

    assert response.status_code == 404
    assert "there are: 1 to" in response.text


def test_a_telegram_known_by_reference_has_the_page_of_a_thing(client: FlaskClient, real: ox.Store) -> None:
    held = {NOVEMBER, OCTOBER}
    known = {
        quad.subject.value.removeprefix("https://w3id.org/cablegraph")
        for quad in real.quads_for_pattern(
            None, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode(f"{CG}Telegram")
        )
    }
    other = min(path for path in known - held if path.startswith("/id/telegram/"))

    assert "passage by passage" not in client.get(other, headers={"Accept": BROWSER}).text


def test_without_the_questions_there_are_no_reading_pages(real: ox.Store) -> None:
    with service(real, queries={}) as client:
        assert "<h2>Statements</h2>" in client.get(OCTOBER, headers={"Accept": BROWSER}).text
