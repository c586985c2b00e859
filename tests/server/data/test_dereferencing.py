"""Each IRI of this host in the RDF that the service gives leads here to RDF that says something of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from werkzeug.test import TestResponse

from kg import build
from kg.cache import CachedBuild
from kg.errors import Finding
from kg.namespaces import BASE, PREFIXES
from kg.store import statistics
from server import create_app
from server.data.describing import shapes
from server.data.downloads.releases import Releases
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool

from ..pools import open_pool

TURTLE = {"Accept": "text/turtle"}
DESCRIPTIONS = (
    "/.well-known/void", "/catalogue", "/.well-known/sparql-examples", "/sparql", "/shape", "/shape/report",
    "/id/", "/id/actor/", "/queries/", "/dataset",
)  # fmt: skip
# What stands for a whole of statements and not for a thing: the statements themselves are what it leads to.
GRAPHS, DUMPS = f"{BASE}graph/", f"{BASE}dumps/"


@pytest.fixture(scope="module")
def app(graph: build.Build, real_dumps: Path) -> Iterator[Flask]:
    store = build.store_of(graph)
    releases = Releases(real_dumps, lambda: CachedBuild(real_dumps / "none.nq", graph.version))
    counted = {graph.version: statistics.count(store)}
    with open_pool(lambda: store, Limits(workers=2, timeout=20), graph.version) as pool:
        yield create_app(
            pool,
            data_version=graph.version,
            releases=releases,
            statistics=counted.get,
            findings=lambda _: graph.findings,
        )


class Walker:
    """Fetches each document once, and keeps the names in it."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._known: dict[str, tuple[TestResponse, frozenset[str]]] = {}

    def fetch(self, path: str) -> tuple[TestResponse, frozenset[str]]:
        """Return the response in Turtle, after redirects, and the IRIs in it."""
        if path not in self._known:
            response = self._client.get(path, headers=TURTLE)
            response.get_data()
            response.close()  # a dump has its file open until then
            if response.status_code in (302, 303):
                self._known[path] = self.fetch(response.headers["Location"])
            else:
                names = frozenset(iris(response)) if response.mimetype == "text/turtle" else frozenset()
                self._known[path] = response, names
        return self._known[path]

    def problem(self, iri: str) -> str:
        """Return what is wrong with where `iri` leads, or an empty text."""
        response, names = self.fetch(iri.partition("#")[0].removeprefix(BASE.rstrip("/")))
        if response.status_code != 200:
            return f"{iri}: {response.status_code}"
        if iri.removesuffix("#") in names or iri in names or iri.startswith(GRAPHS):  # also the namespace
            return ""
        described = links(response).get("describedby" if "/queries/" in iri else "collection", "")
        found = self.fetch(described)[1] if described else frozenset()
        return "" if iri in found or (iri.startswith(DUMPS) and found) else f"{iri}: is not named"


def iris(response: TestResponse) -> Iterator[str]:
    assert response.status_code == 200, response.text
    for quad in parse(response.data, RdfFormat.TURTLE):
        yield from (term.value for term in quad.triple if isinstance(term, NamedNode))


def links(response: TestResponse) -> dict[str, str]:
    """Return the path of the first link of each relation; those that every response has come last."""
    fields = ",".join(response.headers.getlist("Link")).split(",")
    pairs = [field.partition(">; rel=") for field in fields]
    return {rel.split('"')[1]: target.strip().removeprefix("<") for target, _, rel in reversed(pairs) if rel}


@pytest.fixture(scope="module")
def walker(app: Flask) -> Walker:
    return Walker(app.test_client())


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_each_name_in_a_description_leads_to_rdf_about_it(walker: Walker, path: str) -> None:
    response, names = walker.fetch(path)
    own = sorted(iri for iri in names if iri.startswith(BASE) and iri != BASE)

    assert response.mimetype == "text/turtle"
    assert own
    assert [wrong for iri in own if (wrong := walker.problem(iri))] == []


