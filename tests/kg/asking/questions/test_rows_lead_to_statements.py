"""Rows of the saved questions lead to the statements that they rest on, or there is a reason why not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import kg
from kg.asking.questions import grounds, saved_queries
from kg.graph import Graph
from kg.resources import folder

TABLES = [
    name
    for name, query in saved_queries.load(folder("queries")).items()
    if query.columns and not query.federated
]
# Questions whose rows, or some of them, are not about statements.
REASONS: Mapping[str, str] = {
    "statements-counted-by-choice": "rows are numbers of statements, which the other question lists",
    "actors-without-link": "rows say that nothing was found elsewhere",
    "certainty-counted": "counts",
    "coverage-of-texts": "counts",
    "dates-of-documents": "a document without a stated date has no statement of one",
    "description-of-a-telegram": "who holds the text and its hash are of the record, not of a passage",
    "documents-by-depth": "counts",
    "documents-not-held": "each row counts the mentions of a document; where-a-document-is-mentioned has them",
    "events-in-order": "an event without a stated time has no statement of one",
    "found-by-a-program": "counts",
    "gaps-by-document": "each row counts gaps; what-a-telegram-leaves-unsaid has them",
    "gaps-counted": "counts",
    "happened-and-told": "rows are events, documents and stances; of the first two the page has the statements",
    "known-only-by-office": "each row joins the names of an actor; names-as-written has them",
    "missing-numbers": "rows are of numbers that are not there",
    "named-or-not": "a telegram that does not name somebody has no statement of it",
    "named-in-both-telegrams": "each row joins the names of a person; names-as-written has them",
    "reporters": "counts",
    "shared-things": "each row counts the documents of a thing",
    "stated-and-inferred": "rows are triples; why tells what they rest on",
    "telegrams-held": "counts",
    "threads": "counts; answers-in-days has the statements of each answer",
    "two-telegrams-compared": "counts",
    "which-questions-have-a-tag": "rows are questions",
    "which-questions-speak-of": "rows are questions",
    "who-is-told-of-most": "counts",
    "who-read-what": "counts",
    "who-wrote-to-whom": "counts",
    "who-is-who": "an actor without a link has no statement of one",
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return kg.open()


@pytest.fixture(scope="module")
def statements(graph: Graph) -> set[str]:
    rows = graph.sparql(
        "PREFIX cg: <https://w3id.org/cablegraph/ontology#> "
        "SELECT ?s { ?s a ?class FILTER (?class IN (cg:Statement, cg:Link)) }"
    )
    return {row.s for row in rows}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_a_statement_or_there_is_a_reason(
    name: str, graph: Graph, statements: set[str]
) -> None:
    rows = graph.query(name).to_dicts()
    without = [row for row in rows if not statements & set(grounds.named(" ".join(map(str, row.values()))))]

    assert rows
    assert bool(without) == (name in REASONS), without[:3]
