"""The W3C's tests of the SPARQL 1.1 Protocol, each by its name in the manifest, asked of a running service.

https://w3c.github.io/rdf-tests/sparql/sparql11/protocol/ describes requests and responses in prose only, so
they are written here anew. The tests of updates that are to succeed do not apply to a read-only service; they
are sent nevertheless, and must be refused.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ..running import ROOT, Running, server

README = (ROOT / "server" / "README.md").read_text(encoding="utf-8")
DATA = [f"http://kasei.us/2009/09/sparql/data/data{n}.rdf" for n in range(4)]
FORM = "application/x-www-form-urlencoded"
QUERY, UPDATE, UTF16 = "application/sparql-query", "application/sparql-update", "; charset=UTF-16"
XML, JSON = "application/sparql-results+xml", "application/sparql-results+json"
TABLES = {XML, JSON, "text/csv", "text/tab-separated-values"}
# The manifest also allows RDF/JSON; in its titles also N-Triples and RDFa.
GRAPHS = {"application/rdf+xml", "text/turtle", "application/n-triples"}
_DOCUMENT = "http://xmlns.com/foaf/0.1/Document"
_CONFLICT = "WITH <http://example/addresses> DELETE { ?p ?q 'Bill' } INSERT { ?p ?q 'William' } WHERE { ?p ?q 'Bill' }"
_INSERT = (
    "INSERT { GRAPH <http://example.org/test/> { ?s a <http://ex.org/Resource> } } WHERE { ?s a ?document }"
)
_BASE = "INSERT DATA { GRAPH <http://example.org/protocol-base-test/> { <http://example.org/s> <http://ex.org/p> <test> } }"


def address(**parameters: str | list[str]) -> str:
    return f"/sparql/?{urlencode({key.replace('_', '-'): given for key, given in parameters.items()}, doseq=True)}"


@dataclass(frozen=True)
class Case:
    """A request of the manifest: `media_types` are those of a good response, none where a 4xx is expected.

    `boolean` is the answer to ASK, where there is one.
    """

    path: str
    body: str = ""
    content_type: str = ""
    media_types: frozenset[str] = frozenset()
    boolean: bool | None = None
    method: str = ""

    @property
    def request(self) -> tuple[str, str, bytes, dict[str, str]]:
        encoded = self.body.encode("utf-16" if self.content_type.endswith(UTF16) else "utf-8")
        headers = {"Content-Type": self.content_type} if self.content_type else {}
        return self.method or ("POST" if self.body else "GET"), self.path, encoded, headers


def asked(path: str, body: str = "", content_type: str = "", *, answer: bool = True) -> Case:
    return Case(path, body, content_type, frozenset({XML, JSON}), answer)


def direct(query: str, path: str = "/sparql/", *, answer: bool = True) -> Case:
    return asked(path, query, QUERY, answer=answer)


def typed(query: str, media_types: set[str]) -> Case:
    return Case("/sparql/", query, QUERY, frozenset(media_types))


BOTH = f"<{DATA[1]}> a ?type . <{DATA[2]}> a ?type"
QUERIES = {
    "query_post_form": asked("/sparql/", "query=ASK%20%7B%7D", FORM),
    "query_dataset_default_graphs_get": asked(
        address(query=f"ASK {{ {BOTH} }}", default_graph_uri=DATA[1:3])
    ),
    "query_dataset_default_graphs_post": direct(
        f"ASK {{ <{DATA[1]}> ?p ?o . <{DATA[2]}> ?p ?o }}", address(default_graph_uri=DATA[1:3])
    ),
    "query_dataset_named_graphs_post": direct(
        "ASK { GRAPH ?g { ?s ?p ?o } }", address(named_graph_uri=DATA[1:3])
    ),
    "query_dataset_named_graphs_get": asked(
        address(query="ASK { GRAPH ?g { ?s ?p ?o } }", named_graph_uri=DATA[1:3])
    ),
    "query_dataset_full": Case(
        address(default_graph_uri=DATA[3], named_graph_uri=DATA[1:3]),
        "SELECT ?g ?x ?s { ?x ?y ?o  GRAPH ?g { ?s ?p ?o } }", QUERY, frozenset({XML, JSON}),
    ),
    "query_multiple_dataset": direct(
        f"ASK FROM <{DATA[1]}> {{ <{DATA[1]}> ?p ?o }}", address(default_graph_uri=DATA[2]), answer=False
    ),
    "query_get": asked("/sparql?query=ASK%20%7B%7D"),
    "query_content_type_select": typed("SELECT (1 AS ?value) {}", TABLES),
    "query_content_type_ask": typed("ASK {}", {XML, JSON}),
    "query_content_type_describe": typed("DESCRIBE <http://example.org/>", GRAPHS),
    "query_content_type_construct": typed("CONSTRUCT { <s> <p> 1 } WHERE {}", GRAPHS),
    "query_post_direct": direct("ASK {}"),
}  # fmt: skip
UPDATES = {
    "update_dataset_default_graph": Case(address(using_graph_uri=DATA[1]), _INSERT, UPDATE),
    "update_dataset_default_graphs": Case(address(using_graph_uri=DATA[1:3]), _INSERT, UPDATE),
    "update_dataset_named_graphs": Case(address(using_named_graph_uri=DATA[1:3]), _INSERT, UPDATE),
    "update_dataset_full": Case(
        address(using_graph_uri=DATA[1], using_named_graph_uri=DATA[2]), _INSERT, UPDATE
    ),
    "update_post_form": Case("/sparql/", "update=CLEAR%20ALL", FORM),
    "update_post_direct": Case("/sparql/", "CLEAR ALL", UPDATE),
    "update_base_uri": Case("/sparql/", _BASE, UPDATE),
}
REFUSED = {
    "bad_query_method": Case("/sparql?query=ASK%20%7B%7D", method="PUT"),
    "bad_multiple_queries": Case("/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"),
    "bad_query_wrong_media_type": Case("/sparql/", "ASK {}", "text/plain"),
    "bad_query_missing_form_type": Case("/sparql/", "query=ASK%20%7B%7D"),
    "bad_query_missing_direct_type": Case("/sparql/", "ASK {}"),
    "bad_query_non_utf8": Case("/sparql/", "ASK {}", QUERY + UTF16),
    "bad_query_syntax": Case("/sparql?query=ASK%20%7B"),
    "bad_update_get": Case("/sparql?update=CLEAR%20ALL"),
    "bad_multiple_updates": Case("/sparql/", "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM),
    "bad_update_wrong_media_type": Case("/sparql/", "CLEAR NAMED", "text/plain"),
    "bad_update_missing_form_type": Case("/sparql/", "update=CLEAR%20NAMED"),
    "bad_update_non_utf8": Case("/sparql/", "CLEAR NAMED", UPDATE + UTF16),
    "bad_update_syntax": Case("/sparql/", "update=CLEAR%20XYZ", FORM),
    "bad_update_dataset_conflict": Case(
        "/sparql/", urlencode({"using-named-graph-uri": "http://example/people", "update": _CONFLICT}), FORM
    ),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service on the graphs that the W3C's tests name, each with one statement about its own document."""
    file = tmp_path_factory.mktemp("w3c") / "graph.nq"
    type_ = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    file.write_text("".join(f"<{iri}> <{type_}> <{_DOCUMENT}> <{iri}> .\n" for iri in DATA), encoding="utf-8")
    with server(Path(file)) as running:
        yield running


