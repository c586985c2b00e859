"""The search of people and programs: things by name, quotes and contents by words, saved questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg import build
from kg.asking.searching import search_file
from kg.asking.searching.search_file import STATEMENT
from kg.asking.searching.search_index import Search
from kg.errors import SizeLimitError
from kg.store import sparql
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.pages.search import routes
from server.pages.search.finder import PLACES, TEXTS, THINGS, Hits
from server.pages.search.routes import LONGEST, amount
from server.pages.search.word_indexes import WordIndexes

from ..linked import BASE, html, links
from ..pools import open_pool
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
<telegram/t> a cg:Telegram ; rdfs:label "Telegram <T>"@en , "Телеграмма"@ru .
<telegram/t/passage/body-1> a cg:Passage ; cg:passageOf <telegram/t/rendering/r> .
<telegram/t/rendering/r> cg:renders <telegram/t> .
<telegram/t/says> a cg:Position , cg:Statement ; cg:content "Orlov waits on the qüay."@en ;
  cg:evidence <telegram/t/says#evidence/1> .
<telegram/t/says#evidence/1> a cg:Anchor ; oa:exact "on the <i>quay</i>"@en ;
  cg:inPassage <telegram/t/passage/body-1> .
<telegram/t/passage/body-1> cg:voice <voice/writer> .
<telegram/t/says> cg:heldBy <actor/orlov> ; <http://purl.org/dc/terms/subject> <topic/harbours> .
<voice/writer> rdfs:label "writer's body"@en .
cg:Topic a owl:Class ; rdfs:label "topic"@en .
<topic/harbours> a cg:Topic ; rdfs:label "Harbours"@en , "Puertos"@es ; skos:altLabel "landing stages"@en .
cg:Reading a owl:Class ; rdfs:label "reading"@en ; rdfs:subClassOf cg:Statement .
<telegram/t/may> a cg:Reading , cg:Statement ; cg:content "Orlov may sail at dawn."@en ; cg:readHolder <actor/orlov> .
<telegram/t/a-may> a cg:Reading , cg:Statement ; cg:content "The fog lifts."@en .
<telegram/t/b-says> a cg:Position , cg:Statement ; cg:content "The fog lifts."@en .
<telegram/u/lost> a cg:Position ; cg:evidence <telegram/u/lost#evidence/1> .
<telegram/u/lost#evidence/1> a cg:Anchor ; oa:exact "words without a page"@en ;
  cg:inPassage <telegram/u/passage/head-1> .
"""


