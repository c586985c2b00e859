"""The search of people and programs: things by name, quotes and contents by words, saved questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg import build
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
from server.pages.search.finder import PLACES, TEXTS, THINGS, Hits
from server.pages.search.routes import LONGEST, amount

from ..linked import BASE, html, links
from ..talking import BROWSER, problem

LIMITS = Limits(timeout=4.0, workers=1, memory=256 << 20, result=8 << 20, wait=2.0)
CROWD = 130  # places with one word in their names, and contents with one
DATA = """
@base <https://w3id.org/cablegraph/id/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
cg:Person a owl:Class ; rdfs:label "person"@en .
cg:Event a owl:Class ; rdfs:label "event"@en .
cg:Place a owl:Class ; rdfs:label "place"@en .
cg:Statement a owl:Class ; rdfs:label "statement"@en .
cg:Position a owl:Class ; rdfs:label "position"@en ; rdfs:subClassOf cg:Statement .
<actor/orlov> a cg:Person ; rdfs:label "Pyotr Orlov"@en , "Пётр Орлов"@ru .
<event/a-visit> a cg:Event ; rdfs:label "Orlov's visit <b>to the pier</b>"@en .
<mode> a skos:ConceptScheme ; skos:prefLabel "way of taking part"@en .
<mode/hidden> a skos:Concept ; skos:prefLabel "hidden from view"@en ; skos:inScheme <mode> .
<../queries/hidden> a cg:Unlabelled ; rdfs:label "hidden as a question"@en .
<odd/thing> a cg:Unlabelled ; rdfs:label "zyx"@en .
<telegram/t> rdfs:label "Telegram <T>"@en , "Телеграмма"@ru .
<telegram/t/passage/body-1> a cg:Passage ; cg:passageOf <telegram/t/rendering/r> .
<telegram/t/rendering/r> cg:renders <telegram/t> .
<telegram/t/says> a cg:Position , cg:Statement ; cg:content "Orlov waits on the qüay."@en ;
  cg:evidence <telegram/t/says#evidence/1> .
<telegram/t/says#evidence/1> a cg:Anchor ; oa:exact "on the <i>quay</i>"@en ;
  cg:inPassage <telegram/t/passage/body-1> .
cg:Reading a owl:Class ; rdfs:label "reading"@en ; rdfs:subClassOf cg:Statement .
<telegram/t/may> a cg:Reading , cg:Statement ; cg:content "Orlov may sail at dawn."@en ; cg:readHolder <actor/orlov> .
<telegram/t/a-may> a cg:Reading , cg:Statement ; cg:content "The fog lifts."@en .
<telegram/t/b-says> a cg:Position , cg:Statement ; cg:content "The fog lifts."@en .
<telegram/u/lost#evidence/1> a cg:Anchor ; oa:exact "words without a page"@en ;
  cg:inPassage <telegram/u/passage/head-1> .
