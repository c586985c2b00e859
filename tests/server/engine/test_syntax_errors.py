"""Syntax errors point near the mistake. Lines and columns below are counted by hand."""

from __future__ import annotations

import pytest

from kg.store import keywords
from server.engine.evaluation import syntax_errors


def error_of(query: str) -> tuple[int, int, str]:
    with pytest.raises(SyntaxError) as caught:
        keywords.parse(query)
    error = syntax_errors.explain(query, str(caught.value))
    return error.line, error.column, str(error)


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELEC ?x", 1, 1),
        ("nonsense", 1, 1),
        ("SELECT * { FILTER(1=) }", 1, 21),
        ("SELECT * WHERE { ?s ?p ?o } LIMIT ten", 1, 35),
        ("ASK { ?s ?p 'é' 'x' }", 1, 17),
        ("SELECT *\nWHERE {\n  ?s ?p ?o\n", 4, 1),
    ],
)
def test_the_place_is_that_of_the_mistake(query: str, line: int, column: int) -> None:
    assert error_of(query)[:2] == (line, column)


def test_what_could_stand_there_is_said_when_it_is_a_sign() -> None:
    assert "} " in error_of("SELECT * WHERE { ?s ?p ?o")[2]


def test_an_undeclared_prefix_is_named_with_its_place() -> None:
    query = "PREFIX e: <http://e/>\nSELECT * { ?s e:p ?o ;\n ex:p ?o }"

    assert error_of(query) == (
        3,
        2,
        "The prefix ex: at line 3, column 2 is not declared. Begin the query with PREFIX ex: <…>",
    )


def test_a_prefix_that_is_nearly_a_known_one_comes_with_that() -> None:
    message = error_of("SELECT * { ?s rdf:type ?t ; rfds:label ?o }")[2]

    assert message.startswith("The prefix rfds: at line 1, column 29 is not declared.")
    assert "did you mean rdfs:" in message


def test_a_prefix_is_not_blamed_for_another_mistake() -> None:
    assert "prefix" not in error_of("PREFIX e: <http://e/> SELECT * { ?s e:p ?o ")[2]
    assert "prefix" not in error_of("SELECT * { ?s ex:p ?o ")[2]


def test_a_message_without_a_place_is_passed_on() -> None:
    error = syntax_errors.explain("x", "odd")

    assert (error.line, error.column, str(error)) == (0, 0, "This is not SPARQL: odd")


def test_the_caret_stands_under_the_column() -> None:
    assert syntax_errors.excerpt("SELECT\n\t?x é\r\n}", 2, 5) == " ?x é\n    ^"


def test_a_long_line_is_cut_around_the_caret() -> None:
    shown, caret = syntax_errors.excerpt("a" * 500 + "X" + "b" * 500, 1, 501).split("\n")

    assert len(shown) == 100
    assert shown[caret.index("^")] == "X"


def test_an_unknown_place_has_no_excerpt() -> None:
    assert syntax_errors.excerpt("x", 0, 0) == ""
