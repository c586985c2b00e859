"""The stumbles of people who asked the endpoint as strangers, typed from their notes: each has its hint.

The numbers are those of the notes: first or second trial, stumble.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.asking.hints import find_hints
from kg.asking.hints.hint import Hint
from kg.namespaces import PREFIXES
from kg.store import known_prefixes

OMISSION_IN = "https://w3id.org/cablegraph/id/telegram/1962-11-02-havana-1717/passage/header-3"


def hints(store: ox.Store, query: str) -> list[Hint]:
    """Return the hints on a query without an answer; that it has none is part of the test."""
    found = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert not (list(found) if not isinstance(found, ox.QueryBoolean) else found)
    return find_hints.on_answer(store, query, None)


def only(store: ox.Store, query: str) -> Hint:
    (hint,) = hints(store, query)
    return hint


def test_first_1_a_property_that_does_not_exist(store: ox.Store) -> None:
    hint = only(store, "SELECT ?document ?date\nWHERE {\n  ?document cg:date ?date\n}")

    assert (hint.kind, hint.line, hint.column) == ("unknown-term", 3, 13)
    assert "cg:date" in hint.message
    assert "cg:when" in hint.instead


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?who { ?who skos:altLabel "Fidel Castro Ruz" }',
        'SELECT ?who { ?who skos:altLabel ?name FILTER (?name = "Fidel Castro Ruz") }',
        'SELECT ?who { ?who skos:altLabel ?name FILTER ("Fidel Castro Ruz" = ?name) }',
        'SELECT ?who { VALUES ?name { "Fidel Castro Ruz" } ?who skos:altLabel ?name }',
        'ASK { ?who skos:altLabel "Fidel Castro Ruz"@fr }',
        "ASK { ?who skos:altLabel '''Fidel Castro Ruz'''@en-GB }",
    ],
)
def test_first_2_a_text_without_its_language(query: str, store: ox.Store) -> None:
    hint = only(store, query)

    assert hint.kind == "literal-language"
    assert '"Fidel Castro Ruz"@en' in hint.instead


def test_first_2_a_text_that_another_property_has(store: ox.Store) -> None:
    hint = only(store, 'SELECT ?who { ?who rdfs:label "Fidel Castro Ruz" }')

    assert hint.kind == "literal-language"
    assert "without a language tag" in hint.message
    assert 'skos:altLabel "Fidel Castro Ruz"@en' in hint.instead


@pytest.mark.parametrize("five", ["5", '"5"', "5e0", '"5"^^xsd:integer'])
def test_first_3_a_number_of_another_datatype(five: str, store: ox.Store) -> None:
    hint = only(store, f"SELECT ?s {{ ?s cg:quantityFrom {five} }}")

    assert hint.kind == "literal-datatype"
    assert hint.instead == ("5.0",)


def test_first_3_a_day_for_a_moment(store: ox.Store) -> None:
    text = only(store, 'SELECT ?s { ?s cg:firstDay "1962-10-26" }')
    moment = only(store, 'SELECT ?s { ?s cg:firstDay "1962-10-26T00:00:00Z"^^xsd:dateTime }')

    assert text.kind == moment.kind == "literal-datatype"
    assert text.instead == ('"1962-10-26"^^xsd:date',)
    assert moment.instead[0] == '"1962-10-26"^^xsd:date'


def test_first_4_and_second_4_no_position_at_the_session(store: ox.Store) -> None:
    query = """SELECT ?says {
  ?s cg:heldBy actor:fidel-castro ;
     cg:voicedAt event:ori-session ;
     cg:uncommittedOn ?issue ;
     cg:content ?says }"""
    hint = only(store, query)

    assert (hint.kind, hint.line) == ("nothing-fits-both", 3)
    assert hint.instead == ("cg:about",)
    assert "line 4" in hint.message


def test_first_5_omissions_have_no_voice(store: ox.Store) -> None:
    hint = only(store, "SELECT ?says {\n  ?o a cg:Omission ; cg:content ?says .\n  ?o cg:voice ?voice\n}")

    assert (hint.kind, hint.line) == ("nothing-fits-both", 3)
    assert "cg:Omission" in hint.message
    assert "cg:voice" in hint.message


def test_first_6_omissions_hang_on_other_things(store: ox.Store) -> None:
    hint = only(store, f"SELECT ?o {{ ?o a cg:Omission ; cg:about <{OMISSION_IN}> }}")

    assert hint.kind == "nothing-matches"
    assert hint.instead == ("cg:searchedIn",)


def test_first_13_values_of_lists_have_prefixes(store: ox.Store) -> None:
    query = "SELECT ?p { ?p cg:mode mode:silent ; cg:certainty certainty:probable ; cg:participant ?who }"

    assert known_prefixes.undeclared(query).keys() == {"cg", "mode", "certainty"}
    hint = only(store, "SELECT ?p { ?p cg:mode mode:silnt }")
    assert (hint.kind, hint.instead) == ("unknown-term", ("mode:silent",))


GROUPED = "SELECT (GROUP_CONCAT({}) AS ?all) {{ ?s a cg:Issue OPTIONAL {{ ?s cg:broader ?wider }} }}"


@pytest.mark.parametrize("inside", ["?s", "?wider", 'DISTINCT ?wider; separator=", "', "STR(?wider)"])
def test_first_18_group_concat_of_iris_and_unbound_values(inside: str, store: ox.Store) -> None:
    query = GROUPED.format(inside)
    (hint,) = find_hints.on_answer(store, query, lambda: {"all": [""]})

    assert (hint.kind, hint.line) == ("aggregate", 1)
    assert "COALESCE(STR(?" in hint.instead[0]
    assert ("IRI" in hint.message) == ("STR" not in inside)


def test_first_18_a_cured_group_concat_is_not_odd(store: ox.Store) -> None:
    query = GROUPED.format('COALESCE(STR(?wider), "")')

    assert find_hints.on_answer(store, query, lambda: {"all": [""]}) == []


def test_second_3_a_misspelt_property_and_class(store: ox.Store) -> None:
    sent, telegram = hints(store, "SELECT * {\n ?t cg:sentBy ?who .\n ?t a cg:Telegramm }")

    assert (sent.kind, sent.line, telegram.kind, telegram.line) == ("unknown-term", 2, "unknown-term", 3)
    assert "cg:sender" in sent.instead
    assert telegram.instead[0] == "cg:Telegram"
    assert ("property" in sent.message, "class" in telegram.message) == (True, True)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("ASK { ?s skos:prefLable ?o }", "skos:prefLabel"),
        ("ASK { ?s rdfs:lable ?o }", "rdfs:label"),
        ("ASK { ?s oa:exakt ?o }", "oa:exact"),
        ("ASK { ?s schema:givnName ?o }", "schema:givenName"),
        ("ASK { ?s rdfs:prefLabel ?o }", "skos:prefLabel"),
        ("ASK { ?s skos:label ?o }", "rdfs:label"),
        ("ASK { ?s cg:exact ?o }", "oa:exact"),
        ("ASK { ?s a skos:Concpet }", "skos:Concept"),
        ("ASK { ?s a skos:concept }", "skos:Concept"),
        (f"ASK {{ ?s <{PREFIXES['rdfs']}lable> ?o }}", "rdfs:label"),
    ],
)
def test_a_misspelt_term_of_another_vocabulary(query: str, meant: str, store: ox.Store) -> None:
    hint = only(store, query)

    assert hint.kind == "unknown-term"
    assert hint.instead[0] == meant


@pytest.mark.parametrize("name", ["x" * 30, "Wednesday"])
def test_what_is_like_no_term_has_no_names(name: str, store: ox.Store) -> None:
    assert only(store, f"ASK {{ ?s skos:{name} ?o }}").instead == ()
