"""The query operations of the SPARQL 1.1 Protocol, section by section."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from server import create_app
from server.web.sparql_protocol import BODY_LIMIT, QUERY_LIMIT, URI_LIMIT

from ..elsewhere import LIMITS, pool_on, service
from ..handled import client_of
from ..talking import COUNT, FORM, QUERY, SELECT, get, numbers, problem


@pytest.fixture(scope="module")
def app_elsewhere(app: Flask) -> Iterator[Flask]:
    """An application whose store is the service that the other tests ask."""
    with pool_on(service(app), replace(LIMITS, timeout=1.0), "") as pool:
        yield create_app(pool, name="test graph", data_version="v1", queries={})


@pytest.fixture(params=["in Flask", "in the loop", "over a store elsewhere"])
def client(app: Flask, app_elsewhere: Flask, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A client of the application, of the whole service, and of one that has no data: all answer alike."""
    if request.param == "in Flask":
        yield app.test_client()
    else:
        with client_of(app_elsewhere if "elsewhere" in request.param else app) as of_service:
            yield of_service


# Section 2.1.1 to 2.1.3 and RFC 10008: the same query in every form.


def test_query_by_get(client: FlaskClient) -> None:
    assert numbers(get(client, COUNT)) == [12]


def test_query_by_post_of_a_form(client: FlaskClient) -> None:
    assert numbers(client.post("/sparql", data={"query": COUNT})) == [12]


def test_query_by_post_of_its_text(client: FlaskClient) -> None:
    assert numbers(client.post("/sparql", data=COUNT, content_type=QUERY)) == [12]
    assert numbers(client.post("/sparql", data=COUNT, content_type=f"{QUERY}; charset=UTF-8")) == [12]


def test_query_by_the_method_query(client: FlaskClient) -> None:
    response = client.open("/sparql", method="QUERY", data=COUNT, content_type=QUERY)

    assert numbers(response) == [12]
    assert response.headers["Accept-Query"] == f'"{QUERY}"'


def test_a_slash_at_the_end_is_no_redirect(client: FlaskClient) -> None:
    assert numbers(client.get(f"/sparql/?query={quote(COUNT)}")) == [12]
    assert numbers(client.post("/sparql/", data={"query": COUNT})) == [12]


def test_head_is_get_without_the_body(client: FlaskClient) -> None:
    got = get(client, COUNT)
    head = client.head(f"/sparql?query={quote(COUNT)}")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_options_tell_the_methods(client: FlaskClient) -> None:
    response = client.options("/sparql")

    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Allow"] == "GET, HEAD, POST, QUERY, OPTIONS"
    assert "QUERY" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    response = client.open("/sparql", method=method)

    problem(response, 405, "method-not-allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}


# Section 2.1: exactly one query.


@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=ASK%7B%7D&query=ASK%7B%7D",
        "/sparql?query=",
        "/sparql?query=%20%0A",
        "/sparql?default-graph-uri=http://ex.org/one",
        "/sparql?named-graph-uri=http://ex.org/one",
    ],
)
def test_get_without_exactly_one_query_is_a_bad_request(client: FlaskClient, path: str) -> None:
    problem(client.get(path), 400, "bad-request")


@pytest.mark.parametrize("body", ["", "x=1", "query=ASK%7B%7D&query=ASK%7B%7D"])
def test_a_form_without_exactly_one_query_is_a_bad_request(client: FlaskClient, body: str) -> None:
    problem(client.post("/sparql", data=body, content_type=FORM), 400, "bad-request")


def test_a_query_in_address_and_body_is_a_bad_request(client: FlaskClient) -> None:
    response = client.post("/sparql?query=ASK%7B%7D", data="ASK {}", content_type=QUERY)

    assert problem(response, 400, "bad-request")["detail"] == (
        "A request needs exactly one query; this one has 2."
    )


def test_unknown_parameters_are_ignored(client: FlaskClient) -> None:
    assert numbers(get(client, COUNT, more="&nonsense=1&=&&x")) == [12]


def test_the_query_is_decoded_once(client: FlaskClient) -> None:
    filtered = SELECT.replace("?o }", '?o FILTER(?o = "100%25") }')
    for response in (get(client, filtered), client.post("/sparql", data={"query": filtered})):
        assert [row["o"]["value"] for row in json.loads(response.data)["results"]["bindings"]] == ["100%25"]


def test_a_plus_in_a_form_is_a_space_and_an_escaped_plus_is_a_plus(client: FlaskClient) -> None:
    response = client.get("/sparql?query=SELECT+(1%2B1+AS+?n)+%7B%7D")

    assert numbers(response) == [2]


# Section 2.1.4: the dataset.


@pytest.mark.parametrize(
    ("more", "clause", "default", "named"),
    [
        ("&default-graph-uri=http://ex.org/one", "", 5, 0),
        ("&default-graph-uri=http://ex.org/one&default-graph-uri=http://ex.org/two", "", 9, 0),
        ("&named-graph-uri=http://ex.org/one&named-graph-uri=http://ex.org/three", "", 0, 8),
        ("&default-graph-uri=http://ex.org/one", "FROM <http://ex.org/two>", 5, 0),
        ("&default-graph-uri=http://127.0.0.1:1/none", "", 0, 0),
        ("", "FROM <http://127.0.0.1:1/none>", 0, 0),
        ("", "FROM <http://ex.org/two> FROM NAMED <http://ex.org/one>", 4, 5),
    ],
)
def test_dataset_parameters_beat_from(
    client: FlaskClient, more: str, clause: str, default: int, named: int
) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {clause} {{ ?s ?p ?o }}"
    in_graphs = f"SELECT (COUNT(*) AS ?n) {clause} {{ GRAPH ?g {{ ?s ?p ?o }} }}"

    assert numbers(get(client, query, more=more)) == [default]
    assert numbers(get(client, in_graphs, more=more)) == [named]
    assert numbers(client.post(f"/sparql?{more}", data=query, content_type=QUERY)) == [default]
    form = f"query={quote(query)}{more}"
    assert numbers(client.post("/sparql", data=form, content_type=FORM)) == [default]


