"""What ontology/README.md shows is so: its queries have answers, its terms exist."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.namespaces import LISTS, PREFIXES, THINGS

from . import ontology_uses, regenerate

ROOT = Path(__file__).parents[1]
README = (ROOT / "ontology" / "README.md").read_text(encoding="utf-8")
OWL = PREFIXES["owl"]
QUERIES = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)
SHOWN = re.findall(r"```sparql-prefixes\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def ontology() -> regenerate.Turtle:
    return regenerate.ontology()


def test_the_prefixes_are_those_of_the_code() -> None:
    shown = dict(re.findall(r"PREFIX ([\w-]+): <(.*)>", SHOWN[0]))

    assert {*THINGS, *LISTS} <= set(shown)
    assert {prefix: PREFIXES[prefix] for prefix in shown} == shown


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_has_an_answer_with_the_prefixes_that_are_shown(query: str, store: ox.Store) -> None:
    found = store.query(SHOWN[0] + query, use_default_graph_as_union=True)

    assert isinstance(found, ox.QuerySolutions)
    assert list(found)


def asked(words: str, column: str, store: ox.Store) -> set[str]:
    """Return the values of a column of the one query that has these words."""
    (query,) = (query for query in QUERIES if words in query)
    found = store.query(SHOWN[0] + query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return {term.value for row in found if (term := row[column])}


def test_the_one_query_to_know_finds_the_critics_of_the_session(store: ox.Store) -> None:
    names_found = asked("cg:opposes issue:soviet-decisions-on-the-crisis", "holder", store)

    assert {"Guillermo Garcia Frias", "Haydée Santamaría Cuadrado"} <= names_found
    assert not [name for name in names_found if "Ordoqui" in name or "Guevara" in name]


def test_the_query_of_silence_and_absence_finds_three_men(store: ox.Store) -> None:
    assert len(asked("cg:silentAt event:ori-session", "name", store)) == 3


def test_ten_days_lie_between_the_two_telegrams(store: ox.Store) -> None:
    assert asked("AS ?days", "days", store) == {"10"}


# A plain question, and what is one step away: what Castro, Alekseev and the Soviet government hold, and what a
# passage may mean, lets others say of them or proposes that they say.
HELD = "?s a cg:Assertion ; cg:heldBy {} ; cg:content ?says"
OTHERS = ("cg:readHolder", "cg:ascribedTo", "cg:proposedFor", "cg:proposedBy")


def statements(pattern: str, store: ox.Store) -> set[str]:
    found = store.query(f"{SHOWN[0]} SELECT ?s {{ {pattern} }}", use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return {row["s"].value for row in found}


@pytest.mark.parametrize("who", ["fidel-castro", "aleksandr-alekseev", "soviet-government"])
def test_a_plain_question_gets_what_a_passage_asserts_and_nothing_else(who: str, store: ox.Store) -> None:
    held = statements(HELD.format(f"actor:{who}"), store)
    sure = statements(
        f"?s cg:heldBy actor:{who} ; cg:certainty ?c . FILTER (STRENDS(STR(?c), '/certain') || STRENDS(STR(?c), '/probable'))",
        store,
    )
    others = statements(" UNION ".join(f"{{ ?s {name} actor:{who} }}" for name in OTHERS), store)

    assert held <= sure
    assert others
    assert not held & others
    assert not held & statements("?q cg:alternative ?s . ?s a cg:Reading", store)


def test_no_sentence_of_the_unwritten_reply_is_held_by_the_soviet_government(store: ox.Store) -> None:
    reply = "?s cg:about document:proposed-reply-to-castro ."
    held = statements("?s cg:heldBy actor:soviet-government", store)

    assert statements("?s a cg:ProposedText", store) > set()
    assert held & statements(f"{reply} ?s a cg:ProposedText", store) == set()
    assert held & statements("?text a cg:ProposedText ; cg:embeds+ ?s", store) == set()


def test_each_class_and_property_is_needed_by_somebody(ontology: regenerate.Turtle) -> None:
    needed = ontology_uses.needs(ontology.triples)

    assert len(needed) > 150
    assert [term for term, by in needed.items() if not by] == []


def test_a_term_that_nobody_asks_for_is_needed_by_nobody() -> None:
    asked = [("one", {"a", "p"}), ("two", {"a"})]

    assert ontology_uses.needed_by("a", asked, {}) == "one, two"
    assert ontology_uses.needed_by("b", asked, {"q": "b"}) == ""
    assert ontology_uses.needed_by("b", asked, {"p": "b"}) == "through `p`"


def test_a_term_of_ours_that_the_text_names_exists(ontology: regenerate.Turtle) -> None:
    declared = {
        regenerate.local(t)
        for kind in ("Class", "ObjectProperty", "DatatypeProperty")
        for t in ontology.typed(OWL + kind)
    }
    text = re.sub(r"```mermaid.*?```", "", README, flags=re.DOTALL)
    used = set(re.findall(r"\bcg:(\w+)", text))

    assert len(used) > 30
    assert used <= declared
