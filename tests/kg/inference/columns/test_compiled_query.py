"""Compiled queries against the store, query by query, and what they refuse."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.inference.columns.compiled_query import CompiledQuery
from kg.inference.columns.query_expressions import UncoveredError
from kg.inference.columns.statement_columns import Columns, statement

HEAD = "PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
DATA = """
@prefix : <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :p :b , :c ; :q :d ; :n 1 ; :at "1962-10-22T00:00:00-05:00"^^xsd:dateTime ; :says "Blue \\"sea\\""@en .
:b :p :c ; :r :d ; :n 2 , 10 ; :at "1962-10-22T01:30:00-05:00"^^xsd:dateTime ; :says "blue" .
:c :q :a ; :n 3.5 ; :at "1962-10-22T06:00:00Z"^^xsd:dateTime ; :flag true ; :says "red\\nblue" .
:d :at "soon"^^xsd:dateTime ; :n "many"^^xsd:integer ; :at "1962-10-22T06:00:00"^^xsd:dateTime .
"""
QUERIES = (
    "SELECT ?s ?o { ?s :p ?o OPTIONAL { ?o :q ?x FILTER (?x != ?s) } }",
    "SELECT ?s ?x { ?s :p ?o OPTIONAL { ?o :r ?x } }",
    "SELECT ?s ?x ?y { { ?s :q ?x } UNION { ?s :r ?y } }",
    "SELECT ?s ?k { ?s :p ?o VALUES (?s ?k) { (:a 1) (:b 2) (:z 3) } }",
    "SELECT ?s ?k { VALUES ?k { :x :y } ?s :r ?o }",
    "SELECT ?s ?p ?o { ?s ?p ?o FILTER (?p IN (:q, :r)) }",
    "SELECT ?s ?o { ?s :q|:r ?o }",
    "SELECT ?s { ?s :n ?n FILTER (?n > 1 && ?n <= 3.5) }",
    "SELECT ?s { ?s :n ?n FILTER (?n = 1.0 || ?n < 0) }",
    "SELECT ?s ?t { ?s :at ?one . ?t :at ?two FILTER (?one < ?two) }",
    "SELECT ?s ?t { ?s :at ?one . ?t :n ?two FILTER (?one != ?two) }",
    "SELECT ?s { ?s :says ?w FILTER REGEX(STR(?w), '^BLUE', 'i') }",
    "SELECT ?s ?w { ?s :says ?o BIND (CONCAT(SUBSTR(STR(?o), 1, 3), '-', STR(?s)) AS ?w) }",
    "SELECT ?s ?d { ?s :at ?at BIND (STRDT(SUBSTR(STR(?at), 1, 10), xsd:date) AS ?d) }",
    "SELECT ?s { ?s :at ?at FILTER (DATATYPE(?at) = xsd:dateTime) }",
    "SELECT ?s { ?s :says ?w FILTER (DATATYPE(?w) = xsd:string) }",
    "SELECT ?s { ?s :p ?o OPTIONAL { ?s :r ?x } FILTER (!BOUND(?x)) }",
    "SELECT ?s ?k { ?s :p ?o OPTIONAL { ?s :r ?x } BIND (IF(BOUND(?x), :yes, :no) AS ?k) }",
    "SELECT ?s { ?s :p ?o FILTER EXISTS { ?o :q ?x FILTER (?x = ?s) } }",
    "SELECT ?s { ?s :p ?o FILTER NOT EXISTS { ?o :p ?x FILTER NOT EXISTS { ?x :r ?y } } }",
    "SELECT ?s { ?s :p ?o FILTER (?o NOT IN (:b, :d)) }",
    "SELECT ?s ?o { ?s :says ?w . ?s :p|:q ?o { SELECT ?s (MIN(?t) AS ?w0) { ?s :says ?u BIND (STR(?u) AS ?t) } GROUP BY ?s } }",
    "SELECT ?s { :a :p ?s . ?s :p :c }",
)
REFUSED = {
    "SELECT ?s { ?s :p+ ?o }": "the path <http://e/p>+",
    "SELECT ?s { ?s ?p ?o }": "a variable property without FILTER (?p IN (…))",
    "SELECT ?s { ?s :p ?s }": "a pattern with one variable twice",
    "SELECT ?s { ?s :p ?o MINUS { ?s :q ?o } }": "the pattern Minus",
    "SELECT ?s { ?s :n ?n FILTER (?n - 1 = 0) }": "the operator ['-']",
    "SELECT ?s { ?s :n ?n FILTER (?n IN (1, 2)) }": "IN with other values than IRIs",
    "SELECT ?s { ?s :says ?w FILTER REGEX(?w, 'a', 's') }": "REGEX with other flags than i",
    "SELECT ?s { ?s :says ?w FILTER (SUBSTR(?w, 2) = 'a') }": "SUBSTR without numbers for its start and length",
    "SELECT ?s { ?s :p ?o VALUES (?s ?k) { (:a UNDEF) } }": "VALUES with UNDEF",
    "SELECT ?s { ?s :p ?o { SELECT ?s { ?s :q ?x } LIMIT 1 } }": "a sub-query other than MIN by one group",
    "SELECT ?s { { SELECT ?s (MIN(?n) AS ?w) { ?s :n ?n } GROUP BY ?s } }": "a sub-query whose group is not known outside",
}


@pytest.fixture(scope="module")
def triples() -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(DATA.encode(), ox.RdfFormat.TURTLE)]


@pytest.mark.parametrize("query", QUERIES)
def test_a_compiled_query_finds_what_the_store_finds(query: str, triples: list[ox.Triple]) -> None:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    compiled = CompiledQuery(HEAD + query)
    rows = store.query(HEAD + query)
    assert isinstance(rows, ox.QuerySolutions)

    expected = {
        tuple(None if row[name] is None else str(row[name]) for name in compiled.names) for row in rows
    }

    assert compiled.rows((Columns(map(statement, triples)),)) == expected
    assert expected or "BOUND" in query


def test_a_duration_is_added_to_an_instant(triples: list[ox.Triple]) -> None:
    """The store cannot do this; pySHACL, whose queries need it, does."""
    later = "?s :at ?one . ?t :at ?two FILTER (?two > ?one + 'PT1H'^^xsd:dayTimeDuration)"

    found = CompiledQuery(f"{HEAD} SELECT ?s ?t {{ {later} }}").rows((Columns(map(statement, triples)),))

    assert found == {("<http://e/a>", "<http://e/b>")}  # 05:00 and 06:30 of Greenwich


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_not_covered_is_refused_with_its_name(query: str) -> None:
    with pytest.raises(UncoveredError) as caught:
        CompiledQuery(HEAD + query)

    assert str(caught.value) == REFUSED[query]


@pytest.mark.parametrize("query", [query for query in QUERIES if "OPTIONAL" not in query])
def test_parts_of_the_data_together_give_what_the_whole_gives(query: str, triples: list[ox.Triple]) -> None:
    compiled, all_ = CompiledQuery(HEAD + query), [statement(t) for t in triples]
    known, new = Columns(all_[::2]), Columns(all_[1::2])
    subjects = known.subjects()
    again = Columns(t for t in new if t[0] in subjects)
    if "NOT EXISTS" not in query:
        both = compiled.rows((known,)) | compiled.from_new(new, again, known)
        assert both == compiled.rows((Columns(all_),))
