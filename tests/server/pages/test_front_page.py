"""The first page: telegrams, questions, and the way on for people and programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from kg import build
from kg.asking.questions import saved_queries
from kg.reading.collection.collection import Collection
from kg.reading.collection.pages_text import PagesText
from kg.resources import folder
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
from server.pages.front.event_picture import picture
from server.pages.front.first_questions import GENERAL, ChosenQuestion, choose
from server.pages.front.front_page import EVERYBODY, SHOWN

from ...test_depths import variant
from ..pools import open_pool
from ..talking import BROWSER

BASE = "https://w3id.org/cablegraph/"
QUESTIONS = saved_queries.load(folder("queries"))
OURS = Collection.shipped().about


@contextmanager
def first_page(load: Callable[[], ox.Store]) -> Iterator[FlaskClient]:
    with open_pool(load, Limits(timeout=60.0, workers=1, wait=30.0)) as pool:
        yield create_app(pool, about=OURS, data_version="v1").test_client()


@pytest.fixture
def page(store: ox.Store) -> Iterator[str]:
    with first_page(lambda: store) as client:
        yield client.get("/", headers={"Accept": BROWSER}).text


def many(number: int) -> ox.Store:
    """Return a store with so many telegrams of one claim each, and one that is known by reference alone."""
    store = ox.Store()
    for n in range(number):
        telegram = f"<{BASE}id/telegram/t{n:03}>"
        store.update(
            f"""PREFIX cg: <{BASE}ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
            INSERT DATA {{ GRAPH <{BASE}graph/shared> {{
              {telegram} a cg:Telegram ; rdfs:label "Telegram <{n}>"@en ; cg:sender <{BASE}id/actor/a> ;
                cg:holding <{BASE}id/holding/held> .
              <{BASE}id/actor/a> rdfs:label "Ann"@en .
              <{BASE}id/claim/{n}> a cg:Assertion ; cg:attestedIn {telegram} .
              <{BASE}id/telegram/other> a cg:Telegram ; rdfs:label "Not here"@en ;
                cg:sender <{BASE}id/actor/a> ; cg:holding <{BASE}id/holding/known-by-reference> }} }}"""
        )
    return store


@pytest.fixture
def store() -> ox.Store:
    return many(2)


def test_it_lists_the_telegrams_that_are_held_with_links_to_their_pages(page: str) -> None:
    assert page.count("/id/telegram/t00") == 2
    assert "2 telegrams" in page
    assert "Telegram &lt;1&gt;" in page
    assert "Not here" not in page


def test_it_asks_three_questions_in_the_words_of_the_collection_and_leads_to_more(page: str) -> None:
    chosen = OURS.pages.questions
    story = page.partition('<ol class="story">')[2].partition("</ol>")[0]

    assert [f'"/queries/{one.name}">{escape(one.asks)}<' in story for one in chosen] == [True] * 3
    assert story.count("<li>") == 3
    assert EVERYBODY in QUESTIONS
    assert 'href="/queries/?tag=start&amp;format=html"' in page
    assert f"all {len(QUESTIONS)}</a>" in page


def test_values_of_parameters_stand_in_the_address_of_a_question(pool: Pool) -> None:
    one = ChosenQuestion("stance-over-time", "How did she stand?", (("who", "actor:a"),))
    app = create_app(pool, about=replace(OURS, pages=PagesText(questions=(one,))), data_version="v1")
    page = app.test_client().get("/").text

    assert '<a href="/queries/stance-over-time?who=actor%3Aa">How did she stand?</a>' in page


def test_another_collection_gets_general_questions_that_have_an_answer() -> None:
    answered = {GENERAL[1], GENERAL[2], GENERAL[4], GENERAL[5]}
    shown = choose((), QUESTIONS, lambda name: [{}] if name in answered else [])

    assert [one.name for one in shown] == [GENERAL[1], GENERAL[2], GENERAL[4]]
    assert [one.asks for one in shown] == [QUESTIONS[one.name].question for one in shown]
    # They name nothing of one collection.
    assert not any(parameter.default for name in GENERAL for parameter in QUESTIONS[name].parameters)


def test_its_heading_is_the_subject_of_the_collection(page: str) -> None:
    assert f"<h1>{OURS.pages.subject}</h1>" in page
    assert "Cuban Missile Crisis" in OURS.pages.subject


def test_it_leads_to_the_form_and_to_the_descriptions(page: str) -> None:
    for address in ("/sparql", "/ontology", "/.well-known/void", "/catalogue", "/queries/"):
        assert f'href="{address}"' in page


def test_of_many_telegrams_it_shows_the_first_and_leads_to_all() -> None:
    with first_page(lambda: many(SHOWN + 3)) as client:
        page = client.get("/", headers={"Accept": BROWSER}).text

    assert page.count("/id/telegram/t0") == SHOWN
    assert f"{SHOWN + 3} telegrams" in page
    assert 'href="/queries/telegrams-held"' in page


def test_what_all_cards_share_is_said_once_and_each_shows_what_differs(tmp_path: Path) -> None:
    """The telegram of an invented embassy as a program found it, and a copy under another number of ours."""
    one = build.store_of(build.build(variant("found", tmp_path))).dump(format=ox.RdfFormat.N_QUADS)
    both = ox.Store()
    for text in (one, one.replace(b"port-merrow-217", b"port-merrow-218")):
        both.load(text, format=ox.RdfFormat.N_QUADS)
    with first_page(lambda: both) as client:
        page = unescape(client.get("/", headers={"Accept": BROWSER}).text)
    cards = re.findall(r"<li><h3>.*?<p>(.*?)</p></li>", page, re.DOTALL)

    assert page.count("Nobody has read these for claims; their records have the depth “mentions”.") == 1
    assert page.count("nobody has confirmed all of them") == 1
    assert len(cards) == 2
    assert not any("claims" in card for card in cards)
    for card in cards:
        assert "Secretary of State" in card
        assert "1957-03-14" in card
        assert "217" in card


def test_without_telegrams_it_says_so() -> None:
    with first_page(ox.Store) as client:
        answer = client.get("/")

    assert answer.status_code == 200
    assert "no telegram" in answer.text


@pytest.fixture(scope="module")
def real(graph: object) -> Iterator[str]:
    """The page of the real graph."""
    store = ox.Store()
    store.extend(graph.quads)  # type: ignore[attr-defined]
    with first_page(lambda: store) as client:
        yield client.get("/", headers={"Accept": BROWSER}).text


def test_the_real_graph_has_its_two_telegrams_there(graph: object) -> None:
    quads = graph.quads  # type: ignore[attr-defined]

    def load() -> ox.Store:
        store = ox.Store()
        store.extend(quads)
        return store

    with first_page(load) as client:
        text = client.get("/").text

    assert "Telegram No. 1643-1644 from Havana, 23 October 1962" in text
    assert "Telegram No. 1717-1722 from Havana, 2 November 1962" in text
    assert text.count("Signed by Aleksandr Alekseev") == 2
    assert "Translated by Svetlana Savranskaya, published by Wilson Center Digital Archive" in text
    assert "https://wilson-center.drivingcreative.com/document/115064" in text


def test_the_picture_shows_silence_and_absence_beside_the_stances(real: str) -> None:
    """The telegram of 2 November, paragraphs 7 to 10."""
    groups = dict(
        re.findall(r'<section class="stance" data-where="([^"]+)">(.*?)</section>', real, re.DOTALL)
    )
    names = {
        where: re.findall(r'<li[^>]*><a href="/id/actor/([^"]+)"', text) for where, text in groups.items()
    }

    assert list(groups) == ["for", "partly against", "against", "undecided", "silent", "absent"]
    assert set(names["for"]) == {"carlos-rafael-rodriguez", "joaquin-ordoqui"}
    assert set(names["partly against"]) == {"raul-curbelo", "ramiro-valdes"}
    assert set(names["against"]) == {
        "guillermo-garcia-frias",
        "haydee-santamaria",
        "osvaldo-dorticos",
        "ramiro-valdes",
    }
    assert names["undecided"] == ["fidel-castro"]
    assert set(names["silent"]) == {"che-guevara", "emilio-aragones"}
    assert names["absent"] == ["raul-castro"]
    assert "By the account of Aleksandr Alekseev." in real


def test_the_picture_says_on_what_somebody_stood(real: str) -> None:
    (ordoqui,) = re.findall(r'<li><a href="/id/actor/joaquin-ordoqui">(.*?)</li>', real, re.DOTALL)
    (dorticos,) = re.findall(r'<li><a href="/id/actor/osvaldo-dorticos">(.*?)</li>', real, re.DOTALL)
    (guevara,) = re.findall(r'<li><a href="/id/actor/che-guevara">(.*?)</li>', real, re.DOTALL)

    assert "on the Soviet decisions made in the crisis" in ordoqui
    assert "on the Soviet methods of resolving the crisis" in dorticos
    assert "<small>on" not in guevara


def test_a_possible_reading_is_marked_in_the_picture(real: str) -> None:
    (valdes,) = re.findall(r'<li class="other"><a href="/id/actor/ramiro-valdes">(.*?)</li>', real, re.DOTALL)

    assert "a possible reading" in valdes
    assert "doubtful" in valdes


def test_each_person_of_the_picture_leads_to_the_evidence(real: str) -> None:
    (guevara,) = re.findall(r'<li><a href="/id/actor/che-guevara">(.*?)</li>', real, re.DOTALL)

    assert re.search("<q>[^<]*Guevara … did not speak</q>", guevara)
    assert 'href="/id/telegram/1962-11-02-havana-1717/body-9/guevara-silent"' in guevara


def test_nobody_at_an_event_makes_no_picture() -> None:
    assert picture("e:1", "an event", []) is None
