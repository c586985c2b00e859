"""Views of an answer to a query of one's own: which there are, which columns they draw, and what is drawn."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from server.pages.results import bar_chart, column_roles, result_views
from server.site.cells import Cell

BROWSER = {"Accept": "text/html"}
XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
# Two ties between three things, with a number, a first and a last day.
TIES = f"""{XSD} SELECT ?one ?relation ?other ?times ?first ?last {{ VALUES (?one ?relation ?other ?times ?first ?last) {{
  (<http://ex.org/a> <http://ex.org/sent> <http://ex.org/b> 2 "1962-10-27"^^xsd:date "1962-10-28"^^xsd:date)
  (<http://ex.org/b> <http://ex.org/sent> <http://ex.org/c> 4 "1962-11-02"^^xsd:date "1962-11-02"^^xsd:date) }} }}"""


def page(client: FlaskClient, query: str, **given: str) -> str:
    response = client.get("/sparql", query_string={"query": query, **given}, headers=BROWSER)
    assert response.status_code == 200, response.text
    return response.text.split("<h2>Ask again</h2>")[0]


def offered(text: str) -> list[str]:
    found = re.search(r'<nav class="views".*?</nav>', text, re.DOTALL)
    return re.findall(r">(\w+)</a>", found[0]) if found else []


def chosen(text: str) -> dict[str, str]:
    """Return the column that is chosen for each role in the form of the view."""
    fields = re.findall(r'<select id="role-(\w+)".*?</select>', text, re.DOTALL)
    options = re.findall(r'<select id="role-.*?</select>', text, re.DOTALL)
    picked = [re.search(r"<option selected>(\w+)", one) for one in options]
    return {field: one[1] if one else "" for field, one in zip(fields, picked, strict=True)}


def test_a_table_with_ties_numbers_and_days_has_every_view(client: FlaskClient) -> None:
    text = page(client, TIES)

    assert offered(text) == ["table", "chart", "timeline", "network", "matrix", "raw"]
    assert '<a href="/sparql?query=' in text
    assert re.search(r"view=table#answer.*?aria-current=\"page\">table", text)


def test_views_need_columns_that_fit(client: FlaskClient) -> None:
    assert offered(page(client, "SELECT (1 AS ?n) {}")) == ["table", "raw"]
    assert offered(page(client, "SELECT ('a' AS ?n) {}")) == ["table", "chart", "raw"]
    assert offered(page(client, "SELECT * { <a:a> ?p ?o }")) == ["table", "raw"]
    assert offered(page(client, "ASK {}")) == []


def test_roles_are_guessed_from_values_and_names(client: FlaskClient) -> None:
    assert chosen(page(client, TIES, view="chart")) == {"bar": "one", "length": "times"}
    assert chosen(page(client, TIES, view="timeline")) == {"date": "first", "until": "last", "label": "one"}
    assert chosen(page(client, TIES, view="network")) == {
        "source": "one",
        "target": "other",
        "label": "relation",
    }
    assert chosen(page(client, TIES, view="matrix")) == {"row": "one", "column": "relation", "cell": "other"}


def test_roles_can_be_chosen_and_a_column_that_is_not_there_is_not_heeded(client: FlaskClient) -> None:
    text = page(client, TIES, view="chart", bar="other", length="")

    assert chosen(text) == {"bar": "other", "length": ""}
    assert '<input type="hidden" name="view" value="chart">' in text
    assert f'name="query" value="{TIES[:12]}' in unescape(text)
    assert chosen(page(client, TIES, view="chart", bar="none"))["bar"] == "one"
    # One column may have two roles.
    assert chosen(page(client, TIES, view="network", target="one"))["target"] == "one"


def test_a_timeline_has_the_days_and_a_network_the_ties(client: FlaskClient) -> None:
    days = page(client, TIES, view="timeline")
    ties = page(client, TIES, view="network")

    assert "between 27 October 1962 and 28 October 1962" in days
    assert '<time datetime="1962-11-02' in days
    assert ties.count('<path class="edge"') == 2
    assert "every line stands for: http://ex.org/sent" in ties


def test_names_in_a_drawing_are_links_with_their_labels(client: FlaskClient) -> None:
    query = "SELECT ?s (COUNT(*) AS ?n) { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?name } GROUP BY ?s"
    text = page(client, query, view="chart")

    assert re.search(r'<a href="http://ex.org/kennan"[^>]*lang="en">George Kennan</a>', text)


def test_what_cannot_be_drawn_is_a_table_that_says_so(client: FlaskClient) -> None:
    text = page(client, "SELECT (1 AS ?n) {}", view="timeline")

    assert "No timeline can be drawn of these columns" in text
    assert "<td" in text
    assert "Nothing in the graph matches" in page(client, "SELECT * { <a:a> ?p ?o }", view="network")
    wrong = client.get("/sparql", query_string={"query": TIES, "view": "pie"}, headers=BROWSER)
    assert wrong.status_code == 400
    assert "view must be table or chart" in wrong.text


def test_the_answer_as_it_was_sent_is_indented_and_cut(client: FlaskClient) -> None:
    text = page(client, "SELECT ('Москва' AS ?name) {}", view="raw")

    assert '"value": "Москва"' in unescape(text)
    many = page(client, "SELECT ?x { ?x ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 1234", view="raw")
    assert "the download has all of them" in many


def test_a_graph_is_turtle_a_table_or_a_network(client: FlaskClient) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    table, ties = page(client, query, view="table"), page(client, query, view="network")

    assert offered(page(client, query)) == ["raw", "table", "chart", "network", "matrix"]
    assert [f'<td data-name="{name}">' in table for name in result_views.GRAPH] == [True] * 3
    assert "view=table&amp;sort=subject#answer" in table
    assert chosen(ties) == {"source": "subject", "target": "object", "label": "predicate"}
    assert "Long &amp;" in table  # a title
    assert "Long &amp;" not in ties  # for a literal is no end of a tie


def test_every_kind_of_term_of_a_graph_becomes_one_of_a_result() -> None:
    turtle = b'<a:s> <a:p> <a:o>, "x"@en, 1, _:b .'
    terms = [row["object"] for row in result_views.of_graph(turtle)]

    assert [(term["type"], term.get("xml:lang", "")) for term in terms] == [
        ("uri", ""),
        ("literal", "en"),
        ("literal", ""),
        ("bnode", ""),
    ]
    assert terms[2]["datatype"].endswith("#integer")
    (quoted,) = result_views.of_graph(
        b"<a:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <a:a> <a:b> <a:c> )>> ."
    )
    assert quoted["object"]["type"] == "literal"


def test_the_view_stays_when_the_form_asks_again(client: FlaskClient) -> None:
    sent = client.post("/sparql", data={"form": "page", "query": "ASK {}", "format": "html", "view": "chart"})

    assert sent.location.endswith("format=html&view=chart")
    again = client.get("/sparql", query_string={"query": TIES, "view": "chart"}, headers=BROWSER).text
    assert '<input type="hidden" name="view" value="chart">' in again.split("<h2>Ask again</h2>")[1]


A, B = Cell("a"), Cell("b")


def test_bars_have_the_order_of_the_rows_or_of_their_length() -> None:
    one_each = bar_chart.chart([(A, 1.0), (B, 4.0)], "who", "n")
    summed = bar_chart.chart([(A, 1.0), (B, 4.0), (A, None), (B, 1.5), (Cell(""), 9.0)], "who", "n")
    counted = bar_chart.chart([(A, None), (B, None), (B, None)], "who")

    assert [(bar.cell.text, bar.number, bar.start, bar.width) for bar in one_each.bars] == [
        ("a", "1", 0.0, 25.0),
        ("b", "4", 0.0, 100.0),
    ]
    assert not one_each.summed
    assert [(bar.cell.text, bar.number) for bar in summed.bars] == [("b", "5.5"), ("a", "1")]
    assert summed.summed
    assert [(bar.cell.text, bar.number) for bar in counted.bars] == [("b", "2"), ("a", "1")]
    assert counted.measured == "rows"


def test_numbers_below_zero_have_bars_to_the_other_side() -> None:
    below = bar_chart.chart([(A, -1.0), (B, 3.0)], "who", "n")

    assert [(bar.start, bar.width) for bar in below.bars] == [(0.0, 25.0), (25.0, 75.0)]


def test_a_chart_leaves_out_what_does_not_fit() -> None:
    long = bar_chart.chart([(A, 1.0), (B, 4.0)], "who", "n", most=1)
    nothing = bar_chart.chart([], "who", "n")

    assert (len(long.bars), long.others) == (1, 1)
    assert (nothing.bars, nothing.others) == ((), 0)


def test_a_number_that_is_none_has_no_bar(client: FlaskClient) -> None:
    query = f"{XSD} SELECT ?a ?n {{ VALUES (?a ?n) {{ ('x' 'much'^^xsd:decimal) ('y' 2) (UNDEF 3) }} }}"
    text = page(client, query, view="chart")

    assert "1 bar of 3 rows" in text


@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        ([{"type": "uri", "value": "a:a"}, {"type": "bnode", "value": "b"}], "thing"),
        ([{"type": "literal", "value": "a"}, {"type": "uri", "value": "a:a"}], "text"),
        (
            [{"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}],
            "number",
        ),
        ([], None),
    ],
)
def test_a_column_has_the_kind_of_all_its_values(terms: list[dict[str, str]], kind: str | None) -> None:
    assert column_roles.kinds(["x"], [{"x": term} for term in terms]).get("x") == kind


def test_a_long_text_is_folded(client: FlaskClient) -> None:
    text = page(client, f"SELECT ('{'word ' * 100}' AS ?long) ('short' AS ?brief) {{}}")

    assert text.count("<summary>word word") == 1
    assert "<details><summary>short" not in text
