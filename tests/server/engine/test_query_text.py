"""What a query asks for, told by the engine itself."""

from __future__ import annotations

import pytest

from kg.store import keywords
from server.engine.evaluation import query_text
from server.web.http_errors import ServiceRefusedError

CALL = "<http://127.0.0.1:9/> { ?s ?p ?o }"

CALLING = {
    "plain": f"SELECT * {{ SERVICE {CALL} }}",
    "lower case": f"select * {{ service {CALL} }}",
    "mixed case": f"SELECT * {{ sErViCe {CALL} }}",
    "silent": f"SELECT * {{ SERVICE SILENT {CALL} }}",
    "variable": "SELECT * { VALUES ?e { <http://127.0.0.1:9/> } SERVICE ?e { ?s ?p ?o } }",
    "silent variable": "SELECT * { SERVICE silent $e { ?s ?p ?o } }",
    "prefixed name": "PREFIX x: <http://127.0.0.1:9/> SELECT * { SERVICE x: { ?s ?p ?o } }",
    "no white space": "SELECT*{?a ?b ?c SERVICE<http://127.0.0.1:9/>{?s ?p ?o}}",
    "comment between": f"SELECT * {{ SERVICE # a comment\n SILENT # and one\n {CALL} }}",
    "in OPTIONAL": f"SELECT * {{ ?a ?b ?c OPTIONAL {{ SERVICE {CALL} }} }}",
    "in FILTER EXISTS": f"SELECT * {{ ?a ?b ?c FILTER EXISTS {{ SERVICE {CALL} }} }}",
    "in a sub-query": f"SELECT * {{ {{ SELECT * {{ SERVICE {CALL} }} }} }}",
    "in ASK": f"ASK {{ SERVICE {CALL} }}",
    "in CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {CALL} }}",
    "in DESCRIBE": f"DESCRIBE ?s {{ SERVICE {CALL} }}",
    "after a name with an escaped #": f"PREFIX e: <http://e/> SELECT * {{ ?s e:a\\# ?o . SERVICE {CALL} }}",
    "after a name with an escaped quote": f"PREFIX e: <a:> SELECT * {{ ?s e:a\\' ?o . SERVICE {CALL} }}",
    "after what looks like an IRI with a quote": f"SELECT * {{ ?a ?b ?c FILTER(?a<'x>') SERVICE {CALL} "
    "FILTER(?b='y') }",
    "after what looks like an IRI with a #": "SELECT * { ?a ?b ?c FILTER(?a <#>'''\n 3) "
    f"SERVICE {CALL} #'''\n }}",
    "after a long string": f"SELECT * {{ ?a ?b '''it''s \"''' . SERVICE {CALL} }}",
    "in a query that also has the word in a string": f'SELECT * {{ ?a ?b "service" . SERVICE {CALL} }}',
}

HARMLESS = {
    "string": 'SELECT * { ?s ?p "SERVICE <http://127.0.0.1:9/> {}" }',
    "string in single quotes": "SELECT * { ?s ?p 'SERVICE' }",
    "long string": 'SELECT * { ?s ?p """a\n"SERVICE" ?x { } """ }',
    "long string in single quotes": "SELECT * { ?s ?p '''a\n'SERVICE' ?x { } ''' }",
    "comment": "SELECT * { ?s ?p ?o } # SERVICE <http://127.0.0.1:9/> {}",
    "IRI": "SELECT * { ?s <http://ex.org/service> <http://ex.org/SERVICE#service> }",
    "variable": "SELECT ?service { ?service ?p $SERVICE }",
    "prefix": "PREFIX service: <http://ex.org/> SELECT * { ?s service:service service: }",
    "local name": "PREFIX e: <http://ex.org/> SELECT * { ?s e:service ?o }",
    "blank node": "SELECT * { _:service ?p ?o }",
    "escaped letters in a string": 'SELECT * { ?s ?p "\\u0053ERVICE" }',
    "escaped quote before it": 'SELECT * { ?s ?p "\\" SERVICE" }',
    "no such word": "SELECT * { ?s ?p ?o }",
}


@pytest.mark.parametrize("query", CALLING.values(), ids=CALLING)
def test_a_call_of_a_service_is_refused_however_it_is_written(query: str) -> None:
    with pytest.raises(ServiceRefusedError, match="calls no other service"):
        query_text.refuse_service(query)


@pytest.mark.parametrize("query", HARMLESS.values(), ids=HARMLESS)
def test_the_word_service_elsewhere_is_allowed(query: str) -> None:
    keywords.parse(query)  # it is SPARQL

    query_text.refuse_service(query)


def test_a_letter_that_some_engines_take_for_s_is_seen() -> None:
    with pytest.raises(ServiceRefusedError):
        query_text.refuse_service(f"SELECT * {{ \u017fERVICE {CALL} }}")


