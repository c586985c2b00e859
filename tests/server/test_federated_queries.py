"""Federation both ways: our queries ask a stand-in for Wikidata, and other engines ask our service."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from rdflib.plugins.sparql.processor import SPARQLResult

from kg import build
from kg.asking.questions import saved_queries
from kg.errors import ForbiddenError
from kg.graph import Graph
from kg.reading.collection.collection import Collection
from kg.resources import folder
from kg.store import sparql
from server import create_app, error_responses, routes
from server.cli.query import command as query_command
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
from server.pages.search.word_indexes import WordIndexes
from server.routes import BesideGraph
from server.site.first_answers import FirstAnswers
from server.site.other_services import Services
from server.site.site import Site
from server.web import response_headers

from .engine.test_federation import Other
from .pools import open_pool
from .running import server
from .talking import BROWSER, problem

WIKIDATA = "https://query.wikidata.org/sparql"
SAVED = saved_queries.load(folder("queries"))
FEDERATED = {name: query for name, query in SAVED.items() if query.federated}
TEXT = (folder("queries") / "FEDERATION.md").read_text(encoding="utf-8")
NAMES = ("identifiers-from-wikidata", "lives-and-offices-from-wikidata")

# Dates and offices of two linked persons as the project's list of identifiers gives them, and one office
# that ended before the crisis. VIAF of Castro from there, too; the other numbers are made up.
ITEMS = """
@prefix p: <http://www.wikidata.org/prop/> . @prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
wd:Q11256 wdt:P569 "1926-08-13T00:00:00Z"^^xsd:dateTime ; wdt:P570 "2016-11-25T00:00:00Z"^^xsd:dateTime ;
  wdt:P214 "102325430" ; wdt:P18 <http://commons.example/castro.jpg> ; p:P39 <x:castro-premier> .
<x:castro-premier> ps:P39 <x:premier> ; pq:P580 "1959-02-16T00:00:00Z"^^xsd:dateTime .
<x:premier> rdfs:label "Prime Minister of Cuba"@en , "primer ministro"@es .
wd:Q9696 wdt:P569 "1917-05-29T00:00:00Z"^^xsd:dateTime ; wdt:P570 "1963-11-22T00:00:00Z"^^xsd:dateTime ;
  wdt:P227 "made-up-1" ; wdt:P244 "made-up-2" ; p:P39 <x:kennedy-president> , <x:kennedy-senator> .
<x:kennedy-president> ps:P39 <x:president> ; pq:P580 "1961-01-20T00:00:00Z"^^xsd:dateTime ;
  pq:P582 "1963-11-22T00:00:00Z"^^xsd:dateTime .
<x:kennedy-senator> ps:P39 <x:senator> ; pq:P580 "1953-01-03T00:00:00Z"^^xsd:dateTime ;
  pq:P582 "1960-12-22T00:00:00Z"^^xsd:dateTime .
