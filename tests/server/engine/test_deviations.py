"""Where the engine differs from SPARQL 1.1: the list of the README, and each difference as it is now.

A test that fails tells that the engine has changed: look at the issue, and delete or change the row of the table.
Expected values are those of the specification, worked out by hand on the small graph.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from server.engine.evaluation.evaluate import evaluate
from server.engine.evaluation.query_request import QueryRequest

README = (Path(__file__).parents[3] / "server" / "README.md").read_text(encoding="utf-8")
ISSUES = "https://github.com/oxigraph/oxigraph/issues/"
PULLS = "https://github.com/oxigraph/oxigraph/pull/"
XSD = "http://www.w3.org/2001/XMLSchema#"
# Two named graphs; in the first, two properties lead from :a to :b.
DATA = f"""
@prefix : <http://e/> .
:one {{ :a :p :b ; :q :b ; :number 01 ; :length "1.50"^^<{XSD}decimal> ; :said "x"@EN-gb . }}
:two {{ :c :p :d . }}
"""


@dataclass(frozen=True)
class Deviation:
    """A query, its rows by the specification and from the engine, and where the engine's authors discuss it."""

    query: str
    specified: list[tuple[str | None, ...]]
    engine: list[tuple[str | None, ...]]
    link: str


BOTH_GRAPHS = [("one", "1"), ("two", "1")]
DEVIATIONS = {
    # SPARQL 1.1 Query section 18.6, eval(D(G), Graph(var, P)): the union over all names of graphs.
    "VALUES in GRAPH": Deviation(
        "SELECT ?g ?x { GRAPH ?g { VALUES ?x { 1 } } }", BOTH_GRAPHS, [(None, "1")], f"{ISSUES}1905"
    ),
    "VALUES in GRAPH of a name that is no graph": Deviation(
        "SELECT ?x { GRAPH :none { VALUES ?x { 1 } } }", [], [("1",)], f"{ISSUES}1905"
    ),
    "a subquery in GRAPH": Deviation(
        "SELECT ?g ?n { GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } } }", BOTH_GRAPHS, [(None, "2")], f"{ISSUES}1905"
    ),
    "GRAPH in GRAPH": Deviation(
        "SELECT ?g ?h { GRAPH ?g { GRAPH ?h { ?s :p ?o } } }",
        [("one", "one"), ("one", "two"), ("two", "one"), ("two", "two")],
        [(None, "one"), (None, "two")],
        f"{ISSUES}1905",
    ),
    # Section 18.6: the variable is joined after P is evaluated, so the filter within P does not see it.
    "the variable of GRAPH in a filter within": Deviation(
        "SELECT ?g { GRAPH ?g { FILTER (BOUND(?g)) } }", [], [("one",), ("two",)], f"{ISSUES}1450"
    ),
    # Section 18.4, Evaluation of Alternative Property Path: Union, which adds the cardinalities (18.5).
    "alternatives in a path": Deviation(
        "SELECT ?o { :a (:p|:q) ?o }", [("b",), ("b",)], [("b",)], f"{PULLS}351"
    ),
    "a negated set with both directions": Deviation(
        "SELECT (COUNT(*) AS ?n) { { SELECT * { ?s (!(:none|^:none)) ?o VALUES ?s { :a } } } }", [("5",)], [("4",)], f"{PULLS}351"
    ),
    # RDF 1.1 Concepts section 3.3: literals with different lexical forms are different terms.
    "the lexical form of a number": Deviation(
        "SELECT (STR(?x) AS ?t) { :a :number ?x }", [("01",)], [("1",)], f"{ISSUES}526"
    ),
    "the lexical form of a decimal": Deviation(
        "SELECT (STR(?x) AS ?t) { :a :length ?x }", [("1.50",)], [("1.5",)], f"{ISSUES}526"
    ),
    "a derived datatype of integers": Deviation(
        f'SELECT (STRAFTER(STR(DATATYPE("1"^^<{XSD}int>)), "#") AS ?t) {{}}', [("int",)], [("integer",)], f"{ISSUES}526"
    ),
    # XPath and XQuery Functions section 5.6.4 (fn:replace): \\$ in the replacement is a dollar sign.
    "a dollar sign in REPLACE": Deviation(
        r'SELECT (REPLACE("a-b", "-", "\\$") AS ?t) {}', [("a$b",)], [(r"a\$b",)], f"{ISSUES}1471"
    ),
    # The same: only digits name a group, so that a letter may follow.
    "a letter after a group in REPLACE": Deviation(
        'SELECT (REPLACE("ab", "(a)", "$1x") AS ?t) {}', [("axb",)], [("b",)], f"{ISSUES}1471"
    ),
    # The same: the flag q switches off patterns; a pattern that matches the empty text is an error.
    "a pattern of REPLACE that matches nothing": Deviation(
        'SELECT (REPLACE("ab", ".*?", "x") AS ?t) {}', [(None,)], [("xaxbx",)], f"{ISSUES}1471"
    ),
}  # fmt: skip


def rows(query: str) -> list[tuple[str | None, ...]]:
    store = Store()
    store.load(DATA.encode(), RdfFormat.TRIG)
    request = QueryRequest(f"PREFIX : <http://e/> {query}", {"solutions": "application/json"})
    answer = json.loads(evaluate(store, request, 1 << 20).body)
    found = [
        tuple(row.get(name, {}).get("value") for name in answer["head"]["vars"])
        for row in answer["results"]["bindings"]
    ]
    short = [tuple(v and v.removeprefix("http://e/") for v in row) for row in found]
    return sorted(short, key=repr)


@pytest.mark.parametrize("name", DEVIATIONS)
def test_the_engine_still_differs_from_the_specification_in_this(name: str) -> None:
    deviation = DEVIATIONS[name]

    assert rows(deviation.query) == deviation.engine
    assert deviation.engine != deviation.specified


# The other way to ask of the README, with the rows that the specification gives to both.
OTHER_WAYS = {
    "VALUES in GRAPH": "SELECT ?g ?x { GRAPH ?g {} VALUES ?x { 1 } }",
    "VALUES in GRAPH of a name that is no graph": "SELECT ?x { GRAPH :none {} VALUES ?x { 1 } }",
    "a subquery in GRAPH": "SELECT ?g ?n { { SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s :p ?o } } GROUP BY ?g } }",
    "GRAPH in GRAPH": "SELECT ?g ?h { GRAPH ?g {} GRAPH ?h { ?s :p ?o } }",
    "alternatives in a path": "SELECT ?o { { :a :p ?o } UNION { :a :q ?o } }",
    "a dollar sign in REPLACE": 'SELECT (REPLACE("a-b", "-", "$$") AS ?t) {}',
    "a letter after a group in REPLACE": 'SELECT (REPLACE("ab", "(a)", "${1}x") AS ?t) {}',
}


@pytest.mark.parametrize("name", OTHER_WAYS)
def test_there_is_another_way_to_ask(name: str) -> None:
    assert rows(OTHER_WAYS[name]) == DEVIATIONS[name].specified


def test_the_readme_names_each_issue() -> None:
    section = README.partition("## Where the engine differs from SPARQL 1.1")[2].partition("\n## ")[0]
    named = set(re.findall(r"https://github\.com/oxigraph/oxigraph/(?:issues|pull)/\d+", section))

    assert named == {deviation.link for deviation in DEVIATIONS.values()} | {f"{ISSUES}1859"}
