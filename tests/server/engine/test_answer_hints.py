"""Hints on an answer as a worker finds them: by its bytes in each format, and by prefixes that were added."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.namespaces import CG
from server.engine.evaluation import answer_hints
from server.engine.evaluation.evaluate import evaluate
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.processes.wire import encode
from server.engine.workers.worker import answer_from, reply
from server.web.formats import RESULTS
from server.web.http_errors import ServiceCallsError

OTHER = "http://127.0.0.1:9/sparql"
TYPES = {"boolean": "text/csv", "graph": "application/rdf+xml"}


@pytest.fixture
def small() -> ox.Store:
    store = ox.Store()
    store.load(f'<urn:a> <{CG}heldBy> <urn:b> ; <{CG}note> "x" .'.encode(), ox.RdfFormat.TURTLE)
    return store


def asked(store: ox.Store, query: str, media_type: str = "text/csv", **options: object) -> QueryAnswer:
    types = {"solutions": media_type, **TYPES}
    return evaluate(store, QueryRequest(query, types, hints=True, **options), 1 << 20)  # type: ignore[arg-type]


def kinds(answer: QueryAnswer) -> list[str]:
    return [hint.kind for hint in answer.hints]


@pytest.mark.parametrize("media_type", RESULTS)
def test_a_table_without_rows_is_known_by_its_bytes(media_type: str, small: ox.Store) -> None:
    prefix = f"PREFIX cg: <{CG}> "

    assert kinds(asked(small, f"{prefix}SELECT ?a ?b {{ ?a cg:helBy ?b }}", media_type)) == ["unknown-term"]
    assert kinds(asked(small, f"{prefix}SELECT ?a ?b {{ ?a cg:heldBy ?b }}", media_type)) == []
    assert kinds(asked(small, f"{prefix}SELECT ?a {{ BIND (1 AS ?b) }}", media_type)) == []
    assert kinds(asked(small, "SELECT * {}", media_type)) == []


@pytest.mark.parametrize("media_type", RESULTS)
def test_an_aggregate_without_a_value_is_known_by_its_row(media_type: str, small: ox.Store) -> None:
    query = "SELECT (GROUP_CONCAT(?a) AS ?all) (COUNT(?a) AS ?n) { ?a ?p ?b }"

    assert kinds(asked(small, query, media_type)) == ["aggregate"]
    assert kinds(asked(small, query.replace("(?a) AS ?all", "(STR(?a)) AS ?all"), media_type)) == []
    alone = "SELECT (GROUP_CONCAT(?a) AS ?all) { ?a ?p ?b }"
    assert kinds(asked(small, alone, media_type)) == ["aggregate"]


def test_a_no_and_an_empty_graph_have_hints_in_formats_that_have_a_frame(small: ox.Store) -> None:
    query = f"{{ ?a <{CG}helBy> ?b }}"

    assert kinds(asked(small, f"ASK {query}")) == kinds(asked(small, f"CONSTRUCT WHERE {query}")) != []
    assert kinds(asked(small, "ASK { ?a ?p ?b }")) == kinds(asked(small, "DESCRIBE <urn:a>")) == []


def test_places_are_those_of_the_query_without_the_added_prefixes(small: ox.Store) -> None:
    answer = asked(small, "ASK { ?a cg:helBy ?b .\n ?a cg:heldB ?c }")

    assert [(hint.line, hint.column) for hint in answer.hints] == [(1, 10), (1, 10), (2, 5)]
    assert kinds(answer)[0] == "undeclared-prefix"


def test_without_a_wish_there_are_no_hints(small: ox.Store) -> None:
    request = QueryRequest("SELECT ?a { ?a cg:helBy ?b }", {"solutions": "text/csv"})

    assert evaluate(small, request, 1000).hints == ()


@pytest.mark.parametrize("limits", [Limits(), Limits(hints=False)])
def test_hints_cross_the_socket_unless_the_workers_give_none(limits: Limits, small: ox.Store) -> None:
    head, query = encode(QueryRequest("ASK { ?a cg:helBy ?b }", {"boolean": "text/csv"}, hints=True))
    answer = answer_from(*reply(small, head | {"query": query.decode()}, limits))

    assert answer.body == b"false"
    assert kinds(answer) == (["undeclared-prefix", "unknown-term"] if limits.hints else [])


def test_a_call_of_a_service_stands_where_it_stood(small: ox.Store) -> None:
    call = f"SERVICE <{OTHER}> {{ ?a cg:heldBy ?b }}"
    query = f"SELECT * {{ {call} }}"
    with pytest.raises(ServiceCallsError) as caught:
        asked(small, query, services=(OTHER,))
    ((start, end, _, _, sent),) = caught.value.calls

    assert query[start:end] == call
    assert sent.startswith("PREFIX cg: ")


def test_a_long_answer_is_not_read_again(small: ox.Store) -> None:
    long = "x" * (answer_hints._LARGEST + 1)
    query = f"SELECT (GROUP_CONCAT(?a) AS ?all) ?t {{ ?a ?p ?b BIND ('{long}' AS ?t) }} GROUP BY ?t"

    assert kinds(asked(small, query)) == []
