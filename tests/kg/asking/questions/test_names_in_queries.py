"""The IRIs that a query names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rdflib import RDF, URIRef
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.asking.questions import saved_queries
from kg.asking.questions.query_triples import iris_named, services_named
from kg.resources import folder

SAVED = saved_queries.load(folder("queries"))
HEAD = "PREFIX ex: <http://ex.org/>\nprefix e-x.y: <http://ex.org/y#>\nPREFIX : <http://ex.org/none/>\n"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ASK { ?s a ex:Thing ; ex:p <http://ex.org/full> }", ["Thing", "full", "p"]),
        ("ASK { ?s ex:a/^ex:b|!(ex:c)+ ?o }", ["a", "b", "c"]),
        ("ASK { ?s e-x.y:one-two.three ?o.}", ["y#one-two.three"]),
        ("ASK { ?s :local 'x'^^ex:type . _:ex ex:p ?ex }", ["none/local", "p", "type"]),
        ("ASK { ?s ex:a%20b ex:c\\/d }", ["a%20b", "c/d"]),
        ("# ex:comment <http://ex.org/comment>\nASK { ?s ex:p ?o } # ex:end", ["p"]),
        ('ASK { ?s ex:p "ex:text" , \'ex:t\' , "\\" ex:no" FILTER (?o != "") }', ["p"]),
        ('ASK { ?s ex:p """ex:a "quoted" ex:b""" , \'\'\'ex:c \' ex:d\'\'\' }', ["p"]),
        ("ASK { ?s ex:p ?o FILTER (?o<3 && ?o>2 || ?o < ex:x) }", ["p", "x"]),
        ("ASK { ?s ex:p ?o , ex:p }", ["p"]),
        ("ASK { ?s other:p <relative> }", []),
    ],
)
def test_names_are_found_and_nothing_else(query: str, expected: list[str]) -> None:
    assert iris_named(HEAD + query) == [f"http://ex.org/{name}" for name in expected]


def test_services_are_told_apart_from_what_is_named() -> None:
    query = (
        "# SERVICE <http://ex.org/comment>\n"
        'SELECT * { ?s ex:p "SERVICE <http://ex.org/text>" service silent <http://ex.org/b> { ?s ?p ?o } '
        "SERVICE <http://ex.org/a> { ?s ex:q ?o } SERVICE <http://ex.org/a> { } ?self <http://ex.org/r> ?x }"
    )

    assert services_named(query) == ["http://ex.org/a", "http://ex.org/b"]
    assert iris_named(HEAD + query) == [f"http://ex.org/{name}" for name in ("p", "q", "r")]
    assert services_named("SELECT * { ?s ?p ?o }") == []


def parsed(node: Any) -> Iterator[str]:
    """Yield the IRIs that rdflib's parser finds."""
    if isinstance(node, URIRef):
        yield str(node)
    elif isinstance(node, Path):
        yield from parsed(list(vars(node).values()))
    elif isinstance(node, dict):
        yield from parsed([*node.keys(), *node.values()])
    elif isinstance(node, list | tuple | set | frozenset):
        for part in node:
            yield from parsed(part)


def writes_a(text: str) -> bool:
    return " a " in text or "rdf:type" in text


@pytest.mark.parametrize("name", SAVED)
def test_a_parser_of_sparql_finds_the_same(name: str) -> None:
    algebra = prepareQuery(SAVED[name].text).algebra
    assert isinstance(algebra, CompValue)
    found = set(parsed(algebra)) - {str(RDF.type), *services_named(SAVED[name].text)}
    own = {iri for iri in iris_named(SAVED[name].text) if iri != str(RDF.type)}

    assert own
    assert {iri for iri in found if "XMLSchema" not in iri} <= own
    assert {iri for iri in own if "XMLSchema" not in iri} <= found
