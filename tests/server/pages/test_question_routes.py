"""The saved queries over HTTP: list, page, formats, parameters, paging, and the same answer from every route."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from kg import terms
from kg.asking.questions import saved_queries
from kg.graph import Graph
from kg.publishing.stores import answer_writer, empty_answers
from kg.publishing.stores.empty_answers import EmptyAnswer
from kg.reading.collection.collection import Collection
from kg.resources import folder
from kg.store import sparql
from kg.store.statistics import NOT_COUNTED, Statistics
from kg.terms import no_names
from server import create_app, error_responses, routes
from server.cli.query import command
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.workers.pool import Pool
from server.model_context.question_tools import QuestionTools
from server.model_context.tool_context import ToolContext
from server.pages.questions import paging
from server.pages.questions.question_answers import QuestionAnswers
from server.pages.questions.question_page import fields
from server.pages.questions.routes import SavedQueries
from server.pages.search.word_indexes import WordIndexes
from server.routes import BesideGraph, Site
from server.site.first_answers import FirstAnswers
from server.site.other_services import Services
from server.web import response_headers
from tests.server.talking import BROWSER, problem

from ..pools import open_pool

SAVED = saved_queries.load(folder("queries"))
GRAPHS = [name for name in SAVED if name.startswith("projection-")]
TABLES = [name for name, query in SAVED.items() if name not in GRAPHS and not query.federated]
PEOPLE = 5
HEAD = "PREFIX cg: <https://w3id.org/cablegraph/ontology#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
FILES = {
    "people": f"""#+ title: People & <others>
