"""JSON-LD holds plain triples in the words of our context, and reads back as the same, whatever they are."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import to_isomorphic

from kg import build
from kg.store import nquads

PREFIXES = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/cablegraph/id/> .
"""
ANN = "actor:ann"
# What is said of actor:ann, and the members that its node object has for it (JSON-LD 1.1 sections 3 and 4).
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "a class": ("a cg:Person", {"type": "Person"}),
    "two classes": ("a cg:Actor, cg:Person", {"type": ["Actor", "Person"]}),
    "a class of others": ("a rdfs:Class, <http://e/C>", {"type": ["http://e/C", "rdfs:Class"]}),
    "labels": ('rdfs:label "Ann"@en, "Анна"@ru', {"label": {"en": "Ann", "ru": "Анна"}}),
    "two labels of a language": ('rdfs:label "A"@en, "B"@en', {"label": {"en": ["A", "B"]}}),
    "a label without language": ('rdfs:label "A"', {"rdfs:label": "A"}),
    "a thing": ("cg:memberOf <actor/b>", {"memberOf": "actor:b"}),
    "a thing of others": ("cg:page <http://e/>", {"page": "http://e/"}),
    "a thing where a text is wanted": ("cg:hedge <actor/b>", {"cg:hedge": {"id": "actor:b"}}),
    "a value of a list": ("cg:voice <voice/writer>", {"voice": "writer"}),
    "a value of another list": (
        "cg:voice <mode/silent>",
        {"voice": "https://w3id.org/cablegraph/id/mode/silent"},
    ),
    "a value that is also a key": ("cg:expected <expectation/addressee>", {"expected": "addressee"}),
    "a value that a key would hide": (
        "cg:voice <voice/sender>",
        {"voice": "https://w3id.org/cablegraph/id/voice/sender"},
    ),
    "a property as value": ("cg:property cg:when", {"property": "when"}),
    "a property that has another key": ("cg:property cg:numberFrom", {"property": "numberFrom"}),
    "a property that a key would hide": ("cg:property cg:from", {"property": "cg:from"}),
    "an integer": ("oa:start 12", {"start": "12"}),
    "an integer of another type": ('oa:start "12"', {"oa:start": "12"}),
    "a decimal of another type": ("oa:start 1.5", {"oa:start": {"@value": "1.5", "@type": "xsd:decimal"}}),
    "a day": ('cg:firstDay "1962-11-02"^^xsd:date', {"firstDay": "1962-11-02"}),
    "a text": ('cg:hedge "Apparently"', {"hedge": "Apparently"}),
    "a text in English": ('cg:note "n"@en', {"note": "n"}),
    "a text in another language": ('cg:note "n"@es', {"cg:note": {"@value": "n", "@language": "es"}}),
    "a text without its language": ('cg:note "n"', {"cg:note": "n"}),
    "an unknown property": ("<http://e/p> 1", {"http://e/p": {"@value": "1", "@type": "xsd:integer"}}),
    "a name that begins with slashes": ("cg:memberOf <actor///b>", {"memberOf": "https://w3id.org/cablegraph/id/actor///b"}),
}  # fmt: skip


def quads(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, ox.RdfFormat.TURTLE))


def read(content: bytes) -> rdflib.Graph:
    """The default graph that rdflib finds, which has its own reader."""
    return rdflib.Graph().parse(data=content, format="json-ld")


def plain(triples: list[ox.Quad]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=ox.serialize({q.triple for q in triples}, format=ox.RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("form", FORMS)
def test_each_value_is_written_in_the_shortest_form_that_reads_back(form: str) -> None:
    said, members = FORMS[form]
    triples = quads(f"<actor/ann> {said} .")
    content = nquads.serialize(triples, "jsonld")
    (node,) = json.loads(content)["@graph"]

    assert node == {"id": ANN, **members}
    assert set(ox.parse(content, ox.RdfFormat.JSON_LD)) == set(triples)
    assert to_isomorphic(read(content)) == to_isomorphic(plain(triples))


def test_the_context_is_that_of_the_records(sources: build.Collection) -> None:
    content = json.loads(nquads.serialize(quads("<actor/ann> a cg:Person ."), "jsonld"))

    assert content["@context"] == json.loads((sources.ontology / "context.jsonld").read_bytes())["@context"]


@pytest.mark.parametrize("iri", ["actor:ann", "in:x", "schema:Person", "x:y"])
def test_an_iri_whose_scheme_is_a_name_of_the_context_is_written_without_context(iri: str) -> None:
    triples = quads(f"<actor/ann> a <{iri}> ; rdfs:label 'Ann'@en ; cg:memberOf <{iri}> .")
    content = nquads.serialize(triples, "jsonld")

    assert (json.loads(content)["@context"] == {}) == (iri != "x:y")
    assert set(ox.parse(content, ox.RdfFormat.JSON_LD)) == set(triples)
    assert to_isomorphic(read(content)) == to_isomorphic(plain(triples))


def test_blank_nodes_and_an_empty_graph_are_written() -> None:
    triples = quads("[] cg:memberOf [ a cg:Body ] ; a [] ; cg:voice [] .")

    assert to_isomorphic(read(nquads.serialize(triples, "jsonld"))) == to_isomorphic(plain(triples))
    assert json.loads(nquads.serialize([], "jsonld"))["@graph"] == []


def test_nodes_are_in_the_order_of_reading() -> None:
    triples = quads("<voice/writer> a cg:X . <actor/ann> a cg:Person . <telegram/t> a cg:Telegram .")
    nodes = json.loads(nquads.serialize(triples, "jsonld"))["@graph"]

    assert [node["id"].rpartition("/")[2] for node in nodes] == ["telegram:t", "actor:ann", "writer"]