def test_a_mistake_beside_the_word_service_stays_a_syntax_error() -> None:
    with pytest.raises(SyntaxError):
        query_text.refuse_service('SELECT * { ?s ?p "service" ')


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM <http://ex.org/one> { ?s ?p ?o }", True),
        ("select * from named <http://ex.org/one> { ?s ?p ?o }", True),
        ("SELECT * FROM<http://ex.org/one>{ ?s ?p ?o }", True),
        ("ASK FROM <http://ex.org/one> { ?s ?p ?o }", True),
        ("SELECT * { ?s ?p ?o }", False),
        ("SELECT ?from { ?from ?p 'from' } # FROM <http://ex.org/one>", False),
        ("PREFIX from: <http://ex.org/from> SELECT * { ?s from:from <http://ex.org/from> }", False),
    ],
)
def test_a_dataset_clause_is_told_from_the_word_elsewhere(query: str, expected: bool) -> None:
    assert keywords.has_keyword("from", query) is expected


# SPARQL 1.1 Update section 3: every operation, with the prologue that may precede it.
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "INSERT"),
        ("insert { ?s ?p ?o } where { ?s ?p ?o }", "INSERT"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("LOAD <http://127.0.0.1:9/>", "LOAD"),
        ("CLEAR ALL", "CLEAR"),
        ("DROP SILENT DEFAULT", "DROP"),
        ("CREATE GRAPH <a:g>", "CREATE"),
        ("ADD DEFAULT TO <a:g>", "ADD"),
        ("MOVE <a:g> TO DEFAULT", "MOVE"),
        ("COPY <a:g> TO <a:h>", "COPY"),
        ("WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH"),
        ("# INSERT below\nBASE <http://e/>\nPREFIX e: <http://e#> # x\n PREFIX : <p>DELETE { }", "DELETE"),
        ("SELECT ?INSERT { ?s ?p 'INSERT' }", None),
        ("PREFIX insert: <http://e/> SELECT * { ?s ?p ?o }", None),
        ("# INSERT DATA", None),
        ("", None),
    ],
)
def test_an_update_is_told_by_its_first_word(query: str, expected: str | None) -> None:
    assert query_text.update_operation(query) == expected


def test_escaped_letters_become_letters_and_other_escapes_stay() -> None:
    assert (
        query_text.unescape_letters(r"\u0053ERVIC\U00000045 \u0022 \u007A\u005b") == r"SERVICE \u0022 z\u005b"
    )


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", ["o", "p", "s"], "SELECT  ?s ?p ?o  { ?s ?p ?o }"),
        ("SELECT DISTINCT * { $b ?a ?b }", ["a", "b"], "SELECT DISTINCT  ?b ?a  { $b ?a ?b }"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", ["n"], None),
        ("SELECT ?p { ?s ?p ?o { SELECT * { ?x ?y ?z } } }", ["p"], None),
        ("SELECT * { }", [], None),
    ],
)
def test_a_leading_star_is_spelt_out_in_order_of_appearance(
    query: str, variables: list[str], expected: str | None
) -> None:
    assert query_text.with_columns_in_order(query, variables) == (expected or query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (NOW() AS ?t) {}", True),
        ("SELECT (rand ( ) AS ?t) {}", True),
        ("SELECT (\\u0055UID() AS ?t) {}", True),
        ("SELECT (STRUUID() AS ?t) {}", True),
        ("SELECT ?now { ?now ?rand ?uuid }", False),
    ],
)
def test_functions_with_a_new_value_each_time_are_seen(query: str, expected: bool) -> None:
    assert query_text.volatile(query) is expected


def test_a_long_prologue_is_read_in_bounded_time() -> None:
    assert query_text.update_operation("PREFIX a: <b> # c\n" * 20_000 + "x") is None


def test_parameters_without_a_value_are_left_out() -> None:
    query = "SELECT ?a ?s {\n  VALUES ?a { UNDEF }\n  { VALUES ?s { <x:s> }\n    VALUES ?a { UNDEF }\n } ?s ?p ?o }"

    assert (
        query_text.without_free_values(query) == "SELECT ?a ?s {\n\n  { VALUES ?s { <x:s> }\n\n } ?s ?p ?o }"
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?a {\n VALUES ?a { <x:a> }\n ?a ?p ?o }",
        'SELECT ?a { BIND ("""\nVALUES ?b { UNDEF }\n""" AS ?a) }',
        "SELECT ?a { ?s a <relative> .\n VALUES ?a { UNDEF }\n }",
    ],
    ids=["a value", "in a text", "relative, which needs a base"],
)
def test_other_lines_stay(query: str) -> None:
    assert query_text.without_free_values(query) == query
