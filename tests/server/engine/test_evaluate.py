"""One query on one store, in this process."""

from __future__ import annotations

import csv
import gc
import io
import json
import threading
from xml.etree import ElementTree

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import QuerySyntaxError, SizeLimitError
from server.engine.evaluation.bounded_output import BoundedBuffer, PartBuffer
from server.engine.evaluation.evaluate import evaluate
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.web.formats import Kind
from server.web.http_errors import NotAcceptableError, RequestError, ServiceRefusedError, UpdateRefusedError

TYPES = {"solutions": "text/csv", "boolean": "text/boolean", "graph": "application/n-triples"}
LIMIT = 1 << 20
COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) {} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
ONE, TWO, NONE = "http://ex.org/one", "http://ex.org/two", "http://127.0.0.1:9/none"


def ask(store: Store, query: str, **more: object) -> QueryAnswer:
    return evaluate(store, QueryRequest(query, TYPES, **more), LIMIT)  # type: ignore[arg-type]


def number(store: Store, query: str, **more: object) -> int:
    return int(list(csv.reader(io.StringIO(ask(store, query, **more).body.decode())))[1][0])


def test_without_a_dataset_all_graphs_are_asked_together(store: Store, sizes: dict[str, int]) -> None:
    assert number(store, COUNT.format("")) == sum(sizes.values())
    assert number(store, COUNT_NAMED.format("")) == sum(sizes.values())


# SPARQL 1.1 Query section 13.2: FROM makes the default graph, FROM NAMED the named ones, and what
# is not named is empty.
@pytest.mark.parametrize(
    ("clause", "default", "named"),
    [
        (f"FROM <{ONE}>", 5, 0),
        (f"FROM <{ONE}> FROM <{TWO}>", 9, 0),
        (f"FROM NAMED <{TWO}>", 0, 4),
        (f"FROM <{ONE}> FROM NAMED <{TWO}>", 5, 4),
        (f"FROM <{NONE}>", 0, 0),
        ("FROM <file:///etc/passwd>", 0, 0),
        ("FROM NAMED <file:///etc/passwd>", 0, 0),
    ],
)
def test_from_chooses_the_graphs(store: Store, clause: str, default: int, named: int) -> None:
    assert number(store, COUNT.format(clause)) == default
    assert number(store, COUNT_NAMED.format(clause)) == named


# SPARQL 1.1 Protocol section 2.1.4: the dataset of the protocol replaces that of the query.
@pytest.mark.parametrize("clause", ["", f"FROM <{TWO}> FROM NAMED <{TWO}>"])
@pytest.mark.parametrize(
    ("default_graphs", "named_graphs", "default", "named"),
    [
        ((ONE,), None, 5, 0),
        ((ONE, TWO), None, 9, 0),
        (None, (ONE,), 0, 5),
        ((TWO,), (ONE, TWO), 4, 9),
        ((NONE,), None, 0, 0),
    ],
)
def test_the_protocol_chooses_the_graphs_whatever_from_says(
    store: Store,
    clause: str,
    default_graphs: tuple[str, ...] | None,
    named_graphs: tuple[str, ...] | None,
    default: int,
    named: int,
) -> None:
    dataset = {"default_graphs": default_graphs, "named_graphs": named_graphs}

    assert number(store, COUNT.format(clause), **dataset) == default
    assert number(store, COUNT_NAMED.format(clause), **dataset) == named


def test_a_graph_name_that_is_no_iri_is_refused(store: Store) -> None:
    with pytest.raises(RequestError, match="absolute IRI"):
        ask(store, "ASK {}", default_graphs=("no iri",))


def test_relative_iris_are_resolved_against_the_base(store: Store) -> None:
    query = "ASK { GRAPH <one> { <kennan> ?p ?o } }"

    assert ask(store, query, base="http://ex.org/sparql").body == b"true"


def test_an_unknown_base_leaves_a_relative_iri_a_syntax_error(store: Store) -> None:
    with pytest.raises(QuerySyntaxError):
        ask(store, "ASK { <kennan> ?p ?o }")


def test_columns_of_a_star_come_in_order_of_appearance(store: Store) -> None:
    assert ask(store, "SELECT * { ?s ?p ?o }").body.startswith(b"s,p,o\r\n")
    assert ask(store, "SELECT DISTINCT*{ ?z ?y ?a }").body.startswith(b"z,y,a\r\n")


def test_a_truth_value_is_one_word(store: Store) -> None:
    answer = ask(store, "ASK { <http://ex.org/kennan> ?p ?o }")

    assert answer == QueryAnswer(b"true", "boolean", "text/boolean")


def test_a_graph_has_each_triple_once(store: Store) -> None:
    answer = ask(store, "CONSTRUCT { <a:a> <a:b> ?c } WHERE { ?s a ?c }")

    assert answer == QueryAnswer(b"<a:a> <a:b> <http://ex.org/Person> .\n", "graph", "application/n-triples")


