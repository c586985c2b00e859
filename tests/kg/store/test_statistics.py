"""The counts of a graph: each statement of the union once; the same bytes every time."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from kg.build import Build
from kg.store import nquads, statistics

RDF, XSD = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2001/XMLSchema#"
NAMES = ("triples", "graphs", "properties", "classes", "uses", "targets", "datatypes")
TWICE = "<a:s> a <a:C> ; <a:q> 'x' . <a:o> a <a:D> ."


def quads(trig: str) -> list[Quad]:
    return list(parse(trig.encode(), RdfFormat.TRIG))


def test_a_statement_that_stands_in_two_graphs_counts_once() -> None:
    found = statistics.count(quads(f"<a:g> {{ {TWICE} }} <a:h> {{ {TWICE} <a:s> <a:p> <a:o> . }}"))

    assert found.missing == ()
    assert found.counts == {
        "graphs": {("a:g",): 3, ("a:h",): 4},
        "properties": {(f"{RDF}type",): 2, ("a:q",): 1, ("a:p",): 1},
        "triples": {(): 4},
        "classes": {("a:C",): 1, ("a:D",): 1},
        "uses": {("a:C", f"{RDF}type"): 1, ("a:C", "a:q"): 1, ("a:C", "a:p"): 1, ("a:D", f"{RDF}type"): 1},
        "targets": {("a:C", "a:p", "a:D"): 1},
        "datatypes": {("a:C", "a:q", f"{XSD}string"): 1},
    }


def test_a_line_that_comes_twice_counts_once() -> None:
    own = quads(f"<a:g> {{ {TWICE} }}")

    assert statistics.count([*own, *reversed(own)]) == statistics.count(own)


def test_sorted_lines_are_counted_as_their_quads_are() -> None:
    own = quads(
        f"""<a:g> {{ {TWICE} <a:s> a <a:D> ; <a:p> <a:o> , 'a b'@en , '\\n' , <<( <a:s> <a:p> 'x' )>> }}
        <a:h> {{ {TWICE} <a:s> <a:p> <a:o> , 1 , 'x'@en--ltr . _:b a <a:C> }}"""
    )

    assert statistics.count_lines(
        lambda: nquads.serialize(own, "nq").splitlines(keepends=True)
    ) == statistics.count(own)


def test_a_thing_of_two_classes_counts_in_both() -> None:
    found = statistics.count(quads("<a:s> a <a:C>, <a:D> ; <a:p> <a:s> ; <a:q> 'x'@en ."))
    pairs = {(class_, "a:p", target) for class_ in ("a:C", "a:D") for target in ("a:C", "a:D")}

    assert found.counts["targets"] == dict.fromkeys(pairs, 1)
    assert found.counts["datatypes"] == {(c, "a:q", f"{RDF}langString"): 1 for c in ("a:C", "a:D")}
    assert found.counts["graphs"] == {}  # the default graph has no name
    assert found.counts["triples"] == {(): 4}


def test_what_has_no_iri_is_no_class_and_no_graph_and_may_have_classes() -> None:
    found = statistics.count(quads("_:g { _:s a <a:C>, _:c, 'x' ; <a:p> _:s . }"))

    assert found.counts["graphs"] == {}
    assert found.counts["classes"] == {("a:C",): 1}
    assert found.counts["targets"] == {("a:C", "a:p", "a:C"): 1}


def test_of_nothing_there_are_no_counts() -> None:
    assert statistics.count([]).counts == {name: {} for name in NAMES}
    assert statistics.count([]).missing == ()
    assert statistics.NOT_COUNTED.counts == {name: {} for name in NAMES}
    assert statistics.NOT_COUNTED.missing == NAMES


# SPARQL 1.1 section 11 counts the same, over a default graph that is the union of all.
QUERIES = {
    "triples": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }",
    "graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "properties": "SELECT ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?p ?s ?o { ?s ?p ?o } } GROUP BY ?p",
    "classes": "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c",
    "uses": """SELECT ?c ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?c ?p ?s ?o { ?s a ?c ; ?p ?o } }
        GROUP BY ?c ?p""",
    "targets": """SELECT ?c ?p ?t (COUNT(*) AS ?n) { SELECT DISTINCT ?c ?p ?t ?s ?o { ?s a ?c ; ?p ?o .
        ?o a ?t } } GROUP BY ?c ?p ?t""",
    "datatypes": """SELECT ?c ?p ?d (COUNT(*) AS ?n) { SELECT DISTINCT ?c ?p ?d ?s ?o { ?s a ?c ; ?p ?o .
        FILTER isLiteral(?o) BIND(DATATYPE(?o) AS ?d) } } GROUP BY ?c ?p ?d""",
}


@pytest.mark.parametrize("name", NAMES)
def test_sparql_counts_the_same_in_the_real_graph(graph: Build, store: Store, name: str) -> None:
    answer = store.query(QUERIES[name], use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    counted = {tuple(term.value for term in row) for row in answer}
    found = statistics.count(graph.quads).counts[name]

    assert found
    assert {(*key, str(number)) for key, number in found.items()} == counted


def test_the_same_counts_are_the_same_bytes_and_come_back(graph: Build) -> None:
    first, second = statistics.count(graph.quads), statistics.count(reversed(graph.quads))
    written = statistics.to_json(first)

    assert written == statistics.to_json(second)
    assert statistics.from_json(written) == first
    assert written.endswith(b"}\n")
    assert all(rows == sorted(rows) for rows in json.loads(written).values())


def test_the_order_in_which_counts_are_given_does_not_matter() -> None:
    one = [Quad(NamedNode(s), NamedNode("a:p"), NamedNode("a:é"), NamedNode(s)) for s in ("a:s", "a:r")]
    found = statistics.count(one).counts
    turned = {name: dict(reversed(counts.items())) for name, counts in reversed(found.items())}

    assert statistics.to_json(statistics.Statistics(turned)) == (
        b'{"triples":[[2]],"graphs":[["a:r",1],["a:s",1]],"properties":[["a:p",2]],'
        b'"classes":[],"uses":[],"targets":[],"datatypes":[]}\n'
    )
