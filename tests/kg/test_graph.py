"""The graph from Python: typed rows, pandas, rdflib, SPARQL, citations."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import UTC, date, datetime

import pyoxigraph as ox
import pytest

import kg
from kg import terms
from kg.asking.questions.answer import Answer
from kg.errors import ForbiddenError, ParameterError, QueryError, QuerySyntaxError, UnknownNameError
from kg.graph import Graph

XSD = "http://www.w3.org/2001/XMLSchema#"
# Graph one: two statements; graph two: one.
DATA = """
@prefix ex: <http://ex.org/> .
ex:one { ex:a ex:p 1 , "text"@en }
ex:two { ex:b ex:p 2 }
"""


@pytest.fixture(scope="module")
def opened(store: ox.Store) -> Graph:
    return Graph(store, "f" * 64)


@pytest.fixture(scope="module")
def small() -> Graph:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TRIG)
    return Graph(store, "v1", {})


@pytest.mark.parametrize(
    ("lexical", "datatype", "expected"),
    [
        ("42", "integer", 42),
        ("42", "nonNegativeInteger", 42),
        ("1.5", "decimal", 1.5),
        ("1e3", "double", 1000.0),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("1962-10-27", "date", date(1962, 10, 27)),
        ("1962-10-27T12:00:00Z", "dateTime", datetime(1962, 10, 27, 12, tzinfo=UTC)),
        ("0000-01-01", "date", "0000-01-01"),
        ("many", "integer", "many"),
        ("1962", "gYear", "1962"),
        ("x", "string", "x"),
    ],
)
def test_a_literal_is_a_value_of_python(lexical: str, datatype: str, expected: object) -> None:
    found = terms.python_value(ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype)))

    assert found == expected
    assert type(found) is type(expected)


def test_other_terms_are_texts_and_unbound_is_none() -> None:
    assert terms.python_value(ox.NamedNode("http://ex.org/a")) == "http://ex.org/a"
    assert terms.python_value(ox.Literal("ja", language="de")) == "ja"
    assert terms.python_value(ox.BlankNode("b")) == "_:b"
    assert terms.python_value(None) is None
    assert math.isinf(
        float(str(terms.python_value(ox.Literal("INF", datatype=ox.NamedNode(XSD + "double")))))
    )


def test_rows_have_names_and_types(opened: Graph) -> None:
    answer = opened.query("evidence-of-a-statement")

    assert answer.columns[4:11] == ("quote", "rests", "passage", "voice", "speaker", "start", "end")
    assert answer[0].start < answer[0].end
    assert isinstance(answer[0].start, int)
    assert [row.quote for row in answer][:2] == ["According to our information", "Guillermo Garcia"]


def test_what_is_unbound_is_none(opened: Graph) -> None:
    hedges = [row.hedge for row in opened.query("changes-of-position")]

    assert None in hedges
    assert "seems" in hedges


def test_values_are_given_by_name(opened: Graph) -> None:
    with pytest.warns(kg.HintWarning, match="there are rows with issue:soviet-policy-in-the-crisis"):
        answer = opened.query("who-criticised", issue="issue:five-points")

    assert "<https://w3id.org/cablegraph/id/issue/five-points>" in answer.query
    assert len(answer) < len(opened.query("who-criticised"))


def test_a_thing_that_is_not_there_is_refused_with_near_names(opened: Graph) -> None:
    with pytest.raises(ParameterError, match="did you mean issue:five-points") as caught:
        opened.query("who-criticised", issue="issue:five-point")

    assert "issue:five-points" in caught.value.allowed


def test_a_query_that_is_not_there_is_refused_with_near_names(opened: Graph) -> None:
    with pytest.raises(UnknownNameError, match="did you mean who-criticised"):
        opened.query("who-criticized")


def test_an_answer_is_a_sequence_of_rows_of_any_name(small: Graph) -> None:
    answer = small.sparql("SELECT ?class ?o { ?class <http://ex.org/p> ?o } ORDER BY STR(?o)")

    assert len(answer) == 3
    assert bool(answer)
    assert [row[1] for row in answer[:2]] == [1, 2]
    assert answer[0]._0 == "http://ex.org/a"  # `class` is a word of Python
    assert answer.to_dicts()[0] == {"class": "http://ex.org/a", "o": 1}


def test_an_empty_answer_is_false_and_says_why(small: Graph) -> None:
    with pytest.warns(kg.HintWarning, match="no triple has the property <http://ex.org/none>") as caught:
        answer = small.sparql("SELECT ?s { ?s <http://ex.org/none> ?o }")

    assert not answer
    assert [str(warning.message) for warning in caught] == [str(hint) for hint in answer.hints]
    assert caught[0].filename == __file__


def test_a_property_that_does_not_exist_is_a_warning_with_the_nearest(opened: Graph) -> None:
    """The first stumble of strangers at the endpoint."""
    query = "PREFIX cg: <https://w3id.org/cablegraph/ontology#> ASK { ?document cg:date ?date }"
    with pytest.warns(kg.HintWarning, match=r"there is no property cg:date; did you mean .*cg:when"):
        answer = opened.sparql(query)

    assert answer.boolean is False


def test_known_prefixes_need_no_declaration_and_a_warning_says_so(opened: Graph) -> None:
    with pytest.warns(kg.HintWarning, match="other engines want PREFIX cg:"):
        answer = opened.sparql("SELECT ?s { ?s a cg:Telegram }")

    assert len(answer) > 1


def test_an_aggregate_over_iris_is_a_warning(opened: Graph) -> None:
    query = "PREFIX cg: <https://w3id.org/cablegraph/ontology#> SELECT (GROUP_CONCAT(?s) AS ?all) { ?s a cg:Issue }"
    with pytest.warns(kg.HintWarning, match="COALESCE"):
        assert opened.sparql(query)[0].all is None
    assert opened.sparql(query.replace("?s)", "STR(?s))"))[0].all


def test_a_saved_question_without_rows_warns_of_the_value(opened: Graph) -> None:
    with pytest.warns(kg.HintWarning, match=r"no row has word = Guevarra; .* guevara") as caught:
        answer = opened.query("statements-by-word", word="Guevarra")

    assert [hint.instead[0] for hint in answer.hints] == ["word=guevara"]
    assert caught[0].filename == __file__
    assert opened.query("who-criticised").hints == ()


def test_an_answer_without_columns_has_rows_all_the_same(small: Graph) -> None:
    assert list(small.sparql("SELECT * {}")) == [()]


def test_rows_become_a_data_frame(opened: Graph) -> None:
    frame = opened.query("telegram-numbers").to_pandas()

    assert list(frame.columns)[:6] == ["telegram", "series", "from", "to", "count", "asWritten"]
    assert frame["count"].max() == 6
    assert frame["from"].dtype == "int64"


def test_without_pandas_the_way_to_it_is_told() -> None:
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        "import pyoxigraph, kg\n"
        "kg.Graph(pyoxigraph.Store(), 'v1', {}).sparql('SELECT * {}').to_pandas()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr.splitlines()[-1].endswith("install it with: pip install 'cablegraph[pandas]'")


def test_a_construct_is_an_rdflib_graph(small: Graph) -> None:
    answer = small.sparql("CONSTRUCT { ?s a <http://ex.org/C> } WHERE { ?s ?p ?o }")

    assert {str(s) for s in answer.graph().subjects()} == {"http://ex.org/a", "http://ex.org/b"}
    assert bool(answer)
    with pytest.raises(QueryError, match=r"\.graph\(\)"):
        len(answer)


def test_an_ask_has_a_truth_value(small: Graph) -> None:
    assert small.sparql("ASK { ?s ?p 1 }").boolean is True
    with pytest.warns(kg.HintWarning, match="by itself"):
        no = small.sparql("ASK { ?s ?p 3 }")
    assert no.boolean is False
    assert not no
    with pytest.raises(QueryError, match=r"\.boolean"):
        small.sparql("ASK { ?s ?p 1 }").graph()


def test_without_from_all_graphs_are_seen_and_with_it_those_named(small: Graph) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"

    assert small.sparql(count.format(""))[0].n == 3
    assert small.sparql(count.format("FROM <http://ex.org/two>"))[0].n == 1
    assert small.sparql('SELECT ("from" AS ?n) { }')[0].n == "from"


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_no_other_service_is_called(silent: str, small: Graph) -> None:
    with pytest.raises(ForbiddenError, match="calls no other service"):
        small.sparql(f"SELECT * {{ SERVICE {silent}<http://127.0.0.1:1/> {{ ?s ?p ?o }} }}")


def test_the_word_service_in_a_text_is_no_call(small: Graph) -> None:
    assert small.sparql('SELECT ("service <x>" AS ?a) {}')[0].a == "service <x>"


@pytest.mark.parametrize("text", ["SELEC", "INSERT DATA { <a:b> <a:b> 1 }", "SELECT * {\n  service }"])
def test_what_is_no_query_is_refused_with_its_line(text: str, small: Graph) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        small.sparql(text)

    assert caught.value.line >= 1
    assert small.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0].n == 3


def test_an_answer_can_be_cited(opened: Graph, small: Graph) -> None:
    with pytest.warns(kg.HintWarning, match="no row has issue = issue:five-points"):
        citation = opened.query("who-criticised", issue="issue:five-points").citation

    assert citation.version == "f" * 64
    assert citation.values == {"issue": "issue:five-points", "at": "event:ori-session"}
    assert "“Who criticised an issue” (issue: issue:five-points; at: event:ori-session)" in str(citation)
    assert f"{citation.day:%Y}" in str(citation)
    assert str(small.sparql("ASK {}").citation).startswith("own query in SPARQL")


@pytest.mark.usefixtures("user_cache")
def test_kg_opens_the_graph_of_the_records() -> None:
    graph = kg.open()

    assert isinstance(graph, kg.Graph)
    assert len(graph.version) == 64
    assert "who-criticised" in graph.queries


def test_kg_has_nothing_but_what_it_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        kg.close  # type: ignore[attr-defined] # noqa: B018


def test_importing_kg_loads_no_library_and_opening_no_server() -> None:
    code = (
        "import sys, kg; assert not {'rdflib', 'pyoxigraph', 'pyshacl'} & set(sys.modules); "
        "kg.Graph; assert not [m for m in sys.modules if m.split('.')[0] in ('server', 'flask', 'pandas')]; print('good')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout.strip() == "good", done.stderr


def test_the_columns_of_an_answer_to_an_ask_are_none(small: Graph) -> None:
    assert small.sparql("ASK {}").columns == ()
    assert isinstance(small.sparql("ASK {}"), Answer)


def test_sparql_as_a_name_leads_to_the_method_for_it(opened: Graph) -> None:
    with pytest.raises(QueryError, match=r"use graph\.sparql\(text\)"):
        opened.query("SELECT ?s { ?s ?p ?o }")


def test_a_thing_that_is_not_there_is_suggested_by_any_of_its_names(opened: Graph) -> None:
    with pytest.raises(UnknownNameError, match="did you mean") as caught:
        opened.describe("Castro")

    assert set(caught.value.near) >= {"actor:fidel-castro", "actor:raul-castro"}


def test_a_parameter_suggests_only_what_it_may_be(opened: Graph) -> None:
    with pytest.raises(ParameterError, match="did you mean actor:nikita-khrushchev") as caught:
        opened.query("claims-about-an-actor", about="Chruschtschow")

    assert all(name.startswith("actor:") for name in caught.value.allowed)


def test_the_sources_of_an_answer_have_words_and_places(opened: Graph) -> None:
    answer = opened.query("who-criticised")
    first = answer.sources[0]

    assert {place for source in answer.sources for place in source.rows} == set(range(len(answer)))
    assert first.statement in {row.statement for row in answer}
    assert first.start is not None
    assert first.end is not None
    assert first.end - first.start == len(first.quote)
    assert first.telegram == "https://w3id.org/cablegraph/id/telegram/1962-11-02-havana-1717"


def test_an_answer_without_rows_has_no_sources(small: Graph) -> None:
    assert small.sparql("ASK {}").sources == ()


def test_a_description_has_what_is_said_and_what_points_there(small: Graph) -> None:
    assert [tuple(row) for row in small.describe("<http://ex.org/a>")] == [
        ("of", "http://ex.org/p", 1, None, False),
        ("of", "http://ex.org/p", "text", None, False),
    ]
    assert [tuple(row) for row in small.describe("<http://ex.org/b>")] == [
        ("of", "http://ex.org/p", 2, None, False)
    ]


def test_a_description_tells_what_is_inferred_only(opened: Graph) -> None:
    said = {
        (row.direction, terms.short(ox.NamedNode(row.property))): row.inferred
        for row in opened.describe("actor:che-guevara")
    }

    assert said["of", "silentAt"]
    assert not said["of", "rdfs:label"]
    assert not said["to", "participant"]


def test_a_proof_can_be_read(opened: Graph) -> None:
    proof = opened.why("actor:che-guevara", "silentAt", "event:ori-session")

    assert str(proof).splitlines()[0].startswith("actor:che-guevara silentAt event:ori-session  [by ")
    assert "did not speak" in str(proof)


def test_what_the_graph_does_not_have_has_no_proof(opened: Graph) -> None:
    with pytest.raises(UnknownNameError, match="there is no statement"):
        opened.why("actor:fidel-castro", "silentAt", "event:ori-session")


def test_graph_and_answers_show_themselves_in_notebooks(small: Graph) -> None:
    table = small.sparql("SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s STR(?o)")
    markup = small.sparql("SELECT ('<b>' AS ?text) (<javascript:x> AS ?no) {}")

    assert repr(small) == "<Graph: 3 statements, data version v1>"
    assert "3 statements" in small._repr_html_()
    assert repr(table) == "<Answer: 3 rows of s, o>"
    assert table._repr_html_().count("<tr>") == 4
    assert '<td><a href="http://ex.org/a">http://ex.org/a</a></td><td>1</td>' in table._repr_html_()
    assert "<td>&lt;b&gt;</td><td>&lt;javascript:x&gt;</td>" in markup._repr_html_()
    assert repr(small.sparql("ASK {}")) == "<Answer: true>"
    assert repr(small.sparql("CONSTRUCT WHERE { ?s ?p ?o }")) == "<Answer: 3 triples>"
    assert "3 triples" in small.sparql("CONSTRUCT WHERE { ?s ?p ?o }")._repr_html_()
    assert (
        "20 of 25 rows"
        in small.sparql(f"SELECT ?n {{ VALUES ?n {{ {' '.join(map(str, range(25)))} }} }}")._repr_html_()
    )