@pytest.mark.parametrize(
    ("media_type", "format_"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-quads", RdfFormat.N_QUADS),
        ("application/trig", RdfFormat.TRIG),
        ("text/n3", RdfFormat.N3),
    ],
)
def test_every_graph_format_holds_the_same_triples(store: Store, media_type: str, format_: RdfFormat) -> None:
    request = QueryRequest("CONSTRUCT WHERE { ?s <http://ex.org/sentBy> ?o }", {"graph": media_type})
    body = evaluate(store, request, LIMIT).body

    assert list(parse(body, format_)) == [
        Quad(
            NamedNode("http://ex.org/telegram"),
            NamedNode("http://ex.org/sentBy"),
            NamedNode("http://ex.org/kennan"),
        )
    ]


def test_a_predicate_that_xml_cannot_name_is_not_written_wrongly(store: Store) -> None:
    request = QueryRequest(
        "CONSTRUCT { <a:a> <http://ex.org/1> 1 } WHERE {}", {"graph": "application/rdf+xml"}
    )
    with pytest.raises(NotAcceptableError, match=r"<http://ex\.org/1>"):
        evaluate(store, request, LIMIT)


def test_turtle_declares_the_prefixes_that_it_uses_and_no_other(store: Store) -> None:
    query = """CONSTRUCT { ?s <http://purl.org/dc/terms/date> ?o ; <a:b> "x", "y"@en }
        WHERE { ?s <http://purl.org/dc/terms/date> ?o }"""
    lines = evaluate(store, QueryRequest(query, {"graph": "text/turtle"}), LIMIT).body.decode().splitlines()

    assert {line.split()[1] for line in lines if line.startswith("@prefix")} == {"dcterms:", "xsd:"}


def test_an_update_is_refused_by_name(store: Store) -> None:
    with pytest.raises(UpdateRefusedError, match=r"^DELETE would change"):
        ask(store, "DELETE WHERE { ?s ?p ?o }")
    assert len(store) == 12


def test_a_service_hidden_by_escapes_is_refused_as_such(store: Store) -> None:
    with pytest.raises(ServiceRefusedError):
        ask(store, "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_a_slip_in_a_query_with_the_word_service_stays_a_slip(store: Store) -> None:
    with pytest.raises(QuerySyntaxError):
        ask(store, 'SELECT * { ?s ?p "service" ')


def test_a_syntax_error_tells_its_place(store: Store) -> None:
    with pytest.raises(QuerySyntaxError, match="line 1, column 1") as caught:
        ask(store, "SELEC ?x")
    assert (caught.value.line, caught.value.column) == (1, 1)


@pytest.mark.parametrize(
    ("query", "kind"), [("SELECT * {}", "solutions"), ("ASK {}", "boolean"), ("DESCRIBE <a:a>", "graph")]
)
def test_a_kind_without_a_type_is_not_acceptable(store: Store, query: str, kind: str) -> None:
    with pytest.raises(NotAcceptableError) as caught:
        evaluate(store, QueryRequest(query, {}), LIMIT)
    assert caught.value.kind == kind


# The engine's results may be dropped by the thread alone that made them; what another one drops is an unraisable
# exception, and so a failure of the test.
@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "ASK {}"])
@pytest.mark.parametrize(("types", "limit"), [({}, LIMIT), (TYPES, 2)])
def test_another_thread_may_drop_an_error(
    store: Store, query: str, types: dict[Kind, str], limit: int
) -> None:
    with pytest.raises((NotAcceptableError, SizeLimitError)) as caught:
        evaluate(store, QueryRequest(query, types), limit)
    caught.value.args += (caught.value,)  # a cycle, which the collector has to find
    del caught
    collecting = threading.Thread(target=gc.collect)
    collecting.start()
    collecting.join()


def test_a_large_answer_is_refused_and_not_cut(store: Store) -> None:
    with pytest.raises(SizeLimitError, match="larger than 100 bytes"):
        evaluate(store, QueryRequest("SELECT * { ?s ?p ?o }", TYPES), 100)


def test_an_answer_as_large_as_the_limit_is_given() -> None:
    buffer = BoundedBuffer(4)
    buffer.write(b"full")
    buffer.flush()

    assert buffer.collected == b"full"


def test_results_are_those_of_the_recommendation_for_json(store: Store) -> None:
    query = "SELECT ?o ?none { <http://ex.org/kennan> <http://www.w3.org/2000/01/rdf-schema#label> ?o }"
    answer = evaluate(store, QueryRequest(query, {"solutions": "application/sparql-results+json"}), LIMIT)

    assert json.loads(answer.body) == {
        "head": {"vars": ["o", "none"]},
        "results": {"bindings": [{"o": {"type": "literal", "value": "George Kennan", "xml:lang": "en"}}]},
    }


