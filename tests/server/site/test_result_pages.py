"""What people see."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from kg.asking.questions import saved_queries
from kg.resources import folder
from server.site import result_pages, result_rows

SAVED = saved_queries.load(folder("queries"))
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Reader(HTMLParser):
    """Collects the tags of a page with their attributes, and the text of its table cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "td":
            self._in_cell = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def ask(client: FlaskClient, query: str) -> str:
    response = client.get(f"/sparql?query={quote(query)}", headers=BROWSER)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8"), response.text
    return response.text


PAGES = [
    "/",
    "/sparql",
    "/sparql?query=ASK%7B%7D",
    "/sparql?query=x",
    "/sparql?query=SELECT*%7B?s%20?p%20?o%7D",
    "/sparql?query=DESCRIBE%3Ca:a%3E",
    "/problems/busy",
    "/none",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_works_without_scripts_and_styles_of_its_own(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers=BROWSER).text
    reader = Reader(text)

    assert text.startswith("<!doctype html>")
    assert reader.all("html") == [{"lang": "en"}]
    # no browser runs JSON-LD
    run = {
        tag
        for tag, attributes in reader.tags
        if attributes.get("type") not in ("application/ld+json", "module")
    }
    assert not {"script", "style", "iframe"} & run
    added = [tag["src"] for tag in reader.all("script") if tag.get("type") == "module"]
    assert added == (["/static/sparql.js"] if "<textarea" in text else [])
    assert not [name for _, attributes in reader.tags for name in attributes if re.match("style|on", name)]
    assert len(reader.all("h1")) == 1
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in reader.all("meta")


def test_the_form_holds_an_example_that_runs(client: FlaskClient) -> None:
    text = client.get("/sparql", headers=BROWSER).text
    reader = Reader(text)
    labels = {attributes["for"] for attributes in reader.all("label")}

    assert [(form["action"], form["method"]) for form in reader.all("form")] == [
        ("/sparql", "get"),
        ("/sparql", "post"),
    ]
    assert labels == {"query", "format", "example"}
    assert {attributes["id"] for attributes in (*reader.all("textarea"), *reader.all("select"))} == labels
    assert "Who kept silent" in text
    assert "ex.org" not in ask(client, result_pages.EXAMPLE).split("<form")[0]


def test_every_choice_of_the_form_is_a_format(client: FlaskClient) -> None:
    options = [
        option["value"]
        for option in Reader(client.get("/sparql", headers=BROWSER).text).all("option")
        if option["value"] not in {"", *SAVED}
    ]

    assert {name for names in result_pages.CHOICES.values() for name, _ in names} <= set(options)
    for option in options:
        query = "DESCRIBE <a:a>" if option in ("ttl", "nt", "rdf", "jsonld", "nq", "trig") else "SELECT * {}"
        assert client.get(f"/sparql?query={quote(query)}&format={option}").status_code == 200


def test_the_style_sheet_is_served(client: FlaskClient) -> None:
    links = Reader(client.get("/").text).all("link")
    link = next(link for link in links if link["rel"] == "stylesheet")
    with client.get(str(link["href"])) as response:
        assert response.mimetype == "text/css"
        assert "prefers-color-scheme: dark" in response.text


def test_results_are_a_table_in_the_order_of_the_query(client: FlaskClient) -> None:
    reader = Reader(
        ask(client, "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s")
    )

    assert reader.cells == [
        *("http://ex.org/byrnes James Byrnes", "James Byrnes en"),
        *("http://ex.org/kennan George Kennan", "George Kennan en"),
        *("http://ex.org/moscow", "Москва ru"),
    ]
    assert {"lang": "ru"} in reader.all("span")
    assert [heading["scope"] for heading in reader.all("th")] == ["col", "col"]


def test_addresses_are_links_and_scripts_are_not(client: FlaskClient) -> None:
    links = [
        link["href"] for link in Reader(ask(client, "SELECT ?s ?o { ?s <http://ex.org/site> ?o }")).all("a")
    ]

    assert "http://ex.org/moscow" in links
    assert not [link for link in links if link and link.startswith("javascript")]


def test_values_are_escaped(client: FlaskClient) -> None:
    text = ask(client, "SELECT ?o { ?s <http://ex.org/title> ?o }")

    assert "<b>" not in text
    assert Reader(text).cells == ['<b>Long & "odd"</b>']


def test_terms_of_every_kind_are_shown(client: FlaskClient) -> None:
    query = """SELECT (<https://w3id.org/cablegraph/id/actor/x> AS ?named) (1946 AS ?typed) ?unbound ?note
        { ?s <http://ex.org/note> ?note }"""
    named, typed, unbound, note = Reader(ask(client, query)).cells

    assert (named, typed, unbound) == ("actor:x", "1946 xsd:integer", "")
    assert note.startswith("_:")


def test_a_quoted_triple_is_shown(client: FlaskClient) -> None:
    query = 'SELECT (TRIPLE(<a:s>, <a:p>, "o") AS ?t) {}'

    assert Reader(ask(client, query)).cells == ["<< a:s a:p o >>"]


def test_a_truth_value_and_an_empty_result_are_said_in_words(client: FlaskClient) -> None:
    assert "Yes: true" in ask(client, "ASK {}")
    assert "No: false" in ask(client, "ASK { <a:a> <a:b> <a:c> }")
    assert "Nothing in the graph matches" in ask(client, "SELECT * { <a:a> ?p ?o }")
    assert "is an empty graph" in ask(client, "DESCRIBE <a:a>")


def test_a_graph_is_shown_as_turtle(client: FlaskClient) -> None:
    text = ask(client, "CONSTRUCT WHERE { <http://ex.org/telegram> <http://ex.org/sentBy> ?o }")

    assert "&lt;http://ex.org/sentBy&gt; &lt;http://ex.org/kennan&gt;" in text


def test_the_same_answer_is_linked_in_the_other_formats(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    text = client.get(
        f"/sparql?query={quote(query)}&default-graph-uri=http://ex.org/one", headers=BROWSER
    ).text
    links = [str(link["href"]) for link in Reader(text).all("a")]
    (csv,) = [link for link in links if link.endswith("format=csv")]

    assert client.get(csv).text == "n\r\n5\r\n"


def test_a_long_table_says_that_it_is_a_part(client: FlaskClient) -> None:
    query = "SELECT ?x { ?x ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 1234"
    text = ask(client, query)

    assert "first 1,000 of 1,234 rows" in text
    assert len(Reader(text).cells) == result_pages.ROWS


def test_a_saved_question_is_loaded_into_the_form(client: FlaskClient) -> None:
    text = client.get("/sparql?example=who-criticised", headers=BROWSER).text

    assert "Who kept silent or stayed away" not in text
    assert 'value="who-criticised" selected' in text
    assert "#+ title" not in text
    assert "cg:partlyOpposes" in text
    assert "Who kept silent or stayed away" in client.get("/sparql?example=nothing", headers=BROWSER).text


def test_the_head_of_a_column_sorts_by_it_and_then_the_other_way(client: FlaskClient) -> None:
    query = "SELECT ?n ?name { VALUES (?n ?name) { (10 'b') (9 'C') (UNDEF 'a') } }"

    def shown(order: str) -> list[str]:
        response = client.get("/sparql", query_string={"query": query, "sort": order}, headers=BROWSER)
        return [cell.split()[0] if cell.split() else "" for cell in Reader(response.text).cells[1::2]]

    assert shown("") == ["b", "C", "a"]
    assert shown("n") == ["C", "b", "a"]
    assert shown("-n") == ["b", "C", "a"]
    assert shown("name") == ["a", "b", "C"]
    assert shown("none") == ["b", "C", "a"]
    page = client.get("/sparql", query_string={"query": query, "sort": "n"}, headers=BROWSER).text
    assert 'aria-sort="ascending"' in page
    assert "sort=-n#answer" in page
    assert "sort=name#answer" in page


def test_an_answer_says_how_long_it_took_and_can_be_shared(client: FlaskClient) -> None:
    text = ask(client, "SELECT ?s { ?s ?p ?o } LIMIT 1")

    assert re.search(r"Answered in [\d,.]+ m?s\.", text)
    assert 'rel="bookmark"' in text
    assert result_rows.Shown(seconds=2.34).took == "2.3 s"


def test_numbers_that_are_none_are_sorted_as_texts() -> None:
    wrong = {"type": "literal", "value": "x", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}
    right = {**wrong, "value": "2"}

    assert result_rows.ordered([{"n": wrong}, {"n": right}], "n") == [{"n": right}, {"n": wrong}]


def test_only_the_page_of_queries_may_run_scripts(client: FlaskClient) -> None:
    field = "Content-Security-Policy"

    assert "script-src" not in client.get("/", headers=BROWSER).headers[field]
    for path in ("/sparql", "/sparql?query=x", "/sparql?query=ASK%7B%7D"):
        policy = client.get(path, headers=BROWSER).headers[field]
        assert "script-src 'self'; connect-src 'self'" in policy
        assert "unsafe" not in policy


def test_the_editor_is_offered_the_names_that_have_a_prefix(client: FlaskClient) -> None:
    found = client.get("/sparql/terms").get_json()

    assert found["terms"] == []  # those of the test have none
    assert ["cg", "https://w3id.org/cablegraph/ontology#"] in found["prefixes"]
