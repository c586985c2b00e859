"""Why a saved question has no rows: which value stands in the way, and which others have rows.

Guevara kept silent at the session, and the telegrams report no claim of his; Castro and the ambassador explain much.
"""

from __future__ import annotations

from functools import partial

import pyoxigraph as ox
import pytest

from kg.asking.hints.hint import KINDS, Hint
from kg.asking.questions import question_hints, saved_queries
from kg.asking.questions.choices import Ask
from kg.asking.questions.filled_query import fill_query
from kg.errors import TimeLimitError
from kg.namespaces import CG
from kg.resources import folder
from kg.store.sparql import rows

SAVED = saved_queries.load(folder("queries"))
SMALL = f"""#+ title: People
#+ question: Which people are there?
#+ why: To test.
#+ tags: [test]
#+ parameters:
#+   - {{name: who, type: iri}}
#+   - {{name: born, type: integer}}
#+   - {{name: name, type: text, default: "Anna"}}
PREFIX cg: <{CG}>
SELECT ?who ?name WHERE {{
  VALUES ?who {{ UNDEF }}
  VALUES ?born {{ UNDEF }}
  VALUES ?name {{ "Anna" }}
  ?who cg:called ?name ; cg:born ?born
}}
"""
DATA = "".join(
    f'<urn:{name}> <{CG}called> "{name}" ; <{CG}born> {born} .\n'
    for name, born in (("Anna", 1900), ("Anna2", 1950), ("Boris", 1999))
)


def on(ask: Ask, name: str, near: dict[str, list[str]] | None = None, **given: str) -> list[Hint]:
    """Return the hints on a saved question that has no rows; that it has none is part of the test."""
    filled = fill_query(SAVED[name], given, ask)
    assert not list(ask(filled.text))
    return question_hints.on_empty(filled, ask, lambda text: (near or {}).get(text, []), seconds=60)


@pytest.fixture(scope="module")
def ask(store: ox.Store) -> Ask:
    return partial(rows, store)


def test_a_value_without_rows_is_named_with_others_that_have_some(ask: Ask) -> None:
    (hint,) = on(ask, "causes", who="actor:che-guevara")

    assert hint.kind == "parameter-value"
    assert hint.kind in KINDS
    assert hint.message.startswith("no row has who = actor:che-guevara; without it there are ")
    assert {"who=actor:fidel-castro", "who=actor:aleksandr-alekseev"} <= set(hint.instead)
    line = SAVED["causes"].text.split("\n")[hint.line - 1]
    assert line[hint.column - 1 :].startswith("VALUES ?who {")


def test_a_value_that_must_be_given_is_compared_with_that_of_the_question(ask: Ask) -> None:
    at, *_ = on(ask, "who-criticised", at="event:blood-donation")

    assert at.message.startswith("no row has at = event:blood-donation; there are rows with ")
    assert "at=event:ori-session" in at.instead


def test_a_text_of_a_list_is_compared_with_the_list(ask: Ask) -> None:
    (hint,) = on(ask, "offices", reading="aserted")

    assert hint.instead[0] == "reading=asserted"


def test_a_word_is_compared_with_words_of_the_graph(ask: Ask) -> None:
    (found,) = on(ask, "statements-by-word", {"guevarra": ["guevara"]}, word="guevarra")
    (alike,) = on(ask, "statements-by-word", {"xyzzy": ["xyzzz"]}, word="xyzzy")

    assert found.instead == ("word=guevara",)
    assert alike.message == "no text has word = xyzzy; did you mean xyzzz?"


def test_without_a_word_that_is_alike_the_own_value_of_the_question_is_named(ask: Ask) -> None:
    (hint,) = on(ask, "statements-by-word", word="submarine")

    assert "with word = consult there are " in hint.message
    assert hint.instead == ()


def test_two_values_that_no_row_has_together_are_each_told(ask: Ask) -> None:
    written, thing = on(ask, "names-as-written", written="Castro", thing="actor:che-guevara")

    assert "thing=actor:fidel-castro" in thing.instead
    assert written.line < thing.line


def test_a_question_without_values_has_no_hints(ask: Ask) -> None:
    assert question_hints.on_empty(fill_query(SAVED["who-is-who"], {}, ask), ask) == []


@pytest.fixture
def small() -> Ask:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TURTLE)
    return partial(rows, store)


def small_hints(ask: Ask, **given: str) -> list[str]:
    filled = fill_query(saved_queries.parse("people", SMALL), given, ask)
    assert not list(ask(filled.text))
    return [hint.message for hint in question_hints.on_empty(filled, ask)]


def test_numbers_are_shown_from_the_lowest_to_the_highest(small: Ask) -> None:
    assert small_hints(small, born="1900", name="Boris") == [
        "no row has born = 1900; without it there is one row, for example with 1999"
    ]


def test_values_that_no_row_has_each_by_itself_are_left_out_together(small: Ask) -> None:
    assert small_hints(small, who="<urn:Anna>", born="1999", name="Anna2") == [
        "no row has who = <urn:Anna> and born = 1999; without all of them there is one row"
    ]


def test_a_value_by_default_that_is_of_another_collection_is_called_so(small: Ask) -> None:
    text = SMALL.replace("type: iri}", 'type: iri, default: "<urn:Zoe>"}').replace(
        "{ UNDEF }", "{ <urn:Zoe> }", 1
    )
    filled = fill_query(saved_queries.parse("others", text), {}, small)
    (hint,) = question_hints.on_empty(filled, small)

    assert hint.message == "the graph has no thing called <urn:Zoe>, which the question has by default"
    assert hint.instead == ()


def test_a_large_class_is_not_sorted_to_find_values_that_are_spelt_alike(ask: Ask) -> None:
    asked: list[str] = []

    def noting(query: str) -> list[object]:
        asked.append(query)
        return list(ask(query))

    on(noting, "who-criticised", at="event:blood-donation")

    assert any("LIMIT 1000" in query for query in asked)
    assert not any("ORDER BY ?label" in query for query in asked)


def test_limits_end_the_search_for_hints(small: Ask) -> None:
    filled = fill_query(saved_queries.parse("people", SMALL), {"born": "1"}, small)

    def late(_: str) -> list[object]:
        raise TimeLimitError("late")

    assert question_hints.on_empty(filled, late) == []
    assert question_hints.on_empty(filled, small, seconds=-1.0) == []


def test_the_pattern_around_a_place_is_the_innermost() -> None:
    query = "SELECT * { { VALUES ?a { 1 } ?s ?p '}' } ?x ?y ?z }"

    assert question_hints.group_around(query, query.index("VALUES")) == "{ VALUES ?a { 1 } ?s ?p '}' }"
    assert question_hints.group_around(query, query.index("?x")) == query[len("SELECT * ") :]
    assert question_hints.group_around(query, 0) == "{}"