<x:president> rdfs:label "President of the United States"@en . <x:senator> rdfs:label "United States senator"@en .
wd:Q42 wdt:P214 "of somebody who is not linked" .
"""
CASTRO, KENNEDY = "Fidel Castro", "John F. Kennedy"
# What is told of those two; of the others the stand-in knows nothing but that they were asked for.
TOLD = {
    "identifiers-from-wikidata": {
        CASTRO: ("http://commons.example/castro.jpg", "102325430", "", ""),
        KENNEDY: ("", "", "made-up-1", "made-up-2"),
    },
    "lives-and-offices-from-wikidata": {
        CASTRO: ("1926-08-13T00:00:00Z", "2016-11-25T00:00:00Z", "Prime Minister of Cuba"),
        KENNEDY: ("1917-05-29T00:00:00Z", "1963-11-22T00:00:00Z", "President of the United States"),
    },
}


def asked_for(name: str) -> int:
    """Return the number of items that a query names."""
    (items,) = re.findall(r"VALUES \?item \{(.*?)\}", SAVED[name].text)
    return len(set(items.split()))


@pytest.fixture(scope="module")
def real(graph: build.Build) -> ox.Store:
    return build.store_of(graph)


@pytest.fixture(scope="module")
def pool(real: ox.Store) -> Iterator[Pool]:
    with open_pool(lambda: real, Limits(workers=1), "v1") as pool:
        yield pool


@pytest.fixture(scope="module")
def wikidata() -> Iterator[Other]:
    store = ox.Store()
    store.load(ITEMS.encode(), ox.RdfFormat.TURTLE)
    with Other(store) as other:
        yield other


@pytest.fixture(scope="module")
def home(wikidata: Other, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two queries, with the address of the stand-in."""
    home = tmp_path_factory.mktemp("queries")
    for name, query in FEDERATED.items():
        text = query.text.replace(f"<{WIKIDATA}>", f"<{wikidata.address}>")
        (home / f"{name}.rq").write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def client(pool: Pool, wikidata: Other, home: Path) -> FlaskClient:
    app = Flask("server", static_folder="site/static", template_folder="site/templates")
    site = Site(pool, "test", "v1", 60, Services(pool, (wikidata.address,)), saved_queries.load(home))
    app.context_processor(lambda: {"site": site})
    response_headers.register(app, site.about.licence)
    error_responses.register(app, site)
    beside = BesideGraph(WordIndexes(pool, site.queries), FirstAnswers(pool, site.queries))
    routes.register(app, site, None, beside)
    return app.test_client()


def shown(marker: str) -> str:
    """Return the query under an HTML comment of the page on federation."""
    found = re.search(rf"<!-- query: {marker} -->\n```sparql\n(.*?)```", TEXT, re.DOTALL)
    assert found, marker
    return found.group(1)


def test_these_queries_ask_wikidata_and_say_so() -> None:
    assert tuple(FEDERATED) == NAMES
    assert {query.services for query in FEDERATED.values()} == {(WIKIDATA,)}


@pytest.mark.parametrize("name", NAMES)
def test_the_items_that_are_asked_for_are_those_of_the_linked_persons(name: str, real: ox.Store) -> None:
    linked = sparql.rows(
        real,
        "PREFIX cg: <https://w3id.org/cablegraph/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "SELECT ?item { ?person a cg:Person ; skos:exactMatch ?item FILTER (STRSTARTS(STR(?item), 'http://www.wikidata.org/')) }",
    )
    asked = re.search(r"VALUES \?item \{ (.*?) \}", FEDERATED[name].text)

    assert asked
    assert set(asked[1].split()) == {f"wd:{row['item'].value.rpartition('/')[2]}" for row in linked}


@pytest.mark.parametrize("name", NAMES)
def test_what_wikidata_says_stands_beside_our_names(name: str, client: FlaskClient, wikidata: Other) -> None:
    before = len(wikidata.queries)
    response = client.get(f"/queries/{name}.csv")
    rows = {row[0]: tuple(row[2:]) for row in csv.reader(io.StringIO(response.text))}
    nothing = ("",) * (len(SAVED[name].columns) - 2)

    assert response.status_code == 200
    assert rows.pop("name") == tuple(column.name for column in SAVED[name].columns[2:])
    assert len(rows) == asked_for(name)
    assert {person: told for person, told in rows.items() if told != nothing} == TOLD[name]
    assert len(wikidata.queries) == before + 1
    assert (response.headers["Cache-Control"], "X-Total-Count" in response.headers) == ("no-store", False)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_it_too_and_asks_once(name: str, client: FlaskClient, wikidata: Other) -> None:
    before = len(wikidata.queries)
    response = client.get(f"/queries/{name}", headers={"Accept": BROWSER})

    assert response.status_code == 200
    assert "12 rows" in response.text
    assert f"asks {wikidata.address}" in response.text
    assert len(wikidata.queries) == before + 1


