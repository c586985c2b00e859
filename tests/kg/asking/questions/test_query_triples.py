"""The saved queries as triples: in the graph, complete, and open to questions."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from rdflib import SH

from kg import build
from kg.asking.questions import query_triples, saved_queries
from kg.errors import DataError
from kg.namespaces import BASE, PREFIXES
from kg.resources import folder
from kg.store.sparql import rows

SAVED = saved_queries.load(folder("queries"))
HEAD = """
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/> PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX q: <https://w3id.org/cablegraph/queries/>
PREFIX cg: <https://w3id.org/cablegraph/ontology#> PREFIX issue: <https://w3id.org/cablegraph/id/issue/>
"""
FULL = """#+ title: Full
#+ question: What is there?
#+ why: To see.
#+ tags: [actor, event]
#+ parameters:
#+   - {name: voice, type: iri, choices: {scheme: "id:voice"}, about: "In whose voice."}
#+   - {name: day, type: date, default: "1962-10-27"}
#+   - {name: many, type: integer}
#+   - {name: name, type: text}
SELECT ?s WHERE {
  VALUES ?voice { UNDEF }
  VALUES ?day { "1962-10-27"^^<http://www.w3.org/2001/XMLSchema#date> }
  VALUES ?many { UNDEF }
  VALUES ?name { UNDEF }
  ?s <http://ex.org/p> ?voice
}
"""


def asked(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    return {tuple(term.value for term in row) for row in rows(store, HEAD + query)}


def small(*queries: saved_queries.SavedQuery) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in query_triples.triples(queries))
    return store


def test_the_build_holds_every_saved_query_in_a_graph_of_its_own(store: ox.Store) -> None:
    found = asked(
        store,
        """SELECT ?q ?title ?question ?why { GRAPH <https://w3id.org/cablegraph/graph/queries> {
        ?q a sh:SPARQLExecutable ; rdfs:label ?title ; rdfs:comment ?question ; skos:scopeNote ?why ;
        schema:target <https://w3id.org/cablegraph/sparql> ; dcterms:isPartOf <https://w3id.org/cablegraph/dataset> ;
        dcterms:license <https://creativecommons.org/licenses/by/4.0/> } }""",
    )

    assert len(found) >= 39
    assert found == {
        (f"{BASE}queries/{name}", query.title, query.question, query.why) for name, query in SAVED.items()
    }


def test_tags_and_prefixes_of_the_queries_are_in_the_graph(store: ox.Store) -> None:
    tags = asked(store, "SELECT ?q ?tag { ?q a sh:SPARQLExecutable ; schema:keywords ?tag }")
    spaces = asked(
        store,
        "SELECT DISTINCT ?prefix (STR(?space) AS ?text) { q:silent-or-absent sh:prefixes/sh:declare ?d . "
        "?d a sh:PrefixDeclaration ; sh:prefix ?prefix ; sh:namespace ?space }",
    )

    assert tags == {(f"{BASE}queries/{name}", tag) for name, query in SAVED.items() for tag in query.tags}
    assert dict(spaces) == PREFIXES


def test_what_a_query_names_can_be_asked(store: ox.Store) -> None:
    written = {name for name, query in SAVED.items() if re.search(r"\bcg:opposes\b", query.text)}
    found = asked(store, "SELECT ?q { ?q a sh:SPARQLExecutable ; dcterms:references cg:opposes }")

    assert {iri.rpartition("/")[2] for (iri,) in found} == written
    assert {"positions-on-an-issue", "who-criticised"} <= written


def test_a_parameter_says_its_name_type_default_and_where_values_come_from(store: ox.Store) -> None:
    found = asked(
        store,
        "SELECT ?name ?kind ?default ?class ?optional { q:positions-on-an-issue sh:parameter ?p . "
        "?p a sh:Parameter ; sh:name ?name ; sh:nodeKind ?kind ; sh:defaultValue ?default ; "
        "sh:class ?class ; sh:optional ?optional }",
    )

    assert found == {
        (
            "issue",
            str(SH.IRI),
            "https://w3id.org/cablegraph/id/issue/soviet-decisions-on-the-crisis",
            "https://w3id.org/cablegraph/ontology#Issue",
            "true",
        )
    }


def test_parameters_of_each_type_are_described_in_their_order() -> None:
    store = small(saved_queries.parse("full", FULL))
    xsd = PREFIXES["xsd"]

    assert asked(store, "SELECT ?order ?name ?type { [] sh:order ?order ; sh:name ?name ; sh:datatype|sh:nodeKind ?type }") == {
        ("0", "voice", str(SH.IRI)),
        ("1", "day", f"{xsd}date"),
        ("2", "many", f"{xsd}integer"),
        ("3", "name", f"{xsd}string"),
    }  # fmt: skip
    assert asked(store, "SELECT ?day { q:full\\#parameter-day sh:defaultValue ?day }") == {("1962-10-27",)}
    assert asked(store, "SELECT ?x { q:full\\#parameter-day sh:path ?x }") == {(f"{BASE}queries/full#day",)}


def test_values_from_a_scheme_are_a_property_shape() -> None:
    store = small(saved_queries.parse("full", FULL))

    assert asked(store, "SELECT ?path ?scheme { q:full\\#parameter-voice sh:property [ sh:path ?path ; sh:hasValue ?scheme ] }") == {
        ("http://www.w3.org/2004/02/skos/core#inScheme", "https://w3id.org/cablegraph/id/voice")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "property_", "class_"),
    [
        ("PREFIX select: <a:>\nselect * {}", "sh:select", "sh:SPARQLSelectExecutable"),
        ("# SELECT\nASK {}", "sh:ask", "sh:SPARQLAskExecutable"),
        ("CONSTRUCT WHERE {}", "sh:construct", "sh:SPARQLConstructExecutable"),
        ("DESCRIBE <a:a>", "spex:describe", "spex:SPARQLDescribeExecutable"),
    ],
)
def test_a_query_is_of_its_form(text: str, property_: str, class_: str) -> None:
    store = small(saved_queries.SavedQuery("name", "title", "question", "why", (), text))
    spex = "PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#> "
    found = {
        row["text"].value for row in rows(store, f"{spex}{HEAD}SELECT ?text {{ ?q a {class_} ; {property_} ?text }}")
    }  # fmt: skip

    assert found == {text}


