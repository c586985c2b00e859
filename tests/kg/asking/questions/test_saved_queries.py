"""Saved queries as files: their headers, their parameters, and what they are asked with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.asking.questions import saved_queries
from kg.asking.questions.choices import choices
from kg.asking.questions.citation import Citation, cite
from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.parameters import fill
from kg.errors import DataError, ParameterError, UnknownNameError
from kg.resources import folder
from kg.store import sparql
from kg.terms import expand

SAVED = saved_queries.load(folder("queries"))
PARAMETERS = [(query.name, parameter.name) for query in SAVED.values() for parameter in query.parameters]
TWO = """#+ title: Two
#+ parameters:
#+   - {name: first, type: integer, default: "1"}
#+   - {name: second, type: text}
SELECT * {
  VALUES ?first { 1 }
  VALUES ?second { UNDEF }
}
"""


def nothing(query: str) -> list[object]:
    raise AssertionError(query)


def test_there_are_parameters_with_and_without_default() -> None:
    found = [parameter for query in SAVED.values() for parameter in query.parameters]

    assert len(found) >= 12
    assert {bool(parameter.default) for parameter in found} == {True, False}
    assert {parameter.type for parameter in found} >= {"iri", "text"}


@pytest.fixture(scope="module")
def answered(store: ox.Store) -> Callable[[str], list[tuple[object, ...]]]:
    """How a text is asked, each once."""
    return cache(lambda text: [tuple(row) for row in sparql.rows(store, text)])


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_the_default_in_the_header_is_the_value_in_the_query(
    name: str, parameter: str, answered: Callable[[str], list[tuple[object, ...]]]
) -> None:
    query = SAVED[name]
    (described,) = [p for p in query.parameters if p.name == parameter]
    terms = {parameter: described.term(described.default)} if described.default else {}

    filled = answered(fill(query.text, terms))

    assert filled == answered(query.text)
    assert filled


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_the_default_is_one_of_the_choices(name: str, parameter: str, store: ox.Store) -> None:
    (described,) = [p for p in SAVED[name].parameters if p.name == parameter]
    found = {expand(choice.name) for choice in choices(described, lambda q: sparql.rows(store, q), 10_000)}

    assert bool(found) == bool(described.choices)
    assert not described.default or not found or expand(described.default) in found


def test_a_value_narrows_the_answer(store: ox.Store) -> None:
    asked = fill_query(SAVED["names-as-written"], {"written": "Marshal Grechko"}, nothing)

    assert [row["written"].value for row in sparql.rows(store, asked.text)] == ["Marshal Grechko"]
    assert len(list(sparql.rows(store, SAVED["names-as-written"].text))) > 1


def test_values_and_defaults_are_known_in_the_order_of_the_header() -> None:
    asked = fill_query(saved_queries.parse("two", TWO), {"second": "x", "first": None}, nothing)

    assert list(asked.values.items()) == [("first", "1"), ("second", "x")]
    assert 'VALUES ?second { "x" }' in asked.text
    assert "VALUES ?first { 1 }" in asked.text


def test_nothing_given_leaves_the_text_as_it_lies() -> None:
    assert fill_query(saved_queries.parse("two", TWO), {"first": "", "second": None}, nothing).text == TWO


def test_numbers_and_days_of_python_are_taken() -> None:
    text = TWO.replace("type: text", "type: date")
    asked = fill_query(saved_queries.parse("two", text), {"first": 7, "second": date(1962, 10, 27)}, nothing)

    assert asked.values == {"first": "7", "second": "1962-10-27"}


@pytest.mark.parametrize(
    ("name", "message", "allowed"),
    [
        ("frist", "two has no parameter 'frist'; did you mean first?", ("first",)),
        ("x", "two has no parameter 'x'; it has first, second", ("first", "second")),
    ],
)
def test_an_unknown_parameter_is_refused(name: str, message: str, allowed: tuple[str, ...]) -> None:
    with pytest.raises(ParameterError) as caught:
        fill_query(saved_queries.parse("two", TWO), {name: ""}, nothing)

    assert str(caught.value) == message
    assert caught.value.allowed == allowed


def test_a_query_without_parameters_says_so() -> None:
    with pytest.raises(ParameterError, match="it has none"):
        fill_query(saved_queries.parse("none", "ASK {}"), {"issue": "x"}, nothing)


@pytest.mark.parametrize(
    "head",
    [
        "#+ parameters: [{name: x, type: iri}]",
        "#+ title: [",
        "#+ just words",
        "#+ - a list",
        "#+ parameters: {a: b}",
    ],
)
def test_a_header_that_is_wrong_is_a_finding_in_its_file(head: str) -> None:
    with pytest.raises(DataError, match=r"queries/mine\.rq:1: "):
        saved_queries.parse("mine", f"{head}\nSELECT * {{}}")


def test_files_are_read_by_name(tmp_path: Path) -> None:
    (tmp_path / "two.rq").write_text(TWO)
    (tmp_path / "README.md").write_text("no query")

    assert list(saved_queries.load(tmp_path)) == ["two"]
    assert saved_queries.find(tmp_path, "two").title == "Two"
    with pytest.raises(UnknownNameError, match=r"no saved query 'tow'; did you mean two\?"):
        saved_queries.find(tmp_path, "tow")


def test_an_unchanged_file_is_not_parsed_again(tmp_path: Path) -> None:
    (tmp_path / "two.rq").write_text(TWO)
    before = saved_queries.load(tmp_path)["two"]

    assert saved_queries.load(tmp_path)["two"] is before

    (tmp_path / "two.rq").write_text(TWO.replace("title: Two", "title: Other"))
    assert saved_queries.load(tmp_path)["two"].title == "Other"


def test_one_query_is_found_whatever_is_wrong_with_another(tmp_path: Path) -> None:
    (tmp_path / "two.rq").write_text(TWO)
    (tmp_path / "wrong.rq").write_text("#+ titel: Wrong\nASK {}")

    assert saved_queries.find(tmp_path, "two").title == "Two"
    with pytest.raises(DataError, match=r"queries/wrong\.rq:1: "):
        saved_queries.load(tmp_path)
    with pytest.raises(UnknownNameError):
        saved_queries.find(tmp_path, "../two")


def test_a_footnote_names_question_values_version_and_day() -> None:
    asked = fill_query(saved_queries.parse("two", TWO), {"second": "a & b"}, nothing)

    assert str(cite(asked, "0123456789abcdef" * 4, date(2026, 11, 2))) == (
        "“Two” (first: 1; second: a & b), saved query two, in: cablegraph: diplomatic telegrams as a knowledge "
        "graph, data version 0123456789abcdef, 2 November 2026, "
        "https://w3id.org/cablegraph/queries/two?first=1&second=a+%26+b."
    )


def test_a_footnote_for_ones_own_query_says_so() -> None:
    assert str(Citation("v1", date(2026, 1, 1))) == (
        "own query in SPARQL, in: cablegraph: diplomatic telegrams as a knowledge graph, data version v1, "
        "1 January 2026, https://w3id.org/cablegraph/."
    )


def test_a_footnote_without_values_has_no_brackets() -> None:
    asked = fill_query(saved_queries.parse("all", "#+ title: All\nASK {}"), {}, nothing)

    assert str(cite(asked, "v1", date(2026, 1, 1))).startswith("“All”, saved query all, in: ")
    assert cite(asked, "v1").address == "https://w3id.org/cablegraph/queries/all"