def test_a_part_of_the_rows_can_be_asked_for(client: FlaskClient) -> None:
    response = client.get(f"/queries/{NAMES[0]}.json?limit=2&offset=1")

    assert len(json.loads(response.data)["results"]["bindings"]) == 2
    assert "X-Total-Count" not in response.headers
    assert client.get(f"/queries/{NAMES[0]}.json").headers["X-Total-Count"] == "12"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", [".csv", ".json", ".md", ""])
def test_without_leave_the_answer_is_403_and_names_the_option(name: str, ending: str, pool: Pool) -> None:
    refusing = create_app(pool, data_version="v1").test_client()

    document = problem(refusing.get(f"/queries/{name}{ending}"), 403, "service-not-allowed")

    assert f"--allow-service {WIKIDATA}." in str(document["detail"])


@pytest.mark.parametrize("name", NAMES)
def test_without_leave_the_page_shows_the_query_and_what_the_operator_must_allow(
    name: str, pool: Pool
) -> None:
    refusing = create_app(pool, data_version="v1").test_client()
    page = refusing.get(f"/queries/{name}?format=html")

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert page.text.count(f"{name} --allow-service {WIKIDATA}<") == 1
    assert f"serve --allow-service {WIKIDATA}<" in page.text
    assert f"SERVICE &lt;{WIKIDATA}&gt;" in page.text
    assert SAVED[name].columns[0].about in html.unescape(page.text)
    assert "Nothing in the graph matches" not in page.text
    assert f"{name}.csv" not in page.text  # which would be refused


def test_a_federated_query_with_parameters_keeps_its_form(pool: Pool) -> None:
    text = (
        "#+ title: T\n#+ question: Q?\n#+ why: W.\n#+ tags: [a]\n#+ federated: true\n"
        "#+ columns:\n#+   - {name: x, label: X, type: text, about: A text.}\n"
        "#+ parameters:\n#+   - {name: word, type: text, default: sea, about: A word.}\n"
        f'SELECT ?x {{\n  VALUES ?word {{ "sea" }}\n  SERVICE <{WIKIDATA}> {{ ?s ?p ?x }}\n}}\n'
    )
    own = saved_queries.parse("own", text)
    refusing = create_app(pool, data_version="v1", queries={"own": own}).test_client()
    page = refusing.get("/queries/own?word=land&format=html")

    assert page.status_code == 200
    assert '<input id="p-word" name="word" type="text" value="land"' in page.text


def test_without_leave_they_are_listed_and_their_text_is_given(pool: Pool) -> None:
    refusing = create_app(pool, data_version="v1").test_client()
    listed = json.loads(refusing.get("/queries.json").data)["queries"]

    assert {entry["name"] for entry in listed if entry["services"] == [WIKIDATA]} == set(NAMES)
    lacking = {entry["name"]: entry["services_not_allowed"] for entry in listed if entry["services"]}
    assert lacking == {name: [WIKIDATA] for name in NAMES}
    page = refusing.get("/queries/?format=html").text
    assert page.count(f"asks another service; needs <code>--allow-service {WIKIDATA}</code>") == len(NAMES)
    assert refusing.get(f"/queries/{NAMES[0]}.rq").text == SAVED[NAMES[0]].text


@contextmanager
def lent(pool: Pool, _limits: Limits, _collection: Collection) -> Iterator[Pool]:
    yield pool


def test_the_command_line_asks_with_leave(pool: Pool, home: Path, wikidata: Other) -> None:
    command = query_command(partial(lent, pool))
    file = str(home / f"{NAMES[1]}.rq")
    allowed = CliRunner().invoke(
        command, [file, "--allow-service", wikidata.address, "--format", "csv"], catch_exceptions=False
    )

    assert allowed.exit_code == 0
    assert "Prime Minister of Cuba" in allowed.stdout
    assert len(allowed.stdout.splitlines()) == 1 + asked_for(NAMES[1])


