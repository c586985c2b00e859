"""Identifiers of other catalogues lead to our things, links are offered as files, pages lead to Wikidata."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg.asking.links.link_files import files
from kg.graph import Graph
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.web.addresses import local

from ..linked import BASE, html, links
from ..pools import open_pool
from ..talking import BROWSER, problem

VERSION = "v" * 64
LIMITS = Limits(timeout=4.0, workers=2, memory=192 << 20, result=4 << 20, wait=0.5)
# Ann and Bob share an item as close matches; Bob alone has an exact one; Cid was looked for in vain.
DATA = """
@base <https://w3id.org/cablegraph/id/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<../graph/links> {
<actor/ann> a cg:Person ; rdfs:label "Ann <b>"@en ; skos:closeMatch wd:Q1 ;
  skos:exactMatch <http://viaf.org/viaf/42> .
<actor/bob> a cg:Person ; rdfs:label "Bob"@en ; skos:closeMatch wd:Q1 ; skos:exactMatch wd:Q5 .
<actor/cid> a cg:Person ; rdfs:label "Cid"@en .
<place/pier> a cg:Place ; rdfs:label "Pier"@en ; skos:exactMatch <https://sws.geonames.org/77/> .
<certainty/probable> skos:prefLabel "probable"@en .
LINKS
}
"""
LINK = """
<link/{name}> a cg:Link ; cg:about <{thing}> ; cg:inCatalogue <catalogue/{catalogue}> ;
  cg:certainty <certainty/probable> ; cg:reason "Found."@en ; dcterms:date "1962-11-02"^^xsd:date ;
  dcterms:creator "Ann Lee" ; cg:justification <https://w3id.org/semapv/vocab/ManualMappingCuration> {item} ."""
RECORDS = (
    ("ann-1", "actor/ann", "wikidata", '; cg:item wd:Q1 ; cg:note "A namesake."@en'),
    ("ann-viaf", "actor/ann", "viaf", "; cg:item <http://viaf.org/viaf/42>"),
    ("bob-1", "actor/bob", "wikidata", "; cg:item wd:Q1"),
    ("bob-5", "actor/bob", "wikidata", "; cg:item wd:Q5"),
    ("cid", "actor/cid", "wikidata", ""),
    ("pier", "place/pier", "geonames", "; cg:item <https://sws.geonames.org/77/>"),
)


def load() -> Store:
    records = [LINK.format(name=n, thing=t, catalogue=c, item=i) for n, t, c, i in RECORDS]
    store = Store()
    store.load(DATA.replace("LINKS", "".join(records)).encode(), RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with open_pool(load, LIMITS) as pool:
        yield create_app(pool, name="test graph", data_version=VERSION).test_client()


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/wikidata/Q5", "/id/actor/bob"),
        ("/wikidata/q5", "/id/actor/bob"),
        ("/viaf/42", "/id/actor/ann"),
        ("/geonames/77", "/id/place/pier"),
        ("/geonames/77/", "/id/place/pier"),
        ("/wikidata/Q5?format=ttl", "/id/actor/bob?format=ttl"),
    ],
)
def test_an_identifier_leads_to_the_thing(path: str, target: str, client: FlaskClient) -> None:
    response = client.get(path)

    assert (response.status_code, response.headers["Location"]) == (303, target)
    assert client.head(path).status_code == 303
    assert client.get(path, follow_redirects=True).status_code == 200


def test_below_a_prefix_the_lead_stays_below_it(client: FlaskClient) -> None:
    assert client.get("/wikidata/Q5", base_url="http://ex.org/kg").headers["Location"] == "/kg/id/actor/bob"


def test_an_item_of_several_things_lists_them(client: FlaskClient) -> None:
    response = client.get("/wikidata/Q1")
    page = client.get("/wikidata/Q1", headers={"Accept": BROWSER})

    assert (response.status_code, response.mimetype) == (300, "application/json")
    assert [(link["label"], link["href"]) for link in response.json["links"]] == [
        ("Ann <b>", "/id/actor/ann"),
        ("Bob", "/id/actor/bob"),
    ]
    assert (page.status_code, page.mimetype) == (300, "text/html")
    assert {"/id/actor/ann", "/id/actor/bob", "https://www.wikidata.org/wiki/Q1"} <= set(links(page.text))
    assert "Ann &lt;b&gt;" in page.text
    assert "closeMatch, probable: A namesake." in page.text


