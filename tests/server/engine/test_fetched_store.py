"""What a worker asks of a store elsewhere, and how it reads what it gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest

from kg.namespaces import CG
from server.engine.evaluation.evaluate import evaluate
from server.engine.evaluation.fetched_store import FetchedStore
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.web.formats import Kind
from server.web.http_errors import StoreCallError, StoreFailedError

TYPES: dict[Kind, str] = {
    "solutions": "text/csv",
    "boolean": "text/csv",
    "graph": "application/n-triples",
}
EX = "http://ex.org/"


def results(*columns: str, **row: str) -> bytes:
    bindings = [{name: {"type": "uri", "value": EX + value} for name, value in row.items()}] if row else []
    return json.dumps({"head": {"vars": columns}, "results": {"bindings": bindings}}).encode()


def answered(request: QueryRequest, *bodies: bytes) -> tuple[QueryAnswer, list[StoreCallError]]:
    """Return the answer, each call being answered with the next of `bodies`, and the calls."""
    calls: list[StoreCallError] = []
    fetched: list[tuple[str, bytes]] = []
    while True:
        store: Any = FetchedStore(fetched)
        try:
            return evaluate(store, request, 1 << 20), calls
        except StoreCallError as call:
            calls.append(call)
            fetched.append((call.key, bodies[len(fetched)]))


def asked(query: str, body: bytes, **given: Any) -> tuple[bytes, list[tuple[str, str]]]:
    """Return the answer, and the fields of the one call."""
    answer, (call,) = answered(QueryRequest(query, TYPES, **given), body)
    return answer.body, [(name, value) for name, value in call.form]


def test_columns_keep_the_order_of_the_query() -> None:
    body, form = asked("SELECT * { ?b ?a ?c }", results("b", "a", "c", b="1", a="2", c="3"))

    assert body.decode().splitlines() == ["b,a,c", f"{EX}1,{EX}2,{EX}3"]
    assert form == [("query", "SELECT  ?b ?a ?c  { ?b ?a ?c }")]


def test_known_prefixes_are_declared_before_the_query_is_sent() -> None:
    _, form = asked("SELECT ?s { ?s a cg:Person }", results("s"))

    assert form[0][1].startswith("PREFIX cg: <https://w3id.org/cablegraph/ontology#> ")


def test_a_base_is_sent_where_the_query_needs_one() -> None:
    _, needed = asked("SELECT ?s { ?s a <x> }", results("s"), base=f"{EX}sparql")
    _, spare = asked("SELECT ?s { ?s a <x:x> }", results("s"), base=f"{EX}sparql")

    assert needed == [("query", f"BASE <{EX}sparql> SELECT ?s {{ ?s a <x> }}")]
    assert spare == [("query", "SELECT ?s { ?s a <x:x> }")]


@pytest.mark.parametrize(
    ("query", "given", "fields"),
    [
        (
            "ASK FROM <x:a> FROM NAMED <x:b> {}",
            {},
            [("default-graph-uri", "x:a"), ("named-graph-uri", "x:b")],
        ),
        ("ASK FROM <x:a> {}", {"named_graphs": ("x:c",)}, [("named-graph-uri", "x:c")]),
        ("ASK {}", {"default_graphs": ()}, [("default-graph-uri", "urn:x-cablegraph:no-graph")]),
        ("ASK {}", {}, []),
    ],
)
def test_graphs_are_fields_of_the_protocol(
    query: str, given: dict[str, tuple[str, ...]], fields: list[tuple[str, str]]
) -> None:
    body, form = asked(query, b'{"head": {}, "boolean": true}', **given)

    assert body == b"true"
    assert form[1:] == fields
    assert "FROM" not in form[0][1]


@pytest.mark.parametrize(("number", "said"), [("1", b"true"), ("0", b"false")])
def test_a_table_that_answers_ask_as_virtuoso_does_is_read(number: str, said: bytes) -> None:
    cell = {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": number}
    table = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": cell}]}}

    assert asked("ASK { ?s ?p ?o }", json.dumps(table).encode())[0] == said


def test_triples_are_written_once_and_in_order() -> None:
    turtle = b"@prefix ex: <http://ex.org/> . ex:b ex:p 1 . ex:a ex:p 1 . ex:b ex:p 1 ."

    body, _ = asked("CONSTRUCT WHERE { ?s ?p ?o }", turtle)

    assert [line.split()[0] for line in body.decode().splitlines()] == [f"<{EX}a>", f"<{EX}b>"]


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("SELECT ?s { ?s ?p ?o }", b"<html>"),
        ("SELECT ?s { ?s ?p ?o }", b'{"head": {}, "boolean": true}'),
        ("SELECT ?s { ?s ?p ?o }", results("o")),
        ("ASK {}", results()),
        ("ASK {}", b""),
        ("CONSTRUCT WHERE { ?s ?p ?o }", b"<http://ex.org/s> <http://ex.o"),
    ],
)
def test_what_is_no_result_of_the_query_is_a_failure_of_the_store(query: str, body: bytes) -> None:
    with pytest.raises(StoreFailedError):
        asked(query, body)


def called(read: Callable[[FetchedStore], Any], fetched: list[tuple[str, bytes]]) -> StoreCallError:
    with pytest.raises(StoreCallError) as caught:
        read(FetchedStore(fetched))
    return caught.value


def rows(count: int) -> bytes:
    """Return so many rows, all of one predicate."""
    names = ({"s": f"s{n}", "p": "p", "o": f"o{n}", "g": f"g{n}"} for n in range(count))
    bindings = [
        {column: {"type": "uri", "value": f"{EX}{name}"} for column, name in row.items()} for row in names
    ]
    return json.dumps({"head": {"vars": list("spog")}, "results": {"bindings": bindings}}).encode()


def test_a_look_up_asks_for_few_quads_first_and_then_for_more() -> None:
    def read(store: FetchedStore) -> list[ox.Quad]:
        return list(store.quads_for_pattern(None, ox.NamedNode(f"{EX}p"), None))

    first = called(read, [])
    more = called(read, [(first.key, rows(16))])
    found = read(FetchedStore([(first.key, rows(16)), (more.key, rows(18))]))

    assert f"VALUES ?p {{ <{EX}p> }}" in first.form[0][1]
    assert ("LIMIT 16" in first.form[0][1], more.form[0][1][-10:]) == (True, "LIMIT 4000")
    assert sorted(quad.subject.value for quad in found) == sorted(f"{EX}s{n}" for n in range(18))
    assert len(read(FetchedStore([(first.key, rows(3))]))) == 3


def test_a_name_is_looked_up_in_all_places_at_once() -> None:
    node, other = (ox.NamedNode(f"{EX}{name}") for name in ("p", "s0"))
    places = [
        (node, None, None, None),
        (None, node, None, None),
        (None, None, node, None),
        (None, None, None, node),
    ]
    first = called(lambda store: list(store.quads_for_pattern(*places[0])), [])
    store = FetchedStore([(first.key, rows(2))])

    assert [len(list(store.quads_for_pattern(*place))) for place in places] == [0, 2, 0, 0]
    assert called(lambda _: list(store.quads_for_pattern(other, None, None)), []).key != first.key


def test_what_is_said_of_terms_is_looked_up_at_once() -> None:
    term, other, predicate = (ox.NamedNode(f"{CG}{name}") for name in ("a", "b", "p"))

    def read(store: FetchedStore, subject: ox.NamedNode) -> list[ox.Quad]:
        return list(store.quads_for_pattern(subject, predicate, None))

    cells = {
        name: {"type": "uri", "value": f"{CG}{value}"} for name, value in zip("spog", "apog", strict=True)
    }
    body = json.dumps({"head": {"vars": list("spog")}, "results": {"bindings": [cells]}}).encode()
    first = called(lambda store: read(store, term), [])

    assert [quad.subject for quad in read(FetchedStore([(first.key, body)]), term)] == [term]
    assert "VALUES ?s" not in first.form[0][1]
    again = called(lambda store: read(store, other), [(first.key, body)])
    assert f"VALUES ?s {{ {other} }}" in again.form[0][1]


def test_the_names_of_graphs_are_looked_up() -> None:
    call = called(lambda store: list(store.named_graphs()), [])

    found = list(FetchedStore([(call.key, results("g", g="a"))]).named_graphs())

    assert found == [ox.NamedNode(f"{EX}a")]
