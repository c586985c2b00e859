"""Candidates, types, conditions, and when one of them is a match."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Literal

import pytest

from kg.asking.reconciling.entities import Value
from kg.asking.reconciling.identifier_forms import entity_id
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import LONGEST, Candidate, Condition, ReconciliationQuery
from kg.errors import ParameterError


def ids(found: list[Candidate]) -> list[str]:
    return [one.id for one in found]


def matched(found: list[Candidate]) -> list[str]:
    return [one.id for one in found if one.match]


def test_the_small_graph_has_the_things_that_have_names(small: Reconciler) -> None:
    things = small.known.things

    assert set(things) == {
        *("actor/kennan", "actor/elder", "actor/smith", "office/charge", "telegram/long", "topic/kennan")
    }
    assert things["actor/kennan"].types == ("Person", "Actor")
    assert things["actor/kennan"].label("ru") == "Джордж Кеннан"
    assert things["actor/elder"].label("ru") == "George Kennan (explorer)"


def test_a_description_tells_namesakes_apart(small: Reconciler) -> None:
    things = small.known
    kennan, long = things.things["actor/kennan"], things.things["telegram/long"]

    assert things.description(kennan) == "person; chargé d'affaires in Moscow"
    assert things.description(kennan, "ru") == "человек; chargé d'affaires in Moscow"
    assert things.description(long) == "telegram; George Frost Kennan"


def test_values_are_texts_numbers_dates_things_and_what_is_elsewhere(small: Reconciler) -> None:
    of = small.known.of

    assert of("actor/kennan", "wikidata") == (Value("Q1", iri="http://www.wikidata.org/entity/Q1"),)
    assert of("actor/kennan", "heldOffice")[0].thing == "office/charge"
    assert [(v.text, v.datatype.rpartition("#")[2]) for v in of("telegram/long", "firstDay")] == [
        ("1946-02-22", "date")
    ]
    assert [v.text for v in of("telegram/long", "anyDay")] == ["1946-02-20", "1946-02-22", "1946-02-28"]
    assert of("telegram/long", "number")[0].text == "511"
    assert of("telegram/long", "holding")[0].text == "held"
    assert of("actor/kennan", "labelRu")[0].text == "Джордж Кеннан"
    assert [v.text for v in of("actor/kennan", "asWritten")] == ["Kennan", "the chargé"]
    assert of("nobody", "wikidata") == of("actor/kennan", "viaf") == ()


def test_one_that_stands_out_is_a_match_and_namesakes_are_none(small: Reconciler) -> None:
    alone, both = (
        small.reconcile(ReconciliationQuery("G. F. Kennan")),
        small.reconcile(ReconciliationQuery("Kennan")),
    )

    assert matched(alone) == ["actor/kennan"]
    assert ids(both) == ["actor/kennan", "actor/elder"]
    assert matched(both) == []


def test_a_score_below_85_is_no_match_even_alone(small: Reconciler) -> None:
    (one,) = small.reconcile(ReconciliationQuery("Walter"))

    assert (one.id, one.score, one.match) == ("actor/smith", 70.0, False)


def test_equal_scores_come_in_the_order_of_ids(reconciler: Reconciler) -> None:
    found = reconciler.reconcile(ReconciliationQuery("Cuba"))[:2]

    assert [(one.id, one.score) for one in found] == [("actor/cuba", 100.0), ("place/cuba", 100.0)]


def test_a_type_decides(reconciler: Reconciler) -> None:
    assert matched(reconciler.reconcile(ReconciliationQuery("Cuba", types=("Place",)))) == ["place/cuba"]
    assert matched(reconciler.reconcile(ReconciliationQuery("Cuba", types=("Actor",)))) == ["actor/cuba"]
    assert matched(reconciler.reconcile(ReconciliationQuery("Cuba", types=("Person",)))) == []


def test_several_types_are_alternatives_unless_all_are_wanted(small: Reconciler) -> None:
    types = ("Person", "Office")

    assert ids(small.reconcile(ReconciliationQuery("Smith", types=types))) == ["actor/smith"]
    assert ids(small.reconcile(ReconciliationQuery("Smith", types=types, all_types=True))) == []
    assert ids(small.reconcile(ReconciliationQuery("Smith", types=("Person", "Actor"), all_types=True))) == [
        "actor/smith"
    ]


@pytest.mark.parametrize("name", ["George Frost Kennan", "Q1"])
def test_a_heading_is_no_rival_of_what_it_is_about_unless_asked_for(small: Reconciler, name: str) -> None:
    person, heading = (small.reconcile(ReconciliationQuery(name, types=types)) for types in ((), ("Topic",)))

    assert matched(person) == ["actor/kennan"]
    assert "topic/kennan" not in ids(person)
    assert ids(heading) == matched(heading) == ["topic/kennan"]


def test_a_preferred_type_costs_the_others_ten(small: Reconciler) -> None:
    (one,) = small.reconcile(ReconciliationQuery("Smith", types=("Office",), prefer_types=True))

    assert one.score == 78.0
    assert one.features == {"name": 88.0, "type": False}


def test_an_identifier_as_a_property_decides(small: Reconciler) -> None:
    found = small.reconcile(ReconciliationQuery("Kennan", conditions=(Condition("wikidata", ("Q2",)),)))

    assert [(one.id, one.score, one.match) for one in found] == [
        ("actor/elder", 100.0, True),
        ("actor/kennan", 70.0, False),
    ]
    assert found[0].features == {"name": 88.0, "properties": 1.0}


@pytest.mark.parametrize(
    "value", ["chargé d'affaires in Moscow", "CHARGE DAFFAIRES in moscow", "office/charge", "office:charge"]
)
def test_a_property_may_be_a_thing_by_any_of_its_names(small: Reconciler, value: str) -> None:
    found = small.reconcile(ReconciliationQuery("Kennan", conditions=(Condition("heldOffice", (value,)),)))

    assert [(one.id, one.score) for one in found] == [("actor/kennan", 95.0), ("actor/elder", 88.0)]
    assert matched(found) == ["actor/kennan"]


def test_a_property_that_differs_costs_twenty_and_one_that_is_unknown_nothing(small: Reconciler) -> None:
    found = small.reconcile(ReconciliationQuery("Kennan", conditions=(Condition("heldOffice", ("Pope",)),)))

    assert [(one.id, one.score) for one in found] == [("actor/elder", 88.0), ("actor/kennan", 70.0)]


@pytest.mark.parametrize("date", ["1946", "1946-02", "1946-02-22"])
def test_a_date_may_be_a_day_a_month_or_a_year(small: Reconciler, date: str) -> None:
    found = small.reconcile(ReconciliationQuery("Telegram 511", conditions=(Condition("firstDay", (date,)),)))
    other = small.reconcile(
        ReconciliationQuery("Telegram 511", conditions=(Condition("firstDay", ("1947",)),))
    )

    assert found[0].score > other[0].score


def test_required_properties_filter_by_any_all_or_none_of_their_values(small: Reconciler) -> None:
    def having(*values: str, quantifier: str) -> list[str]:
        condition = Condition("wikidata", values, required=True, quantifier=quantifier)  # type: ignore[arg-type]
        return sorted(ids(small.reconcile(ReconciliationQuery("Kennan", conditions=(condition,)))))

    assert having("Q1", "Q2", quantifier="any") == ["actor/elder", "actor/kennan"]
    assert having("Q2", "Q3", quantifier="all") == ["actor/elder"]
    assert having("Q2", "Q9", quantifier="all") == []
    assert having("Q2", "Q9", quantifier="none") == ["actor/kennan"]


def test_properties_alone_find_things(small: Reconciler) -> None:
    found = small.reconcile(ReconciliationQuery(conditions=(Condition("heldOffice", ("office/charge",)),)))
    half = ReconciliationQuery(
        conditions=(Condition("wikidata", ("Q1",)), Condition("heldOffice", ("Pope",)))
    )

    assert [(one.id, one.score, one.match) for one in found] == [("actor/kennan", 100.0, True)]
    assert found[0].features == {"properties": 1.0}
    assert [(one.id, one.score, one.match) for one in small.reconcile(half)] == [
        ("actor/kennan", 50.0, False)
    ]


@pytest.mark.parametrize(
    "name",
    [
        "actor/kennan",
        "actor:kennan",
        "https://w3id.org/cablegraph/id/actor/kennan",
        "id:actor/kennan",
        "<https://w3id.org/cablegraph/id/actor/kennan>",
        "http://w3id.org/cablegraph/id/actor/kennan/",
        " actor/kennan ",
        "Q1",
        "q1",
        "wd:Q1",
        "wikidata:Q1",
        "http://www.wikidata.org/entity/Q1",
        "https://www.wikidata.org/entity/Q1",
        "<http://www.wikidata.org/entity/Q1>",
        "https://www.wikidata.org/wiki/Q1#P31",
        "https://m.wikidata.org/wiki/Q1",
    ],
)
def test_an_identifier_as_a_name_leads_to_its_thing(small: Reconciler, name: str) -> None:
    assert matched(small.reconcile(ReconciliationQuery(name))) == ["actor/kennan"]


@pytest.mark.parametrize("value", ["Q1", "wd:Q1", "<https://www.wikidata.org/entity/Q1>"])
def test_an_identifier_as_a_value_has_any_form(small: Reconciler, value: str) -> None:
    query = ReconciliationQuery("somebody else", conditions=(Condition("wikidata", (value,), required=True),))

    assert [one.id for one in small.reconcile(replace(query, name=""))] == ["actor/kennan"]


@pytest.mark.parametrize("name", ["", " \t", "x" * (LONGEST + 1)])
def test_a_cell_that_no_name_can_be_finds_nothing(small: Reconciler, name: str) -> None:
    assert small.reconcile(ReconciliationQuery(name)) == []


def test_a_value_that_is_too_long_is_one_that_nothing_has(small: Reconciler) -> None:
    condition = Condition("wikidata", ("1" * (LONGEST + 1),))
    query = ReconciliationQuery("George Frost Kennan", conditions=(condition,))

    assert [(one.id, one.match) for one in small.reconcile(query)] == [("actor/kennan", False)]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_name_is_the_same_in_each_unicode_form(
    reconciler: Reconciler, form: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    found = reconciler.reconcile(ReconciliationQuery(unicodedata.normalize(form, "Osvaldo Dorticós Torrado")))

    assert matched(found) == ["actor/osvaldo-dorticos"]


def test_a_value_without_letters_is_no_other_one(small: Reconciler) -> None:
    found = small.reconcile(ReconciliationQuery(conditions=(Condition("labelEn", ("…",)),)))

    assert found == []


def test_what_is_no_identifier_stays_a_name() -> None:
    assert entity_id("note: urgent") == "note: urgent"
    assert entity_id("cg:Person") == "cg:Person"


def test_names_without_letters_find_nothing(small: Reconciler) -> None:
    assert small.reconcile(ReconciliationQuery("…")) == small.reconcile(ReconciliationQuery("of the")) == []


def test_no_more_candidates_than_asked_for(reconciler: Reconciler) -> None:
    assert len(reconciler.reconcile(ReconciliationQuery("Castro", limit=3))) == 3
    assert len(reconciler.reconcile(ReconciliationQuery("Castro"))) == 10


@pytest.mark.parametrize(
    ("query", "parameter", "part"),
    [
        (ReconciliationQuery("x", limit=0), "limit", "from 1 to 100"),
        (ReconciliationQuery("x", types=("Human",)), "type", "Person"),
        (ReconciliationQuery("x", conditions=(Condition("P31", ("Q5",)),)), "properties", "heldOffice"),
        (ReconciliationQuery("x", conditions=(Condition("wikidata", ()),)), "properties", "1 to 50"),
        (
            ReconciliationQuery("x", conditions=(Condition("wikidata", ("Q5",)),) * 21),
            "properties",
            "at most 20",
        ),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(
    small: Reconciler, query: ReconciliationQuery, parameter: str, part: str
) -> None:
    with pytest.raises(ParameterError, match=part) as error:
        small.reconcile(query)

    assert error.value.parameter == parameter
