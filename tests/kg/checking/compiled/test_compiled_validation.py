"""Validation of columns against pySHACL; `tests/test_shapes.py` and `tests/test_mutations.py` compare more."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from kg import build
from kg.checking import shacl
from kg.checking.compiled.compiled_validation import Validator
from kg.errors import Finding
from kg.inference.columns.statement_columns import Columns, statement
from kg.namespaces import CG, ID, RDF, XSD, is_inferred, layer_name
from kg.reading.ontology import Ontology
from kg.reading.ontology import load as load_ontology
from kg.reading.record_set import Records

SHAPES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix cg: <https://w3id.org/cablegraph/ontology#> ."
NUMBERS = ("5", "05", " 5", "5\n", "-5", "5.0", "many", "NaN", "1_000", "")
INSTANTS = (
    "1962-10-27T02:00:00-05:00",
    "1962-10-27T02:00:00Z",
    "1962-10-27T02:00:00",
    "soon",
    "1962-02-30T02:00:00Z",
)
PROPERTIES = (
    "numberFrom",
    "numberTo",
    "earliest",
    "latest",
    "quantityFrom",
    "quantityTo",
    "ordinal",
    "content",
    "about",
)


@pytest.fixture(scope="module")
def schema(sources: build.Collection) -> Ontology:
    return load_ontology(sources.ontology)


def both(
    triples: list[ox.Triple], shapes: Graph, schema: Ontology
) -> tuple[list[Finding], list[Finding], Validator]:
    """Return what the compiled shapes and what pySHACL find, and the validator."""
    prepared = shacl.prepare(shapes)
    validator = Validator(prepared, schema)
    own = validator.findings(Columns(map(statement, triples)), Records())
    return own, shacl.validate(shacl.data_graph(triples, schema), prepared, Records(), schema), validator


def shape(text: str) -> Graph:
    return Graph().parse(data=f"{SHAPES} {text}", format="turtle")


def odd_values() -> list[ox.NamedNode | ox.Literal]:
    datatypes = [
        ox.NamedNode(f"{XSD}{name}") for name in ("integer", "decimal", "dateTime", "date", "string")
    ]
    texts = [ox.Literal(text, datatype=kind) for text in (*NUMBERS, *INSTANTS) for kind in datatypes]
    others = [ox.Literal("words", language="en"), ox.Literal("слова", language="ru"), ox.Literal('a "b"\n\\')]
    return [*texts, *others, ox.NamedNode(f"{ID}place/nowhere")]


def test_odd_values_are_judged_as_pyshacl_judges_them(sources: build.Collection, schema: Ontology) -> None:
    chance = random.Random(4)  # noqa: S311 - chance, no secret
    values = odd_values()
    said = [
        ox.Triple(ox.NamedNode(f"{ID}event/{n}"), ox.NamedNode(f"{CG}{name}"), chance.choice(values))
        for n in range(250)
        for name in chance.sample(PROPERTIES, 2)
    ]
    kinds = ("DocumentNumber", "TimeExtent", "Passage", "Belief")
    types = [
        ox.Triple(ox.NamedNode(f"{ID}event/{n}"), ox.NamedNode(RDF.type), ox.NamedNode(f"{CG}{kinds[n % 4]}"))
        for n in range(250)
    ]

    own, expected, validator = both([*said, *types], shacl.read(sources.shapes / "stated"), schema)

    assert own == expected
    assert len(own) > 250
    assert validator.left == {}


def test_pyshacl_finds_in_the_real_graph_what_its_build_found(
    graph: build.Build, sources: build.Collection
) -> None:
    other = {"meta", "queries", "ontology"}
    names = {q: layer_name(str(q.graph_name)[1:-1]) for q in graph.quads}
    data = [q for q, name in names.items() if name not in other]
    shapes, schema, records = shacl.load(sources.shapes), graph.schema, graph.records

    stated = shacl.data_graph((q.triple for q in data if not is_inferred(str(q.graph_name)[1:-1])), schema)
    assert shacl.validate(stated, shapes["stated"], records, schema) == []

    whole = shacl.data_graph((q.triple for q in data), schema)
    found = shacl.validate(whole, shapes["graph"], records, schema)
    assert found
    assert set(found) == {*graph.findings} - {*graph.anchors.findings}


@pytest.mark.parametrize(
    "rule",
    [
        "sh:path cg:about ; sh:minExclusive 3",
        "sh:path [ sh:zeroOrMorePath cg:about ] ; sh:maxCount 1",
        "sh:path cg:about ; sh:nodeKind sh:BlankNodeOrIRI",
    ],
)
def test_what_is_not_covered_is_left_to_pyshacl_and_told(rule: str, schema: Ontology) -> None:
    told = shape(f'cg:told a sh:PropertyShape ; sh:targetSubjectsOf cg:about ; {rule} ; sh:message "wrong" .')
    known = 'cg:known a sh:PropertyShape ; sh:targetSubjectsOf cg:about ; sh:path cg:note ; sh:minCount 1 ; sh:message "none" .'
    shapes = told + shape(known)
    about = [(f"{ID}event/{n}", ox.Literal(str(n), datatype=ox.NamedNode(XSD.integer))) for n in (1, 9)]
    triples = [ox.Triple(ox.NamedNode(s), ox.NamedNode(f"{CG}about"), o) for s, o in about]

    own, expected, validator = both(triples, shapes, schema)

    assert own == expected
    assert {finding.message for finding in own} == {"wrong", "none"}
    assert list(validator.left) == [URIRef(f"{CG}told")]


def test_a_query_that_is_not_covered_is_left_to_rdflib(schema: Ontology) -> None:
    shapes = shape(
        'cg:asked a sh:NodeShape ; sh:targetSubjectsOf cg:about ; sh:message "long" ;'
        ' sh:sparql [ sh:select "SELECT $this ?value WHERE { $this cg:about ?value FILTER (STRLEN(?value) > 3) }" ;'
        " sh:prefixes cg: ] . cg: sh:declare [ sh:prefix 'cg' ; sh:namespace 'https://w3id.org/cablegraph/ontology#' ] ."
    )
    triples = [
        ox.Triple(ox.NamedNode(f"{ID}event/e"), ox.NamedNode(f"{CG}about"), ox.Literal(text))
        for text in ("a", "long")
    ]

    own, expected, validator = both(triples, shapes, schema)

    assert own == expected
    assert [finding.message for finding in own] == ["long"]
    assert list(validator.left.values()) == ["the expression Builtin_STRLEN"]


@pytest.mark.parametrize(
    "rule",
    [
        "sh:path cg:a ; sh:equals cg:b",
        "sh:path cg:a ; sh:disjoint cg:b",
        "sh:path [ sh:oneOrMorePath cg:a ] ; sh:maxCount 1",
        "sh:path [ sh:oneOrMorePath [ sh:inversePath cg:b ] ] ; sh:disjoint cg:b",
        "sh:path [ sh:oneOrMorePath [ sh:inversePath cg:a ] ] ; sh:disjoint cg:b",
        "sh:path ( cg:a [ sh:inversePath cg:b ] ) ; sh:minCount 1",
        "sh:path [ sh:alternativePath ( cg:a cg:b ) ] ; sh:minCount 2",
        "sh:path cg:a ; sh:minCount 2 ; sh:maxCount 2",
        "sh:path cg:a ; sh:maxCount 0",
        "sh:path cg:a ; sh:hasValue cg:x",
        "sh:path cg:a ; sh:in ( cg:x 5 )",
        "sh:and ( [ sh:path cg:a ; sh:minCount 1 ] [ sh:path cg:b ; sh:minCount 1 ] )",
        "sh:xone ( [ sh:path cg:a ; sh:minCount 1 ] [ sh:path cg:b ; sh:minCount 1 ] )",
        "sh:not [ sh:path cg:a ; sh:hasValue cg:y ]",
        "sh:path cg:a ; sh:qualifiedValueShape [ sh:path cg:b ; sh:minCount 1 ] ; sh:qualifiedMaxCount 0",
        "sh:path cg:a ; sh:lessThan cg:b",
        "sh:path cg:label ; sh:uniqueLang true",
    ],
)
def test_each_component_finds_what_pyshacl_finds(rule: str, schema: Ontology) -> None:
    names = ("x", "y", "z")
    triples = [
        ox.Triple(ox.NamedNode(f"{CG}{s}"), ox.NamedNode(f"{CG}{p}"), ox.NamedNode(f"{CG}{o}"))
        for s, p, o in ("xax", "xay", "xbx", "yaz", "ybz", "zby")
    ]
    label = ox.NamedNode(f"{CG}label")
    triples += [ox.Triple(ox.NamedNode(f"{CG}x"), label, ox.Literal(text, language="en")) for text in "ab"]
    targets = " , ".join(f"cg:{name}" for name in names)
    kind = "PropertyShape" if rule.startswith("sh:path") else "NodeShape"
    shapes = shape(f'cg:told a sh:{kind} ; sh:targetNode {targets} ; {rule} ; sh:message "wrong" .')

    own, expected, validator = both(triples, shapes, schema)

    assert own == expected
    assert own
    assert validator.left == {}