def test_the_command_line_says_which_option_is_missing(pool: Pool) -> None:
    refused = CliRunner().invoke(query_command(partial(lent, pool)), [NAMES[0]])

    assert refused.exit_code == 1  # the group of commands makes a message of it
    assert str(refused.exception).endswith(f"It needs the option --allow-service {WIKIDATA}.")
    listed = CliRunner().invoke(query_command(partial(lent, pool)), []).stdout
    assert listed.count(f"(asks {WIKIDATA}; needs --allow-service {WIKIDATA})") == 2


def test_python_calls_nobody(real: ox.Store) -> None:
    with pytest.raises(ForbiddenError, match="calls no other service"):
        Graph(real, "v1").query(NAMES[0])


@pytest.fixture(scope="module")
def ours(real: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of our service, running in a process of its own on the real graph."""
    file = tmp_path_factory.mktemp("graph") / "graph.nq"
    file.write_bytes(real.dump(format=ox.RdfFormat.N_QUADS) or b"")
    with server(file) as running:
        yield f"http://{running.netloc}/sparql"


# Read in the telegram of 2 November: Dorticós telephones before the visit and speaks at the session,
# where Guevara is silent; that Guevara telephoned is not said.
SESSION = "last session of the ORI leadership before 2 November 1962"
CALL = "telephone call of Dorticós to Alekseev"
ITEM = "http://www.wikidata.org/entity/"


def test_rdflib_asks_us(ours: str) -> None:
    query = shown("from elsewhere").replace("http://127.0.0.1:8000/sparql", ours)
    result = rdflib.Graph().query(query)
    assert isinstance(result, SPARQLResult)
    rows = [(str(row[0]), str(row[1])) for row in result]  # type: ignore[index]

    assert (f"{ITEM}Q48690", CALL) in rows
    assert {(f"{ITEM}Q48690", SESSION), (f"{ITEM}Q5809", SESSION)} <= set(rows)
    assert (f"{ITEM}Q5809", CALL) not in rows


def test_oxigraph_asks_us_and_gets_the_same(ours: str, real: ox.Store) -> None:
    text = shown("from elsewhere")
    rows = list(map(tuple, ox.Store().query(text.replace("http://127.0.0.1:8000/sparql", ours))))  # type: ignore[arg-type]
    inside = re.sub(r"SERVICE <[^>]*>", "", text)

    assert rows == [tuple(row) for row in sparql.rows(real, inside)]
    assert len(rows) >= 3


def test_the_values_for_the_wikidata_service_are_ours(real: ox.Store) -> None:
    pairs = dict(re.findall(r'\("(actor:[a-z-]+)" (wd:Q\d+)\)', shown("at Wikidata")))
    held = {
        f"actor:{row['thing'].value.rpartition('/')[2]}": f"wd:{row['item'].value.rpartition('/')[2]}"
        for row in sparql.rows(real, SAVED["links-to-wikidata"].text)
        if "/actor/" in row["thing"].value
    }

    assert pairs
    assert pairs.items() <= held.items()


def test_the_query_for_the_wikidata_service_is_answered_there(wikidata: Other) -> None:
    rows = [tuple(term.value for term in row) for row in wikidata.store.query(shown("at Wikidata"))]  # type: ignore[union-attr]

    assert rows == [
        ("actor:john-kennedy", f"{ITEM}Q9696", "1917-05-29T00:00:00Z"),
        ("actor:fidel-castro", f"{ITEM}Q11256", "1926-08-13T00:00:00Z"),
    ]


def test_the_page_names_every_query_that_asks_others() -> None:
    assert set(re.findall(r"\]\(([a-z-]+)\.rq\)", TEXT)) == set(FEDERATED)
    assert f"cablegraph query {NAMES[0]} --allow-service {WIKIDATA}" in TEXT
    assert sparql.services(shown("from elsewhere")) == ("http://127.0.0.1:8000/sparql",)