#+ question: Who is there?
#+ why: To know.
#+ tags: [actor]
#+ parameters:
#+   - {{name: person, type: iri, choices: {{class: "cg:Person"}}}}
#+   - {{name: born, type: integer, about: "Year of birth."}}
#+   - {{name: name, type: text}}
#+   - {{name: day, type: date}}
{HEAD}SELECT ?person ?label ?born WHERE {{
  VALUES ?person {{ UNDEF }}
  VALUES ?born {{ UNDEF }}
  VALUES ?name {{ UNDEF }}
  VALUES ?day {{ UNDEF }}
  ?person a cg:Person ; rdfs:label ?label ; cg:born ?born . FILTER (!BOUND(?name) || STR(?label) = ?name)
}} ORDER BY ?born # the oldest first
""",
    "any": f"#+ title: Any\n#+ question: Is anybody there?\n{HEAD}ASK {{ ?s a cg:Person }}\n",
    "network": f"#+ title: Network\n#+ question: What is where?\n{HEAD}CONSTRUCT WHERE {{ ?s a cg:Person }}\n",
    "never": f"#+ title: Never\n#+ question: What is never?\n{HEAD}SELECT ?s WHERE {{ ?s a cg:Nothing }}\n",
}
DATA = HEAD.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + "".join(
    f'<https://w3id.org/cablegraph/id/actor/person-{n}> a cg:Person ; rdfs:label "Person {n} <i>"@en ; cg:born {1900 + n} .\n'
    for n in range(PEOPLE)
)


def load() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TURTLE)
    return store


@contextmanager
def opened(loader: ox.Store | None, queries: Path) -> Iterator[Flask]:
    with open_pool(lambda: loader or load(), Limits(timeout=4.0, workers=1), "v1") as pool:
        app = Flask("server", static_folder="site/static", template_folder="site/templates")
        site = Site(pool, "test", "v1", 60, Services(pool), saved_queries.load(queries))
        app.context_processor(lambda: {"site": site})
        response_headers.register(app, site.about.licence)
        error_responses.register(app, site)
        beside = BesideGraph(WordIndexes(pool, site.queries), FirstAnswers(pool, site.queries))
        routes.register(app, site, None, beside)
        yield app


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = tmp_path_factory.mktemp("queries")
    for name, text in FILES.items():
        (home / f"{name}.rq").write_text(text)
    with opened(None, home) as app:
        yield app.test_client()


def get(client: FlaskClient, path: str, accept: str = "*/*", **given: object):  # type: ignore[no-untyped-def]
    return client.get(path + (f"?{urlencode(given)}" if given else ""), headers={"Accept": accept})


def relations(response: object) -> dict[str, str]:
    lines = [line.split(">; rel=") for line in response.headers.getlist("Link")]  # type: ignore[attr-defined]
    return {relation.split('"')[1]: target[1:] for target, relation in lines}


class Page(HTMLParser):
    """Collects the cells of tables, the names of fields and the targets of links; counts scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.fields: dict[str, dict[str, str | None]] = {}
        self.options: list[str] = []
        self.selected: list[str] = []
        self.links: list[str] = []
        self.scripts = 0
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        runs = tag == "script" and given.get("type") != "application/ld+json"  # data, which no browser runs
        self.scripts += runs or any(name.startswith("on") for name in given)
        if tag == "td":
            self._in_cell = True
            self.cells.append("")
        elif tag in ("input", "select"):
            self.fields[str(given["name"])] = given
        elif tag == "option":
            self.options.append(str(given["value"]))
            if "selected" in given:
                self.selected.append(str(given["value"]))
        elif tag == "a":
            self.links.append(str(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data.strip()


def test_people_get_the_list_with_questions_and_tags(client: FlaskClient) -> None:
    response = get(client, "/queries/", BROWSER)
    page = Page(response.text)

    assert response.content_type == "text/html; charset=utf-8"
    assert "People &amp; &lt;others&gt;" in response.text
    assert "Who is there? <small>actor</small>" in response.text
    assert {f"/queries/{name}" for name in FILES} <= set(page.links)
    assert page.scripts == 0


@pytest.mark.parametrize("path", ["/queries/", "/queries.json", "/queries/?format=json"])
def test_programs_get_the_list_with_parameters(path: str, client: FlaskClient) -> None:
    response = get(client, path)
    found = {entry["name"]: entry for entry in json.loads(response.text)["queries"]}

    assert response.content_type == "application/json"
    assert response.headers["ETag"].startswith('"')
    assert set(found) == set(FILES)
    assert found["people"]["question"] == "Who is there?"
    assert found["people"]["href"] == "/queries/people"
    assert found["people"]["parameters"][0] == {
        "name": "person", "type": "iri", "default": None, "choices": {"class": "cg:Person"}, "about": None,
    }  # fmt: skip


def test_the_list_comes_in_no_other_format(client: FlaskClient) -> None:
    problem(get(client, "/queries/", format="csv"), 406, "not-acceptable")
    problem(get(client, "/queries/", accept="image/png"), 406, "not-acceptable")


def test_the_start_page_leads_to_the_list(client: FlaskClient) -> None:
    assert "/queries/" in Page(get(client, "/", BROWSER).text).links


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("md", "text/markdown; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
    ],
)
def test_a_table_comes_in_every_format_by_ending_and_by_name(
    ending: str, content_type: str, client: FlaskClient
) -> None:
    by_ending, by_name = (
        get(client, f"/queries/people.{ending}"),
        get(client, "/queries/people", format=ending),
    )

    assert by_ending.status_code == by_name.status_code == 200
    assert by_ending.content_type == by_name.content_type == content_type
    assert by_ending.data == by_name.data
    assert by_ending.headers["X-Total-Count"] == str(PEOPLE)
    assert b"Person 4" in by_ending.data


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/csv", "text/csv"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        (BROWSER, "text/html"),
    ],
)
def test_the_format_is_negotiated_without_an_ending(
    accept: str, content_type: str, client: FlaskClient
) -> None:
    assert get(client, "/queries/people", accept).mimetype == content_type


@pytest.mark.parametrize("ending", ["ttl", "nt", "rdf", "jsonld", "nq", "trig"])
def test_a_graph_comes_in_every_syntax(ending: str, client: FlaskClient) -> None:
    response = get(client, f"/queries/network.{ending}")

    assert response.status_code == 200
    assert b"person-4" in response.data
    assert "X-Total-Count" not in response.headers


@pytest.mark.parametrize("path", ["/queries/people.ttl", "/queries/network.csv", "/queries/network.md"])
def test_a_format_of_the_other_kind_is_refused(path: str, client: FlaskClient) -> None:
    assert "available" in problem(get(client, path), 406, "not-acceptable")


