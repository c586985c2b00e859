"""Hints on empty and odd answers over HTTP and on the command line: the answer stays, the hint comes beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from werkzeug.test import Client, TestResponse

from kg import build
from server import create_app
from server.cli import query as query_command
from server.cli.store_places import GraphPlace
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.workers.pool import Pool
from server.web.sparql_protocol import URI_LIMIT

from .handled import client_of
from .pools import open_pool

BROWSER = {"Accept": "text/html"}
PREFIX = "PREFIX cg: <https://w3id.org/cablegraph/ontology#>\n"
# The first stumble of the first trial: a property that does not exist.
EMPTY = f"{PREFIX}SELECT ?document ?date {{ ?document cg:date ?date }}"
FULL = f"{PREFIX}SELECT ?s {{ ?s a cg:Telegram }}"
UNDECLARED = "SELECT ?s { ?s a cg:Telegram }"
FORMS = [
    ("SELECT ?s { ?s cg:date ?o }", fmt) for fmt in ("json", "xml", "csv", "tsv")
] + [("ASK { ?s cg:date ?o }", fmt) for fmt in ("json", "xml", "csv", "text/plain")] + [
    ("CONSTRUCT WHERE { ?s cg:date ?o }", fmt) for fmt in ("ttl", "nt", "rdf", "jsonld", "nq", "trig")
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(graph: build.Build) -> ox.Store:
    return build.store_of(graph)


@pytest.fixture(scope="module")
def whole_pool(whole: ox.Store) -> Iterator[Pool]:
    with open_pool(lambda: whole, Limits(timeout=10.0, workers=2), "v1") as pool:
        yield pool


@pytest.fixture(scope="module")
def web(whole_pool: Pool) -> Iterator[Client]:
    with client_of(create_app(whole_pool, data_version="v1"), cache_size=1 << 20) as client:
        yield client


@pytest.fixture
def run(whole_pool: Pool) -> Callable[..., Result]:
    @contextmanager
    def opened(_: Limits, __: GraphPlace) -> Iterator[Pool]:
        yield whole_pool

    command = query_command.command(opened)
    return lambda *arguments, stdin=None: CliRunner().invoke(command, arguments, input=stdin)


def ask(client: Client, query: str, **parameters: str) -> TestResponse:
    return client.get(f"/sparql?{urlencode({'query': query, **parameters})}")


def help_link(response: TestResponse) -> tuple[str, str]:
    """Return the target and the title of the link to the hints, or empty texts."""
    found = re.search(r'<([^>]*)>; rel="help"; type="application/json"; title="([^"]*)"', _links(response))
    return (found[1], found[2]) if found else ("", "")


def _links(response: TestResponse) -> str:
    return ", ".join(response.headers.getlist("Link"))


@pytest.mark.parametrize(("query", "form"), FORMS)
def test_an_empty_answer_of_each_kind_and_format_has_a_link_to_its_hints(
    query: str, form: str, web: Client
) -> None:
    response = ask(web, PREFIX + query, format=form)
    target, title = help_link(response)

    assert response.status_code == 200
    assert title == "1 hint on the query"
    (hint,) = web.get(target).get_json()["hints"]
    assert (hint["kind"], hint["line"]) == ("unknown-term", 2)
    assert "cg:when" in hint["instead"]


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "html"])
def test_an_answer_with_rows_has_no_link(form: str, web: Client) -> None:
    response = ask(web, FULL, format=form)

    assert help_link(response) == ("", "")
    assert "Hints on the query" not in response.text


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "html"])
def test_what_the_engine_reads_otherwise_is_told_beside_rows_too(form: str, web: Client) -> None:
    response = ask(web, 'SELECT (REPLACE("a", "(a)", "$1b") AS ?x) {}', format=form)
    (hint,) = web.get(help_link(response)[0]).get_json()["hints"]

    assert (hint["kind"], hint["instead"]) == ("engine-differs", ['"${1}"'])
    assert ("Hints on the query" in response.text) == (form == "html")


def test_the_answer_itself_is_what_sparql_says(web: Client) -> None:
    assert ask(web, EMPTY, format="csv").data == b"document,date\r\n"
    assert ask(web, EMPTY, format="json").get_json() == {
        "head": {"vars": ["document", "date"]},
        "results": {"bindings": []},
    }


def test_a_stored_answer_has_its_link_too(web: Client) -> None:
    assert help_link(ask(web, EMPTY, format="tsv")) == help_link(ask(web, EMPTY, format="tsv")) != ("", "")


@pytest.mark.parametrize(("form", "empty"), [("json", True), ("xml", True), ("csv", True), ("tsv", True)])
def test_an_odd_aggregate_has_a_hint_in_each_format(form: str, empty: bool, web: Client) -> None:
    """The eighteenth stumble: GROUP_CONCAT over IRIs is empty, STR() cures it."""
    odd = f"{PREFIX}SELECT (GROUP_CONCAT(?s) AS ?all) {{ ?s a cg:Issue }}"
    cured = odd.replace("?s)", "STR(?s))")

    assert bool(help_link(ask(web, odd, format=form))[0]) is empty
    assert help_link(ask(web, cured, format=form)) == ("", "")


def test_a_count_of_nothing_has_the_hints_of_an_empty_answer(web: Client) -> None:
    target, _ = help_link(ask(web, EMPTY.replace("?document ?date", "(COUNT(*) AS ?n)", 1), format="csv"))

    assert [hint["kind"] for hint in web.get(target).get_json()["hints"]] == ["unknown-term"]


def test_people_see_the_hints_in_a_box_above_the_answer(web: Client) -> None:
    text = unescape(web.get(f"/sparql?query={quote(EMPTY)}", headers=BROWSER).text)

    box = text[text.index('<section class="notice" aria-labelledby="hints">') : text.index("</section>")]
    assert "Line 2" in box
    assert "there is no property cg:date; did you mean" in box
    assert text.index("</section>") < text.index("Nothing in the graph matches")
    assert '<a href="#query" data-line="2"' in box
    assert 'id="query"' in text


def test_a_graph_and_a_no_have_the_box_too(web: Client) -> None:
    for query in ("ASK { ?s cg:date ?o }", "CONSTRUCT WHERE { ?s cg:date ?o }"):
        assert "Hints on the query" in web.get(f"/sparql?query={quote(PREFIX + query)}", headers=BROWSER).text


@pytest.mark.parametrize("query", [UNDECLARED, f"BASE <urn:x>\n{UNDECLARED}", f"# cg:\n{UNDECLARED}"])
def test_a_known_prefix_needs_no_declaration_and_others_want_one(query: str, web: Client) -> None:
    response = ask(web, query, format="csv")
    target, _ = help_link(response)
    (hint,) = web.get(target).get_json()["hints"]

    assert len(response.text.splitlines()) > 1
    assert hint["kind"] == "undeclared-prefix"
    assert hint["instead"] == ["PREFIX cg: <https://w3id.org/cablegraph/ontology#>"]
    assert (hint["line"], hint["column"]) == (query.count("\n") + 1, UNDECLARED.index("cg:") + 1)


def test_both_hints_keep_their_places(web: Client) -> None:
    query = "ASK { ?s cg:date ?o }"
    hints = web.get(f"/sparql/hints?query={quote(query)}").get_json()["hints"]

    assert [(h["kind"], h["line"], h["column"]) for h in hints] == [
        ("undeclared-prefix", 1, query.index("cg:") + 1),
        ("unknown-term", 1, query.index("cg:") + 1),
    ]


def test_an_unknown_prefix_is_refused_with_its_place(web: Client) -> None:
    document = ask(web, "ASK { ?s cg:heldBy ?o ; ex:p ?q }").get_json()

    assert document["detail"].startswith("The prefix ex: at line 1, column 25 is not declared.")


def test_a_mistake_behind_an_undeclared_prefix_is_placed_where_it_is(web: Client) -> None:
    document = ask(web, "SELECT ?s {\n ?s cg:heldBy ?o ?p }").get_json()

    assert (document["status"], document["line"], document["column"]) == (400, 2, 18)


def test_a_query_too_long_for_a_header_is_sent_to_the_address_by_post(web: Client) -> None:
    long = f"{EMPTY} # {'x' * 4000}"
    target, _ = help_link(ask(web, long, format="json"))

    assert target == "/sparql/hints"
    for response in (
        web.post(target, data={"query": long}),
        web.post(target, data=long, content_type="application/sparql-query"),
        web.open(target, method="QUERY", data=long, content_type="application/sparql-query"),
    ):
        assert [hint["kind"] for hint in response.get_json()["hints"]] == ["unknown-term"]


def test_the_dataset_and_the_time_are_part_of_the_link(web: Client) -> None:
    ontology = "https://w3id.org/cablegraph/graph/ontology"
    query = f"{PREFIX}ASK {{ ?s cg:heldBy ?o }}"
    given = {"default-graph-uri": ontology, "timeout": "5"}
    target, _ = help_link(ask(web, query, **given))

    assert urlencode(given) in target
    assert [hint["kind"] for hint in web.get(target).get_json()["hints"]] == ["nothing-matches"]


def test_the_address_of_hints_wants_a_query(web: Client) -> None:
    assert web.get("/sparql/hints").status_code == 400
    assert web.get(f"/sparql/hints?query={quote(FULL)}").get_json() == {"hints": []}
    assert "POST" in web.options("/sparql/hints").headers["Allow"]


def test_saved_questions_and_our_own_queries_cost_nothing(whole_pool: Pool) -> None:
    assert whole_pool.answer(QueryRequest(EMPTY, {"solutions": "text/csv"})).hints == ()


def test_the_command_says_it_on_standard_error(run: Callable[..., Result]) -> None:
    result = run("-", "--format", "csv", stdin=EMPTY)

    assert (result.exit_code, result.stdout) == (0, "document,date\n")
    assert result.stderr.startswith("hint: line 2, column 36: there is no property cg:date; did you mean ")
    assert run("-", "--format", "csv", stdin=FULL).stderr == ""
    assert "other engines want PREFIX cg:" in run("-", stdin=UNDECLARED).stderr


# Saved questions.

NO_CAUSE = "/queries/causes{}?who=actor%3Ache-guevara"  # no telegram has Guevara explain anything


@pytest.mark.parametrize("form", ["csv", "json", "xml", "tsv", "md"])
def test_a_saved_question_without_rows_has_a_link_to_its_hints(form: str, web: Client) -> None:
    response = web.get(NO_CAUSE.format(f".{form}"))
    target = NO_CAUSE.format("/hints")
    (hint,) = web.get(target).get_json()["hints"]

    assert help_link(response) == (target, "why the answer is empty")
    assert (hint["kind"], "who=actor:fidel-castro" in hint["instead"]) == ("parameter-value", True)
    assert (f"http://localhost{target}" in response.text) == (form in ("json", "xml"))


def test_a_saved_question_with_rows_has_none(web: Client) -> None:
    assert help_link(web.get("/queries/causes.csv")) == ("", "")
    assert web.get("/queries/causes/hints").get_json() == {"hints": []}
    assert web.get("/queries/causes/hints?offset=9000").get_json() == {"hints": []}


def test_people_see_which_values_have_rows_as_links(web: Client) -> None:
    text = web.get(NO_CAUSE.format(""), headers=BROWSER).text
    box = unescape(text[text.index('aria-labelledby="hints"') : text.index("</section>")])

    assert "no row has who = actor:che-guevara; without it there are " in box
    assert 'href="/queries/causes?who=actor%3Afidel-castro&format=html"' in box
    assert 'aria-labelledby="hints"' not in web.get("/queries/causes", headers=BROWSER).text


def test_the_command_says_which_values_have_rows(run: Callable[..., Result], user_cache: Path) -> None:
    assert user_cache
    result = run("causes", "--param", "who=actor:che-guevara", "--format", "csv")

    assert result.stdout.startswith("holder,kind,claim,")
    assert "no row has who = actor:che-guevara; without it there are " in result.stderr
    word = run("statements-by-word", "--param", "word=Guevarra", "--format", "json")
    assert "word = Guevarra; there are rows with guevara" in word.stderr
    assert run("causes", "--format", "csv").stderr == ""


# The form of the page.


def test_the_form_leads_to_the_address_of_its_answer(web: Client) -> None:
    response = web.post("/sparql", data={"form": "page", "query": FULL, "format": "html"}, headers=BROWSER)

    assert response.status_code == 303
    assert web.get(response.headers["Location"]).mimetype == "text/html"
    assert response.headers["Location"].endswith("&format=html")


def test_a_long_query_of_the_form_is_answered_at_once(web: Client) -> None:
    long = f"{FULL} # {'x' * URI_LIMIT}"
    response = web.post("/sparql", data={"form": "page", "query": long, "format": "html"}, headers=BROWSER)

    assert response.status_code == 200
    assert "too long for an address" in response.text
    assert "x" * URI_LIMIT in response.text


@pytest.mark.parametrize(
    ("query", "form", "status"), [("SELECT * {", "html", 400), ("CONSTRUCT WHERE { ?s ?p ?o }", "csv", 406)]
)
def test_a_long_query_of_the_form_is_kept_when_something_is_wrong(
    query: str, form: str, status: int, web: Client
) -> None:
    long = f"{query} # {'x' * URI_LIMIT}"
    response = web.post("/sparql", data={"form": "page", "query": long, "format": form}, headers=BROWSER)

    assert response.status_code == status
    assert long in unescape(response.text)


def test_programs_that_post_are_not_led_elsewhere(web: Client) -> None:
    assert web.post("/sparql", data={"query": FULL}).status_code == 200


def test_an_answer_that_is_too_large_is_no_matter_of_time(whole: ox.Store) -> None:
    with open_pool(lambda: whole, Limits(result=1000, workers=1), "v1") as pool:
        response = ask(create_app(pool, data_version="v1").test_client(), "SELECT * { ?s ?p ?o }")

    assert response.status_code == 422
    assert response.get_json()["type"].endswith("/result-too-large")
    assert "Retry-After" not in response.headers
