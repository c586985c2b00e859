"""The description in OpenAPI: valid, complete, and true of the addresses and of the saved queries."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from kg import build
from kg.asking.questions import saved_queries
from kg.asking.questions.parameters import RESERVED
from kg.cache import CachedBuild
from kg.publishing.dumps import release_folders
from kg.publishing.dumps.providers import Provider
from kg.resources import folder
from server import create_app
from server.data.downloads.releases import Releases
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
from server.http.layers import metrics
from server.pages.openapi import address_tables, query_operations, responses
from server.pages.openapi.openapi_document import document, path_of
from tests.server.running import PATIENCE
from tests.server.talking import BROWSER

from ..pools import open_pool

SAVED = saved_queries.load(folder("queries"))
# Of the saved queries, whose addresses are all made in one way, one of each kind is asked here.
OTHERS = SAVED.keys() - {"who-criticised", "projection-schema-org", "identifiers-from-wikidata"}
FEDERATED = [name for name, query in SAVED.items() if query.services]
METHODS = {"GET", "POST"}  # HEAD, OPTIONS and QUERY stand in words


@pytest.fixture(scope="module")
def app(graph: build.Build, word_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    store = build.store_of(graph)
    folder = tmp_path_factory.mktemp("dumps")
    release_folders.make(
        folder,
        ox.Store(),  # what the files of a release hold is not the business of the description
        graph.version,
        (Provider("samples", lambda _store, _version: {"csv/a.txt": b"text"}, dict),),
        release_folders.recipe(),
    )
    releases = Releases(folder, lambda: CachedBuild(folder / "none.nq", graph.version))
    with open_pool(lambda: store, Limits(workers=1, timeout=20), graph.version) as pool:
        app = create_app(
            pool,
            data_version=graph.version,
            releases=releases,
            findings=lambda _: graph.findings,
            search=lambda _: word_index,
        )
        metrics.register(app, metrics.Metrics(pool))
        yield app


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert (response.status_code, response.content_type) == (200, "application/vnd.oai.openapi+json")
    return dict(json.loads(response.data))


def rules(app: Flask) -> list[tuple[str, Rule]]:
    return [(path_of(rule.rule), rule) for rule in app.url_map.iter_rules()]


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            yield path, method, said


@pytest.mark.slow
def test_the_description_is_valid_and_says_which_version_it_is(described: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(described).validate()

    assert described["openapi"] == "3.1.1"
    assert described["servers"] == [{"url": "/"}]


def test_a_description_that_is_not_valid_would_be_caught(described: dict[str, Any]) -> None:
    wrong = {**described, "paths": {"/x": {"get": {"responses": {"200": {}}}}}}

    assert list(OpenAPIV31SpecValidator(wrong).iter_errors())


def test_every_address_is_described_or_left_out_for_a_reason(app: Flask, described: dict[str, Any]) -> None:
    known = {*described["paths"], *address_tables.load().left_out}

    assert len(rules(app)) >= 20
    assert [path for path, _ in rules(app) if path not in known] == []


def test_every_address_that_is_described_or_left_out_exists(app: Flask, described: dict[str, Any]) -> None:
    served = {path for path, _ in rules(app)}
    general = {path for path in described["paths"] if not path.startswith("/queries/") or path == "/queries/"}

    assert general <= served
    assert set(address_tables.load().addresses) <= served
    assert set(address_tables.load().left_out) <= served


def test_every_method_of_an_address_is_described(app: Flask, described: dict[str, Any]) -> None:
    seen = 0
    for path, rule in rules(app):
        if path in described["paths"]:
            seen += 1
            assert {method.upper() for method in described["paths"][path]} == (
                rule.methods or set()
            ) & METHODS
    assert seen >= 18


def test_every_saved_query_is_an_address_with_its_parameters(described: dict[str, Any]) -> None:
    assert len(SAVED) >= 30
    for name, query in SAVED.items():
        for path in (f"/queries/{name}", f"/queries/{name}.{{ending}}"):
            said = described["paths"][path]["get"]
            own = [
                given
                for given in said["parameters"]
                if given.get("in") == "query" and given["name"] not in RESERVED
            ]

            assert [given["name"] for given in own] == [parameter.name for parameter in query.parameters]
            assert [given["schema"].get("default", "") for given in own] == [
                p.default for p in query.parameters
            ]
            assert query.question in said["description"]


def test_a_parameter_offers_the_things_that_it_may_be(described: dict[str, Any]) -> None:
    (at,) = [
        given
        for given in described["paths"]["/queries/who-did-what-at-an-event"]["get"]["parameters"]
        if given.get("name") == "at"
    ]
    offered, other = described["components"]["schemas"]["class.cg-Event"]["anyOf"]

    assert at["schema"] == {"$ref": "#/components/schemas/class.cg-Event", "default": "event:ori-session"}
    assert "event:ori-session" in offered["enum"]
    assert other["type"] == "string"


def test_the_columns_of_a_query_are_those_of_its_answer(
    described: dict[str, Any], client: FlaskClient
) -> None:
    for name in ("silent-or-absent", "evidence-of-a-statement"):
        response = described["paths"][f"/queries/{name}"]["get"]["responses"]["200"]
        schema = response["content"]["application/sparql-results+json"]["schema"]
        answer = json.loads(client.get(f"/queries/{name}.json").data)

        assert (
            schema["allOf"][1]["properties"]["head"]["properties"]["vars"]["const"] == answer["head"]["vars"]
        )


def examples(described: dict[str, Any], said: dict[str, Any], place: str) -> dict[str, str]:
    """Return the example, or the first allowed value, of each parameter that must stand in `place`."""
    given = {}
    for parameter in said["parameters"]:
        name = parameter.get("$ref", "").rpartition("/")[2]
        whole = described["components"]["parameters"][name] if name else parameter
        if whole["in"] == place and whole.get("required"):
            given[whole["name"]] = str(whole.get("example") or whole["schema"]["enum"][0])
    if given.get("name") == "NAME":  # any saved query; which there are is not the business of the entry
        given["name"] = "who-criticised"
    return given


def answered(client: FlaskClient, where: str, query: dict[str, str]) -> TestResponse:
    """Return the response when it is there: what other processes make has a low priority on a busy machine."""
    until = time.monotonic() + PATIENCE
    while (response := client.get(where, query_string=query)).status_code == 503 and time.monotonic() < until:
        response.close()
        time.sleep(0.1)
    return response


@pytest.mark.slow
def test_every_get_with_its_examples_is_answered_as_described(
    described: dict[str, Any], client: FlaskClient
) -> None:
    asked = 0
    for path, method, said in operations(described):
        if method == "get" and path.removeprefix("/queries/").partition(".")[0] not in OTHERS:
            where = path.format_map(examples(described, said, "path"))
            query = {"default": ""} if path == "/graphs" else examples(described, said, "query")
            refused = any(f"/queries/{name}" in (path, path.partition(".{")[0]) for name in FEDERATED)
            asked += 1
            with answered(client, where, query) as response:
                assert str(response.status_code) in said["responses"], path
                assert response.status_code in ((403,) if refused else (200, 301, 302, 303)), path
                if response.status_code == 200:
                    assert response.mimetype in said["responses"]["200"]["content"], path
    assert asked > 70


def test_names_of_operations_are_unique(described: dict[str, Any]) -> None:
    names = [said["operationId"] for _, _, said in operations(described)]

    assert len(set(names)) == len(names) > 90


def test_an_address_that_this_service_has_not_is_not_described(pool: Pool) -> None:
    found = document(address_tables.load(), ["/metrics"], [], list, pool.limits)
    none = document(address_tables.load(), [], [], list, pool.limits)

    assert list(found["paths"]) == ["/metrics"]
    assert none["paths"] == {}


def test_limits_are_those_of_the_service(described: dict[str, Any]) -> None:
    assert "20 s a query, 1 queries at once" in described["info"]["description"]
    assert described["components"]["parameters"]["limit"]["schema"]["maximum"] == 10_000


@pytest.mark.parametrize(
    ("text", "kind", "inside", "outside"),
    [
        ("SELECT ?a ?b { ?a ?p ?b }", "solutions", {"csv", "md", "rq", "html"}, {"ttl", "trig"}),
        ("ASK { ?s ?p ?o }", "boolean", {"csv", "md", "rq", "json"}, {"ttl"}),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "graph", {"ttl", "jsonld", "rq", "html"}, {"csv", "md"}),
    ],
)
def test_a_query_of_each_kind_has_its_formats(
    text: str, kind: str, inside: set[str], outside: set[str]
) -> None:
    (said,) = query_operations.paths([saved_queries.parse("mine", text)], [])[
        "/queries/mine.{ending}"
    ].values()
    endings = set(said["parameters"][0]["schema"]["enum"])

    assert endings == set(query_operations.endings(kind))
    assert inside <= endings
    assert not endings & outside
    assert set(said["responses"]["200"]["content"]) == {
        *responses.RESULT_TYPES[kind],
        "application/sparql-query",
    }
    paged = {"$ref": "#/components/parameters/limit"} in said["parameters"]
    assert paged == (kind == "solutions")


def test_numbers_and_days_have_their_types() -> None:
    text = """#+ parameters:
