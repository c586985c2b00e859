"""Parameters of saved queries: what is read as a term, what is refused, and that nothing slips into a query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from kg.asking.questions import choices, parameters
from kg.asking.questions.parameters import Parameter, fill
from kg.errors import ParameterError
from kg.store import sparql
from kg.terms import short

ID, CG, XSD = (
    "https://w3id.org/cablegraph/id/",
    "https://w3id.org/cablegraph/ontology#",
    "http://www.w3.org/2001/XMLSchema#",
)
# One person and one event; the query shows every statement, and a break-in would show in the rows.
DATA = f"""
<{ID}actor/ann> a <{CG}Person> ; <http://www.w3.org/2000/01/rdf-schema#label> "Ann"@en , "Анна"@ru .
<{ID}actor/bob> a <{CG}Person> .
<{ID}event/visit> a <{CG}Event> ; <{CG}atPlace> <{ID}place/havana> .
<{ID}voice/writer> <http://www.w3.org/2004/02/skos/core#inScheme> <{ID}voice> .
"""
QUERY = "SELECT ?given WHERE {\n  VALUES ?given { UNDEF }\n}\n"
INJECTIONS = [
    '" } UNION { ?s ?p ?o } #',
    '"@en } VALUES ?given { "free',
    "\\",
    '\\" } #',
    "\\\\",
    "line\nbreak } { \r\t'''\"\"\"",
    "> } <",
    "UNDEF",
    "?s",
    "\\1 \\g<0> \\n",
    "# comment }",
    "💥 \u2028 é",
    "",
]


def term(type_: str, given: str) -> ox.NamedNode | ox.Literal:
    return Parameter("x", type_).term(given)


@pytest.fixture(scope="module")
def small() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_text_stays_a_text_whatever_is_in_it(text: str, small: ox.Store) -> None:
    filled = fill(QUERY, {"given": term("text", text)})
    rows = list(sparql.rows(small, filled))

    assert [row["given"] for row in rows] == [ox.Literal(text)]


@pytest.mark.parametrize("text", INJECTIONS)
def test_another_engine_reads_the_same_text(text: str) -> None:
    found = rdflib.Graph().query(fill(QUERY, {"given": term("text", text)}))

    assert [str(row[0]) for row in found] == [text]  # type: ignore[index]


@pytest.mark.parametrize("text", ["x\\u0022 } #", "\\U00000022", "\x000022", "a\x07", "\x7f", "\udc80"])
def test_a_text_that_engines_could_decode_into_a_quotation_mark_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="is not a plain text"):
        term("text", text)


@pytest.mark.parametrize(
    "text",
    [
        "x> } #",
        "<a b>",
        "actor:a b",
        "actor:{}",
        'actor:"',
        "actor:a\\u003E",
        "<http://e/\n>",
        "actor:\x00",
        "<x>",
        "actor:\udc80",
    ],
)
def test_what_is_no_iri_is_refused(text: str) -> None:
    with pytest.raises(
        ParameterError, match=r"x: .* is not the name of a thing; write it like actor:fidel-castro"
    ):
        term("iri", text)


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("iri", "actor:fidel-castro", f"<{ID}actor/fidel-castro>"),
        ("iri", " <http://example.org/> ", "<http://example.org/>"),
        ("iri", "telegram/t/body-1/x", f"<{ID}telegram/t/body-1/x>"),
        ("integer", "42", f'"42"^^<{XSD}integer>'),
        ("integer", " -007 ", f'"-7"^^<{XSD}integer>'),
        ("date", "1962-10-27", f'"1962-10-27"^^<{XSD}date>'),
        ("text", "it's", '"it\'s"'),
    ],
)
def test_a_value_becomes_the_term_of_its_type(type_: str, given: str, expected: str) -> None:
    assert str(term(type_, given)) == expected


@pytest.mark.parametrize(
    ("type_", "given", "example"),
    [
        ("integer", "1.5", "42"),
        ("integer", "1 } #", "42"),
        ("integer", "٤٢", "42"),
        ("integer", "9" * 30, "42"),
        ("integer", "", "42"),
        ("date", "27 October", "1962-10-27"),
        ("date", "1962-02-30", "1962-10-27"),
        ("date", "19621027", "1962-10-27"),
        ("date", "1962-10-27\n}", "1962-10-27"),
    ],
)
def test_a_value_of_another_type_is_refused_with_an_example(type_: str, given: str, example: str) -> None:
    with pytest.raises(ParameterError) as caught:
        term(type_, given)

    assert str(caught.value).endswith(f"write it like {example}")
    assert (caught.value.parameter, caught.value.allowed) == ("x", (example,))


def test_the_default_is_the_example_where_there_is_one() -> None:
    with pytest.raises(ParameterError, match="write it like issue:five-points"):
        Parameter("issue", "iri", "issue:five-points").term("a b")


def test_only_the_line_of_the_parameter_is_filled() -> None:
    query = 'SELECT * {\n  VALUES ?a { "}" <x}> }\n  VALUES ?ab { 1 }\n  # VALUES ?a { 2 }\n  VALUES (?a ?c) { (1 2) }\n}'

    assert fill(query, {"a": ox.Literal("new")}) == query.replace('{ "}" <x}> }', '{ "new" }')


def test_a_parameter_may_have_its_line_in_several_groups_and_each_is_filled() -> None:
    query = "VALUES ?x { 1 }\n{ SELECT ?x {\n  VALUES ?x { 1 }\n} }"

    assert list(parameters.problems(query, (Parameter("x", "integer", "1"),))) == []
    assert fill(query, {"x": ox.Literal(2)}) == query.replace("1", str(ox.Literal(2)))


def test_a_query_without_values_stays_as_it_lies() -> None:
    assert fill(QUERY, {}) == QUERY


@pytest.mark.parametrize(
    ("default", "text", "problem"),
    [
        ("", "SELECT * {}", "a line of its own"),
        ("1", "VALUES ?x { 1 }\nVALUES ?x { 2 }", "must be the same"),
        ("1", "SELECT * { VALUES ?x { 1 } }", "a line of its own"),
        ("1", "VALUES ?x { UNDEF }", "not both"),
        ("", "VALUES ?x { 1 }", "not both"),
    ],
)
def test_a_parameter_without_its_line_is_a_problem(default: str, text: str, problem: str) -> None:
    found = list(parameters.problems(text, (Parameter("x", "integer", default),)))

    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ("name", "must be a list"),
        (["name"], "needs name and type"),
        ([{"name": "x"}], "needs name and type"),
        ([{"name": "x", "type": "iri", "colour": "red"}], "needs name and type"),
        ([{"name": "x", "type": "iri", "default": ["a"]}], "as a text"),
        ([{"name": "limit", "type": "integer"}], "'limit' is not a valid name"),
        ([{"name": "X y", "type": "iri"}], "is not a valid name"),
        ([{"name": "x", "type": "colour"}], "use one of iri, text, integer, date"),
        ([{"name": "x", "type": "iri", "choices": "cg:Issue"}], "write choices like"),
        ([{"name": "x", "type": "iri", "choices": {"class": "no:Prefix"}}], "write choices like"),
        ([{"name": "x", "type": "iri", "choices": {"query": "cg:Issue"}}], "write choices like"),
        ([{"name": "x", "type": "iri", "choices": {"class": ["cg:Issue"]}}], "write choices like"),
        ([{"name": "x", "type": "iri"}] * 2, "the same name"),
    ],
)
def test_a_description_that_is_wrong_is_refused(entries: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parameters.parameters(entries)


def asking(store: ox.Store) -> choices.Ask:
    def ask(query: str) -> Iterable[Any]:
        return sparql.rows(store, query)

    return ask


PERSON = Parameter("who", "iri", choices=("class", "cg:Person"))
ANYTHING = Parameter("thing", "iri")


@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        (PERSON, "actor:ann"),
        (Parameter("voice", "iri", choices=("scheme", "id:voice")), "voice/writer"),
        (ANYTHING, "event:visit"),
        (ANYTHING, "place:havana"),  # only something points to it
        (Parameter("text", "text"), "anything at all"),
    ],
)
def test_what_the_graph_holds_passes(parameter: Parameter, given: str, small: ox.Store) -> None:
    choices.check(parameter, parameter.term(given), asking(small))


@pytest.mark.parametrize(
    ("parameter", "given", "message", "allowed"),
    [
        (PERSON, "actor:anne", "who: the graph has no cg:Person called actor:anne; did you mean actor:ann?", ("actor:ann",)),
        (PERSON, "xyz", "who: the graph has no cg:Person called xyz; there are: actor:ann, actor:bob", ("actor:ann", "actor:bob")),
        (ANYTHING, "actor:bobb", "thing: the graph has no thing called actor:bobb; did you mean actor:bob?", ("actor:bob",)),
        (ANYTHING, "office:nowhere", "thing: the graph has no thing called office:nowhere", ()),
    ],
)  # fmt: skip
def test_what_the_graph_does_not_hold_is_refused_with_near_names(
    parameter: Parameter, given: str, message: str, allowed: tuple[str, ...], small: ox.Store
) -> None:
    with pytest.raises(ParameterError) as caught:
        choices.check(parameter, parameter.term(given), asking(small))

    assert str(caught.value) == message
    assert caught.value.allowed == allowed


def test_a_thing_of_another_class_is_refused(small: ox.Store) -> None:
    with pytest.raises(ParameterError, match="no cg:Person called event:visit"):
        choices.check(PERSON, PERSON.term("event:visit"), asking(small))


def test_many_choices_are_counted_and_not_all_shown() -> None:
    store = ox.Store()
    people = "".join(f"<{ID}actor/person-{n:02}> a <{CG}Person> .\n" for n in range(12))
    store.load(people.encode(), ox.RdfFormat.TURTLE)

    with pytest.raises(ParameterError, match=r"actor:person-09 … \(12 in all\)"):
        choices.check(PERSON, PERSON.term("zzz"), asking(store))


def test_choices_have_english_labels_and_are_as_many_as_wanted(small: ox.Store) -> None:
    found = choices.choices(PERSON, asking(small), 5)

    assert {(choice.name, choice.label) for choice in found} == {("actor:ann", "Ann"), ("actor:bob", "")}
    assert len(choices.choices(PERSON, asking(small), 1)) == 1
    assert choices.choices(ANYTHING, asking(small), 5) == []


def test_few_choices_are_all_offered_and_many_are_not_even_read(small: ox.Store) -> None:
    read: list[int] = []

    def counted(query: str) -> list[ox.QuerySolution]:
        rows = list(asking(small)(query))
        read.append(len(rows))
        return rows

    assert choices.few(PERSON, counted, 2) == choices.choices(PERSON, asking(small), 2)
    people = "".join(f"<{ID}actor/person-{n:02}> a <{CG}Person> .\n" for n in range(12))
    small.load(people.encode(), ox.RdfFormat.TURTLE)
    assert choices.few(PERSON, counted, 3) == []
    assert read == [2, 2, 4]  # those that there are and their names; of more no names
    assert choices.few(ANYTHING, counted, 3) == []


def test_a_name_is_written_as_it_is_read() -> None:
    assert short(term("iri", "actor:ann")) == "actor:ann"