def test_a_query_says_which_services_it_calls() -> None:
    text = "SELECT ?s { ?s ?p ?o SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?x } }"
    store = small(saved_queries.SavedQuery("name", "title", "question", "why", (), text))
    called = rows(
        store, "SELECT ?x { ?q <https://purl.expasy.org/sparql-examples/ontology#federatesWith> ?x }"
    )

    assert [row["x"].value for row in called] == ["https://query.wikidata.org/sparql"]


def test_a_query_that_lacks_what_others_need_stops_the_build(sources: build.Collection) -> None:
    bare = saved_queries.SavedQuery("bare", "Bare", "No question.", "", (), "ASK {}")
    shapes = build.shacl.load(sources.shapes)["queries"]
    terms = build.load_ontology(sources.ontology)

    found = build._validated_queries(shapes, [bare], terms)

    assert {(finding.file, finding.line, finding.severity) for finding in found} == {
        ("queries/bare.rq", 1, "violation")
    }
    assert [finding.message.partition(":")[0] for finding in found] == [
        "a saved query asks one English question that ends with ?",
        "a saved query has tags in lower case",
        "a saved query says in English why one asks",
    ]
    with pytest.raises(DataError):
        build._without_violations(found)


def test_the_graph_of_queries_has_no_blank_node_and_speaks_of_no_thing(graph: build.Build) -> None:
    own = [q for q in graph.quads if q.graph_name == query_triples.QUERIES_GRAPH]

    assert len(own) > 890
    assert all(isinstance(q.subject, ox.NamedNode) for q in own)
    assert not [q for q in own if isinstance(q.object, ox.BlankNode)]
    assert {q.subject.value.startswith(query_triples.QUERIES) for q in own} == {True}  # type: ignore[union-attr]