#+   - {name: many, type: integer, default: "3"}
#+   - {name: day, type: date}
SELECT * {
VALUES ?many { 3 }
VALUES ?day { UNDEF }
}"""
    (said,) = query_operations.paths([saved_queries.parse("mine", text)], [])["/queries/mine"].values()

    assert said["parameters"][0]["schema"] == {"type": "integer", "default": 3}
    assert said["parameters"][1]["schema"] == {"type": "string", "format": "date"}


def test_more_things_than_a_list_can_show_are_not_listed() -> None:
    query = SAVED["who-criticised"]

    assert query_operations.schemas([query], lambda _: [])["class.cg-Issue"] == {
        "type": "string",
        "description": "A name such as actor:fidel-castro, or a whole IRI.",
    }


def test_a_status_that_is_described_twice_is_refused(pool: Pool) -> None:
    tables = address_tables.load()
    tables.addresses["/healthz"]["get"]["problems"] = ["busy"]

    with pytest.raises(ValueError, match="health describes the status 503 twice"):
        document(tables, ["/healthz"], [], list, pool.limits)


def test_a_prefix_of_a_proxy_is_the_server(client: FlaskClient) -> None:
    found = json.loads(client.get("/openapi.json", base_url="http://localhost/kg").data)
    page = client.get("/docs/api", base_url="http://localhost/kg").text

    assert found["servers"] == [{"url": "/kg"}]
    assert 'href="/kg/queries/who-criticised"' in page


def test_people_get_a_page_without_scripts_that_leads_to_the_addresses(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    response = client.get("/docs/api", headers={"Accept": BROWSER})

    assert response.content_type == "text/html; charset=utf-8"
    assert "<script" not in response.text
    assert '<a href="/queries/who-criticised">who-criticised</a>' in response.text
    assert response.text.count(">Open it</a>") > 10
    assert len(response.data) < 700 * len(described["paths"])
    assert "POST <code>/sparql</code>" in response.text


def test_the_list_of_queries_and_every_answer_lead_to_the_description(client: FlaskClient) -> None:
    response = client.get("/queries/", headers={"Accept": BROWSER})
    links = response.headers.getlist("Link")

    assert 'href="/docs/api"' in response.text
    assert '</openapi.json>; rel="service-desc"' in links
    assert '</docs/api>; rel="service-doc"' in links


def test_what_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    for path in ("/openapi.json", "/docs/api", "/.well-known/api-catalog"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_the_catalogue_of_interfaces_is_a_linkset(client: FlaskClient) -> None:
    response = client.get("/.well-known/api-catalog", base_url="https://ex.org/kg")
    whole, *others = json.loads(response.data)["linkset"]
    sparql = others[0]

    assert response.content_type == (
        'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    )
    assert sparql["anchor"] == "https://ex.org/kg/sparql"
    assert whole["service-desc"] == [
        {"href": "https://ex.org/kg/openapi.json", "type": "application/vnd.oai.openapi+json"}
    ]
    assert [one["anchor"].removeprefix("https://ex.org/kg") for one in others] == [
        "/sparql", "/queries/", "/reconcile", "/reconcile/v1", "/dumps/", "/links/",
    ]  # fmt: skip
    assert whole["item"] == [{"href": one["anchor"]} for one in others]
    targets = [
        (link["href"], link["type"])
        for one in (whole, *others)
        for relation, links in one.items()
        if relation not in ("anchor", "item")
        for link in links
    ]
    assert targets
    for href, media_type in targets:
        assert client.get(href.removeprefix("https://ex.org/kg")).mimetype == media_type, href
    assert whole["service-doc"][1]["href"] == "https://ex.org/kg/docs/api#mcp"
    assert 'id="mcp"' in client.get("/docs/api").text
    assert '</kg/.well-known/api-catalog>; rel="api-catalog"' in client.head(
        "/.well-known/api-catalog", base_url="https://ex.org/kg"
    ).headers.getlist("Link")


def test_what_asks_other_services_may_be_refused_or_fail_and_nothing_else(described: dict[str, Any]) -> None:
    assert FEDERATED
    for name, query in SAVED.items():
        said = described["paths"][f"/queries/{name}"]["get"]
        kinds = {
            key: answer["$ref"].rpartition("/")[2]
            for key, answer in said["responses"].items()
            if key in ("403", "502")
        }

        called = {"403": "service-not-allowed", "502": "service-failed.store-failed"}
        assert kinds == (called if query.services else {"502": "store-failed"})
        assert all(service in said["description"] for service in query.services)


@pytest.mark.parametrize(
    ("name", "views"),
    [
        ("who-criticised", ["table"]),
        ("who-disagreed-with-whom", ["network", "table"]),
        ("projection-ric-o", None),
    ],
)
def test_the_views_of_a_page_are_those_of_its_query(
    name: str, views: list[str] | None, described: dict[str, Any]
) -> None:
    said = described["paths"][f"/queries/{name}"]["get"]["parameters"]

    assert [given["schema"]["enum"] for given in said if given.get("name") == "view"] == (
        [views] if views else []
    )


def test_each_catalogue_has_its_addresses(described: dict[str, Any]) -> None:
    names = ("wikidata", "viaf", "gnd", "lcnaf", "isni", "geonames", "ror")

    for name in names:
        one = described["paths"][f"/{name}/{{identifier}}"]["get"]
        assert set(one["responses"]) >= {"300", "303", "404"}
        assert "200" not in one["responses"]
        assert f"/{name}.json" in described["paths"]
        assert f"/{name}.csv" in described["paths"]


def test_files_come_whole_or_in_part(described: dict[str, Any], client: FlaskClient) -> None:
    said = described["paths"]["/dumps/{name}/{path}"]["get"]["responses"]
    path = "/dumps/{name}/{path}".format(
        **examples(described, described["paths"]["/dumps/{name}/{path}"]["get"], "path")
    )

    for given, status in (("bytes=0-9", 206), ("bytes=9999999-", 416), ("", 200)):
        with client.get(path, headers={"Range": given} if given else {}) as response:
            assert response.status_code == status
            assert str(status) in said
    assert set(said["200"]["content"]) >= {
        "text/turtle",
        "application/vnd.sqlite3",
        "application/gzip",
        "text/csv",
    }


def test_a_family_is_filled_with_its_words() -> None:
    family = {"over": [{"a": "one"}, {"a": "two"}], "addresses": {"/<a>/{x}": {"get": {"list": ["<a>", 1]}}}}

    assert dict(address_tables.members([family])) == {
        "/one/{x}": {"get": {"list": ["one", 1]}}, "/two/{x}": {"get": {"list": ["two", 1]}},
    }  # fmt: skip
