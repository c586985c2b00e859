"""The saved queries as examples in RDF."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable

import pytest
from flask.testing import FlaskClient

from kg import saved
from kg.resources import folder
from server import examples

from .linked import BASE, fetch, rows, service


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


@pytest.fixture(scope="module")
def queries() -> Traversable:
    return folder("queries")


def test_every_saved_query_is_an_example(linked: FlaskClient, queries: Traversable) -> None:
    found = rows(
        fetch(linked, "/.well-known/sparql-examples"),
        """SELECT ?example ?comment ?target { ?example a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ;
        <http://www.w3.org/2000/01/rdf-schema#comment> ?comment ; schema:target ?target ;
        sh:prefixes/sh:declare/sh:prefix "cg" }""",
    )

    assert found == {
        (f"{BASE}.well-known/sparql-examples#{name}", query.question, "http://localhost/sparql")
        for name, query in saved.load(queries).items()
    }


def test_examples_carry_their_tags(linked: FlaskClient, queries: Traversable) -> None:
    store = fetch(linked, "/.well-known/sparql-examples")
    found = rows(store, "SELECT ?example ?tag { ?example schema:keywords ?tag }")

    assert found == {
        (f"{BASE}.well-known/sparql-examples#{name}", tag)
        for name, query in saved.load(queries).items()
        for tag in query.tags
    }


def test_every_example_runs(linked: FlaskClient) -> None:
    texts = rows(fetch(linked, "/.well-known/sparql-examples"), "SELECT ?q { ?example sh:select ?q }")

    assert texts
    for (text,) in texts:
        assert "#+" not in text
        response = linked.post("/sparql", data=text, content_type="application/sparql-query")
        assert response.status_code == 200, text


@pytest.mark.parametrize(
    ("text", "property_", "class_"),
    [
        ("PREFIX select: <a:>\nselect * {}", "sh:select", "sh:SPARQLSelectExecutable"),
        ("# SELECT\nASK {}", "sh:ask", "sh:SPARQLAskExecutable"),
        ("CONSTRUCT WHERE {}", "sh:construct", "sh:SPARQLConstructExecutable"),
        ("DESCRIBE <a:a>", "spex:describe", "spex:SPARQLDescribeExecutable"),
    ],
)
def test_examples_are_of_the_form_of_their_query(text: str, property_: str, class_: str) -> None:
    query = saved.SavedQuery("name", "title", "question", "why", (), text)
    found = list(examples.triples([query], "http://ex.org/sparql"))

    assert text in {triple.object.value for triple in found if triple.predicate == examples.name(property_)}
    assert examples.name(class_) in {triple.object for triple in found}