def test_a_graph_that_is_no_iri_is_a_bad_request(client: FlaskClient) -> None:
    problem(get(client, COUNT, more="&default-graph-uri=not%20an%20iri"), 400, "bad-request")


def test_the_base_is_the_address_of_the_endpoint(client: FlaskClient) -> None:
    response = get(client, "SELECT (STR(<x>) AS ?o) {}", "text/csv")

    assert response.text == "o\r\nhttp://localhost/x\r\n"


# Section 2.1.7 and RFC 9110: refusals.


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data", "", "x"])
def test_other_bodies_are_unsupported(client: FlaskClient, content_type: str) -> None:
    response = client.post("/sparql", data=COUNT, content_type=content_type)

    problem(response, 415, "unsupported-media-type")


def test_a_form_by_the_method_query_is_unsupported(client: FlaskClient) -> None:
    response = client.open("/sparql", method="QUERY", data={"query": COUNT})

    problem(response, 415, "unsupported-media-type")


def test_other_charsets_and_codings_are_unsupported(client: FlaskClient) -> None:
    body = COUNT.encode("utf-16")
    utf16 = client.post("/sparql", data=body, content_type=f"{QUERY}; charset=utf-16")
    packed = client.post("/sparql", data=b"", content_type=QUERY, headers={"Content-Encoding": "gzip"})

    problem(utf16, 415, "unsupported-media-type")
    problem(packed, 415, "unsupported-media-type")


def test_broken_utf8_is_a_bad_request(client: FlaskClient) -> None:
    problem(client.get("/sparql?query=ASK%7B%7D%FF"), 400, "bad-request")
    problem(client.post("/sparql", data=b"ASK {} # \xff", content_type=QUERY), 400, "bad-request")
    problem(client.post("/sparql", data=b"query=ASK%7B%7D\xc3", content_type=FORM), 400, "bad-request")


def test_a_null_byte_is_a_syntax_error(client: FlaskClient) -> None:
    problem(client.get("/sparql?query=ASK%00%7B%7D"), 400, "query-syntax")


def test_a_syntax_error_tells_line_column_and_shows_the_place(client: FlaskClient) -> None:
    document = problem(get(client, "SELECT *\nWHERE { ?s ?p ?o } LIMIT ten"), 400, "query-syntax")

    assert (document["line"], document["column"]) == (2, 26)
    assert document["excerpt"] == "WHERE { ?s ?p ?o } LIMIT ten\n" + " " * 25 + "^"


def test_updates_are_refused_in_every_form(client: FlaskClient) -> None:
    update = "INSERT DATA { <a:a> <a:b> <a:c> }"
    answers = [
        get(client, update),
        client.post("/sparql", data={"query": update}),
        client.post("/sparql", data={"update": update}),
        client.get(f"/sparql?update={quote(update)}"),
        client.post("/sparql", data=update, content_type=QUERY),
        client.post("/sparql", data=update, content_type="application/sparql-update"),
    ]
    for answer in answers:
        problem(answer, 403, "read-only")
    assert numbers(get(client, COUNT)) == [12]


def test_a_service_is_refused(client: FlaskClient) -> None:
    query = "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }"

    problem(get(client, query), 403, "service-not-allowed")


def test_a_query_of_a_megabyte_can_be_posted(here: FlaskClient) -> None:
    query = COUNT + "#" + "é" * (1 << 19)

    assert numbers(here.post("/sparql", data=query.encode(), content_type=QUERY)) == [12]
    assert numbers(here.post("/sparql", data={"query": query})) == [12]


def test_larger_bodies_are_too_large(client: FlaskClient) -> None:
    text = client.post("/sparql", data=b"#" * (QUERY_LIMIT + 1), content_type=QUERY)
    body = client.post("/sparql", data=b"#" * (BODY_LIMIT + 1), content_type=QUERY)

    assert problem(text, 413, "body-too-large")["limit"] == BODY_LIMIT
    problem(body, 413, "body-too-large")


def test_longer_addresses_are_too_long(client: FlaskClient) -> None:
    short, long = (f"/sparql?query={quote(COUNT)}&x=" for _ in range(2))
    short += "x" * (URI_LIMIT - len(short))
    long += "x" * (URI_LIMIT + 2 - len(long))

    assert numbers(client.get(short)) == [12]
    assert problem(client.get(long), 414, "uri-too-long")["limit"] == URI_LIMIT


@pytest.mark.parametrize("timeout", ["0", "-1", "nan", "inf", "soon"])
def test_a_timeout_that_is_no_time_is_a_bad_request(client: FlaskClient, timeout: str) -> None:
    problem(get(client, COUNT, more=f"&timeout={timeout}"), 400, "bad-request")


def test_a_timeout_lowers_the_limit(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8)) + " }"
    document = problem(get(client, query, more="&timeout=0.2"), 503, "query-timeout")

    assert document["limit"] == 1.0
    assert "0.2 s" in str(document["detail"])
    assert numbers(get(client, COUNT, more="&timeout=")) == [12]


def test_the_version_of_sparql_may_be_announced(client: FlaskClient) -> None:
    assert numbers(get(client, COUNT, more="&version=1.1")) == [12]
    problem(get(client, COUNT, more="&version=9"), 400, "bad-request")
