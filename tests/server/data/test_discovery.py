"""robots.txt, llms.txt, sitemaps and the icon: in their forms, with addresses that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, Store

from kg.namespaces import PREFIXES
from server import create_app
from server.data.discovery import sitemap

from ..linked import BASE, LIMITS, load, service
from ..pools import open_pool
from ..talking import problem

HOME = "http://localhost/"
LOC = f"{{{sitemap.XMLNS}}}loc"
FILES = {"/robots.txt": "text/plain", "/llms.txt": "text/plain", "/sitemap.xml": "application/xml"}


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


@pytest.mark.parametrize(("path", "media_type"), FILES.items())
def test_each_file_is_cached_and_safe_as_every_document(
    linked: FlaskClient, path: str, media_type: str
) -> None:
    first = linked.get(path)
    again = linked.get(path, headers={"If-None-Match": first.headers["ETag"]})
    head = linked.head(path)

    assert (first.status_code, first.mimetype, again.status_code) == (200, media_type, 304)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in first.headers["Cache-Control"]


@pytest.mark.parametrize("root", ["", "/kg"])
def test_crawlers_may_read_things_and_not_the_answer_to_every_query(linked: FlaskClient, root: str) -> None:
    """RFC 9309, as the parser of the standard library reads it."""
    text = linked.get("/robots.txt", base_url=f"http://ex.org{root}").text
    parser = RobotFileParser()
    parser.parse(text.splitlines())

    for allowed in ("/", "/id/actor/ann", "/queries/who-is-who", "/dumps/", "/docs/api", "/llms.txt"):
        assert parser.can_fetch("any", f"http://ex.org{root}{allowed}"), allowed
    for forbidden in ("/sparql?query=ASK%7B%7D", "/graphs?default", "/search?q=ann", "/reconcile?queries=x"):
        assert not parser.can_fetch("any", f"http://ex.org{root}{forbidden}"), forbidden
    assert parser.site_maps() == [f"http://ex.org{root}/sitemap.xml"]


def locations(linked: FlaskClient, path: str = "/sitemap.xml") -> tuple[str, list[str]]:
    tree = ET.fromstring(linked.get(path).data)  # noqa: S314 - our own
    return tree.tag.partition("}")[2], [loc.text or "" for loc in tree.iter(LOC)]


def test_the_sitemap_has_the_pages_and_the_things_and_each_exists(linked: FlaskClient) -> None:
    kind, found = locations(linked)
    things = [address for address in found if address.startswith(f"{HOME}id/")]

    assert kind == "urlset"
    assert len(found) == len(set(found))
    assert f"{HOME}id/actor/%C3%A9mile" in things
    assert not any("says" in address or "#" in address for address in things)  # statements and parts
    assert f"{HOME}dumps/" not in found  # this service offers none
    for address in found:
        status = linked.get(address.removeprefix(HOME.rstrip("/"))).status_code
        assert status in (200, 410) or "wikidata" in address, address


def crowded() -> Store:
    """Return the small graph with more things than one file of a sitemap has."""
    store = load()
    person, label = NamedNode(f"{BASE}ontology#Person"), NamedNode(f"{PREFIXES['rdf']}type")
    shared = NamedNode(f"{BASE}graph/shared")
    numbers = range(sitemap.PER_FILE)
    store.extend(Quad(NamedNode(f"{BASE}id/actor/n{n:05}"), label, person, shared) for n in numbers)
    return store


def test_many_addresses_are_in_several_files_behind_an_index() -> None:
    with open_pool(crowded, LIMITS) as pool:
        client = create_app(pool, data_version="v1").test_client()
        kind, files = locations(client)
        parts = [locations(client, file.removeprefix(HOME.rstrip("/"))) for file in files]
    found = [address for _, addresses in parts for address in addresses]

    assert (kind, files) == ("sitemapindex", [f"{HOME}sitemap.xml?page={n}" for n in (1, 2)])
    assert [kind for kind, _ in parts] == ["urlset", "urlset"]
    assert len(parts[0][1]) == sitemap.PER_FILE
    assert len(found) == len(set(found))
    assert {f"{HOME}id/actor/n{n:05}" for n in range(sitemap.PER_FILE)} < set(found)


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "9" * 30, "²"])
def test_a_page_that_there_is_not_is_said_to_be_missing(linked: FlaskClient, page: str) -> None:
    problem(linked.get("/sitemap.xml", query_string={"page": page}), 404, "not-found")


def test_llms_txt_has_title_summary_and_links_in_sections(linked: FlaskClient) -> None:
    """The order of https://llmstxt.org/: one title, a quotation, text, then sections that are lists of links."""
    text = linked.get("/llms.txt").text
    lines = [line for line in text.splitlines() if line]
    sections = [line for line in lines if line.startswith("## ")]
    begin = lines.index(sections[0])
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", text, re.MULTILINE)

    assert lines[0] == "# test graph"
    assert lines[1].startswith("> ")
    assert not any(line.startswith(("#", "- ")) for line in lines[1:begin])
    assert all(line.startswith(("## ", "- [")) for line in lines[begin:])
    assert sections[-1] == "## Optional"
    assert f"{HOME}dumps/" not in links  # this service offers none
    for link in links:
        assert link.startswith(HOME)
        assert linked.get(link.removeprefix(HOME.rstrip("/"))).status_code == 200, link


def test_pages_name_the_icon_and_browsers_find_it(linked: FlaskClient) -> None:
    page = linked.get("/queries/", headers={"Accept": "text/html"})
    found = re.search(r'<link rel="icon" href="([^"]+)"', page.text)
    assert found
    guessed = linked.get("/favicon.ico")

    with linked.get(found[1]) as icon:
        assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")
        assert len(icon.data) < 1000
        assert b"script" not in icon.data
    assert (guessed.status_code, guessed.headers["Location"]) == (301, found[1])
    assert "img-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_addresses_are_those_of_this_host_and_not_the_canonical_names(linked: FlaskClient) -> None:
    assert BASE not in linked.get("/sitemap.xml").text