def test_an_unknown_ending_is_not_found_and_an_unknown_name_is_wrong(client: FlaskClient) -> None:
    assert "csv" in str(problem(get(client, "/queries/people.xls"), 404, "not-found")["detail"])
    assert "csv" in str(problem(get(client, "/queries/people", format="xls"), 400, "bad-request")["detail"])


def test_an_unknown_query_is_not_found_and_near_names_are_offered(client: FlaskClient) -> None:
    document = problem(get(client, "/queries/peeple.csv"), 404, "not-found")

    assert document["near"] == ["https://w3id.org/cablegraph/queries/people"]
    assert "/queries/people" in Page(get(client, "/queries/peeple", BROWSER).text).links
    assert "near" not in problem(get(client, "/queries/zzz"), 404, "not-found")


def test_a_value_narrows_the_answer(client: FlaskClient) -> None:
    response = get(client, "/queries/people.csv", person="actor:person-2", day="")

    assert [row[1] for row in csv.reader(io.StringIO(response.text))] == ["label", "Person 2 <i>"]
    assert response.headers["X-Total-Count"] == "1"


@pytest.mark.parametrize(
    "value",
    ["https://w3id.org/cablegraph/id/actor/person-2", "<https://w3id.org/cablegraph/id/actor/person-2>"],
)
def test_a_thing_may_be_given_by_its_whole_iri(value: str, client: FlaskClient) -> None:
    assert get(client, "/queries/people.csv", person=value).headers["X-Total-Count"] == "1"


