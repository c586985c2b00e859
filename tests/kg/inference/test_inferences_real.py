"""What is inferred from the two telegrams: well-known facts, and the counts that the documentation shows."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from rdflib import RDF

from kg import build, terms
from kg.inference import closure, rules
from kg.inference.reasoner import Reasoner
from kg.inference.rules import Rule
from kg.namespaces import GRAPH
from kg.reading import ontology, triples
from kg.reading.ontology import ONTOLOGY_GRAPH

from ... import regenerate

T1 = "telegram:1962-10-23-havana-1643"
T2 = "telegram:1962-11-02-havana-1717"
SESSION = "event:ori-session"
ISSUE = "issue:soviet-decisions-on-the-crisis"

# Facts that a reader of the telegrams finds in them, each inferred and not stated.
FACTS = [
    f"actor:che-guevara silentAt {SESSION}",
    f"actor:emilio-aragones silentAt {SESSION}",
    f"actor:che-guevara tookPartIn {SESSION}",
    f"actor:raul-castro absentFrom {SESSION}",
    f"actor:guillermo-garcia-frias spokeAt {SESSION}",
    f"actor:haydee-santamaria spokeAt {SESSION}",
    f"actor:raul-curbelo spokeAt {SESSION}",
    f"actor:joaquin-ordoqui spokeAt {SESSION}",
    f"actor:carlos-rafael-rodriguez tookPartIn {SESSION}",
    "actor:osvaldo-dorticos tookPartIn event:conversation-of-23-october",
    "actor:emilio-aragones tookPartIn event:conversation-of-23-october",
    "actor:aleksandr-alekseev tookPartIn event:conversation-of-23-october",
    f"{SESSION} eventStatus id:status/occurred",
    "event:presentation-of-the-moscow-telegrams delivers telegram:1962-10-23-moscow-811",
    f"{T2} supplements telegram:1962-11-01-havana-1710",
    f"{T2} laterThan telegram:1962-11-01-havana-1710",
    f"{T2} laterThan telegram:1962-10-31-havana-1701",
    f"telegram:1962-10-31-havana-1701 laterThan {T1}",
    "telegram:1962-11-01-havana-1710 laterThan telegram:1962-10-31-havana-1701",
    f"{T2} refersTo telegram:1962-11-01-havana-1710",
    f"{T2} refersTo telegram:1962-10-31-havana-1701",
    f"{T1} refersTo telegram:1962-10-23-moscow-811",
    "actor:aleksandr-alekseev heldOffice office:soviet-ambassador-to-cuba",
    "actor:osvaldo-dorticos heldOffice office:president-of-cuba",
    "actor:joaquin-ordoqui disagreedWith actor:guillermo-garcia-frias",
    "actor:joaquin-ordoqui disagreedWith actor:haydee-santamaria",
    "actor:haydee-santamaria disagreedWith actor:carlos-rafael-rodriguez",
    "actor:carlos-rafael-rodriguez disagreedWith actor:raul-curbelo",
]

# What no reader of the telegrams would say.
NOT_SO = [
    f"actor:che-guevara spokeAt {SESSION}",
    f"actor:emilio-aragones spokeAt {SESSION}",
    f"actor:raul-castro tookPartIn {SESSION}",
    "actor:joaquin-ordoqui disagreedWith actor:carlos-rafael-rodriguez",
    "actor:guillermo-garcia-frias disagreedWith actor:haydee-santamaria",
    f"{T1} laterThan {T2}",
    "actor:raul-castro tookPartIn event:discipline-conference",
    "actor:united-states tookPartIn event:us-attack-on-cuba",
    "actor:emilio-aragones tookPartIn event:cuban-missile-crisis",
    "event:discipline-conference eventStatus id:status/occurred",
]

# The kinds that the documentation names, by what makes them.
KINDS = {kind.strip("`") for kind, *_ in regenerate.shown("queries/rules/README.md", "inferences")}


@pytest.fixture(scope="module")
def inferred(graph: build.Build) -> set[ox.Triple]:
    return {quad.triple for quad in graph.quads if f"{GRAPH}inferred/" in str(quad.graph_name)}


@pytest.fixture(scope="module")
def own_rules(sources: build.Collection) -> list[Rule]:
    return rules.load(sources.queries / "rules")


def triple(text: str) -> ox.Triple:
    subject, predicate, target = (ox.NamedNode(terms.expand(part)) for part in text.split(" "))
    return ox.Triple(subject, predicate, target)


def counted(found: set[ox.Triple]) -> Counter[str]:
    """How often each property, and each class, is inferred."""
    is_type = f"<{RDF.type}>"
    return Counter(terms.short(t.object if str(t.predicate) == is_type else t.predicate) for t in found)


def asked(store: ox.Store, pattern: str) -> set[str]:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())
    rows = store.query(
        f"{prefixes} SELECT DISTINCT ?x WHERE {{ {pattern} }}", use_default_graph_as_union=True
    )
    assert isinstance(rows, ox.QuerySolutions)
    return {terms.short(row["x"]) for row in rows}


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_that_a_reader_finds_is_inferred(fact: str, inferred: set[ox.Triple]) -> None:
    assert triple(fact) in inferred


@pytest.mark.parametrize("fact", NOT_SO)
def test_what_no_reader_would_say_is_not_in_the_graph(fact: str, graph: build.Build) -> None:
    assert triple(fact) not in {quad.triple for quad in graph.quads}


def test_a_path_leads_from_the_later_telegram_to_all_before_it_in_its_series(store: ox.Store) -> None:
    numbers = ("1962-10-23-havana-1643", "1962-10-31-havana-1701", "1962-11-01-havana-1710")
    before = {f"telegram:{number}" for number in numbers}

    assert before <= asked(store, "telegram:1962-11-02-havana-1717 cg:laterThan+ ?x")
    assert not before & asked(store, "?x cg:laterThan+ telegram:1962-11-02-havana-1717")


def test_only_two_were_silent_and_one_absent_at_the_session(store: ox.Store) -> None:
    assert asked(store, f"?x cg:silentAt {SESSION}") == {"actor:che-guevara", "actor:emilio-aragones"}
    assert asked(store, f"?x cg:absentFrom {SESSION}") == {"actor:raul-castro"}


def test_critical_positions_at_the_session_are_those_of_four_critics(store: ox.Store) -> None:
    critics = asked(store, f"?p cg:opposes {ISSUE} ; cg:voicedAt {SESSION} ; cg:heldBy ?x")
    assert {f"actor:{name}" for name in ("guillermo-garcia-frias", "haydee-santamaria")} <= critics
    assert {f"actor:{name}" for name in ("raul-curbelo", "ramiro-valdes")} <= critics
    assert not {f"actor:{name}" for name in ("joaquin-ordoqui", "carlos-rafael-rodriguez")} & critics


def test_positions_on_the_decisions_count_for_soviet_policy(store: ox.Store) -> None:
    narrow = asked(store, f"?x cg:onIssue {ISSUE}")
    assert narrow
    assert narrow <= asked(store, "?x cg:onIssue issue:soviet-policy-in-the-crisis")


def test_what_another_holds_by_the_body_of_a_telegram_is_reported_by_alekseev(store: ox.Store) -> None:
    held = asked(
        store,
        "?x a cg:Assertion ; cg:voice <https://w3id.org/cablegraph/id/voice/writer> "
        "FILTER NOT EXISTS { ?x cg:heldBy actor:aleksandr-alekseev }",
    )
    assert len(held) > 50
    assert held == asked(
        store,
        "?x a cg:Assertion ; cg:reportedBy actor:aleksandr-alekseev ; "
        "cg:voice <https://w3id.org/cablegraph/id/voice/writer>",
    )


def test_ascribed_claims_share_document_and_reporter_with_the_claim_around_them(store: ox.Store) -> None:
    within = asked(store, "?y cg:embeds ?x ; cg:reportedBy ?who")
    assert within
    assert within == asked(store, "?y cg:embeds ?x ; cg:reportedBy ?who . ?x cg:reportedBy ?who")
    around = asked(store, "?y cg:embeds ?x ; cg:attestedIn ?document")
    assert around
    assert around == asked(store, "?y cg:embeds ?x ; cg:attestedIn ?document . ?x cg:attestedIn ?document")


def test_inferred_triples_are_ours_and_about_our_things(inferred: set[ox.Triple]) -> None:
    assert inferred
    assert {t for t in inferred if not closure.may_draw(t)} == set()


def test_nothing_inferred_is_also_stated(graph: build.Build, inferred: set[ox.Triple]) -> None:
    stated = {quad.triple for quad in graph.quads if f"{GRAPH}inferred/" not in str(quad.graph_name)}
    assert not stated & inferred


def test_inference_of_the_two_telegrams_takes_four_runs_or_five_of_the_engine(
    graph: build.Build, sources: build.Collection, own_rules: list[Rule]
) -> None:
    terms_ = ontology.load(sources.ontology)
    store = ox.Store()
    store.extend(triples.from_records(graph.records, terms_))
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in terms_.triples)
    stated = len(store)
    reasoner = Reasoner(terms_)
    closure.infer(store, reasoner, own_rules, lambda _: None)
    assert reasoner.work["runs"] in (4, 5)
    assert reasoner.work["triples"] < 1.5 * stated


def test_at_least_fifteen_kinds_are_inferred(inferred: set[ox.Triple]) -> None:
    counts = counted(inferred)
    assert sorted(kind for kind in KINDS if not counts[kind]) == []
    assert len(KINDS) >= 15


def test_every_inferred_property_is_a_documented_kind(inferred: set[ox.Triple]) -> None:
    properties = {terms.short(t.predicate) for t in inferred} - {"rdf:type"}
    assert properties - KINDS <= {"translatedBy", "publishedBy", "preparedFor"}
