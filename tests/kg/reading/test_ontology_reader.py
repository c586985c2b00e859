"""The ontology as the build uses it: keys, terms, IRIs for blank nodes, and errors with file and line."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import Collection
from kg.errors import DataError
from kg.reading.ontology import Key, Ontology, load, local_name, parse_turtle, without_blank_nodes
from kg.terms import value

CG = "https://w3id.org/cablegraph/ontology#"
TURTLE = """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
:a owl:propertyChainAxiom ( [ owl:inverseOf :b ] :c ) , ( :d :e ) .
:f owl:equivalentClass [ owl:onProperty :g ; owl:hasValue :h ] .
"""


@pytest.fixture(scope="module")
def schema(sources: Collection) -> Ontology:
    return load(sources.ontology)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.ttl").write_text("<https://example.org/a> a <https://example.org/b> .", encoding="utf-8")
    (tmp_path / "context.jsonld").write_text('{"@context": {"ex": "https://example.org/"}}', encoding="utf-8")
    return tmp_path


KEYS = [
    ("heldBy", Key(f"{CG}heldBy", "thing")),
    ("in", Key(f"{CG}inPassage", "thing")),
    ("content", Key(f"{CG}content", "text")),
    ("from", Key(f"{CG}numberFrom", "text")),
    ("asWritten", Key(f"{CG}asWritten", "text")),
    ("mode", Key(f"{CG}mode", "word")),
    ("property", Key(f"{CG}property", "word")),
    ("quote", Key("http://www.w3.org/ns/oa#exact", "text")),
    ("label", Key("http://www.w3.org/2000/01/rdf-schema#label", "languages")),
    ("type", Key("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "word")),
    ("id", Key("@id", "thing")),
]


@pytest.mark.parametrize(("name", "key"), KEYS)
def test_a_key_has_a_property_and_says_what_it_takes(name: str, key: Key, schema: Ontology) -> None:
    assert schema.keys[name] == key
    assert schema.key_of[key.iri] == name


def test_no_two_keys_stand_for_one_property(schema: Ontology) -> None:
    assert len(schema.key_of) == len(schema.keys)


def test_prefixes_and_keywords_are_no_keys(schema: Ontology) -> None:
    assert not {"cg", "actor", "wikidata", "@vocab", "@base", "@version"} & set(schema.keys)
    assert {"actor", "event", "wikidata"} <= set(schema.prefixes)
    assert not {"@vocab", "@base", "heldBy"} & set(schema.prefixes)


def test_classes_are_ours_and_no_properties(schema: Ontology) -> None:
    assert {f"{CG}Position", f"{CG}Telegram"} <= schema.classes <= schema.subjects
    assert f"{CG}heldBy" in schema.subjects - schema.classes


def test_a_broken_turtle_file_and_a_broken_context_are_both_told(folder: Path) -> None:
    (folder / "two.ttl").write_text("@prefix : <https://example.org/> .\n:a :b\n", encoding="utf-8")
    (folder / "context.jsonld").write_text('{\n "a": ,\n}', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(folder)

    assert [(f.file, f.line) for f in caught.value.findings] == [("context.jsonld", 2), ("two.ttl", 3)]
    assert [f.message.partition(":")[0] for f in caught.value.findings] == [
        "this is not JSON",
        "this is not Turtle",
    ]


CONTEXTS = [(b'["@context"]', 1), (b'{"context": {}}', 1), (b'{"@context": []}', 1), (b'{"a": "\xff"}', 0)]


@pytest.mark.parametrize(("content", "line"), CONTEXTS)
def test_a_file_that_is_no_context_is_told(content: bytes, line: int, folder: Path) -> None:
    (folder / "context.jsonld").write_bytes(content)
    with pytest.raises(DataError) as caught:
        load(folder)

    assert [(f.file, f.line) for f in caught.value.findings] == [("context.jsonld", line)]


def test_a_turtle_file_that_is_not_utf8_is_told_with_its_line(folder: Path) -> None:
    (folder / "one.ttl").write_bytes(b'\n<https://example.org/a> <https://example.org/b> "\xff" .')
    with pytest.raises(DataError) as caught:
        parse_turtle(folder / "one.ttl")

    assert [(f.file, f.line) for f in caught.value.findings] == [("one.ttl", 2)]


def parsed(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]


def test_blank_nodes_get_iris_that_do_not_depend_on_the_order_of_triples() -> None:
    triples = parsed(TURTLE)
    named = without_blank_nodes(triples)
    for seed in range(5):
        random.Random(seed).shuffle(triples)  # noqa: S311 (no secret)
        assert without_blank_nodes(triples) == named


def test_blank_nodes_get_iris_of_ours_and_each_triple_stays() -> None:
    named = without_blank_nodes(parsed(TURTLE))
    terms = {term for triple in named for term in triple}

    assert len(named) == 2 + 2 * 4 + 1 + 3
    assert not [term for term in terms if isinstance(term, ox.BlankNode)]
    # two lists of two, one inverse, one restriction
    assert len({t for t in terms if "/.well-known/genid/" in value(t)}) == 6


def test_the_real_ontology_has_no_blank_node_and_is_the_same_each_time(
    sources: Collection, schema: Ontology
) -> None:
    assert load(sources.ontology).triples == schema.triples
    assert not [
        t for t in schema.triples if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)
    ]


NAMES = [
    (f"{CG}heldBy", "heldBy"),
    ("https://w3id.org/cablegraph/id/actor/anna-berg", "anna-berg"),
    ("https://w3id.org/cablegraph/id/telegram/x/body-1/y#when", "when"),
]


@pytest.mark.parametrize(("iri", "name"), NAMES)
def test_the_local_name_is_the_last_part(iri: str, name: str) -> None:
    assert local_name(iri) == name