"""


def load() -> Store:
    crowd = "".join(
        f'<place/p{n:03}> a cg:Place ; rdfs:label "Pebble beach {n:03}"@en .\n'
        f'<telegram/t/n{n:03}> a cg:Position ; cg:content "It rained, {n:03}."@en .\n'
        f'<telegram/t/same{n:03}> a cg:Position ; cg:content "Always alike."@en ; cg:evidence <e{n:03}> .\n'
        f"<e{n:03}> cg:inPassage <telegram/t/passage/p-{n:03}> .\n"
        for n in range(CROWD)
    )
    store = Store()
    store.load((DATA + crowd).encode(), RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with Pool(load, LIMITS) as pool:
        yield create_app(pool, name="test graph", data_version="v1").test_client()


@pytest.fixture(scope="module")
def real(graph: build.Build) -> Iterator[FlaskClient]:
    with Pool(lambda: build.store_of(graph), LIMITS) as pool:
        yield create_app(pool, name="test graph", data_version="v1").test_client()


def found(client: FlaskClient, words: str) -> dict[str, Any]:
    response = client.get("/search", query_string={"q": words, "format": "json"})
    assert (response.status_code, response.content_type) == (200, "application/json"), response.text
    content: dict[str, Any] = response.get_json()
    return content


def shown(hits: dict[str, Any], member: str = "href") -> list[str]:
    assert not hits["more"]
    return [hit[member] for hit in hits["shown"]]


def totals(content: dict[str, Any]) -> list[int]:
    return [content[part]["total"] for part in ("things", "texts", "questions")]


# What no passage asserts.


def test_a_text_that_no_passage_asserts_says_so(client: FlaskClient) -> None:
    (hit,) = found(client, "sail at dawn")["texts"]["shown"]
    page = html(client, "/search?q=sail+at+dawn")

    assert hit["kind"] == "reading"
    assert hit["about"] == "A possible reading, not adopted; it would be that of Pyotr Orlov"
    assert "A possible reading, not adopted; it would be that of Pyotr Orlov; reading" in page


def test_what_is_asserted_goes_before_a_reading_of_the_same_words(client: FlaskClient) -> None:
    (hit,) = found(client, "fog lifts")["texts"]["shown"]

    assert (hit["href"], hit["kind"], hit["about"]) == ("/id/telegram/t/b-says", "position", "")


# Things.


@pytest.mark.parametrize("words", ["Orlov", "ORLOV", "Орлов", "Orlóv", "pyotr orl"])
def test_a_name_finds_the_person_in_other_spellings_too(client: FlaskClient, words: str) -> None:
    first = found(client, words)["things"]["shown"][0]

    assert (first["href"], first["text"], first["kind"]) == ("/id/actor/orlov", "Pyotr Orlov", "person")


def test_a_person_comes_before_an_event_with_the_name(client: FlaskClient) -> None:
    things = found(client, "Orlov")["things"]

    assert shown(things) == ["/id/actor/orlov", "/id/event/a-visit"]
    assert things["total"] == 2


def test_a_name_in_another_language_of_the_reader_changes_nothing(client: FlaskClient) -> None:
    russian = client.get("/search?q=Orlov", headers={"Accept-Language": "ru"})

    assert russian.get_json() == found(client, "Orlov")


def test_words_in_the_middle_of_a_name_find_it(client: FlaskClient) -> None:
    assert shown(found(client, "pier visit")["things"]) == ["/id/event/a-visit"]


def test_a_concept_is_found_with_its_scheme_and_a_query_only_as_a_question(client: FlaskClient) -> None:
    things = found(client, "hidden")["things"]

    assert [(hit["iri"], hit["kind"]) for hit in things["shown"]] == [
        (f"{BASE}id/mode/hidden", "way of taking part")
    ]


def test_what_has_no_label_for_its_class_is_told_by_the_short_name(client: FlaskClient) -> None:
    assert shown(found(client, "zyx")["things"], "kind") == ["Unlabelled"]


# Texts.


def test_contents_and_quotes_come_with_telegram_and_passage(client: FlaskClient) -> None:
    texts = found(client, "QUAY")["texts"]

    place = {
        "iri": f"{BASE}id/telegram/t/passage/body-1",
        "href": "/id/telegram/t/passage/body-1",
        "telegram": f"{BASE}id/telegram/t",
        "telegram_href": "/id/telegram/t",
        "title": "Telegram <T>",
    }
    assert [(hit["text"], hit["kind"], hit["passages"]) for hit in texts["shown"]] == [
        ("Orlov waits on the qüay.", "position", [place]),
        ("on the <i>quay</i>", "quote", [place]),
    ]


def test_all_the_words_must_occur(client: FlaskClient) -> None:
    assert found(client, "waits quay")["texts"]["total"] == 1
    assert found(client, "waits quay rained")["texts"]["total"] == 0


def test_a_passage_of_no_known_telegram_is_told_alone(client: FlaskClient) -> None:
    (hit,) = found(client, "without a page")["texts"]["shown"]

    assert [(place["telegram"], place["title"]) for place in hit["passages"]] == [("", "")]
    assert "/id/telegram/u/passage/head-1" in links(html(client, "/search?q=without+a+page"))


def test_a_text_of_many_statements_is_shown_once_with_some_of_its_passages(client: FlaskClient) -> None:
    (hit,) = found(client, "always alike")["texts"]["shown"]

    assert [place["iri"][-5:] for place in hit["passages"]] == [f"p-{n:03}" for n in range(PLACES)]


# Questions, bounds, nothing.


def test_saved_questions_are_found_by_their_words(client: FlaskClient) -> None:
    assert "/queries/who-is-who" in shown(found(client, "which actors Wikidata")["questions"])


def test_of_many_hits_the_first_are_shown_and_all_counted(client: FlaskClient) -> None:
    places, rain = found(client, "beach")["things"], found(client, "rained")["texts"]

    assert (len(places["shown"]), len(set(shown_iris(places)))) == (THINGS, THINGS)
    assert places["total"] == CROWD
    assert (len(rain["shown"]), rain["total"], rain["more"]) == (TEXTS, CROWD, False)
    assert f"50 of {CROWD} are shown" in html(client, "/search?q=rained")
    assert found(client, "rained")["texts"] == rain


def shown_iris(hits: dict[str, Any]) -> list[str]:
    return [hit["iri"] for hit in hits["shown"]]


def test_where_there_are_more_than_could_be_counted_it_says_so() -> None:
    assert amount(Hits(total=1200)) == "1,200"
    assert amount(Hits(total=1200, more=True)) == "more than 1,200"


def test_texts_that_could_not_be_looked_through_make_the_total_a_least() -> None:
    with Pool(load, replace(LIMITS, result=32 << 10)) as pool:  # too small for the contents alone
        client = create_app(pool, data_version="v1").test_client()
        content, text = found(client, "quay"), html(client, "/search?q=quay")

    assert [(content["texts"][key]) for key in ("total", "more")] == [1, True]
    assert "1 of more than 1 are shown" in text


def test_nothing_found_says_what_can_be_tried(client: FlaskClient) -> None:
    text = html(client, "/search?q=qqqqqq")

    assert totals(found(client, "qqqqqq")) == [0, 0, 0]
    assert "Nothing matches “qqqqqq”" in text
    assert "another spelling" in text


@pytest.mark.parametrize("words", ["", "  ", "\u0301"])
def test_without_words_there_is_the_form_and_nothing_else(client: FlaskClient, words: str) -> None:
    assert totals(found(client, words)) == [0, 0, 0]
    assert 'name="q"' in html(client, "/search")
    assert "<h2" not in html(client, "/search")


def test_signs_alone_find_nothing_by_name(client: FlaskClient) -> None:
    assert found(client, '"} # \\')["things"]["total"] == 0


# The page and the protocol.


def test_words_and_names_are_escaped(client: FlaskClient) -> None:
    text = html(client, "/search?q=%22%3E%3Cscript%3E")

    assert "<script" not in text
    assert "&#34;&gt;&lt;script&gt;" in text
    assert "Orlov&#39;s visit &lt;b&gt;to the pier&lt;/b&gt;" in html(client, "/search?q=visit")
    assert "on the &lt;i&gt;quay&lt;/i&gt;" in html(client, "/search?q=quay")
    assert "Telegram &lt;T&gt;" in html(client, "/search?q=quay")


def test_the_page_leads_to_all_that_the_json_has(client: FlaskClient) -> None:
    content, to = found(client, "orlov"), links(html(client, "/search?q=orlov"))

    assert set(shown(content["things"]) + shown(content["texts"])) <= set(to)
    assert {"/id/telegram/t", "/id/telegram/t/passage/body-1"} <= set(to)
    assert "?q=orlov&amp;format=json" in to


def test_the_longest_words_are_answered_and_longer_ones_refused(client: FlaskClient) -> None:
    assert totals(found(client, "q" * LONGEST)) == [0, 0, 0]
    refused = problem(client.get("/search", query_string={"q": "q" * (LONGEST + 1)}), 400, "wrong-parameter")
    assert refused["parameter"] == "q"
    assert "at most 300 characters, not 301" in str(refused["detail"])


def test_there_is_a_page_and_json_and_nothing_else(client: FlaskClient) -> None:
    assert client.get("/search?q=a", headers={"Accept": BROWSER}).mimetype == "text/html"
    assert client.get("/search?q=a", headers={"Accept": "application/json"}).mimetype == "application/json"
    problem(client.get("/search?q=a", headers={"Accept": "image/png"}), 406, "not-acceptable")
    problem(client.get("/search?q=a&format=ttl"), 406, "not-acceptable")
    assert client.post("/search").status_code == 405


def test_an_answer_has_a_tag_by_which_it_need_not_come_again(client: FlaskClient) -> None:
    tag = client.get("/search?q=Orlov").headers["ETag"]

    assert client.get("/search?q=Orlov", headers={"If-None-Match": tag}).status_code == 304


def test_links_stand_below_the_prefix_of_a_proxy(client: FlaskClient) -> None:
    content = client.get("/search?q=quay", environ_overrides={"SCRIPT_NAME": "/kg"}).get_json()

    (first, _) = content["texts"]["shown"]
    assert first["href"] == "/kg/id/telegram/t/says"
    assert first["passages"][0]["telegram_href"] == "/kg/id/telegram/t"


def test_the_first_page_has_the_form_and_leads_to_who_is_who(client: FlaskClient) -> None:
    text = html(client, "/")

    assert 'action="/search"' in text
    assert "people, events, quotes, questions" in text
    assert "/queries/who-is-who" in links(text)


def test_a_question_that_is_not_there_leads_to_the_search_with_the_same_words(client: FlaskClient) -> None:
    assert "/search?q=Orlov+%26+co&amp;format=html" in links(html(client, "/queries/?q=Orlov+%26+co"))
    assert not [to for to in links(html(client, "/queries/?q=silent")) if to.startswith("/search?")]


# The real graph; the expected values were typed from the telegrams.


@pytest.mark.parametrize(
    ("spelling", "person"),
    [
        ("Alexeev", "aleksandr-alekseev"),
        ("Hruščëv", "nikita-khrushchev"),
        ("Castro", "fidel-castro"),
        ("Микоян", "anastas-mikoyan"),
        ("U. Thant", "u-thant"),
    ],
)
def test_spellings_find_their_man(real: FlaskClient, spelling: str, person: str) -> None:
    assert found(real, spelling)["things"]["shown"][0]["href"] == f"/id/actor/{person}"


def test_the_words_of_a_telegram_lead_to_their_passage(real: FlaskClient) -> None:
    (hit,) = [hit for hit in found(real, "meetings u thant")["texts"]["shown"] if "only after" in hit["text"]]

    assert hit["text"] == "only after his meetings with U Thant"
    assert hit["kind"] == "quote"
    (place,) = hit["passages"]
    assert place["title"] == "Telegram No. 1717-1722 from Havana, 2 November 1962"
    assert place["href"] == "/id/telegram/1962-11-02-havana-1717/passage/body-14"
