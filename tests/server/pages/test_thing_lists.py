"""Lists of things by folder: a page and RDF of each, in pages with links and a total."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, Store

from kg.namespaces import PREFIXES
from server import create_app
from server.pages.things import thing_lists

from ..linked import BASE, LIMITS, fetch, load, rows, service
from ..pools import open_pool
from ..talking import BROWSER, problem

MORE = 3  # things beyond a page


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


def crowded() -> Store:
    store = load()
    type_, person = NamedNode(f"{PREFIXES['rdf']}type"), NamedNode(f"{BASE}ontology#Person")
    numbers = range(thing_lists.ROWS + MORE)
    store.extend(
        Quad(NamedNode(f"{BASE}id/crowd/n{n:04}"), type_, person, NamedNode(f"{BASE}graph/shared"))
        for n in numbers
    )
    return store


@pytest.fixture(scope="module")
def many() -> Iterator[FlaskClient]:
    with open_pool(crowded, LIMITS) as pool:
        yield create_app(pool, data_version="v1").test_client()


MEMBERS = "SELECT ?list ?x { ?list rdfs:member ?x }".replace("rdfs:member", f"<{PREFIXES['rdfs']}member>")


def test_the_folders_are_those_of_things_and_not_of_their_parts(linked: FlaskClient) -> None:
    found = rows(fetch(linked, "/id/"), MEMBERS)

    folders = ("actor", "basis", "catalogue", "voice")  # the description of links has the catalogues

    assert found == {(f"{BASE}id/", f"{BASE}id/{folder}/") for folder in folders}
    assert linked.get("/id/").headers["X-Total-Count"] == "4"


def test_a_folder_has_its_things_with_class_and_names(linked: FlaskClient) -> None:
    store = fetch(linked, "/id/voice/")
    named = rows(store, f"SELECT ?x ?n {{ ?x a ?c ; <{PREFIXES['skos']}prefLabel> ?n }}")

    assert rows(store, MEMBERS) == {(f"{BASE}id/voice/", f"{BASE}id/voice/writer")}
    assert named == {(f"{BASE}id/voice/writer", "writer's body")}


def test_a_list_is_a_page_with_names_and_links_that_lead_somewhere(linked: FlaskClient) -> None:
    folders = linked.get("/id/", headers={"Accept": BROWSER}).text
    actors = linked.get("/id/actor/", headers={"Accept": BROWSER}).text
    hrefs = re.findall(r'<li><a href="([^"]+)"', folders + actors)

    assert "<h1>Actor</h1>" in actors
    assert ">Bob &lt;b&gt;</a>" in actors
    assert "/id/actor/%C3%A9mile" in hrefs
    assert "/id/voice/" in hrefs
    for href in hrefs:
        assert linked.get(href).status_code in (200, 410), href


def test_a_scheme_and_the_list_of_its_folder_are_two_things(linked: FlaskClient) -> None:
    scheme = fetch(linked, "/id/basis")

    assert rows(scheme, f"SELECT ?x {{ ?x a <{PREFIXES['skos']}ConceptScheme> }}") == {(f"{BASE}id/basis",)}
    assert rows(fetch(linked, "/id/basis/"), MEMBERS) == {(f"{BASE}id/basis/", f"{BASE}id/basis/eyewitness")}


def links(client: FlaskClient, path: str) -> dict[str, str]:
    fields = client.get(path).headers.getlist("Link")
    found = (re.match(r'<(\?page=\d+)>; rel="(\w+)"', field) for field in fields)
    return {match[2]: match[1] for match in found if match}


def test_pages_together_are_the_whole_and_lead_to_each_other(many: FlaskClient) -> None:
    first, second = (rows(fetch(many, f"/id/crowd/?page={n}"), MEMBERS) for n in (1, 2))

    assert (len(first), len(second), len(first | second)) == (thing_lists.ROWS, MORE, thing_lists.ROWS + MORE)
    assert many.get("/id/crowd/").headers["X-Total-Count"] == str(thing_lists.ROWS + MORE)
    assert links(many, "/id/crowd/") == {"first": "?page=1", "next": "?page=2", "last": "?page=2"}
    assert links(many, "/id/crowd/?page=2") == {"first": "?page=1", "prev": "?page=1", "last": "?page=2"}
    page = many.get("/id/crowd/?page=2", headers={"Accept": BROWSER}).text
    assert '<a href="?page=1" rel="prev">' in page


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "9" * 40, "²"])
def test_a_page_that_there_is_not_is_said_to_be_missing(linked: FlaskClient, page: str) -> None:
    document = problem(linked.get("/id/actor/", query_string={"page": page}), 404, "not-found")

    assert "there are 1 to 1" in str(document["detail"])


def test_an_unknown_folder_offers_near_ones(linked: FlaskClient) -> None:
    document = problem(linked.get("/id/actr/"), 404, "not-found")

    assert document["near"] == [f"{BASE}id/actor/"]


def test_what_the_client_has_is_not_sent_again(linked: FlaskClient) -> None:
    for path in ("/id/", "/id/actor/"):
        tag = linked.get(path).headers["ETag"]
        assert linked.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert linked.head(path).headers["ETag"] == tag
