"""FROM and FROM NAMED, taken out of a query (SPARQL 1.1 section 13.2)."""

from __future__ import annotations

import pytest

from kg.store import keywords
from server.engine.evaluation.dataset_clauses import split

EX = "PREFIX ex: <http://ex.org/> "


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <http://ex.org/a> { ?s ?p ?o }", ["a"], []),
        ("ASK FROM NAMED <http://ex.org/a> { GRAPH ?g { ?s ?p ?o } }", [], ["a"]),
        (EX + "ASK FROM ex:a FROM ex:b from named ex:c WHERE { ?s ?p ?o }", ["a", "b"], ["c"]),
        (f"{EX}DESCRIBE ?s FROM # of a\n ex:a{{ ?s ?p 'from <http://ex.org/b>' }}", ["a"], []),
        ("BASE <http://ex.org/> SELECT * FROM <a> { ?from ?p <from> }", ["a"], []),
        (f"{EX}CONSTRUCT {{ ?s ?p ?o }} FROM ex:a.b WHERE {{ ?s ?p ?o }}", ["a.b"], []),
    ],
)
def test_the_graphs_are_told_from_the_rest(query: str, default: list[str], named: list[str]) -> None:
    text, graphs = split(query)

    assert graphs is not None
    assert [graph.value for graph in graphs.default] == [f"http://ex.org/{name}" for name in default]
    assert [graph.value for graph in graphs.named] == [f"http://ex.org/{name}" for name in named]
    keywords.parse(text)
    assert not keywords.has_keyword("from", text)


def test_a_relative_name_is_resolved() -> None:
    _, graphs = split("ASK FROM <a> { ?s ?p ?o }", "http://ex.org/x")

    assert graphs is not None
    assert [graph.value for graph in graphs.default] == ["http://ex.org/a"]


@pytest.mark.parametrize("query", ["ASK {}", "ASK { ?from ?p 'FROM <http://ex.org/a>' } # FROM ex:a"])
def test_a_query_without_the_keyword_stays_as_it_is(query: str) -> None:
    assert split(query) == (query, None)


def test_more_words_than_are_looked_at_leave_the_query_as_it_is() -> None:
    query = f"SELECT * {'FROM <http://ex.org/a> ' * 70} {{ ?s ?p ?o }}"

    assert split(query) == (query, None)