def send(running: Running, case: Case, **headers: str) -> tuple[int, str, bytes]:
    """Return status, media type and body of the response to the request of `case`."""
    method, path, body, own = case.request
    connection = http.client.HTTPConnection(running.netloc, timeout=10)
    try:
        connection.request(method, path, body or None, {**own, **headers})
        response = connection.getresponse()
        return response.status, response.headers.get_content_type(), response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(("name", "case"), QUERIES.items(), ids=QUERIES)
def test_a_query_gets_the_answer_of_the_manifest(running: Running, name: str, case: Case) -> None:
    status, media_type, body = send(running, case)

    assert 200 <= status < 400, (name, body)
    assert media_type in case.media_types
    if case.boolean is not None:
        assert json.loads(body)["boolean"] is case.boolean
    in_xml = send(running, case, Accept=XML) if XML in case.media_types else (status, XML, b"")
    assert in_xml[:2] == (status, XML)


def test_the_whole_data_set_of_the_protocol_is_used(running: Running) -> None:
    _, _, body = send(running, QUERIES["query_dataset_full"], Accept=JSON)
    rows = json.loads(body)["results"]["bindings"]

    assert {(row["x"]["value"], row["g"]["value"]) for row in rows} == {
        (DATA[3], DATA[1]),
        (DATA[3], DATA[2]),
    }


@pytest.mark.parametrize(("name", "case"), REFUSED.items(), ids=REFUSED)
def test_a_wrong_request_is_refused(running: Running, name: str, case: Case) -> None:
    status, media_type, body = send(running, case)

    assert 400 <= status < 500, (name, body)
    assert media_type == "application/problem+json"


@pytest.mark.parametrize(("name", "case"), UPDATES.items(), ids=UPDATES)
def test_an_update_is_forbidden(running: Running, name: str, case: Case) -> None:
    status, _, body = send(running, case)

    assert status == 403, (name, body)
    assert running.number() == len(DATA)


def report() -> dict[str, tuple[str, str]]:
    """Return outcome and remark of each test in the README."""
    table = README.partition("<!-- protocol tests -->")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (.*) \| (\w+) \| (.*) \|$", table, re.MULTILINE)
    return {
        name: (outcome, remark) for names, outcome, remark in rows for name in re.findall(r"`(\w+)`", names)
    }


def test_the_report_in_the_readme_has_each_test_of_the_manifest_with_its_outcome() -> None:
    outcomes = {**dict.fromkeys([*QUERIES, *REFUSED], "passed"), **dict.fromkeys(UPDATES, "inapplicable")}

    assert {name: outcome for name, (outcome, _) in report().items()} == outcomes
    assert len(outcomes) == 34


@pytest.mark.parametrize("name", [*REFUSED, *UPDATES])
def test_the_report_names_the_status(running: Running, name: str) -> None:
    status, _, _ = send(running, {**REFUSED, **UPDATES}[name])

    assert str(status) in report()[name][1]