@pytest.mark.slow
def test_each_name_in_the_description_of_a_release_leads_to_its_file(walker: Walker, app: Flask) -> None:
    latest = app.test_client().get("/dumps/latest/").headers["Location"]
    _, names = walker.fetch(urlsplit(latest).path)
    own = sorted({iri.partition("#")[0] for iri in names if iri.startswith(DUMPS)})

    assert len(own) > 100
    assert [wrong for iri in own if (wrong := walker.problem(iri))] == []


def test_one_thing_of_every_class_leads_to_rdf_about_it(walker: Walker, graph: build.Build) -> None:
    of_class: dict[str, str] = {}
    for quad in sorted(graph.quads, key=str):
        if quad.predicate.value == f"{PREFIXES['rdf']}type" and str(quad.subject).startswith(f"<{BASE}"):
            of_class.setdefault(str(quad.object), str(quad.subject)[1:-1])

    assert len(of_class) > 60
    assert [wrong for iri in of_class.values() if (wrong := walker.problem(iri))] == []


# Each kind of address by itself.


def test_a_saved_query_is_described_where_its_answer_is_no_graph(app: Flask) -> None:
    client = app.test_client()
    to_query = client.get("/queries/who-is-who", headers=TURTLE)
    to_all = client.get("/queries/", headers=TURTLE)
    graph = client.get("/queries/projection-ric-o", headers=TURTLE)

    assert (to_query.status_code, to_query.headers["Location"]) == (
        303,
        "/.well-known/sparql-examples?query=who-is-who",
    )
    assert (to_all.status_code, to_all.headers["Location"]) == (303, "/.well-known/sparql-examples")
    assert (graph.status_code, graph.mimetype) == (200, "text/turtle")
    assert links(graph)["describedby"] == "/.well-known/sparql-examples?query=projection-ric-o"
    assert client.get("/queries/who-is-who", headers={"Accept": "*/*"}).status_code == 200
    assert client.get("/queries/identifiers-from-wikidata", headers=TURTLE).status_code == 303


def test_one_saved_query_is_described_alone_and_an_unknown_one_offers_near_names(app: Flask) -> None:
    client = app.test_client()
    one = set(parse(client.get("/.well-known/sparql-examples?query=who-is-who").data, RdfFormat.TURTLE))
    unknown = client.get("/.well-known/sparql-examples?query=who-is-whom")

    executables = {q.subject.value for q in one if q.predicate.value.endswith("#select")}
    assert executables == {f"{BASE}queries/who-is-who"}
    assert unknown.status_code == 404
    assert "who-is-who" in unknown.text


def test_the_report_has_each_finding_and_no_violation(app: Flask, graph: build.Build) -> None:
    response = app.test_client().get("/shape/report")
    triples = {quad.triple for quad in parse(response.data, RdfFormat.TURTLE)}
    severities = [str(t.object) for t in triples if t.predicate.value.endswith("#resultSeverity")]

    assert len(severities) == len(graph.findings)
    assert "<http://www.w3.org/ns/shacl#Violation>" not in severities
    assert {str(t.object) for t in triples if t.predicate.value.endswith("#conforms")} == {
        f'"{"false" if graph.findings else "true"}"^^<{PREFIXES["xsd"]}boolean>'
    }


def test_data_that_nobody_validated_here_have_no_report() -> None:
    with Pool(Store, Limits(workers=1), "v1") as pool:
        response = create_app(pool, data_version="v1").test_client().get("/shape/report")

    assert response.status_code == 404
    assert "were not validated here" in response.text


def test_findings_are_results_with_their_place() -> None:
    found = [Finding("b.yaml", 0, "second", "info"), Finding("a.yaml", 7, "first", "warning")]
    values = {(t.predicate.value.rpartition("#")[2], str(t.object)) for t in shapes.triples(found, "v")}

    assert ("conforms", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>') in values
    assert ("label", '"a.yaml:7"') in values
    assert ("label", '"b.yaml"') in values
    assert ("resultSeverity", "<http://www.w3.org/ns/shacl#Warning>") in values
    assert ("resultMessage", '"first"@en') in values
