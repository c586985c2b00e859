"""Nothing leaves the machine, nothing breaks the service. A listener counts what reaches it: nothing may."""

from __future__ import annotations

import random
import time
from urllib.parse import quote, quote_from_bytes

import pytest
from flask.testing import FlaskClient

from .conftest import Listener

QUERY = "application/sparql-query"

CALLS = [
    "SELECT * {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{at}> {{ ?s ?p ?o }} }}",
    "select * {{ service silent <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{at}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{at}> }} SERVICE SILENT ?e {{ ?s ?p ?o }} }}",
    "PREFIX x: <{at}> ASK {{ SERVICE x: {{ ?s ?p ?o }} }}",
    "BASE <{at}> ASK {{ SERVICE SILENT <x> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE\\u0020<{at}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?a ?b ?c FILTER(?a<'x>') SERVICE SILENT <{at}> {{ ?s ?p ?o }} FILTER(?b='y') }}",
    "SELECT * {{ ?a ?b ?c FILTER NOT EXISTS {{ SERVICE SILENT <{at}> {{ ?a ?p ?o }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
    "LOAD <{at}>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
]
QUIET = [
    "SELECT * FROM <{at}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{at}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <{at}> {{ ?s ?p ?o }} }}",
    'ASK {{ ?s ?p "SERVICE <{at}> {{ ?s ?p ?o }}" }}',
    "ASK {{ <{at}service> ?service 'service' }} # SERVICE <{at}> {{}}",
]


def test_no_query_calls_out(client: FlaskClient, listener: Listener) -> None:
    answers = [
        client.post("/sparql", data=call.format(at=listener.address), content_type=QUERY) for call in CALLS
    ]

    assert {answer.status_code for answer in answers} <= {400, 403}
    assert [answer.status_code for answer in answers].count(403) >= len(CALLS) - 1  # one is no SPARQL
    assert listener.calls == 0


def test_no_graph_name_is_fetched(client: FlaskClient, listener: Listener) -> None:
    for text in QUIET:
        query = quote(text.format(at=listener.address))
        for more in ("", f"&default-graph-uri={listener.address}", f"&named-graph-uri={listener.address}"):
            response = client.get(f"/sparql?query={query}{more}", headers={"Accept": "text/csv"})
            assert response.status_code == 200, response.text
            assert "\r\nhttp" not in response.text
    assert listener.calls == 0


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH <file:///etc/passwd> { ?s ?p ?o } }",
    ],
)
def test_no_file_is_read(client: FlaskClient, text: str) -> None:
    response = client.get(
        f"/sparql?query={quote(text)}", headers={"Accept": "application/sparql-results+json"}
    )

    assert response.json["results"]["bindings"] == []  # type: ignore[index]


def test_random_bytes_get_an_answer_in_bounded_time_and_never_a_fault(client: FlaskClient) -> None:
    source = random.Random(1946)  # noqa: S311 - not for secrets
    start = time.monotonic()
    for _ in range(300):
        noise = source.randbytes(source.randrange(1, 200))
        client_errors = [
            client.get(f"/sparql?query={quote_from_bytes(noise)}"),
            client.post("/sparql", data=noise, content_type=QUERY),
            client.post("/sparql", data=b"query=" + noise, content_type="application/x-www-form-urlencoded"),
        ]
        assert all(400 <= answer.status_code < 500 for answer in client_errors)
    assert time.monotonic() - start < 120
    assert client.get("/sparql?query=ASK%7B%7D").status_code == 200


PIECES = """SELECT ASK { } ( ) * ?s ?p ?o . ; , <http://e/> <#'> < > " ' \'\'\' # \\ \\u0053 SERVICE FROM
NAMED FILTER OPTIONAL UNION GRAPH VALUES UNDEF PREFIX e: e:a BASE _:b [] a 1 1.5e3 true @en ^^ ^ | / + !
&& || = DESCRIBE CONSTRUCT WHERE LIMIT
ORDER BY GROUP HAVING MINUS BIND AS COUNT REGEX EXISTS INSERT DATA LOAD é \0"""


def test_random_words_of_the_language_get_an_answer_too(client: FlaskClient) -> None:
    source = random.Random(511)  # noqa: S311 - not for secrets
    for _ in range(400):
        text = " ".join(source.choices([*PIECES.split(), "\n"], k=source.randrange(2, 25)))
        response = client.post("/sparql", data=text.encode(), content_type=QUERY)
        assert response.status_code in (200, 400, 403, 503), text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o FILTER(REGEX('" + "a" * 5000 + "', '(a*)*b')) }",
        "SELECT * { ?s (<a:p>|!<a:p>)*/(<a:p>|!<a:p>)* ?o }",
        "SELECT * { " + "{ " * 3000 + "} " * 3000 + "}",
        "ASK { FILTER(" + "!" * 50_000 + "true) }",
        "ASK { ?s ?p '" + "\\" * 100_001 + "' }",
        "SELECT * { VALUES ?x { " + "1 " * 100_000 + "} }",
        "ASK { ?s ?p '''" + "'' " * 50_000 + " }",
        "SELECT (REPLACE('" + "x" * 10_000 + "', 'x', '" + "y" * 10_000 + "') AS ?big) {}",
    ],
    ids=["regex", "path", "groups", "negations", "backslashes", "values", "quotes", "replace"],
)
def test_queries_meant_to_hurt_are_bounded(client: FlaskClient, text: str) -> None:
    start = time.monotonic()
    response = client.post("/sparql", data=text, content_type=QUERY)

    assert response.status_code in (200, 400, 422, 503)
    assert time.monotonic() - start < 20
    assert client.get("/sparql?query=ASK%7B%7D").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", "\xff\xfe;q=x,,;;=/*;q=9"),
        ("Accept", "text/csv;q=0.5;q=" + "9" * 300),
        ("Accept-Encoding", "gzip;q=nan, *;q=-1"),
        ("If-None-Match", '"unclosed, W/, *, \xff'),
        ("Content-Type", "application/sparql-query; charset=\xff; ="),
        ("Host", 'a b"<script>'),
        ("Host", ""),
        ("Content-Encoding", "\xff"),
    ],
)
def test_odd_headers_are_survived(client: FlaskClient, name: str, value: str) -> None:
    for path in ("/sparql", "/sparql?query=ASK%7B%7D", "/"):
        assert client.get(path, headers={name: value}).status_code < 500
    assert client.post("/sparql", data="ASK {}", headers={name: value}).status_code < 500


@pytest.mark.parametrize(
    "path", ["/%00", "/../../etc/passwd", "/static/../page.py", "/static/%2e%2e/page.py", "/%ff", "//x"]
)
def test_odd_paths_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (308, 404)
