"""The saved queries as examples in RDF, where clients look for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Triple

from kg.asking.questions import query_triples, saved_queries
from kg.resources import folder
from kg.store.sparql import services

from ..linked import fetch, read, rows, service

WELL_KNOWN = "/.well-known/sparql-examples"
TARGET = "https://schema.org/target"


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


def without_address(triples: set[Triple], address: str) -> set[Triple]:
    """Return `triples` without those that name `address` as an endpoint."""
    return {t for t in triples if not (t.predicate.value == TARGET and t.object.value == address)}  # type: ignore[union-attr]


def test_examples_are_those_of_the_graph_with_the_address_of_the_host_added(linked: FlaskClient) -> None:
    in_graph = set(query_triples.triples(saved_queries.load(folder("queries")).values()))
    served = read(linked, WELL_KNOWN)

    assert without_address(in_graph, "") == in_graph
    assert in_graph <= served
    assert without_address(served, "http://localhost/sparql") == in_graph
    assert len(served) == len(in_graph) + len(saved_queries.load(folder("queries")))


def test_every_example_runs_or_asks_a_service_that_nobody_allowed(linked: FlaskClient) -> None:
    texts = rows(fetch(linked, WELL_KNOWN), "SELECT ?q { ?example sh:select|sh:construct|sh:ask ?q }")

    assert len(texts) == len(saved_queries.load(folder("queries")))
    for (text,) in texts:
        assert "#+" not in text
        response = linked.post("/sparql", data=text, content_type="application/sparql-query")
        assert response.status_code == (403 if services(text) else 200), text
