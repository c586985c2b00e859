"""Graphs as a whole: SPARQL 1.1 Graph Store HTTP Protocol, the operations that read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from kg.store.statistics import NOT_COUNTED, Statistics
from server import create_app

from ..linked import BASE, LIMITS, load, service, sizes
from ..pools import open_pool
from ..talking import BROWSER, problem

SHARED = f"{BASE}graph/shared"


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


def count(body: bytes, syntax: RdfFormat = RdfFormat.TURTLE) -> int:
    return len({quad.triple for quad in parse(body, syntax)})


@pytest.mark.parametrize("graph", sorted(sizes()))
def test_a_graph_is_given_whole(linked: FlaskClient, graph: str) -> None:
    response = linked.get(f"/graphs?graph={quote(graph, safe='')}")

    assert (response.status_code, response.mimetype) == (200, "text/turtle")
    assert count(response.data) == sizes()[graph]


def test_the_default_graph_is_the_union_without_repetition(linked: FlaskClient) -> None:
    distinct = {quad.triple for quad in load()}

    assert len(distinct) < len(load())  # one statement stands in two graphs
    assert {quad.triple for quad in parse(linked.get("/graphs?default").data, RdfFormat.TURTLE)} == distinct


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-quads", RdfFormat.N_QUADS),
        ("application/trig", RdfFormat.TRIG),
    ],
)
def test_every_syntax_holds_the_same(linked: FlaskClient, accept: str, syntax: RdfFormat) -> None:
    response = linked.get(f"/graphs?graph={SHARED}", headers={"Accept": f"text/csv, {accept};q=0.2"})

    assert response.mimetype == accept
    assert count(response.data, syntax) == sizes()[SHARED]


def test_a_format_can_be_had_by_name_and_people_get_turtle(linked: FlaskClient) -> None:
    assert linked.get("/graphs?default&format=nt").mimetype == "application/n-triples"
    assert linked.get("/graphs?default", headers={"Accept": BROWSER}).mimetype == "text/turtle"


@pytest.mark.parametrize("accept", ["text/csv", "text/html"])
def test_other_formats_are_not_acceptable(linked: FlaskClient, accept: str) -> None:
    response = linked.get("/graphs?default", headers={"Accept": f"{accept}, application/problem+json"})

    problem(response, 406, "not-acceptable")


def test_head_tells_the_same_without_the_graph(linked: FlaskClient) -> None:
    """Section 5.6."""
    whole, head = linked.get(f"/graphs?graph={SHARED}"), linked.head(f"/graphs?graph={SHARED}")

    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Last-Modified"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_graph_that_is_not_there_is_not_found(linked: FlaskClient, method: str) -> None:
    """Section 5.2."""
    response = linked.open("/graphs?graph=http://ex.org/none", method=method)

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def test_a_graph_too_large_for_an_answer_leads_to_the_files() -> None:
    small = replace(LIMITS, result=1000)
    with open_pool(load, small) as pool:
        app = create_app(pool, data_version="v1")
        response = app.test_client().get("/graphs?default", base_url="http://ex.org/kg")
        query = app.test_client().get("/sparql?query=CONSTRUCT%7B?s?p?o%7DWHERE%7B?s?p?o%7D")

    document = problem(response, 422, "result-too-large")
    assert (document["limit"], document["dumps"]) == (1000, "http://ex.org/kg/dumps/")
    assert "“dumps”" in str(document["detail"])
    assert "Retry-After" not in response.headers
    assert problem(query, 422, "result-too-large")["dumps"] == "http://localhost/dumps/"


def test_a_graph_with_too_many_statements_is_refused_before_it_is_read() -> None:
    counted = Statistics({**NOT_COUNTED.counts, "triples": {(): 10**7}})
    with open_pool(load, LIMITS) as pool:
        asked = create_app(pool, data_version="v1", statistics=lambda _: counted).test_client()
        pool.close()  # so that nothing could be read
        response = asked.get("/graphs?default")

    assert problem(response, 422, "result-too-large")["limit"] == LIMITS.result


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH"])
def test_nothing_can_be_written(linked: FlaskClient, method: str) -> None:
    """Section 5.1: a method that is not supported is answered with 405."""
    response = linked.open(f"/graphs?graph={SHARED}", method=method, data="<a:a> <a:a> <a:a> .")

    problem(response, 405, "method-not-allowed")
    assert {"GET", "HEAD"} <= set(response.headers["Allow"].split(", "))
    assert method not in response.headers["Allow"]
    assert count(linked.get(f"/graphs?graph={SHARED}").data) == sizes()[SHARED]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?default&graph=http://ex.org/one",
        "?graph=http://ex.org/one&graph=http://ex.org/two",
        "?default&default",
        "?graph=",
        "?graph=shared",
        "?graph=//ex.org/one",
        "?graph=http://[ex.org/one",
        "?graph=http://ex.org/a%20b",
        "?graph=a:%3E%20%7D",
        "?graph=%ff",
    ],
)
def test_a_request_names_one_graph_by_an_absolute_iri(linked: FlaskClient, query: str) -> None:
    """Section 4.2."""
    problem(linked.get(f"/graphs{query}"), 400, "bad-request")


def test_a_graph_is_sent_once(linked: FlaskClient) -> None:
    first = linked.get(f"/graphs?graph={SHARED}")
    by_tag = linked.get(f"/graphs?graph={SHARED}", headers={"If-None-Match": first.headers["ETag"]})
    by_date = linked.get(
        f"/graphs?graph={SHARED}", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )
    other = linked.get(f"/graphs?graph={SHARED}&format=nt", headers={"If-None-Match": first.headers["ETag"]})

    assert [response.status_code for response in (by_tag, by_date, other)] == [304, 304, 200]


# The name of a graph leads to it (section 4.1, direct identification).


def test_the_name_of_a_graph_leads_to_its_statements(linked: FlaskClient) -> None:
    first = linked.get("/graph/inferred/telegram/t", headers={"Accept": "application/n-triples"})
    second = linked.get(first.headers["Location"], headers={"Accept": "application/n-triples"})

    assert first.status_code == 303
    assert count(second.data, RdfFormat.N_TRIPLES) == sizes()[f"{BASE}graph/inferred/telegram/t"]


def test_the_way_to_a_graph_keeps_the_format_and_the_prefix_of_a_proxy(linked: FlaskClient) -> None:
    response = linked.get("/graph/shared?format=nt", base_url="http://ex.org/kg")

    assert response.headers["Location"].startswith("/kg/graphs?")
    followed = linked.get(response.headers["Location"].removeprefix("/kg"), base_url="http://ex.org/kg")
    assert followed.mimetype == "application/n-triples"


def test_people_read_what_is_said_about_a_graph(linked: FlaskClient) -> None:
    page = linked.get("/graph/inferred/telegram/t", headers={"Accept": BROWSER})

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "What follows by ontology and rules" in page.text
    assert 'href="/graphs?graph=https' in page.text


@pytest.mark.parametrize("accept", ["text/turtle", BROWSER])
def test_the_name_of_no_graph_is_not_found_and_near_ones_are_offered(
    linked: FlaskClient, accept: str
) -> None:
    response = linked.get("/graph/share", headers={"Accept": accept})

    assert response.status_code == 404
    assert SHARED in response.text