XML = "application/sparql-results+xml"


@pytest.mark.parametrize("escape", ["\\u0001", "\\b", "\\u001F", "\\uFFFE"])
def test_xml_is_refused_for_what_it_cannot_hold_and_json_is_not(escape: str) -> None:
    query = f'SELECT ("a{escape}b" AS ?x) {{}}'

    with pytest.raises(NotAcceptableError, match=r"XML cannot write the character U\+"):
        evaluate(Store(), QueryRequest(query, {"solutions": XML}), LIMIT)
    body = evaluate(Store(), QueryRequest(query, {"solutions": "application/json"}), LIMIT).body
    assert len(json.loads(body)["results"]["bindings"][0]["x"]["value"]) == 3


def test_a_carriage_return_is_still_one_for_a_reader_of_xml() -> None:
    query = 'SELECT ("a\\rb\\r\\nc" AS ?x) {}'
    body = evaluate(Store(), QueryRequest(query, {"solutions": XML}), LIMIT).body

    root = ElementTree.fromstring(body)  # noqa: S314 - our own
    (literal,) = root.iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert literal.text == "a\rb\r\nc"


@pytest.mark.parametrize(
    ("media_type", "template"),
    [
        ("application/rdf+xml", "<urn:a> <http://ex.org/1962> <urn:b>"),
        ("application/rdf+xml", "<urn:a> a <http://ex.org/1962>"),
        ("application/rdf+xml", "<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> <urn:b>"),
        ("application/rdf+xml", '<urn:a> <urn:b> "\\u000B"'),
        ("application/ld+json", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>>"),
    ],
)
def test_a_graph_that_a_format_cannot_hold_is_refused(media_type: str, template: str) -> None:
    query = f"CONSTRUCT {{ {template} }} {{}}"

    with pytest.raises(NotAcceptableError, match="ask for Turtle"):
        evaluate(Store(), QueryRequest(query, {"graph": media_type}), LIMIT)
    assert evaluate(Store(), QueryRequest(query, {"graph": "text/turtle"}), LIMIT).body


def test_an_iri_is_not_taken_for_a_name_with_a_prefix_that_json_ld_declares() -> None:
    schema = "https://schema.org/"
    query = f"CONSTRUCT {{ <schema:name> <{schema}name> <{schema}Person> }} {{}}"
    body = evaluate(Store(), QueryRequest(query, {"graph": "application/ld+json"}), LIMIT).body

    (read,) = parse(body, RdfFormat.JSON_LD)
    assert read.subject == NamedNode("schema:name")


TERMS = """SELECT ?a ?b { VALUES (?a ?b) { ("tab\\tand\\nline" UNDEF) (UNDEF UNDEF) ("" 5) (<http://ex.org/x> "é\\r"@es)
  (1.50 1e0) (true "1962-10-23"^^<http://www.w3.org/2001/XMLSchema#date>) ("<&>" <<( <http://ex.org/s> <http://ex.org/p> "o" )>>) } }"""


@pytest.mark.parametrize(
    "media_type", ["text/csv", "text/tab-separated-values", "application/sparql-results+json"]
)
@pytest.mark.parametrize("part", [(0, None), (0, 3), (2, 2), (6, 9), (7, None), (50, 1)])
def test_a_part_of_a_table_is_what_limit_and_offset_give_and_all_rows_are_counted(
    media_type: str, part: tuple[int, int | None]
) -> None:
    store, types = Store(), {"solutions": media_type}
    skip, most = part
    bounds = f"OFFSET {skip}" + ("" if most is None else f" LIMIT {most}")

    found = evaluate(store, QueryRequest(TERMS, types, part=part), LIMIT)  # type: ignore[arg-type]
    other = evaluate(store, QueryRequest(f"{TERMS} {bounds}", types), LIMIT)  # type: ignore[arg-type]

    assert found.body == other.body
    assert (found.total, other.total) == (7, None)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_a_part_is_cut_out_of_pieces_of_any_size(size: int) -> None:
    whole = b"?a\n1\n22\n\n333\n"
    output = PartBuffer(LIMIT, 1, 2)

    for start in range(0, len(whole), size):
        output.write(whole[start : start + size])

    assert bytes(output.collected) == b"?a\n22\n\n"
    assert output.total == 4


def test_rows_that_are_not_wanted_do_not_count_for_the_size_of_the_answer(store: Store) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"

    with pytest.raises(SizeLimitError):
        evaluate(store, QueryRequest(query, TYPES, part=(0, None)), 200)  # type: ignore[arg-type]
    found = evaluate(store, QueryRequest(query, TYPES, part=(3, 1)), 400)  # type: ignore[arg-type]

    assert found.body.count(b"\n") == 2