@pytest.mark.parametrize(
    ("given", "parameter", "allowed", "words"),
    [
        ({"persn": "x"}, "persn", ["person"], "did you mean person?"),
        ({"persn": ""}, "persn", ["person"], "did you mean person?"),
        ({"person": "actor:person-9"}, "person", None, "no cg:Person called actor:person-9; did you mean actor:person-"),
        ({"person": "a b"}, "person", None, "not the name of a thing"),
        ({"born": "early"}, "born", ["42"], "not a whole number"),
        ({"day": "yesterday"}, "day", ["1962-10-27"], "not a date"),
        ({"limit": "0"}, "limit", None, "from 1 to 10,000"),
        ({"limit": "٣"}, "limit", None, "from 1 to 10,000"),
        ({"limit": "99999999999999"}, "limit", None, "from 1 to 10,000"),
        ({"offset": "-1"}, "offset", None, "from 0"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_what_is_allowed(
    given: dict[str, str], parameter: str, allowed: list[str] | None, words: str, client: FlaskClient
) -> None:
    document = problem(get(client, "/queries/people.json", **given), 400, "wrong-parameter")

    assert document["parameter"] == parameter
    assert words in str(document["detail"])
    assert document["allowed"] == allowed if allowed else document["allowed"]


def test_a_parameter_given_twice_is_refused(client: FlaskClient) -> None:
    document = problem(get(client, "/queries/people?born=1900&born=1901"), 400, "wrong-parameter")

    assert "given twice" in str(document["detail"])


@pytest.mark.parametrize("attack", ['" } UNION { ?person a ?x } #', "x\\", "} DELETE {", "'; DROP TABLE"])
def test_an_attack_in_a_text_finds_nothing(attack: str, client: FlaskClient) -> None:
    response = get(client, "/queries/people.csv", name=attack)

    assert response.status_code == 200
    assert response.text.split() == ["person,label,born"]
    assert response.headers["X-Total-Count"] == "0"


@pytest.mark.parametrize(
    "attack", ["actor:x> } #", "<a> <b>", "actor:person-1\n", "?person", "\x00", "http://[" * 900]
)
def test_an_attack_in_a_name_is_refused_or_cleaned(attack: str, client: FlaskClient) -> None:
    response = get(client, "/queries/people.csv", person=attack)

    assert response.status_code in (200 if attack.strip() == "actor:person-1" else 400, 414)


def test_broken_utf_8_is_refused(client: FlaskClient) -> None:
    problem(client.get("/queries/people?name=%ff"), 400, "bad-request")


def test_pages_together_are_the_whole_in_order(client: FlaskClient) -> None:
    whole = get(client, "/queries/people.csv").text.splitlines()
    address, rows = "/queries/people.csv?limit=2", []
    for _ in range(PEOPLE):
        response = client.get(address)
        rows += response.text.splitlines()[1:]
        assert response.headers["X-Total-Count"] == str(PEOPLE)
        if "next" not in relations(response):
            break
        address = relations(response)["next"]

    assert rows == whole[1:]
    assert len(rows) == PEOPLE


def test_a_page_leads_to_first_previous_next_and_last(client: FlaskClient) -> None:
    found = relations(get(client, "/queries/people.csv", limit=2, offset=2, name=""))

    assert found["first"] == "/queries/people.csv?limit=2&offset=0"
    assert found["prev"] == "/queries/people.csv?limit=2&offset=0"
    assert found["next"] == "/queries/people.csv?limit=2&offset=4"
    assert found["last"] == "/queries/people.csv?limit=2&offset=4"


@pytest.mark.parametrize(
    ("given", "absent"), [({"limit": 2}, "prev"), ({"limit": 2, "offset": 4}, "next"), ({}, "first")]
)
def test_there_is_no_link_to_a_page_that_is_not(
    given: dict[str, object], absent: str, client: FlaskClient
) -> None:
    assert absent not in relations(get(client, "/queries/people.csv", **given))


def test_links_keep_values_format_and_the_prefix_of_a_proxy(client: FlaskClient) -> None:
    response = client.get(
        "/queries/people?format=csv&born=1901&limit=1&offset=1", base_url="http://localhost/graph"
    )

    assert relations(response)["prev"] == "/graph/queries/people?born=1901&format=csv&limit=1&offset=0"


def test_behind_the_last_page_there_are_no_rows_and_the_total_stays(client: FlaskClient) -> None:
    response = get(client, "/queries/people.csv", limit=2, offset=99)

    assert response.text.split() == ["person,label,born"]
    assert response.headers["X-Total-Count"] == str(PEOPLE)


@pytest.mark.parametrize("name", ["any", "network"])
def test_only_tables_have_pages(name: str, client: FlaskClient) -> None:
    assert problem(get(client, f"/queries/{name}", limit=1), 400, "wrong-parameter")["parameter"] == "limit"


def test_the_text_comes_with_its_values_filled_in(client: FlaskClient) -> None:
    response = get(client, "/queries/people.rq", person="actor:person-2")
    store = load()

    assert response.mimetype == "application/sparql-query"
    assert "VALUES ?person { <https://w3id.org/cablegraph/id/actor/person-2> }" in response.text
    assert len(list(store.query(response.text))) == 1  # type: ignore[arg-type]
    assert get(client, "/queries/people.rq").text == FILES["people"]


def test_the_page_shows_form_answer_text_and_formats(client: FlaskClient) -> None:
    response = get(client, "/queries/people", BROWSER, person="actor:person-2", born=1902)
    page = Page(response.text)

    assert page.cells == ["actor:person-2", "Person 2 <i>", "1902"]
    assert set(page.fields) == {"person", "born", "name", "day"}
    assert page.fields["born"]["type"] == "number"
    assert page.fields["born"]["value"] == "1902"
    assert page.fields["day"]["type"] == "date"
    assert page.options == ["", *(f"actor:person-{n}" for n in range(PEOPLE))]
    assert page.selected == ["actor:person-2"]
    assert "/queries/people.csv?person=actor%3Aperson-2&born=1902" in page.links
    assert "/queries/people.rq?person=actor%3Aperson-2&born=1902" in page.links
    assert (
        "VALUES ?born { &#34;1902&#34;^^&lt;http://www.w3.org/2001/XMLSchema#integer&gt; }" in response.text
    )
    assert page.scripts == 0


def test_the_page_ends_with_a_footnote(client: FlaskClient) -> None:
    text = get(client, "/queries/people", BROWSER, born=1902).text

    assert "“People &amp; &lt;others&gt;” (born: 1902), saved query people, in: cablegraph" in text
    assert "data version v1, " in text


def test_the_tag_of_a_page_is_weak_so_that_no_cache_keeps_its_day(client: FlaskClient) -> None:
    assert get(client, "/queries/people", BROWSER).headers["ETag"].startswith('W/"')
    assert get(client, "/queries/people.csv").headers["ETag"].startswith('"')


def test_every_answer_says_how_it_is_cited(client: FlaskClient) -> None:
    found = relations(get(client, "/queries/people.csv", born=1902))

    assert found["cite-as"] == "https://w3id.org/cablegraph/queries/people?born=1902"


@pytest.mark.parametrize(
    ("name", "words"),
    [("any", "Yes: true"), ("network", "cg:Person"), ("never", "Nothing in the graph matches the query.")],
)
def test_the_page_shows_every_kind_of_answer(name: str, words: str, client: FlaskClient) -> None:
    assert words in get(client, f"/queries/{name}", BROWSER).text


def test_the_page_has_pages(client: FlaskClient) -> None:
    response = get(client, "/queries/people", BROWSER, limit=2, offset=2)
    page = Page(response.text)

    assert "2 of 5 rows" in response.text
    assert {"/queries/people?limit=2&offset=0", "/queries/people?limit=2&offset=4"} <= set(page.links)
    assert "There are no more rows." in get(client, "/queries/people", BROWSER, limit=2, offset=9).text


@pytest.mark.parametrize(("most", "offered"), [(PEOPLE, PEOPLE), (PEOPLE - 1, 0)])
def test_so_many_choices_are_offered_and_more_are_typed(most: int, offered: int) -> None:
    store = load()
    person = fields(saved_queries.parse("people", FILES["people"]), {}, partial(sparql.rows, store), most)[0]

    assert len(person.choices) == offered
    assert (person.input, person.value) == ("text", "")


def test_markdown_shows_every_text_as_it_is(client: FlaskClient) -> None:
    text = get(client, "/queries/people.md", born=1902).text

    assert text.splitlines() == [
        "| person | label | born |",
        "| --- | --- | --- |",
        "| [actor:person-2](<https://w3id.org/cablegraph/id/actor/person-2>) | Person 2 \\<i\\> | 1902 |",
    ]
    assert get(client, "/queries/any.md").text == "true\n"


@pytest.mark.parametrize(
    "path",
    ["/queries/people.csv", "/queries/people.html", "/queries/people.rq", "/queries/", "/queries/any.md"],
)
def test_what_the_client_has_is_not_sent_again(path: str, client: FlaskClient) -> None:
    tag = client.get(path).headers["ETag"]

    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_other_values_and_formats_have_other_tags(client: FlaskClient) -> None:
    paths = [
        "people.csv",
        "people.tsv",
        "people.json",
        "people.csv?born=1901",
        "people.csv?limit=2",
        "people.rq",
    ]

    assert len({client.get(f"/queries/{path}").headers["ETag"] for path in paths}) == len(paths)


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    response = client.head("/queries/people.csv")

    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["X-Total-Count"] == str(PEOPLE)


class Changing(Services):
    """Services whose data change with every answer, as often as `times`."""

    def __init__(self, pool: Pool, times: int) -> None:
        super().__init__(pool)
        self._left, self._version = times, 0

    def answer(self, request: QueryRequest, client: str = "") -> QueryAnswer:  # noqa: ARG002
        if self._left:
            self._left -= 1
            self._version += 1
        found = self._pool.answer(request)
        return QueryAnswer(found.body, found.kind, found.media_type, f"v{self._version}", volatile=True)


class Apart(Pool):
    """A pool whose rows are counted apart, as those of a store elsewhere."""

    counts_rows = False


@pytest.mark.parametrize(("times", "status"), [(2, 200), (50, 503)])
def test_rows_are_counted_in_the_data_that_they_come_from(times: int, status: int, tmp_path: Path) -> None:
    (tmp_path / "people.rq").write_text(FILES["people"])
    with Apart(load, Limits(workers=1), "v1") as pool:
        app = Flask("server")
        changing = Changing(pool, times)
        site = Site(pool, "test", "v1", 60, changing, saved_queries.load(tmp_path))
        response_headers.register(app, site.about.licence)
        error_responses.register(app, site)
        queries = SavedQueries(site, QuestionAnswers(site, no_names))
        app.add_url_rule("/queries/<file>", "query", queries.answer)
        app.add_url_rule("/queries/<name>/grounds", "query.grounds", queries.grounds)
        app.add_url_rule("/queries/<name>/hints", "query.hints", queries.hints)

        response = app.test_client().get("/queries/people.csv")

    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"


class Evaluating(Pool):
    """A pool that keeps the queries that it is asked."""

    def __init__(self, loader: Callable[[], ox.Store], limits: Limits, version: str) -> None:
        super().__init__(loader, limits, version)
        self.asked: list[str] = []
        self.parts: list[tuple[int, int | None] | None] = []

    def answer(self, request: QueryRequest, client: str = "") -> QueryAnswer:
        self.asked.append(request.query)
        self.parts.append(request.part)
        return super().answer(request, client)


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize(
    "address", ["people.csv?limit=2&offset=1", "people.json", "people?format=html&limit=1"]
)
def test_rows_and_their_number_are_evaluated_once(*, counts: bool, address: str, tmp_path: Path) -> None:
    (tmp_path / "people.rq").write_text(FILES["people"])
    with Evaluating(load, Limits(workers=1), "v1") as pool:
        pool.counts_rows = counts
        client = create_app(pool, data_version="v1", queries=saved_queries.load(tmp_path)).test_client()
        response = client.get(f"/queries/{address}")
        evaluated = [query for query in pool.asked if "?label ?born WHERE" in query]

    assert response.headers["X-Total-Count"] == str(PEOPLE)
    assert len(evaluated) == (1 if counts else 2)


@pytest.mark.parametrize(
    ("people", "times", "parts"),
    [(4_100, 1, [(0, 4_000)]), (900, 5, [(0, 4_000), (0, None)]), (900, 2, [(0, 4_000)])],
)
def test_the_grounds_of_a_long_answer_are_found_in_its_first_rows(
    people: int, times: int, parts: list[tuple[int, int | None]], tmp_path: Path
) -> None:
    """They look at the first 1,000 things that the rows name, so that most answers need not be read whole."""
    many = "".join(
        f"<https://w3id.org/cablegraph/id/actor/p-{n}> <urn:is> <urn:P> .\n" for n in range(people)
    )
    values = " ".join(map(str, range(times)))
    query = f"SELECT ?who ?n {{ ?who <urn:is> <urn:P> VALUES ?n {{ {values} }} }} ORDER BY ?who ?n"
    (tmp_path / "people.rq").write_text(f"#+ title: People\n#+ question: Who?\n{query}\n")

    def loaded() -> ox.Store:
        store = ox.Store()
        store.load(many.encode(), ox.RdfFormat.N_TRIPLES)
        return store

    with Evaluating(loaded, Limits(workers=1), "v1") as pool:
        client = create_app(pool, data_version="v1", queries=saved_queries.load(tmp_path)).test_client()
        response = client.get("/queries/people/grounds")

    assert response.status_code == 200
    assert pool.parts == parts


def test_hints_that_the_build_did_not_find_are_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "named.rq").write_text(
        "#+ title: Named\n#+ question: Who is called so?\n#+ parameters:\n"
        f'#+   - {{name: name, type: text, default: "Nobody"}}\n{HEAD}SELECT ?person ?label WHERE {{\n'
        '  VALUES ?name { "Nobody" }\n  ?person rdfs:label ?label . FILTER (STR(?label) = ?name)\n'
        "} ORDER BY ?person\n"
    )
    own, file = saved_queries.load(tmp_path), tmp_path / "answers.db"
    asked = []
    with Evaluating(load, Limits(workers=1), "v1") as pool:
        for kept in (False, True):
            answer_writer.begin(file, "v1", ())
            if kept:
                answer_writer.keep_made(file, empty_answers.name_of(own["named"]), EmptyAnswer().to_json())
            pool.asked.clear()
            client = create_app(pool, data_version="v1", queries=own, kept=lambda _: file).test_client()
            assert client.get("/queries/named/hints").status_code == 200
            asked.append(len(pool.asked))
            file.unlink()

    assert asked[0] > 1
    assert asked[1] == 1  # the number of rows


@pytest.mark.parametrize(("statements", "matches"), [(300_000, None), (300_001, 1_000)])
def test_the_page_of_a_graph_drawn_from_a_large_one_has_its_beginning_and_says_so(
    statements: int, matches: int | None, tmp_path: Path
) -> None:
    text = FILES["people"].replace("SELECT ?person ?label ?born", "CONSTRUCT { ?person rdfs:label ?label }")
    (tmp_path / "people.rq").write_text(text[: text.rindex("}") + 1])
    counted = Statistics({**NOT_COUNTED.counts, "triples": {(): statements}})
    with Evaluating(load, Limits(workers=1), "v1") as pool:
        client = create_app(
            pool, data_version="v1", queries=saved_queries.load(tmp_path), statistics=lambda _: counted
        ).test_client()
        page = client.get("/queries/people", headers={"Accept": BROWSER})
        client.get("/queries/people.ttl")
    drawn = [query for query in pool.asked if "CONSTRUCT" in query]

    assert page.status_code == 200
    assert [query.endswith("LIMIT 1000") for query in drawn] == [matches is not None, False]
    assert ("first 1,000 matches" in page.text) is (matches is not None)


def test_the_hints_on_a_graph_do_not_make_it(tmp_path: Path) -> None:
    text = FILES["people"].replace(
        "SELECT ?person ?label ?born WHERE", "CONSTRUCT { ?person ?label ?born } WHERE"
    )
    (tmp_path / "people.rq").write_text(text)
    with Evaluating(load, Limits(workers=1), "v1") as pool:
        client = create_app(pool, data_version="v1", queries=saved_queries.load(tmp_path)).test_client()
        found = [client.get(f"/queries/people/{what}") for what in ("hints", "grounds")]

    assert [one.status_code for one in found] == [200, 200]
    assert found[0].get_json() == {"hints": []}
    assert not [query for query in pool.asked if "CONSTRUCT" in query]


@pytest.mark.parametrize("name", TABLES)
def test_every_saved_query_can_be_counted_and_paged(name: str) -> None:
    text = SAVED[name].text

    assert paging.pageable(text)
    assert paging.pageable(text + paging.page({"limit": "7", "offset": "3"}).clause)
    assert paging.pageable(sparql.counting(text))


class Remembering(Pool):
    """A pool that runs a request once, however many routes make it; their requests must be equal for that."""

    def __init__(self, loader: Callable[[], ox.Store], limits: Limits, version: str) -> None:
        super().__init__(loader, limits, version)
        self._answers: dict[str, QueryAnswer] = {}

    def answer(self, request: QueryRequest, client: str = "") -> QueryAnswer:
        known = repr(request)
        if known not in self._answers:
            self._answers[known] = super().answer(request, client)
        return self._answers[known]


@pytest.fixture(scope="module")
def real(graph: object, word_index: Path) -> Iterator[tuple[Pool, FlaskClient, Graph]]:
    """The real graph behind all routes."""
    from kg import build

    store = build.store_of(graph)  # type: ignore[arg-type]
    with Remembering(lambda: store, Limits(workers=1), "v1") as pool:
        app = create_app(pool, data_version="v1", search=lambda _: word_index)
        yield pool, app.test_client(), Graph(store, "v1", index=word_index)


@contextmanager
def lent(pool: Pool, _limits: Limits, _collection: Collection) -> Iterator[Pool]:
    yield pool


def one_fast(names: list[str]) -> list[object]:
    """Return the names as parameters of a test that is slow for all but the first."""
    return [names[0], *(pytest.param(name, marks=pytest.mark.slow) for name in names[1:])]


def without_link(written: bytes) -> bytes:
    """Return results without the link to what they rest on, which only the service can lead to."""
    return re.sub(rb'"link":\[[^]]*\],|<link [^>]*/>', b"", written)


def printed(pool: Pool, *arguments: str) -> bytes:
    result = CliRunner().invoke(command(partial(lent, pool)), arguments)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


@pytest.mark.parametrize("name", one_fast(TABLES))
def test_every_route_gives_the_same_answer(name: str, real: tuple[Pool, FlaskClient, Graph]) -> None:
    pool, client, graph = real
    endings = ("csv", "json", "xml", "tsv")
    over_http = {ending: client.get(f"/queries/{name}.{ending}").data for ending in endings}
    answer = graph.query(name)
    results = ox.parse_query_results(over_http["json"], ox.QueryResultsFormat.JSON)
    assert isinstance(results, ox.QuerySolutions)

    assert {ending: printed(pool, name, "--format", ending) for ending in endings} == {
        ending: without_link(written) for ending, written in over_http.items()
    }
    assert [tuple(map(terms.python_value, row)) for row in results] == [tuple(row) for row in answer]
    assert answer.columns == tuple(json.loads(over_http["json"])["head"]["vars"])
    assert client.get(f"/queries/{name}.csv").headers["X-Total-Count"] == str(len(answer))
    assert len(answer) == len(list(csv.reader(io.StringIO(over_http["csv"].decode())))) - 1
    assert len(answer) == len(ElementTree.fromstring(over_http["xml"])[1])  # noqa: S314 - our own
    assert client.get(f"/queries/{name}.md").data == printed(pool, name, "--format", "markdown")
    told = QuestionTools(ToolContext(pool, SAVED)).run_query(name, limit=1000)
    assert told.columns == list(answer.columns)
    assert [tuple(row.values()) for row in told.rows] == [tuple(map(in_json, row)) for row in answer[:1000]]
    assert (told.total_rows, told.truncated) == (len(answer), len(answer) > 1000)


def in_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.slow
@pytest.mark.parametrize("name", GRAPHS)
def test_every_route_gives_the_same_graph(name: str, real: tuple[Pool, FlaskClient, Graph]) -> None:
    pool, client, graph = real
    drawn = set(graph.query(name).graph())
    syntaxes = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
    # rdflib reads RDF/XML and JSON-LD slowly, so that only the smallest graph is read in all four.
    for ending in syntaxes if name == "projection-schema-org" else ("nt",):
        over_http = client.get(f"/queries/{name}.{ending}").data
        for content in (over_http, printed(pool, name, "--format", ending)):
            assert set(rdflib.Graph().parse(data=content, format=syntaxes[ending])) == drawn

    assert len(drawn) > 800
    assert client.get(f"/queries/{name}.csv").status_code == 406


# Some of the values have no row, and then all routes say so; here only what they return is compared.
@pytest.mark.filterwarnings("ignore::kg.asking.hints.hint.HintWarning")
@pytest.mark.parametrize("name", one_fast([name for name, query in SAVED.items() if query.parameters]))
def test_every_route_takes_the_same_values_and_cites_them_alike(
    name: str, real: tuple[Pool, FlaskClient, Graph]
) -> None:
    pool, client, graph = real
    given = {
        "written": "Marshal Grechko",
        "telegram": "telegram:1962-11-02-havana-1717",
        "of": "series:entry-from-havana",
        "who": "actor:fidel-castro",
        "writer": "actor:aleksandr-alekseev",
        "by": "actor:fidel-castro",
        "holder": "actor:fidel-castro",
        "event": "event:ori-session",
        "expected": "expectation/date",
        "status": "status/postponed",
    }
    parameter = SAVED[name].parameters[0]
    value = given.get(parameter.name, parameter.default or "document:castros-reply-to-khrushchev")
    answer = graph.query(name, **{parameter.name: value})
    text = printed(pool, name, "--param", f"{parameter.name}={value}", "--format", "json")

    assert without_link(get(client, f"/queries/{name}.json", **{parameter.name: value}).data) == text
    assert len(json.loads(text)["results"]["bindings"]) == len(answer)
    citation = printed(pool, name, "-p", f"{parameter.name}={value}", "--cite").decode().strip()
    assert citation == str(answer.citation)
    told = QuestionTools(ToolContext(pool, SAVED)).run_query(name, {parameter.name: value})
    assert (told.total_rows, told.citation) == (len(answer), str(answer.citation))
    cited = relations(get(client, f"/queries/{name}.json", **{parameter.name: value}))["cite-as"]
    assert cited == answer.citation.address
