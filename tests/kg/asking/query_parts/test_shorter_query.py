"""A shorter query on the pattern of a SELECT says the same of whether there are rows."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.asking.query_parts import shorter_query
from kg.asking.questions import saved_queries
from kg.resources import folder
from kg.store import sparql

SAVED = saved_queries.load(folder("queries"))
TABLES = {name: query for name, query in SAVED.items() if query.columns and not query.federated}
DATA = """
<urn:a> <urn:knows> <urn:b> , <urn:c> . <urn:b> <urn:knows> <urn:c> .
<urn:b> <urn:name> "B" .
"""
PAIRS = (
    "SELECT ?one ?two WHERE { ?one <urn:knows> ?two OPTIONAL { ?two <urn:name> ?name } } ORDER BY ?one ?two"
)


@pytest.fixture(scope="module")
def small() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_saved_question_has_any_row_when_its_own_text_has(store: ox.Store, name: str) -> None:
    query = TABLES[name]
    text = shorter_query.any_row(query.text)

    found = next(sparql.rows(store, query.text), None) is not None
    assert not text or (next(sparql.rows(store, text), None) is not None) == found


def test_most_saved_questions_have_a_shorter_query() -> None:
    assert sum(bool(shorter_query.any_row(query.text)) for query in TABLES.values()) > len(TABLES) / 2


def test_parts_that_nothing_else_reads_are_left_out() -> None:
    assert shorter_query.any_row(PAIRS) == "\nSELECT (1 AS ?rows) { ?one <urn:knows> ?two  } LIMIT 1"


@pytest.mark.parametrize(
    "pattern",
    [
        '{ ?one <urn:knows> ?two OPTIONAL { ?two <urn:name> ?name } FILTER (?name = "B") }',
        "{ ?one <urn:knows> ?two OPTIONAL { ?two <urn:name> ?name } OPTIONAL { ?name ?p ?q } FILTER BOUND(?name) }",
        "{ { ?one <urn:knows> ?two OPTIONAL { ?two <urn:name> ?name } } }",
    ],
)
def test_an_optional_part_that_something_reads_stays(small: ox.Store, pattern: str) -> None:
    text = shorter_query.any_row(f"SELECT * {pattern}")

    assert "<urn:name> ?name" in text
    assert list(sparql.rows(small, text))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?one WHERE { ?one <urn:knows> ?two } GROUP BY ?one HAVING (COUNT(*) > 5)",
        "SELECT (COUNT(*) AS ?n) WHERE { ?one <urn:likes> ?two }",
        "SELECT ?one WHERE { ?one <urn:knows> ?two } OFFSET 5",
        "ASK { ?one <urn:knows> ?two }",
    ],
)
def test_a_pattern_that_does_not_decide_gives_no_shorter_query(query: str) -> None:
    assert shorter_query.any_row(query) == ""
