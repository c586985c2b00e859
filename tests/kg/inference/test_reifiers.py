"""Annotations in RDF 1.2: what a drawn triple is drawn from, how sure that is, and in whose voice."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.errors import DataError
from kg.inference import reifiers, rules
from kg.inference.rules import Rule
from kg.namespaces import GRAPH, PREFIXES
from kg.resources import folder
from kg.store import layers
from kg.terms import short

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
README = Path(str(folder("queries") / "RDF12.md")).read_text(encoding="utf-8")
QUESTIONS = re.findall(
    r"### ([^\n]*)\n.*?```sparql\n(.*?)```\n\n\|[^\n]*\n\|[-|]*\n((?:\|[^\n]*\|\n)+)", README, re.DOTALL
)

# A telegram whose claim makes Ann a holder; its voice and certainty stand with the claim.
DATA = """
PREFIX certainty: <https://w3id.org/cablegraph/id/certainty/>
PREFIX voice: <https://w3id.org/cablegraph/id/voice/>
graph:ontology { cg:heldBy rdfs:range cg:Actor . cg:Position rdfs:subClassOf cg:Statement .
  cg:Telegram rdfs:subClassOf cg:Document . }
graph:telegram\\/t {
  id:says a cg:Position ; cg:heldBy actor:ann ; cg:certainty certainty:probable ; cg:voice voice:writer ;
    cg:embeds <https://w3id.org/cablegraph/id/says#inner> .
  <https://w3id.org/cablegraph/id/says#inner> a cg:Position , cg:Statement ; cg:heldBy actor:bob .
  telegram:t a cg:Telegram ; cg:voice voice:writer .
}
graph:inferred\\/telegram\\/t {
  id:says a cg:Statement . actor:ann a cg:Actor . actor:bob a cg:Actor . telegram:t a cg:Document .
  actor:bob a cg:Unfounded .
}
"""


@pytest.fixture
def store() -> ox.Store:
    result = ox.Store()
    result.load((HEAD + DATA).encode(), ox.RdfFormat.TRIG)
    result.extend(layers.describe(result))
    return result


@pytest.fixture(scope="module")
def real(store_of_records: ox.Store, all_rules: list[Rule]) -> ox.Store:
    result = ox.Store()
    result.extend(reifiers.annotated(store_of_records, all_rules))
    return result


@pytest.fixture(scope="module")
def store_of_records(graph: build.Build) -> ox.Store:
    return build.store_of(graph)


@pytest.fixture(scope="module")
def all_rules() -> list[Rule]:
    return rules.load(folder("queries") / "rules")


def ask(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    rows = store.query(HEAD + query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return [tuple(short(x) if isinstance(x, ox.NamedNode) else x.value for x in row) for row in rows]


def annotated(store: ox.Store) -> ox.Store:
    result = ox.Store()
    result.extend(reifiers.annotated(store, []))
    return result


def test_a_drawn_triple_names_its_statement_and_how_sure_that_is(store: ox.Store) -> None:
    query = "SELECT ?s ?c ?v { actor:ann a cg:Actor {| prov:wasDerivedFrom ?s ; cg:certainty ?c ; cg:voice ?v |} }"

    assert ask(annotated(store), query) == [("id:says", "certainty:probable", "voice:writer")]


def test_an_embedded_claim_is_a_statement_of_its_own(store: ox.Store) -> None:
    rows = ask(annotated(store), "SELECT ?s { actor:bob a cg:Actor {| prov:wasDerivedFrom ?s |} }")

    assert rows == [("https://w3id.org/cablegraph/id/says#inner",)]


def test_without_a_statement_the_record_is_named(store: ox.Store) -> None:
    rows = ask(
        annotated(store),
        "SELECT ?s ?v { telegram:t a cg:Document {| prov:wasDerivedFrom ?s ; cg:voice ?v |} }",
    )

    assert rows == [("telegram:t", "voice:writer")]


def test_what_is_stated_or_has_no_proof_is_not_annotated(store: ox.Store) -> None:
    reified = ask(annotated(store), "SELECT ?s ?o { ?r rdf:reifies <<( ?s ?p ?o )>> } ORDER BY ?s ?o")

    assert ("id:says", "Position") not in reified
    assert ("actor:bob", "Unfounded") not in reified
    assert len(reified) == 4


def test_annotations_stand_in_the_graph_of_the_triple_and_have_names(store: ox.Store) -> None:
    made = list(reifiers.made(store, []))

    assert {str(quad.graph_name) for quad in made} == {f"<{GRAPH}inferred/telegram/t>"}
    assert not any(isinstance(quad.subject, ox.BlankNode) for quad in made)
    assert made == list(reifiers.made(store, []))


def test_the_graph_states_its_size_with_the_annotations(store: ox.Store) -> None:
    whole = annotated(store)
    graph = ox.NamedNode(f"{GRAPH}inferred/telegram/t")
    stated = ask(whole, f"SELECT ?n {{ <{graph.value}> void:triples ?n }}")

    assert stated == [(str(len(list(whole.quads_for_pattern(None, None, None, graph)))),)]
    assert ask(whole, "SELECT ?n { graph:shared void:triples ?n }") == ask(
        store, "SELECT ?n { graph:shared void:triples ?n }"
    )


def test_a_second_time_nothing_is_added(store: ox.Store) -> None:
    once = annotated(store)

    assert set(reifiers.made(once, [])) <= set(once)


def test_too_much_is_refused_before_the_first_proof(store: ox.Store) -> None:
    with pytest.raises(DataError, match="5 triples are drawn, and 4 at most get a proof"):
        list(reifiers.made(store, [], most=4))


# The two telegrams.


def test_every_drawn_triple_has_one_proof_and_a_source(real: ox.Store, store_of_records: ox.Store) -> None:
    drawn = len(list(reifiers.drawn(store_of_records)))
    counted = "SELECT (COUNT(*) AS ?n) { ?r rdf:reifies ?t FILTER EXISTS { ?r prov:wasDerivedFrom ?s } }"

    assert ask(real, counted) == [(str(drawn),)]
    assert ask(real, "SELECT ?r { ?r rdf:reifies ?t , ?u FILTER (?t != ?u) }") == []


def test_a_source_is_a_stated_thing(real: ox.Store) -> None:
    unknown = ask(
        real,
        "SELECT DISTINCT ?s { ?r rdf:reifies ?t ; prov:wasDerivedFrom ?s FILTER NOT EXISTS { GRAPH ?g { ?s a ?c } "
        f'FILTER (!STRSTARTS(STR(?g), "{GRAPH}inferred/")) }} }}',
    )

    assert unknown == []


def test_the_questions_are_there() -> None:
    assert len(QUESTIONS) == README.count("```sparql") == 5


@pytest.mark.parametrize(("title", "query", "table"), QUESTIONS)
def test_a_question_has_the_answer_beside_it(real: ox.Store, title: str, query: str, table: str) -> None:
    expected = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()]

    assert ask(real, query) == expected, title
