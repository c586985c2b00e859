"""Hints on the text of a query: its Unicode form, and what the engine reads otherwise than SPARQL 1.1."""

from __future__ import annotations

import unicodedata

import pytest

from kg.asking.hints import text_hints
from kg.asking.hints.hint import KINDS, Hint


def hints(query: str) -> list[Hint]:
    found = list(text_hints.on_text(query))
    assert all(hint.kind in KINDS for hint in found)
    return found


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("SELECT ?g ?x {\n GRAPH ?g { VALUES ?x { 1 } } }", "GRAPH ?g {} VALUES …"),
        ("SELECT * {\n graph $g { { SELECT ?s { ?s ?p ?o } } } }", "GRAPH $g within the subquery"),
        ("SELECT * {\n GRAPH ?g { GRAPH ?h { ?s ?p ?o } } }", "GRAPH ?g {} GRAPH ?other { … }"),
        ("SELECT * {\n GRAPH ?g { ?s ?p ?o FILTER (?g != ?s) } }", "the FILTER after the braces"),
        ("SELECT (COUNT(*) AS ?n) {\n ?s <a:b>|<a:c> ?o }", "UNION to count each"),
        ("SELECT (SUM( ?o) AS ?n) {\n ?s !(<a:b>|^<a:c>) ?o }", "UNION to count each"),
        (r"SELECT * { BIND(" "\n" r'REPLACE("a-b", "-", "\\$") AS ?t) }', '"$$"'),
        ("SELECT * { BIND(\nREPLACE('ab', '(a)', '$1x') AS ?t) }", '"${1}"'),
    ],
)
def test_what_the_engine_reads_otherwise_has_a_hint_with_another_way(query: str, instead: str) -> None:
    (hint,) = hints(query)

    assert (hint.kind, hint.line, hint.instead[0]) == ("engine-differs", 2, instead)
    assert instead in hint.message


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { GRAPH ?g { VALUES ?s { <a:b> } ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o GRAPH ?h { ?s ?q ?r } } FILTER (?g != ?h) }",
        "SELECT * { GRAPH ?g { ?s ?p ?o FILTER (?o != 1) } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o FILTER",  # no query, so that the engine refuses it
        "SELECT * { GRAPH <a:g> { VALUES ?s { <a:b> } } }",
        "SELECT * { GRAPH ?g {} }",
        "SELECT ?o { ?s <a:b>|<a:c> ?o }",
        "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s <a:b>|<a:c> ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER (?s = 1 || ?s = 2) }",
        'SELECT (REPLACE("ab", "(a)", "${1}x$$") AS ?t) (REPLACE) {}',
        "# GRAPH ?g { VALUES",
    ],
)
def test_what_every_engine_reads_alike_has_none(query: str) -> None:
    assert hints(query) == []


def test_a_text_in_nfd_is_told_with_its_place() -> None:
    name = unicodedata.normalize("NFD", '"Valdés"')
    (hint,) = hints(f"ASK {{\n ?s ?p {name} }}")

    assert (hint.kind, hint.line, hint.column) == ("decomposed-text", 2, 8)
    assert hint.instead == (unicodedata.normalize("NFC", name),)
