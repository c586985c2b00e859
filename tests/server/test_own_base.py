"""A service on a collection with a base IRI of its own: everything that it says names things in that base."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient

from kg import build
from kg.asking.questions import saved_queries
from kg.reading.collection.collection import Collection
from kg.store import statistics
from server import create_app
from server.engine.evaluation.query_request import Limits
from tests.conftest import MADE_UP
from tests.kg.reading.collection.test_collection import GOOD, OWN
from tests.server import foreign

from .pools import open_pool

# A query may call a service, which is not allowed here, or be longer than an address may be.
OF_A_LINK = (200, 300, 302, 303, 403, 406, 414)
READ = ("text/html", "text/turtle", "application/json")


class Own(NamedTuple):
    client: FlaskClient
    collection: Collection


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    place = tmp_path_factory.mktemp("own")
    (place / "collection.yaml").write_text(GOOD + "about: Telegrams of an archive.\n")
    (place / "records").symlink_to(MADE_UP)
    collection = Collection.at(place)
    built = build.build(collection)
    index = place / "search.db"
    build.index(built, collection, index, "v1")
    store = build.store_of(built)
    with open_pool(lambda: store, Limits(workers=1, timeout=20), "v1", collection.names) as pool:
        app = create_app(
            pool,
            about=collection.about,
            data_version="v1",
            statistics=lambda _: statistics.count(store),
            queries=saved_queries.load(collection.queries, collection.names),
            search=lambda _: index,
        )
        yield Own(app.test_client(), collection)


def links(text: str) -> set[str]:
    """Return the addresses on this host in a page, without anchors."""
    return {
        link.partition("#")[0].replace("&amp;", "&") for link in re.findall(r'href="(/[^"/][^"]*)"', text)
    }


def test_every_page_and_document_names_things_in_the_base_of_the_collection(own: Own) -> None:
    todo, seen = ["/", "/sparql", "/id/", "/catalogue", "/.well-known/void", "/sitemap.xml", "/llms.txt"], {}
    todo += [
        "/links/all.sssom.tsv",
        "/queries/",
        "/reconcile",
        "/graph/shared",
        "/dataset",
        "/graphs?default",
        "/search?q=council&format=json",
    ]
    wrong: dict[str, list[str]] = {}
    while todo and len(seen) < 400:
        path = todo.pop(0)
        if path in seen or path.startswith(("/static", "/ontology", "/docs", "/shape", "/openapi")):
            continue
        for media_type in READ:
            response = own.client.get(path, headers={"Accept": media_type})
            seen[path] = response.status_code
            assert response.status_code in OF_A_LINK, (path, response.text[:300])
            if foreign_ones := foreign.iris(response.text + str(response.headers)):
                wrong[f"{path} {media_type}"] = sorted(foreign_ones)[:3]
            if media_type == "text/html":
                todo += sorted(links(response.text) - set(todo))
    assert wrong == {}
    assert f'"{OWN}id/"' in own.client.get("/reconcile").text.replace(" ", "")
    kinds = {path.split("/")[1].partition("?")[0] for path in seen}
    assert kinds >= {"cite", "dataset", "graph", "graphs", "id", "links", "queries", "search", "sparql"}


def test_a_thing_is_served_at_the_path_of_its_iri(own: Own) -> None:
    telegrams = own.client.get("/id/telegram/", headers={"Accept": "text/turtle"}).text
    path = re.findall(r"telegram:([\w-]+)", telegrams)[0]

    page = own.client.get(f"/id/telegram/{path}")
    voice = own.client.get("/id/voice/writer")

    assert f"@prefix telegram: <{OWN}id/telegram/>" in telegrams
    assert f'<{OWN}id/telegram/{path}>; rel="canonical"' in page.headers.getlist("Link")
    assert '<https://w3id.org/cablegraph/id/voice/writer>; rel="canonical"' in voice.headers.getlist("Link")
    assert "<h1><a" not in page.text
    assert "Telegrams from Havana" in page.text


def test_the_front_page_says_what_the_collection_is(own: Own) -> None:
    page = own.client.get("/").text

    assert "<h1>Telegrams from Havana</h1>" in page
    assert '<p class="lead">Telegrams of an archive.</p>' in page


def test_undeclared_prefixes_are_those_of_the_collection(own: Own) -> None:
    ask = partial(own.client.get, "/sparql", headers={"Accept": "text/csv"})

    found = ask(query_string={"query": "SELECT (STR(?t) AS ?iri) { ?t a cg:Telegram } ORDER BY ?iri LIMIT 1"})
    hint = own.client.get("/sparql/hints", query_string={"query": "SELECT * { actor:nobodi ?p ?o }"})

    assert found.text.splitlines()[1].startswith(f"{OWN}id/telegram/")
    assert f"PREFIX actor: <{OWN}id/actor/>" in hint.text
    assert "there is no thing actor:nobodi" in hint.text


def test_shared_graph_and_lists_are_found(own: Own) -> None:
    assert own.client.get("/graph/shared", headers={"Accept": "text/turtle"}).status_code == 303
    counts = own.client.get("/id/", headers={"Accept": "text/turtle"}).text
    assert f"<{OWN}id/>" in counts or "id:" in counts
    assert "<loc>http://localhost/id/actor/" in own.client.get("/sitemap.xml").text


def test_a_telegram_is_read_in_the_base_of_the_collection(own: Own) -> None:
    page = own.client.get("/id/telegram/1900-01-02-alpha-1", headers={"Accept": "text/html"}).text

    assert f"<code>{OWN}id/telegram/1900-01-02-alpha-1</code>" in page
    assert re.search(r'<a class="quoted[ l\d]*" id="q25" href="#c1">is against it</a>', page)
    assert f'"@id": "{OWN}dataset", "name": "Telegrams from Havana"' in page
    assert foreign.iris(page) == set()


def test_a_page_tells_of_a_person_and_the_front_page_of_a_telegram(own: Own) -> None:
    person = own.client.get("/id/actor/ben", headers={"Accept": "text/html"}).text
    front = own.client.get("/", headers={"Accept": "text/html"}).text

    assert "<q>is against it</q>" in person
    assert 'href="/queries/stance-over-time?who=actor%3Aben"' in person
    assert '<a href="/id/telegram/1900-01-02-alpha-1">telegram 1 from Alpha</a>' in front
    assert '<a href="/id/actor/ben">Ben</a>' in front
    assert foreign.iris(person + front) == set()