def test_the_list_is_not_sent_again_to_who_has_it(client: FlaskClient) -> None:
    tag = client.get("/wikidata/Q1").headers["ETag"]

    assert client.get("/wikidata/Q1", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "reason", "near"),
    [
        ("/wikidata/Q15", "Nothing here is linked to Q15 of Wikidata. Did you mean", [f"{BASE}wikidata/Q5"]),
        ("/wikidata/Q999999", "Nothing here is linked to Q999999 of Wikidata.", None),
        (
            "/viaf/abc",
            "'abc' is not a valid identifier of Virtual International Authority File; use one such as 102325430.",
            None,
        ),
        ("/wikidata/P31", "'P31' is not a valid identifier of Wikidata; use one such as Q11256.", None),
        ("/gnd/1056602279", "Nothing here is linked to 1056602279 of Gemeinsame Normdatei.", None),
    ],
)
def test_an_identifier_that_leads_nowhere_is_told_with_the_reason(
    path: str, reason: str, near: list[str] | None, client: FlaskClient
) -> None:
    document = problem(client.get(path), 404, "not-found")

    assert document["detail"].startswith(reason)
    if near is not None:
        assert f"{BASE}wikidata/Q5" in document["near"]


def test_a_strange_identifier_is_escaped_on_the_page(client: FlaskClient) -> None:
    response = client.get("/wikidata/<script>alert(1)</script>", headers={"Accept": BROWSER})

    assert response.status_code == 404
    assert "<script" not in response.text


def test_the_map_is_given_whole_as_json_and_as_csv(client: FlaskClient) -> None:
    document = client.get("/wikidata.json").json
    table = list(csv.DictReader(io.StringIO(client.get("/wikidata.csv").text)))

    assert (document["catalogue"], document["data_version"]) == ("Wikidata", VERSION)
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert {key: [entry["thing"] for entry in entries] for key, entries in document["links"].items()} == {
        "Q1": [f"{BASE}id/actor/ann", f"{BASE}id/actor/bob"],
        "Q5": [f"{BASE}id/actor/bob"],
    }
    assert [(row["identifier"], row["thing"], row["relation"], row["checked"]) for row in table] == [
        ("Q1", f"{BASE}id/actor/ann", "closeMatch", "1962-11-02"),
        ("Q1", f"{BASE}id/actor/bob", "closeMatch", "1962-11-02"),
        ("Q5", f"{BASE}id/actor/bob", "exactMatch", "1962-11-02"),
    ]
    assert client.get("/wikidata.csv").content_type == "text/csv; charset=utf-8"
    assert client.get("/isni.json").json["links"] == {}


def test_http_python_and_the_table_say_the_same(client: FlaskClient) -> None:
    graph = Graph(load(), VERSION, {})
    (bob,) = client.get("/wikidata.json").json["links"]["Q5"]
    (found,) = graph.link_table.to("Q5")

    assert {key: bob[key] for key in ("label", "item", "relation", "certainty")} == {
        key: asdict(found)[key] for key in ("label", "item", "relation", "certainty")
    }
    assert client.get("/wikidata/Q5").headers["Location"] == local(found.iri)
    assert graph.linked("Q5") == ("actor:bob",)


def test_each_file_of_links_is_served_as_it_goes_into_a_release(client: FlaskClient) -> None:
    release = files(load(), VERSION)
    listed = client.get("/links/").json["files"]

    assert {f"links/{entry['name']}" for entry in listed} == set(release)
    assert len(release) == 4 + 2 * 3
    for entry in listed:
        response = client.get(entry["href"])
        assert response.data == release[f"links/{entry['name']}"]
        assert (response.mimetype, len(response.data)) == (entry["type"], entry["bytes"])
        assert (
            client.get(entry["href"], headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
        )


def test_the_page_of_the_files_says_what_each_is_for(client: FlaskClient) -> None:
    text = html(client, "/links/")

    assert {"/links/values.rq", "/links/wikidata.beacon.txt", "/wikidata.json", "/gnd.csv"} <= set(
        links(text)
    )
    assert "never loaded here" in text
    assert "<script" not in text


def test_a_file_that_there_is_not_is_told_with_near_names(client: FlaskClient) -> None:
    document = problem(client.get("/links/wikidata.beacon"), 404, "not-found")

    assert document["near"][0] == f"{BASE}links/wikidata.beacon.txt"


def opened(text: str) -> str:
    """Return the query that the page's link to the query service of Wikidata carries."""
    (address,) = [link for link in links(text) if link.startswith("https://query.wikidata.org/#")]
    return unquote(address.partition("#")[2])


def test_the_page_of_a_thing_leads_to_other_catalogues_and_to_the_query_service(client: FlaskClient) -> None:
    text = html(client, "/id/actor/ann")

    assert {"https://www.wikidata.org/wiki/Q1", "https://viaf.org/viaf/42"} <= set(links(text))
    assert "VALUES ?item { wd:Q1 }" in opened(text)
    assert "query.wikidata.org" not in html(client, "/id/place/pier")
    assert "https://www.geonames.org/77" in links(html(client, "/id/place/pier"))
    assert "In other catalogues" not in html(client, "/id/actor/cid")


def test_the_answer_of_a_saved_query_opens_its_items_in_the_query_service(client: FlaskClient) -> None:
    assert "VALUES ?item { wd:Q1 wd:Q5 }" in opened(html(client, "/queries/links-to-wikidata"))
    assert "query.wikidata.org" not in html(client, "/queries/hearsay")
