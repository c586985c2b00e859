"""Proofs: every inferred triple has one, it ends in stated triples, and it is the lowest."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kg import build, terms
from kg.inference import rules
from kg.inference.premises import Premises
from kg.inference.proofs import ProofStep, Prover, explain, lines
from kg.inference.rules import Rule
from kg.namespaces import GRAPH, PREFIXES
from kg.reading import ontology

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())

# Form of rule -> ontology and stated triples, inferred triples, the goal, its rule and its premises.
FORMS = {
    "prp-spo1": ("cg:p rdfs:subPropertyOf cg:q . id:a cg:p id:b .", "", "id:a cg:q id:b",
                 ["id:a p id:b", "p rdfs:subPropertyOf q"]),
    "prp-symp": ("cg:p a owl:SymmetricProperty . id:a cg:p id:b .", "", "id:b cg:p id:a",
                 ["p rdf:type owl:SymmetricProperty", "id:a p id:b"]),
    "prp-trp": ("cg:p a owl:TransitiveProperty . id:a cg:p id:b . id:b cg:p id:c .", "", "id:a cg:p id:c",
                ["p rdf:type owl:TransitiveProperty", "id:a p id:b", "id:b p id:c"]),
    "prp-inv1": ("cg:p owl:inverseOf cg:q . id:a cg:p id:b .", "", "id:b cg:q id:a",
                 ["p owl:inverseOf q", "id:a p id:b"]),
    "prp-inv2": ("cg:p owl:inverseOf cg:q . id:a cg:q id:b .", "", "id:b cg:p id:a",
                 ["p owl:inverseOf q", "id:a q id:b"]),
    "prp-spo2": ("cg:r owl:propertyChainAxiom ( [ owl:inverseOf cg:p ] cg:q ) . id:a cg:p id:b ; cg:q id:c .", "",
                 "id:b cg:r id:c", ["id:a p id:b", "id:a q id:c"]),
    "prp-dom": ("cg:p rdfs:domain cg:A . id:a cg:p 'text' .", "", "id:a a cg:A",
                ['id:a p "text"', "p rdfs:domain A"]),
    "prp-rng": ("cg:p rdfs:range cg:A . id:a cg:p id:b .", "", "id:b a cg:A",
                ["p rdfs:range A", "id:a p id:b"]),
    "cax-sco": ("cg:A rdfs:subClassOf cg:B . id:a a cg:A .", "", "id:a a cg:B",
                ["id:a rdf:type A", "A rdfs:subClassOf B"]),
    "cax-eqc1": ("cg:A owl:equivalentClass cg:B . id:a a cg:A .", "", "id:a a cg:B",
                 ["id:a rdf:type A", "A owl:equivalentClass B"]),
    "cax-eqc2": ("cg:A owl:equivalentClass cg:B . id:a a cg:B .", "", "id:a a cg:A",
                 ["id:a rdf:type B", "A owl:equivalentClass B"]),
    "cls-hv1": ("cg:A owl:equivalentClass [ owl:onProperty cg:p ; owl:hasValue id:v ] . id:a a cg:A .", "",
                "id:a cg:p id:v", ["id:a rdf:type A"]),
    "cls-hv2": ("cg:A owl:equivalentClass [ owl:onProperty cg:p ; owl:hasValue id:v ] . id:a cg:p id:v .", "",
                "id:a a cg:A", ["id:a p id:v"]),
    "cls-svf2": ("cg:A owl:equivalentClass [ owl:onProperty cg:p ; owl:someValuesFrom owl:Thing ] ."
                 "id:a cg:p id:v .", "", "id:a a cg:A", ["id:a p id:v"]),
}  # fmt: skip

RULE = Rule(
    "friends", "after", "Friends of one event", "",
    "PREFIX cg: <https://w3id.org/cablegraph/ontology#> CONSTRUCT { ?a cg:knows ?b . ?b cg:knows ?a }"
    " WHERE { ?a cg:at ?event . ?b cg:at ?event . FILTER (?a != ?b) FILTER NOT EXISTS { ?a cg:avoids ?b } }",
)  # fmt: skip


def store_of(stated: str, inferred: str) -> ox.Store:
    store = ox.Store()
    for name, text in (("telegram/t", stated), ("inferred/telegram/t", inferred)):
        found = [quad.triple for quad in ox.parse((HEAD + text).encode(), ox.RdfFormat.TURTLE)]
        graph = ox.NamedNode(f"{GRAPH}{name}")
        store.extend(
            ox.Quad(t.subject, t.predicate, t.object, graph) for t in ontology.without_blank_nodes(found)
        )
    return store


def parsed(text: str) -> ox.Triple:
    (quad,) = ox.parse(f"{HEAD} {text} .".encode(), ox.RdfFormat.TURTLE)
    return quad.triple


def written(step: ProofStep) -> str:
    return " ".join(terms.short(term) for term in step.triple)


def height(step: ProofStep) -> int:
    return 1 + max(map(height, step.premises)) if step.premises else 0


def steps(step: ProofStep) -> Iterator[ProofStep]:
    yield step
    for premise in step.premises:
        yield from steps(premise)


@pytest.fixture(scope="module")
def own_rules(sources: build.Collection) -> list[Rule]:
    return rules.load(sources.queries / "rules")


@pytest.fixture(scope="module")
def prover(store: ox.Store, own_rules: list[Rule]) -> Prover:
    return Prover(store, own_rules)


@pytest.mark.parametrize("rule", FORMS)
def test_each_owl_rule_is_matched_backwards(rule: str) -> None:
    stated, inferred, goal, premises = FORMS[rule]
    step = explain(store_of(stated, f"{inferred} {goal} ."), [], parsed(goal))
    assert step is not None
    assert step.rule == rule
    assert [written(premise) for premise in step.premises] == premises
    assert all(premise.rule == "stated" for premise in step.premises)


def test_a_construct_rule_is_matched_from_each_triple_of_its_head() -> None:
    store = store_of("id:x cg:at id:e . id:y cg:at id:e .", "id:x cg:knows id:y . id:y cg:knows id:x .")
    for goal in ("id:x cg:knows id:y", "id:y cg:knows id:x"):
        step = explain(store, [RULE], parsed(goal))
        assert step is not None
        assert (step.rule, step.reason) == ("friends", "Friends of one event")
        assert {written(premise) for premise in step.premises} == {"id:x at id:e", "id:y at id:e"}


def test_a_construct_rule_whose_condition_fails_proves_nothing() -> None:
    store = store_of(
        "id:x cg:at id:e ; cg:avoids id:y . id:y cg:at id:e ; cg:avoids id:x .", "id:x cg:knows id:y ."
    )
    assert explain(store, [RULE], parsed("id:x cg:knows id:y")) is None


def test_a_rule_with_a_fixed_end_matches_no_other_end() -> None:
    rule = Rule(
        "fixed", "after", "t", "w", RULE.text.replace("{ ?a cg:knows ?b . ?b", "{ ?a cg:knows <urn:x> . ?b")
    )
    store = store_of("id:x cg:at id:e . id:y cg:at id:e .", "")
    first = parsed("id:x cg:knows id:y")
    found = list(Premises(store, [rule]).of(first))
    assert [candidate.rule for candidate in found] == ["fixed"]


def test_what_is_stated_needs_no_rule_even_if_it_also_follows() -> None:
    store = store_of("cg:p rdfs:subPropertyOf cg:q . id:a cg:p id:b ; cg:q id:b .", "")
    step = explain(store, [], parsed("id:a cg:q id:b"))
    assert step is not None
    assert (step.rule, step.graph, step.premises) == ("stated", f"{GRAPH}telegram/t", ())


def test_text_carries_nothing_over() -> None:
    store = store_of(
        "cg:p a owl:TransitiveProperty . id:a cg:p 'text' , id:b . id:b cg:p id:c .", "id:a cg:p id:c ."
    )
    step = explain(store, [], parsed("id:a cg:p id:c"))
    assert step is not None
    assert [written(leaf) for leaf in step.leaves()][1:] == ["id:a p id:b", "id:b p id:c"]


def test_what_the_graph_does_not_hold_has_no_proof() -> None:
    store = store_of("cg:p rdfs:subPropertyOf cg:q . id:a cg:p id:b .", "")
    assert explain(store, [], parsed("id:a cg:q id:b")) is None


def test_triples_that_only_support_each_other_have_no_proof() -> None:
    store = store_of("cg:p a owl:SymmetricProperty .", "id:a cg:p id:b . id:b cg:p id:a .")
    assert explain(store, [], parsed("id:a cg:p id:b")) is None


def test_the_lowest_proof_is_given() -> None:
    """From a to d there are three steps one after another, and one step over x."""
    store = store_of(
        "cg:p a owl:TransitiveProperty . id:a cg:p id:b , id:x . id:b cg:p id:c . id:c cg:p id:d . id:x cg:p id:d .",
        "id:a cg:p id:c , id:d . id:b cg:p id:d .",
    )
    step = explain(store, [], parsed("id:a cg:p id:d"))
    assert step is not None
    assert [written(leaf) for leaf in step.leaves()][1:] == ["id:a p id:x", "id:x p id:d"]


def test_quotes_of_the_statement_and_of_the_anchor_itself_are_given() -> None:
    store = store_of("id:s cg:p id:b ; cg:evidence id:e . id:e oa:exact 'two' , 'one' ; cg:p id:b .", "")
    for subject in "se":
        step = explain(store, [], parsed(f"id:{subject} cg:p id:b"))
        assert step is not None
        assert step.quotes == ("one", "two")


def test_lines_are_indented_and_quote_each_statement_once() -> None:
    store = store_of(
        "cg:p rdfs:subPropertyOf cg:q . cg:r owl:propertyChainAxiom ( [ owl:inverseOf cg:q ] cg:n ) ."
        "id:a cg:p id:b ; cg:n id:c ; cg:evidence id:e . id:e oa:exact 'words' .",
        "id:a cg:q id:b . id:b cg:r id:c .",
    )
    step = explain(store, [], parsed("id:b cg:r id:c"))
    assert step is not None
    graph = terms.short(ox.NamedNode(f"{GRAPH}telegram/t"))
    assert list(lines(step, terms.short)) == [
        "id:b r id:c  [by prp-spo2: the properties form a chain, because]",
        "  id:a q id:b  [by prp-spo1: a narrower property holds, because]",
        f'    id:a p id:b  [stated in {graph} "words"]',
        f"    p rdfs:subPropertyOf q  [stated in {graph}]",
        f"  id:a n id:c  [stated in {graph}]",
    ]


def test_lines_show_types_as_a_and_text_as_it_is() -> None:
    store = store_of("cg:p rdfs:domain cg:A . id:a cg:p 12 .", "id:a a cg:A .")
    step = explain(store, [], parsed("id:a a cg:A"))
    assert step is not None
    assert [line.partition("  [")[0] for line in lines(step, terms.short)] == [
        "id:a a A",
        "  id:a p 12",
        "  p rdfs:domain A",
    ]


# ---- The real graph


@pytest.fixture(scope="module")
def inferred(graph: build.Build) -> list[ox.Triple]:
    return [quad.triple for quad in graph.quads if f"{GRAPH}inferred/" in str(quad.graph_name)]


@pytest.mark.slow
def test_every_inferred_triple_has_a_proof_that_ends_in_stated_triples(
    inferred: list[ox.Triple], prover: Prover
) -> None:
    assert len(inferred) > 5000
    without = [triple for triple in inferred if prover.prove(triple) is None]
    assert without == []
    proofs = [step for triple in inferred if (step := prover.prove(triple))]
    leaves = {leaf for proof in proofs for leaf in proof.leaves()}
    assert {leaf.rule for leaf in leaves} == {"stated"}
    assert all(leaf.graph and "/inferred/" not in leaf.graph for leaf in leaves)


@pytest.mark.slow
def test_every_rule_proves_something(
    inferred: list[ox.Triple], prover: Prover, own_rules: list[Rule]
) -> None:
    used = {step.rule for triple in inferred if (step := prover.prove(triple))}
    # No draft has been accepted into these records; the tests of drafts have statements of that kind.
    of_one_collection = {rule.name for rule in own_rules if rule.stage != "several"}
    assert of_one_collection - used == {"written-in-its-own-curation"}


def test_no_proof_uses_what_it_proves(inferred: list[ox.Triple], prover: Prover) -> None:
    high = [step for triple in inferred if (step := prover.prove(triple)) and height(step) > 1]
    assert high
    for proof in high:
        below = {step.triple for premise in proof.premises for step in steps(premise)}
        assert proof.triple not in below


def test_proofs_are_the_same_in_a_store_filled_the_other_way_round(
    graph: build.Build, inferred: list[ox.Triple], prover: Prover, own_rules: list[Rule]
) -> None:
    other = ox.Store()
    for quad in reversed(graph.quads):
        other.add(quad)
    again = Prover(other, own_rules)
    sample = [triple for triple in inferred[::50] if prover.prove(triple)]
    assert len(sample) > 100
    assert [again.prove(triple) for triple in sample] == [prover.prove(triple) for triple in sample]


# What is asked, the rule at the top of the proof, words of the telegram at its end.
KNOWN = {
    "actor:che-guevara silentAt event:ori-session": ("participation-in-an-event", "did not speak"),
    "event:ori-session eventStatus id:status/occurred": ("stated-status", "last session"),
    "actor:joaquin-ordoqui disagreedWith actor:guillermo-garcia-frias": (
        "disagreed-at-the-same-event",
        "defense of the decision",
    ),
    "telegram:1962-11-02-havana-1717 supplements telegram:1962-11-01-havana-1710": ("stated-fact", "To our"),
    "telegram:1962-10-31-havana-1701 laterThan telegram:1962-10-23-havana-1643": (
        "later-by-number",
        "1643-1644",
    ),
}


@pytest.mark.parametrize("asked", KNOWN)
def test_a_proof_of_a_known_fact_ends_in_words_of_a_telegram(
    store: ox.Store, prover: Prover, asked: str
) -> None:
    subject, predicate, value = asked.split(" ")
    step = prover.prove(terms.triple(store, subject, predicate, value))
    rule, quote = KNOWN[asked]
    assert step is not None
    assert step.rule == rule
    assert any(quote in words for leaf in step.leaves() for words in leaf.quotes)