def load() -> Store:
    crowd = "".join(
        f'<place/p{n:03}> a cg:Place ; rdfs:label "Pebble beach {n:03}"@en .\n'
        f'<telegram/t/n{n:03}> a cg:Position ; cg:content "It rained, {n:03}."@en .\n'
        f"<telegram/t/long> cg:evidence <e{n:03}> . <e{n:03}> cg:inPassage <telegram/t/passage/p-{n:03}> .\n"
        for n in range(CROWD)
    )
    store = Store()
    crowd += '<telegram/t/long> a cg:Position ; cg:content "Always alike."@en .'
    store.load((DATA + crowd).encode(), RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with open_pool(load, LIMITS) as pool:
        yield create_app(pool, name="test graph", data_version="v1").test_client()


@pytest.fixture(scope="module")
def real(graph: build.Build, word_index: Path) -> Iterator[FlaskClient]:
    with open_pool(lambda: build.store_of(graph), LIMITS, graph.version) as pool:
        app = create_app(pool, name="test graph", data_version=graph.version, search=lambda _: word_index)
        yield app.test_client()


def found(client: FlaskClient, words: str, **narrowed: str) -> dict[str, Any]:
    response = client.get("/search", query_string={"q": words, "format": "json", **narrowed})
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
    texts = found(client, "fog lifts")["texts"]

    assert [(hit["href"], hit["kind"]) for hit in texts["shown"]] == [
        ("/id/telegram/t/b-says", "position"),
        ("/id/telegram/t/a-may", "reading"),
    ]


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


def test_a_statement_comes_with_its_quotes_telegram_and_passage(client: FlaskClient) -> None:
    (hit,) = found(client, "QUAY")["texts"]["shown"]

    assert (hit["text"], hit["kind"]) == ("Orlov waits on the qüay.", "position")
    assert hit["found"] == {"quay": ["content", "quote"]}
    assert hit["quotes"] == ["on the <i>quay</i>"]
    assert hit["passages"] == [
        {
            "iri": f"{BASE}id/telegram/t/passage/body-1",
            "href": "/id/telegram/t/passage/body-1",
            "telegram": f"{BASE}id/telegram/t",
            "telegram_href": "/id/telegram/t",
            "title": "Telegram <T>",
        }
    ]


def test_a_subject_heading_finds_its_statements_by_any_of_its_names(client: FlaskClient) -> None:
    for words in ("landing stage", "puerto", "harbour"):
        (hit,) = found(client, words)["texts"]["shown"]
        assert hit["href"] == "/id/telegram/t/says"
        assert set(map(tuple, hit["found"].values())) == {("heading",)}
    assert "in subject heading" in html(client, "/search?q=puerto")


def test_where_few_have_all_words_those_with_some_follow(client: FlaskClient) -> None:
    texts = found(client, "waits on the quay in fog")["texts"]

    assert [(hit["href"], list(hit["found"])) for hit in texts["shown"]] == [
        ("/id/telegram/t/says", ["waits", "quay"]),
        ("/id/telegram/t/b-says", ["fog"]),
        ("/id/telegram/t/a-may", ["fog"]),
    ]
    assert (texts["every"], texts["total"]) == (0, 3)
    assert "None with all words; then those with some of them." in html(client, "/search?q=waits+fog")


def test_what_was_not_searched_for_and_what_nothing_has_is_told(client: FlaskClient) -> None:
    content, text = found(client, "the fgo on the quay"), html(client, "/search?q=the+fgo+on+the+quay")

    assert content["left_out"] == ["the", "on"]
    assert [(word["word"], word["known"]) for word in content["words"]] == [("fgo", False), ("quay", True)]
    assert "Nothing has a word like “fgo”" in text
    assert "Left out: the, on." in text


def test_a_misspelt_word_leads_to_the_search_with_a_near_one(client: FlaskClient) -> None:
    assert found(client, "raned")["words"] == [
        {"word": "raned", "known": False, "beginning": False, "near": ["rained"]}
    ]
    assert "?q=rained&amp;format=html" in links(html(client, "/search?q=raned"))


def test_a_word_that_nothing_has_finds_what_begins_with_it(client: FlaskClient) -> None:
    assert found(client, "peb")["things"]["total"] == CROWD
    assert "No word is “peb”; words that begin so were searched for." in html(client, "/search?q=peb")


def test_a_passage_of_no_known_telegram_is_told_alone(client: FlaskClient) -> None:
    (hit,) = found(client, "without a page")["texts"]["shown"]

    assert [(place["telegram"], place["title"]) for place in hit["passages"]] == [("", "")]
    assert "/id/telegram/u/passage/head-1" in links(html(client, "/search?q=without+a+page"))


def test_a_statement_of_many_passages_is_shown_with_some_of_them(client: FlaskClient) -> None:
    (hit,) = found(client, "always alike")["texts"]["shown"]

    assert [place["iri"][-5:] for place in hit["passages"]] == [f"p-{n:03}" for n in range(PLACES)]


# Filters.


@pytest.mark.parametrize(
    "narrowed",
    [
        {"kind": "Position"},
        {"telegram": "telegram:t"},
        {"voice": "voice/writer"},
        {"voice": "writer"},
        {"kind": "Position", "telegram": "t", "voice": "writer", "holder": "orlov"},
    ],
)
def test_a_filter_narrows_the_search(client: FlaskClient, narrowed: dict[str, str]) -> None:
    content = found(client, "Orlov", **narrowed)

    assert shown(content["texts"]) == ["/id/telegram/t/says"]
    assert content["things"]["total"] == 0
    assert content["narrowed"] == narrowed


def test_who_would_hold_a_reading_finds_it_too(client: FlaskClient) -> None:
    texts = found(client, "Orlov", holder="actor:orlov")["texts"]

    assert shown(texts) == ["/id/telegram/t/says", "/id/telegram/t/may"]


def test_a_value_that_narrows_nothing_is_refused_with_near_ones(client: FlaskClient) -> None:
    refused = client.get("/search", query_string={"q": "Orlov", "kind": "Positon"})

    told = problem(refused, 400, "wrong-parameter")
    assert told["parameter"] == "kind"
    assert told["allowed"] == ["Position", "Person"]


def test_the_form_has_the_values_of_the_filters_and_keeps_the_chosen_one(client: FlaskClient) -> None:
    text = html(client, "/search?q=fog&kind=Reading")

    assert '<option value="Reading" selected>reading</option>' in text
    assert '<option value="telegram:t">Telegram &lt;T&gt;</option>' in text
    assert "with these filters" in html(client, "/search?q=rained&kind=Reading")


def test_a_filter_with_many_values_is_typed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "CHOICES", 1)

    assert '<input id="kind" name="kind" value="Reading">' in html(client, "/search?q=fog&kind=Reading")


# Questions, bounds, nothing.


def test_saved_questions_are_found_by_their_words(client: FlaskClient) -> None:
    questions = found(client, "which actors Wikidata")["questions"]

    (hit,) = [hit for hit in questions["shown"] if hit["name"] == "who-is-who"]
    assert hit["href"] == "/queries/who-is-who"
    assert hit["title"] == "Who is who"
    assert hit["question"].startswith("Which actors are there")
    assert set(hit["found"]) == {"actors", "wikidata"}


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


def test_texts_too_many_for_one_answer_are_read_by_pages() -> None:
    with open_pool(load, replace(LIMITS, result=24 << 10)) as pool:  # too small for all contents at once
        index = WordIndexes(pool, {}).get("")
        rained, quay = (index.find(index.words(word), STATEMENT, Search()) for word in ("rained", "quay"))

    assert (rained.total, quay.total) == (CROWD, 1)


def test_texts_of_which_not_even_some_fit_an_answer_are_an_error() -> None:
    with open_pool(load, replace(LIMITS, result=1 << 10)) as pool, pytest.raises(SizeLimitError):
        WordIndexes(pool, {}).get("")


def test_the_file_of_a_build_is_used_if_it_is_of_the_same_data(tmp_path: Path) -> None:
    store = load()
    file = tmp_path / "search.db"
    search_file.write(file, "v1", {}, partial(sparql.rows, store))
    with open_pool(load, replace(LIMITS, result=1 << 10), "v1") as pool:  # too small to read anything
        assert WordIndexes(pool, {}, lambda _: file).get("v1").version == "v1"
    with open_pool(load, replace(LIMITS, result=1 << 10), "v2") as pool, pytest.raises(SizeLimitError):
        WordIndexes(pool, {}, lambda _: file).get("v2")


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

    (first,) = content["texts"]["shown"]
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
    texts = found(real, "meetings u thant")["texts"]["shown"]
    hit = next(hit for hit in texts if "only after his meetings with U Thant" in hit["quotes"])

    (place,) = hit["passages"]
    assert place["title"] == "Telegram No. 1717-1722 from Havana, 2 November 1962"
    assert place["href"] == "/id/telegram/1962-11-02-havana-1717/passage/body-14"
