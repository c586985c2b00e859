"""What comes back: formats (SPARQL 1.1 Protocol section 2.1.5), caching, compression, headers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from urllib.parse import quote
from uuid import RFC_4122, UUID

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient

from .talking import BROWSER, CONSTRUCT, COUNT, SELECT, get, problem

# Section 2.1.5 and 2.1.6: what comes back.


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (SELECT, None, "application/sparql-results+json"),
        (SELECT, "application/sparql-results+json", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "application/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/json"),
        (SELECT, BROWSER, "text/html; charset=utf-8"),
        ("ASK {}", "text/csv", "text/csv; charset=utf-8"),
        ("ASK {}", "text/plain", "text/plain; charset=utf-8"),
        ("ASK {}", "text/boolean", "text/boolean; charset=utf-8"),
        (CONSTRUCT, None, "text/turtle; charset=utf-8"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-quads", "application/n-quads"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/trig", "application/trig"),
        ("DESCRIBE <http://ex.org/kennan>", None, "text/turtle; charset=utf-8"),
        ("DESCRIBE <http://ex.org/kennan>", "application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_answers_come_in_the_format_asked_for(
    client: FlaskClient, query: str, accept: str | None, expected: str
) -> None:
    response = get(client, query, accept)

    assert response.status_code == 200, response.text
    assert response.content_type == expected
    assert {"Accept", "Accept-Encoding"} <= set(response.vary)


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (SELECT, "application/x-nope"),
        (SELECT, "text/turtle"),
        (CONSTRUCT, "text/csv"),
        ("DESCRIBE <http://ex.org/kennan>", "text/csv"),
    ],
)
def test_nothing_acceptable_is_said_with_a_list(client: FlaskClient, query: str, accept: str) -> None:
    available = problem(get(client, query, accept), 406, "not-acceptable")["available"]

    assert isinstance(available, dict)
    assert "text/csv" in available["solutions"]
    assert "text/turtle" in available["graph"]


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        (SELECT, "csv", "text/csv; charset=utf-8"),
        (SELECT, "json", "application/sparql-results+json"),
        (CONSTRUCT, "nt", "application/n-triples"),
        (CONSTRUCT, "json", "application/ld+json"),
    ],
)
def test_a_format_by_name_overrides_the_header(
    client: FlaskClient, query: str, name: str, expected: str
) -> None:
    assert get(client, query, "application/x-nope", f"&format={name}").content_type == expected


def test_a_format_that_does_not_exist_is_a_bad_request(client: FlaskClient) -> None:
    problem(get(client, SELECT, more="&format=xlsx"), 400, "bad-request")


def test_csv_and_tsv_follow_their_recommendation(client: FlaskClient) -> None:
    assert get(client, SELECT, "text/csv").data == b"o\r\n100%25\r\n"
    assert get(client, SELECT, "text/tab-separated-values").data == b'?o\n"100%25"\n'
    assert get(client, "ASK {}", "text/csv").data == b"true"


# RFC 9110 section 8.8.3, 13.1.2 and RFC 9111.


def test_the_same_answer_is_not_sent_twice(client: FlaskClient) -> None:
    first = get(client, COUNT)
    tag = first.headers["ETag"]
    again = client.get(f"/sparql?query={quote(COUNT)}", headers={"If-None-Match": f'"x", {tag}'})
    other = client.get(f"/sparql?query={quote(COUNT)}", headers={"If-None-Match": '"x"'})

    assert not tag.startswith("W/")
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert other.status_code == 200
    assert first.headers["Cache-Control"] == "public, max-age=300"


def test_tags_differ_with_all_that_the_answer_hangs_on(client: FlaskClient) -> None:
    large = "SELECT * { ?s ?p ?o . ?x ?y ?z } LIMIT 30"
    tags = [
        get(client, large).headers["ETag"],
        get(client, large + " ").headers["ETag"],
        get(client, large, "text/csv").headers["ETag"],
        get(client, large, more="&default-graph-uri=http://ex.org/one").headers["ETag"],
        get(client, large, more="&named-graph-uri=http://ex.org/one").headers["ETag"],
        client.get(f"/sparql?query={quote(large)}", headers={"Accept-Encoding": "gzip"}).headers["ETag"],
        client.get(f"/sparql?query={quote(large)}", base_url="http://other.test/").headers["ETag"],
    ]

    assert len(set(tags)) == len(tags)


def test_answers_that_change_by_themselves_are_not_stored(client: FlaskClient) -> None:
    response = get(client, "SELECT (NOW() AS ?t) {}")

    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_a_query_that_fails_is_never_called_unchanged(client: FlaskClient) -> None:
    response = client.get("/sparql?query=nonsense", headers={"If-None-Match": "*"})

    problem(response, 400, "query-syntax")


# Compression, security, cross-origin reading, ids.


UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("br;q=0.4, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("GZIP, BR", "br"),
        ("*", "gzip"),
        ("deflate, *;q=0.5", "gzip"),
    ],
)
def test_large_answers_are_compressed_as_the_client_likes_it(
    client: FlaskClient, accepted: str, coding: str
) -> None:
    query = "SELECT * { ?s ?p ?o . ?x ?y ?z }"
    plain = get(client, query)
    packed = client.get(f"/sparql?query={quote(query)}", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == coding
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert UNPACK[coding](packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2


def test_small_answers_and_unwilling_clients_get_no_compression(client: FlaskClient) -> None:
    small = client.get("/sparql?query=ASK%7B%7D", headers={"Accept-Encoding": "gzip"})
    refused = client.get(
        f"/sparql?query={quote('SELECT * { ?s ?p ?o . ?x ?y ?z }')}", headers={"Accept-Encoding": "gzip;q=0"}
    )

    assert "Content-Encoding" not in small.headers
    assert "Content-Encoding" not in refused.headers


@pytest.mark.parametrize(
    "path", ["/", "/sparql", "/sparql?query=ASK%7B%7D", "/sparql?query=x", "/none", "/healthz"]
)
def test_every_answer_carries_the_headers_of_the_house(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in headers
    assert "Server" not in headers


def test_a_request_keeps_the_id_of_a_proxy_and_gets_one_otherwise(client: FlaskClient) -> None:
    given = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    kept = client.get("/sparql?query=x", headers={"X-Request-ID": given})
    made = [client.get("/healthz", headers={"X-Request-ID": "<x>"}).headers["X-Request-ID"] for _ in range(2)]

    assert kept.headers["X-Request-ID"] == given
    assert json.loads(kept.data)["instance"] == f"urn:uuid:{given}"
    assert len({*made, "<x>"}) == 3
    assert {(UUID(each).version, UUID(each).variant) for each in made} == {(4, RFC_4122)}  # RFC 9562
    assert [str(UUID(each)) for each in made] == made


@pytest.mark.parametrize("path", ["/queries/", "/", "/healthz", "/.well-known/void"])
def test_other_origins_may_ask_beforehand_wherever_they_may_read(client: FlaskClient, path: str) -> None:
    wish = {
        "Origin": "http://a.test",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    answer = client.options(path, headers=wish)

    assert answer.status_code in {200, 204}
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
