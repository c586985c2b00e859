"""The service describes itself (SPARQL 1.1 Service Description), and tells its health."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from .talking import problem

# SPARQL 1.1 Service Description section 2: a GET without a query.

SYNTAXES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
}


@pytest.mark.parametrize("accept", [*SYNTAXES, None])
def test_the_service_describes_itself(client: FlaskClient, accept: str | None) -> None:
    response = client.get("/sparql", headers={"Accept": accept} if accept else {})
    syntax = SYNTAXES[accept or "text/turtle"]
    found = {
        (quad.predicate.value.partition("#")[2], quad.object.value)
        for quad in parse(response.data, syntax)
        if quad.subject.value == "http://localhost/sparql" and hasattr(quad.object, "value")
    }
    sd = "http://www.w3.org/ns/sparql-service-description#"

    assert response.mimetype == (accept or "text/turtle")
    assert {
        ("type", f"{sd}Service"),
        ("endpoint", "http://localhost/sparql"),
        ("feature", f"{sd}UnionDefaultGraph"),
        ("supportedLanguage", f"{sd}SPARQL11Query"),
        ("resultFormat", "http://www.w3.org/ns/formats/SPARQL_Results_JSON"),
        ("resultFormat", "http://www.w3.org/ns/formats/Turtle"),
        ("label", "test graph"),
    } <= found
    assert not any("BasicFederatedQuery" in value or "DereferencesURIs" in value for _, value in found)


def test_the_description_can_be_had_by_name_and_not_in_other_formats(client: FlaskClient) -> None:
    assert client.get("/sparql?format=nt").mimetype == "application/n-triples"
    problem(client.get("/sparql", headers={"Accept": "text/csv"}), 406, "not-acceptable")
    problem(client.get("/sparql?format=csv"), 406, "not-acceptable")


def test_health_follows_the_data_process(client: FlaskClient) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")
