"""What an answer rests on, over HTTP: header, links in the results, line of the page, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from werkzeug.test import Client

from kg import build
from kg.store.layers import LICENCE
from server import create_app
from server.engine.evaluation.query_request import Limits, QueryAnswer
from server.engine.workers.pool import Pool
from server.site import answer_grounds
from server.web.sparql_protocol import URI_LIMIT

from .handled import client_of
from .pools import open_pool

BROWSER = {"Accept": "text/html"}
# Castro's circle: five statements of the telegram of 2 November, each told by the ambassador.
NAME = "who-criticised"
LINE = "5 statements of 1 telegram; through Aleksandr Alekseev (5)"
FIELD = 'statements=5, telegrams=1, rivals=3, through=("actor:aleksandr-alekseev";n=5)'
POSITIONS = "PREFIX cg: <https://w3id.org/cablegraph/ontology#> SELECT ?s { ?s a cg:Position }"


@pytest.fixture(scope="module")
def pool(graph: build.Build) -> Iterator[Pool]:
    store = build.store_of(graph)
    with open_pool(lambda: store, Limits(timeout=10.0, workers=2), "v1") as pool:
        yield pool


@pytest.fixture(scope="module")
def web(pool: Pool) -> Iterator[Client]:
    with client_of(create_app(pool, data_version="v1"), cache_size=1 << 20) as client:
        yield client


@pytest.mark.parametrize("ending", ["json", "xml", "csv", "tsv", "md"])
def test_each_format_has_the_header_and_the_link(web: Client, ending: str) -> None:
    response = web.get(f"/queries/{NAME}.{ending}?at=event:ori-session")

    assert response.headers["Rests-On"].startswith(FIELD)
    assert "Rests-On" in ", ".join(response.headers.getlist("Access-Control-Expose-Headers"))
    address = f"/queries/{NAME}/grounds?at=event%3Aori-session"
    assert f'<{address}>; rel="describedby"; type="application/json"; title="what the answer rests on"' in (
        response.headers.getlist("Link")
    )
    assert web.get(address).get_json()["line"].startswith(LINE)


def test_results_in_json_and_xml_link_to_it_in_their_head(web: Client) -> None:
    path = f"/queries/{NAME}/grounds?limit=2"
    address = f"http://localhost{path}"

    by_json = web.get(f"/queries/{NAME}.json?limit=2").get_json()
    root = ElementTree.fromstring(web.get(f"/queries/{NAME}.xml?limit=2").data)  # noqa: S314 - our own

    assert by_json["head"]["link"] == [LICENCE, address]
    links = [link.get("href") for link in root.iter("{http://www.w3.org/2005/sparql-results#}link")]
    assert links == [LICENCE, address]
    assert web.get(path).get_json()["statements"] == len(by_json["results"]["bindings"]) == 2


@pytest.mark.parametrize(
    ("ending", "form"), [("json", ox.QueryResultsFormat.JSON), ("xml", ox.QueryResultsFormat.XML)]
)
def test_results_with_links_are_read_as_those_without(
    web: Client, ending: str, form: ox.QueryResultsFormat
) -> None:
    result = ox.parse_query_results(web.get(f"/queries/{NAME}.{ending}").data, form)

    assert isinstance(result, ox.QuerySolutions)
    assert len(list(result)) == 5


def test_the_page_of_a_question_says_it_above_the_rows(web: Client) -> None:
    page = unescape(web.get(f"/queries/{NAME}", headers=BROWSER).text)

    assert f'<p class="rests">This answer rests on {LINE}' in page


def test_an_answer_without_statements_says_nothing(web: Client) -> None:
    response = web.get("/queries/telegrams-held.json")

    assert "Rests-On" not in response.headers
    assert response.get_json()["head"]["link"] == [LICENCE]
    assert 'class="rests"' not in web.get("/queries/telegrams-held", headers=BROWSER).text


def test_an_answer_to_a_query_links_to_it_and_counts_nothing(web: Client) -> None:
    response = web.get("/sparql", query_string={"query": POSITIONS, "format": "csv"})

    address = f"/sparql/grounds?{urlencode({'query': POSITIONS})}"
    assert any(
        link.startswith(f'<{address}>; rel="describedby"') for link in response.headers.getlist("Link")
    )
    assert "Rests-On" not in response.headers
    found = web.get(address).get_json()
    assert found["statements"] == len(response.text.split()) - 1
    assert sum(share["statements"] for share in found["certainty"]) == found["statements"]


def test_a_query_too_long_for_a_link_is_sent_to_the_address(web: Client) -> None:
    long = POSITIONS + "\n#" + "-" * 3000
    response = web.get(f"/sparql?query={quote(long)}")

    assert len(long) < URI_LIMIT
    assert any(link.startswith("</sparql/grounds>; rel=") for link in response.headers.getlist("Link"))
    assert web.post("/sparql/grounds", data={"query": long}).get_json()["statements"] > 0


def test_the_page_of_an_answer_to_a_query_says_it(web: Client) -> None:
    page = web.get("/sparql", query_string={"query": POSITIONS}, headers=BROWSER).text

    assert '<p class="rests">This answer rests on ' in page


@pytest.mark.parametrize("query", ["ASK {}", "SELECT (1 AS ?one) {}"])
def test_an_answer_that_names_no_statement_has_no_link(web: Client, query: str) -> None:
    response = web.get("/sparql", query_string={"query": query, "format": "json"})

    assert not any("/sparql/grounds" in link for link in response.headers.getlist("Link"))


def test_grounds_want_a_query(web: Client) -> None:
    assert web.get("/sparql/grounds").status_code == 400
    assert web.get("/queries/unknown/grounds").status_code == 404


def test_grounds_that_take_too_long_are_left_out(pool: Pool) -> None:
    answer = QueryAnswer(b'"https://w3id.org/cablegraph/id/telegram/1/2/3"', "solutions", "text/csv")

    assert answer_grounds.count(pool, answer, seconds=0.0).statements == 0


def test_a_body_in_another_form_is_left_as_it_is() -> None:
    for body, media_type in ((b"{}", "application/json"), (b"a\n", "text/csv"), (b"", "text/turtle")):
        assert answer_grounds.with_links(body, media_type, ["http://localhost/"]) == body
    assert json.loads(answer_grounds.with_links(b'{"head":{"vars":[]}}', "application/json", ['"']))[
        "head"
    ] == {
        "link": ['"'],
        "vars": [],
    }
