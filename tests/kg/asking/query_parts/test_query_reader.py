"""What is read of a query: tokens by the terminals of SPARQL 1.1 section 19.8, patterns and their groups."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.asking.query_parts import query_reader
from kg.asking.query_parts.paths import Pattern
from kg.asking.query_parts.query_reader import QueryParts
from kg.asking.query_parts.token_stream import TokenStream
from kg.asking.query_parts.tokens import number_of, text_of, tokenize

X = "http://x/"


def read(query: str) -> QueryParts:
    return query_reader.read(TokenStream(query, {"x": X, "": f"{X}empty/"}))


def written(pattern: Pattern) -> str:
    names = (slot if isinstance(slot, str) else slot.value.removeprefix(X) for slot in pattern.slots)
    return " ".join("_" if name.startswith(" ") else name for name in names)


def patterns(query: str) -> list[str]:
    return [written(pattern) for pattern in read(query).patterns]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?a<'x>'", ["?a", "<'x>", "'"]),  # the longest token, as section 19.8 wants
        ("?a < ?b && ?c>=1", ["?a", "<", "?b", "&&", "?c", ">=", "1"]),
        ("x:a.b-c. x:a%20b x:a\\,b :x x: _:b.c", ["x:a.b-c", ".", "x:a%20b", "x:a\\,b", ":x", "x:", "_:b.c"]),
        ('\'it\'\'s\' """a "quote" """ \'a\\\'b\'', ["'it'", "'s'", '"""a "quote" """', "'a\\'b'"]),
        ("1 -1.5 .5 1e3 1.", ["1", "-1.5", ".5", "1e3", "1", "."]),
        ("# <comment> x:y\n?a#b\n@en-GB ^^x:y $v MD5(", ["?a", "@en-GB", "^^", "x:y", "$v", "MD5", "("]),
        ("x:p*/x:q?|^x:r", ["x:p", "*", "/", "x:q", "?", "|", "^", "x:r"]),
        ("date-basis:stated имя:где", ["date-basis:stated", "имя:где"]),
    ],
)
def test_tokens_are_those_of_the_grammar(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == expected


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("'a\\tb'", "a\tb"),
        ('"""a\\"b"""', 'a"b'),
        ("'\\u0041\\U00000042'", "AB"),
        ("''", ""),
        ("'\\\\'", "\\"),
    ],
)
def test_escapes_are_replaced(text: str, content: str) -> None:
    (token,) = tokenize(text)

    assert text_of(token) == content


@pytest.mark.parametrize(
    ("text", "name"), [("1", "integer"), ("-1.5", "decimal"), (".5", "decimal"), ("1e3", "double")]
)
def test_a_number_has_the_datatype_of_its_form(text: str, name: str) -> None:
    (token,) = tokenize(text)

    assert number_of(token).datatype.value == f"http://www.w3.org/2001/XMLSchema#{name}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s { ?s x:p ?o ; x:q 1 , 2 ; . ?o a x:C }", ["s p o", "s q 1", "s q 2",
         "o http://www.w3.org/1999/02/22-rdf-syntax-ns#type C"]),
        ("ASK { ?s x:p/x:q/^x:r ?o }", ["s p _", "_ q _", "o r _"]),
        ("ASK { ?s ^(x:p/x:q) ?o }", ["o p _", "_ q s"]),
        ("ASK { ?s x:p+ ?o }", ["s p _", "_ p o"]),
        ("ASK { ?s x:p* ?o ; x:p? ?o ; x:p|x:q ?o ; !x:p ?o ; !(x:p|^x:q) ?o ; ?p ?o }", ["s p o"]),
        ("ASK { [] x:p [ x:q ?o ; x:r 'a'@en ] . [ x:s 1 ] . (1 ?x) x:t () }",
         ["_ q o", "_ r a", "_ p _", "_ s 1", "_ t _"]),
        ("PREFIX y: <http://x/y/> BASE <http://b/> SELECT (COUNT(?s) AS ?n) FROM x:g { ?s y:p :o }", ["s y/p empty/o"]),
        ("CONSTRUCT { ?s x:no ?o } WHERE { ?s x:p ?o } ORDER BY ?s LIMIT 1", ["s p o"]),
        ("DESCRIBE ?s x:a { ?s x:p true }", ["s p true"]),
        ("SELECT * { { SELECT ?s (MAX(?n) AS ?m) WHERE { ?s x:p ?n } GROUP BY ?s HAVING (?m > 1) } ?s x:q '1'^^x:t }",
         ["s p n", "s q 1"]),
        ("SELECT * { SERVICE SILENT x:s { ?s x:no ?o } GRAPH ?g { ?s x:p ?o } BIND (x:f(?o) AS ?b) }", ["s p o"]),
        ("SELECT * { VALUES (?a ?b) { (1 UNDEF) } VALUES ?c { x:a 'b' } FILTER x:f(?a) ?s x:p $o }", ["s p o"]),
        ("SELECT * { ?s x:p ?o . FILTER EXISTS { ?s x:q ?o } FILTER (?o > 1 && ?o < 3) }", ["s p o", "s q o"]),
        ("SELECT * { ?s x:p ?o . << ?s x:q ?o >> x:r ?z }", ["s p o"]),
        ("SELECT * { ?s x:p ?o . 'a' }", ["s p o"]),
        ("INSERT DATA { x:s x:p x:o }", []),
        ("", []),
    ],
)  # fmt: skip
def test_patterns_are_those_that_the_query_needs(query: str, expected: list[str]) -> None:
    assert patterns(query) == expected


def test_what_may_be_missing_is_not_needed() -> None:
    query = "ASK { ?s x:a 1 OPTIONAL { ?s x:b 1 } MINUS { ?s x:c 1 } FILTER NOT EXISTS { ?s x:d 1 } { ?s x:e 1 } }"

    assert {written(p): p.needed for p in read(query).patterns} == {
        "s a 1": True, "s b 1": False, "s c 1": False, "s d 1": False, "s e 1": True,
    }  # fmt: skip


def test_branches_and_subqueries_are_not_joined() -> None:
    query = "ASK { ?s x:a 1 . { ?s x:b 1 } UNION { ?s x:c 1 } { SELECT * { ?s x:d 1 } } }"
    a, b, c, d = read(query).patterns

    assert (a.joins(b), b.joins(a), a.joins(c), b.joins(c)) == (True, True, True, False)
    assert not a.joins(d)


def test_literals_that_a_variable_must_equal() -> None:
    query = """ASK { FILTER (?a = "x"@en || 'y' = ?b && ?c = ?d && ?e = 1) VALUES ?f { "z" 2 x:g } }"""

    assert [(name, str(literal)) for name, literal, _ in read(query).equals] == [
        ("a", '"x"@en'),
        ("b", '"y"'),
        ("f", '"z"'),
        ("f", '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    ]


def test_graphs_places_of_properties_and_of_classes() -> None:
    query = "SELECT * FROM x:g FROM NAMED x:n { ?s a x:C ; x:p/x:q ?o }"
    parts = read(query)

    assert parts.graphs == [ox.NamedNode(f"{X}g")]
    assert parts.named == [ox.NamedNode(f"{X}n")]
    assert {query[place:].split("/", maxsplit=1)[0].split(maxsplit=1)[0] for place in parts.properties} == {
        "a",
        "x:p",
        "x:q",
    }
    assert [query[place : place + 3] for place in parts.classes] == ["x:C"]


def test_groups_that_are_nested_very_deep_are_left_out() -> None:
    assert patterns("ASK " + "{" * 100_000) == []
