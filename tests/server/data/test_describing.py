"""How the data describe themselves: VoID, example queries, DCAT, and the links that lead there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources.abc import Traversable

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.namespaces import PREFIXES, VOID
from kg.resources import folder
from kg.store.layers import AUTHOR, LICENCE, TITLE
from kg.store.statistics import NOT_COUNTED, Statistics
from server import create_app

from ..linked import BASE, LIMITS, fetch, load, rows, service, sizes
from ..pools import open_pool
from ..talking import BROWSER, problem

DESCRIPTIONS = ("/.well-known/void", "/.well-known/sparql-examples", "/catalogue")


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


@pytest.fixture(scope="module")
def queries() -> Traversable:
    return folder("queries")


# VoID, at its well-known address.


def test_void_counts_the_graphs_as_they_are(linked: FlaskClient) -> None:
    found = rows(
        fetch(linked, "/.well-known/void"),
        f"SELECT ?g ?n {{ <{BASE}dataset> void:subset ?g . ?g a void:Dataset ; void:triples ?n }}",
    )

    assert found == {(graph, str(size)) for graph, size in sizes().items()}


def test_void_keeps_what_the_graph_says_about_its_graphs(linked: FlaskClient) -> None:
    store = fetch(linked, "/.well-known/void")
    meta = load().quads_for_pattern(None, None, None, NamedNode(f"{BASE}graph/meta"))

    assert {quad.triple for quad in meta} <= {quad.triple for quad in store}


def test_void_of_many_graphs_has_those_that_all_data_have_and_leads_to_the_others() -> None:
    meta = NamedNode(f"{BASE}graph/meta")
    store = load()
    own = list(store.quads_for_pattern(None, None, None, meta))
    telegrams = [f"{BASE}graph/telegram/{n}" for n in range(1_000)]
    for graph in telegrams:
        store.add(Quad(NamedNode(f"{BASE}dataset"), NamedNode(f"{VOID}subset"), NamedNode(graph), meta))
        store.add(
            Quad(NamedNode(graph), NamedNode(f"{PREFIXES['rdf']}type"), NamedNode(f"{VOID}Dataset"), meta)
        )
    counts = {(graph,): 2 for graph in (*telegrams, f"{BASE}graph/shared", meta.value)}
    statistics = Statistics({**NOT_COUNTED.counts, "graphs": counts})
    with open_pool(lambda: store, LIMITS, "v1") as pool:
        client = create_app(pool, data_version="v1", statistics=lambda _: statistics).test_client()
        found = fetch(client, "/.well-known/void")

    listed = {f"{BASE}graph/shared", meta.value}
    kept = {
        quad.triple
        for quad in own
        if "/graph/" not in str(quad.subject) + str(quad.object)
        or {str(quad.subject)[1:-1], str(quad.object)[1:-1]} & listed
    }
    assert kept <= {quad.triple for quad in found}
    assert not [quad for quad in found if "graph/telegram/" in str(quad)]
    said = rows(found, f"SELECT ?said {{ <{BASE}dataset> <{PREFIXES['rdfs']}comment> ?said }}")
    others = f"Of 1,002 named graphs, 2 are listed here; the graph <{meta.value}> describes all."
    assert (others,) in said
    with_links = rows(found, f"SELECT ?set {{ <{BASE}dataset> void:subset ?set . ?set a void:Linkset }}")
    assert len(with_links) == len({q.subject for q in own if q.object == NamedNode(f"{VOID}Linkset")})


def test_void_tells_how_many_things_of_each_class_there_are(linked: FlaskClient) -> None:
    found = rows(
        fetch(linked, "/.well-known/void"),
        f"SELECT ?c ?n {{ <{BASE}dataset> void:classPartition [ void:class ?c ; void:entities ?n ] }}",
    )
    expected = rows(load(), "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")

    assert found == expected


def test_void_tells_how_often_a_class_uses_a_property(linked: FlaskClient) -> None:
    store = fetch(linked, "/.well-known/void")
    uses = rows(
        store,
        "SELECT ?c ?p ?n { ?part void:class ?c ; "
        "void:propertyPartition [ void:property ?p ; void:triples ?n ] }",
    )
    whole = rows(
        store,
        f"SELECT ?p ?n {{ <{BASE}dataset> void:propertyPartition [ void:property ?p ; void:triples ?n ] }}",
    )

    assert uses == rows(
        load(),
        "SELECT ?c ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?c ?p ?s ?o { ?s a ?c ; ?p ?o } } GROUP BY ?c ?p",
    )
    assert whole == rows(
        load(), "SELECT ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?p ?s ?o { ?s ?p ?o } } GROUP BY ?p"
    )


def test_void_tells_what_a_property_leads_to(linked: FlaskClient) -> None:
    store = fetch(linked, "/.well-known/void")
    use = "?part void:class cg:Position ; void:propertyPartition ?use . ?use void:property"
    targets = rows(store, f"SELECT ?t {{ {use} cg:heldBy ; void:classPartition [ void:class ?t ] }}")
    texts = rows(store, f"SELECT ?d {{ {use} cg:content ; ext:datatypePartition [ ext:datatype ?d ] }}")

    assert targets == {(f"{BASE}ontology#Person",)}
    assert texts == {("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",)}


def test_parts_of_the_data_have_names_of_their_own(linked: FlaskClient) -> None:
    store = fetch(linked, "/.well-known/void")
    kinds = "void:class|void:property|ext:datatype"

    assert rows(store, f"SELECT ?part {{ ?part {kinds} ?x }}")
    assert not rows(store, f"SELECT ?part {{ ?part {kinds} ?x , ?y FILTER(?x != ?y) }}")


def test_void_says_what_the_data_are_about_whose_they_are_and_where_to_begin(linked: FlaskClient) -> None:
    store = fetch(linked, "/.well-known/void")
    terms = "PREFIX dct: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/> "
    said = rows(
        store,
        f"{terms}SELECT ?title ?publisher ?licence ?space {{ <{BASE}dataset> dct:title ?title ; dct:description ?d ; "
        "dct:publisher/foaf:name ?publisher ; dct:license ?licence ; void:uriSpace ?space }",
    )
    examples = rows(store, f"SELECT ?x {{ <{BASE}dataset> void:exampleResource ?x }}")
    vocabularies = rows(store, f"SELECT ?x {{ <{BASE}dataset> void:vocabulary ?x }}")

    assert said == {(TITLE, AUTHOR, LICENCE, f"{BASE}id/")}
    assert {(f"{BASE}ontology#",), (PREFIXES["skos"],), (PREFIXES["dcterms"],)} <= vocabularies
    for (thing,) in examples:
        assert linked.get(thing.removeprefix(BASE.rstrip("/"))).status_code == 200
    assert (f"{BASE}id/actor/bob",) in examples  # most statements point to him


def test_what_was_not_counted_is_left_out_and_that_is_said() -> None:
    with open_pool(load, LIMITS) as pool:
        client = create_app(pool, data_version="v1").test_client()
        void, service_ = fetch(client, "/.well-known/void"), fetch(client, "/sparql")
    data, comment = NamedNode(f"{BASE}dataset"), NamedNode(f"{PREFIXES['rdfs']}comment")
    names = "triples, graphs, properties, classes, uses, targets, datatypes"

    for store in (void, service_):
        comments = [quad.object.value for quad in store.quads_for_pattern(data, comment, None)]
        assert comments == [f"Not counted by this service: {names}."]
        assert not rows(
            store, "SELECT ?x { ?x void:property|void:class ?y . ?x void:triples|void:entities ?n }"
        )
    assert rows(void, "SELECT ?g { ?data void:subset ?g }")  # what the graph says about itself


def test_many_who_ask_for_a_description_at_once_get_the_same() -> None:
    with open_pool(load, LIMITS) as pool:
        app = create_app(pool, data_version="v1")
        with ThreadPoolExecutor(8) as clients:
            answers = list(clients.map(lambda _: app.test_client().get("/.well-known/void"), range(16)))

    assert [answer.status_code for answer in answers] == [200] * 16
    assert len({answer.data for answer in answers}) == 1


# DCAT.


def test_the_catalogue_tells_where_to_ask_and_what_to_fetch(linked: FlaskClient) -> None:
    store = fetch(linked, "/catalogue", "http://ex.org/kg")
    services = rows(
        store,
        "SELECT ?url ?licence { ?service a dcat:DataService ; dcat:endpointURL ?url ; dcat:servesDataset ?data ;"
        " <http://purl.org/dc/terms/license> ?licence . ?catalogue dcat:dataset ?data ; dcat:service ?service }",
    )
    downloads = rows(store, "SELECT ?url ?type { ?file dcat:downloadURL ?url ; dcat:mediaType ?type }")

    about = rows(
        store,
        "PREFIX dct: <http://purl.org/dc/terms/> SELECT ?name { ?data a dcat:Dataset ; dct:description ?d ; "
        "dct:publisher/<http://xmlns.com/foaf/0.1/name> ?name }",
    )

    assert services == {("http://ex.org/kg/sparql", LICENCE)}
    assert about == {(AUTHOR,)}
    assert len(downloads) == 4
    for url, media_type in downloads:
        response = linked.get(url.removeprefix("http://ex.org/kg"))
        assert (response.status_code, response.mimetype) == (200, "/".join(media_type.split("/")[-2:]))
        found = {quad.triple for quad in parse(response.data, RdfFormat.from_media_type(response.mimetype))}
        assert found == {quad.triple for quad in load()}


# What all descriptions have in common.


@pytest.mark.parametrize("path", DESCRIPTIONS)
@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_a_description_comes_in_every_syntax(linked: FlaskClient, path: str, accept: str) -> None:
    response = linked.get(path, headers={"Accept": accept})
    plain = linked.get(path, headers={"Accept": "application/n-triples"})
    found = {quad.triple for quad in parse(response.data, RdfFormat.from_media_type(accept))}

    assert response.mimetype == accept
    assert found == {quad.triple for quad in parse(plain.data, RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_people_get_turtle_and_others_are_refused(linked: FlaskClient, path: str) -> None:
    assert linked.get(path, headers={"Accept": BROWSER}).mimetype == "text/turtle"
    problem(linked.get(path, headers={"Accept": "text/csv"}), 406, "not-acceptable")


@pytest.mark.parametrize("path", [*DESCRIPTIONS, "/sparql", "/sparql?query=ASK%7B%7D", "/ontology"])
def test_what_the_client_has_is_not_sent_again(linked: FlaskClient, path: str) -> None:
    first = linked.get(path)
    by_tag = linked.get(path, headers={"If-None-Match": first.headers["ETag"]})
    by_date = linked.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    before = linked.get(path, headers={"If-Modified-Since": "Mon, 22 Oct 1962 12:00:00 GMT"})
    wrong = linked.get(
        path, headers={"If-None-Match": '"x"', "If-Modified-Since": first.headers["Last-Modified"]}
    )

    assert not first.headers["ETag"].startswith("W/")
    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_date.data == b""
    assert (before.status_code, wrong.status_code) == (200, 200)  # RFC 9110 section 13.1.3: the tag decides


def test_a_query_that_fails_is_not_called_unmodified(linked: FlaskClient) -> None:
    headers = {"If-Modified-Since": "Fri, 31 Dec 2999 12:00:00 GMT"}

    problem(linked.get("/sparql?query=nonsense", headers=headers), 400, "query-syntax")
    assert "Last-Modified" not in linked.get("/sparql?query=SELECT(NOW()AS?t)%7B%7D").headers


@pytest.mark.parametrize("root", ["", "/kg"])
@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK%7B%7D", "/", "/sparql", "/id/actor/ann", "/none", "/graphs"]
)
def test_every_answer_leads_to_the_descriptions(linked: FlaskClient, path: str, root: str) -> None:
    response = linked.get(path, base_url=f"http://ex.org{root}")
    links = re.findall(r'<([^>]*)>; rel="([^"]*)"', ", ".join(response.headers.getlist("Link")))
    found = {relation: target for target, relation in links}

    assert found["license"] == LICENCE
    assert found["service-desc"] == f"{root}/sparql"
    assert found["describedby"] == f"{root}/.well-known/void"
    for target in (found["service-desc"], found["describedby"]):
        described = linked.get(target.removeprefix(root))
        assert (described.status_code, described.mimetype) == (200, "text/turtle")
