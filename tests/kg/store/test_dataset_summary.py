"""What the data set says of itself: vocabularies, examples, the date of the last curation."""

from __future__ import annotations

import pyoxigraph as ox

from kg import build
from kg.namespaces import ID, PREFIXES
from kg.store import dataset_summary, layers

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
DATA = """
actor:ann a cg:Person . actor:bob a cg:Person ; skos:prefLabel "Bob" . actor:cid a cg:Person .
id:x a cg:Position ; cg:heldBy actor:bob ; cg:about actor:cid . id:y cg:heldBy actor:bob .
<https://w3id.org/cablegraph/id/actor/bob/part> a cg:Person . id:z cg:about <https://w3id.org/cablegraph/id/actor/bob/part> .
event:b a cg:Event . event:a a cg:Event .
id:old a cg:Curation ; dcterms:date "2020-01-02"^^xsd:date .
id:new a cg:Curation ; dcterms:date "2021-01-02"^^xsd:date .
id:other a cg:Report ; dcterms:date "2030-01-02"^^xsd:date .
"""


def quads(text: str) -> list[ox.Quad]:
    return list(ox.parse((HEAD + text).encode(), ox.RdfFormat.TURTLE))


def said(given: list[ox.Quad], predicate: str) -> list[str]:
    prefix, _, name = predicate.partition(":")
    made = dataset_summary.triples(layers.found(given, ID).summary, "http://e/data", "us")
    return [str(t.object)[1:-1] for t in made if t.predicate.value == PREFIXES[prefix] + name]


def test_an_example_of_each_kind_is_what_most_statements_are_about() -> None:
    assert layers.found(quads(DATA), ID).summary.examples == [f"{ID}actor/bob", f"{ID}event/a"]


def test_vocabularies_are_those_of_properties_and_classes() -> None:
    names = ("cg", "dcterms", "rdf", "skos")

    assert layers.found(quads(DATA), ID).summary.vocabularies == {PREFIXES[name] for name in names}


def test_the_date_is_that_of_the_last_curation() -> None:
    assert said(quads(DATA), "dcterms:modified") == ['2021-01-02"^^<http://www.w3.org/2001/XMLSchema#date']
    assert said([], "dcterms:modified") == []


def test_the_real_data_name_their_examples_and_their_date(graph: build.Build) -> None:
    own = {(q.predicate.value, str(q.object)) for q in graph.quads if str(q.subject) == f"<{layers.DATASET}>"}
    examples = {text[1:-1] for predicate, text in own if predicate == f"{PREFIXES['void']}exampleResource"}
    dates = {text for predicate, text in own if predicate == f"{PREFIXES['dcterms']}modified"}

    assert {iri.removeprefix(ID).partition("/")[0] for iri in examples} >= {"actor", "event", "telegram"}
    assert dates == {'"2026-11-27"^^<http://www.w3.org/2001/XMLSchema#date>'}
