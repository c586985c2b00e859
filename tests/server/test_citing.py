"""Citations over HTTP: an address for each, the formats by name and by Accept, and what pages carry."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import Client

from kg import build
from kg.asking.citing.reference_formats import FORMATS
from kg.store.layers import AUTHOR, LICENCE
from server import create_app
from server.engine.evaluation.query_request import Limits

from .handled import client_of
from .pools import open_pool

BROWSER = {"Accept": "text/html"}
TELEGRAM = "id/telegram/1962-11-02-havana-1717"
STATEMENT = f"{TELEGRAM}/body-7/garcia-criticises"
THINGS = [TELEGRAM, STATEMENT, "id/event/ori-session"]


@pytest.fixture(scope="module")
def app(graph: build.Build, word_index: Path) -> Iterator[Flask]:
    store = build.store_of(graph)
    with open_pool(lambda: store, Limits(timeout=60.0, workers=2), "v1") as pool:
        yield create_app(pool, data_version="v1", search=lambda _: word_index)


@pytest.fixture(scope="module")
def web(app: Flask) -> Iterator[Client]:
    with client_of(app, cache_size=1 << 20) as client:
        yield client


@pytest.mark.parametrize("path", [*THINGS, "queries/who-criticised?at=event:ori-session"])
@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_chosen_by_name_and_by_accept(web: Client, path: str, name: str) -> None:
    form = FORMATS[name]
    by_name = web.get(f"/cite/{path}{'&' if '?' in path else '?'}format={name}")
    by_type = web.get(f"/cite/{path}", headers={"Accept": form.media_type})

    assert by_name.status_code == by_type.status_code == 200
    assert by_name.mimetype == by_type.mimetype == form.media_type
    assert by_name.data == by_type.data
    assert by_name.headers["Cache-Control"] == "no-cache"
    assert f'.{form.ending}"' in by_name.headers["Content-Disposition"]


def test_the_citation_of_an_answer_has_the_values_of_its_parameters(web: Client) -> None:
    text = web.get("/cite/queries/who-criticised?issue=issue:five-points").text

    assert "issue: issue:five-points" in text
    assert "/queries/who-criticised?issue=issue%3Afive-points" in text


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("id/actor/nobody", "*/*", 404),
        ("queries/nothing", "*/*", 404),
        ("queries/who-criticised?isue=x", "*/*", 400),
        ("id/event/ori-session?format=docx", "*/*", 400),
        ("id/event/ori-session", "image/png", 406),
    ],
)
def test_what_cannot_be_cited_is_refused(web: Client, path: str, accept: str, status: int) -> None:
    assert web.get(f"/cite/{path}", headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize(
    ("path", "type_", "zotero"),
    [
        (TELEGRAM, ["Message", "ArchiveComponent"], "letter"),
        (STATEMENT, "Claim", "dictionaryEntry"),
        ("id/actor/haydee-santamaria", "Person", "dictionaryEntry"),
        ("queries/who-criticised", "Dataset", "dataset"),
    ],
)
def test_pages_carry_json_ld_and_what_reference_managers_read(
    web: Client, path: str, type_: object, zotero: str
) -> None:
    page = web.get(f"/{path}", headers=BROWSER).text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)

    assert json.loads(script)["@type"] == type_
    assert f'<meta name="z:itemType" content="{zotero}">' in page
    assert f'<meta name="DC.rights" content="{LICENCE}">' in page


# Of Zotero's translator "Embedded Metadata" (github.com/zotero/translators): the prefixes that it knows of those here,
# and the fields that it fills from names beginning with citation_.
ZOTERO_PREFIXES = {"dc": "dc", "dcterms": "dcterms", "z": "z"}
ZOTERO_FIELDS = {"citation_title": "title", "citation_publication_date": "date", "citation_publisher": "publisher",
                 "citation_public_url": "url"}  # fmt: skip


def as_zotero_reads(page: str) -> dict[str, object]:
    """Return the item that the translator makes of the head of a page, by its rules as they are written there."""
    head = page[: page.index("</head>")]
    item: dict[str, object] = {"creators": []}
    for name, written in re.findall(r'<meta name="([^"]+)" content="([^"]*)">', head):
        prefix, rest = re.split(r"[.:_]", f"{name}.", maxsplit=1)
        content = unescape(written)
        if name in ZOTERO_FIELDS:
            item[ZOTERO_FIELDS[name]] = content
        elif name == "citation_author":
            item["creators"] = [*item["creators"], zotero_author(content)]  # type: ignore[misc]
        elif prefix.lower() in ZOTERO_PREFIXES:
            item.setdefault(f"{prefix.lower()}:{rest.rstrip('.')}", content)
    return item


def zotero_author(text: str) -> tuple[str, str]:
    """Return last and first name: parted at a comma, if there is any, or before the last word."""
    with_comma, text = "," in text, text.strip(" ,.")
    last, _, first = (
        text.partition(", ") if with_comma else (text.rpartition(" ")[2], "", text.rpartition(" ")[0])
    )
    return last, first


@pytest.mark.parametrize(
    ("path", "kind", "title", "creator"),
    [
        (
            TELEGRAM,
            "letter",
            "Telegram No. 1717-1722 from Havana, 2 November 1962",
            ("Alekseev", "Aleksandr"),
        ),
        ("id/event/ori-session", "dictionaryEntry", "last session of the ORI leadership", None),
        ("queries/who-criticised", "dataset", "Who criticised an issue", None),
    ],
)
def test_zotero_makes_the_item_that_is_meant(
    web: Client, path: str, kind: str, title: str, creator: tuple[str, str] | None
) -> None:
    item = as_zotero_reads(web.get(f"/{path}", headers=BROWSER).text)

    assert item["z:itemType"] == kind
    assert str(item["title"]).startswith(title)
    assert item["title"] == item["dc:title"]
    assert item["creators"] == [creator or (AUTHOR, "")]
    assert str(item["url"]).startswith(f"https://w3id.org/cablegraph/{path.partition('?')[0]}")
    assert item.get("date") == ("1962/11/02" if kind == "letter" else None)
    assert item["dc:rights"] == LICENCE


def test_each_link_of_the_fold_out_leads_to_its_format(web: Client) -> None:
    for path in (TELEGRAM, "queries/who-criticised?at=event:ori-session"):
        page = unescape(web.get(f"/{path}", headers=BROWSER).text)
        addresses = re.findall(r'href="(/cite/[^"]+)"', page)

        assert len(addresses) == len(FORMATS)
        assert [web.get(address).mimetype for address in addresses] == [
            form.media_type for form in FORMATS.values()
        ]


def test_a_page_of_a_thing_has_no_day_since_it_is_stored(web: Client) -> None:
    page = web.get(f"/{TELEGRAM}", headers=BROWSER)

    assert page.headers["ETag"]
    assert "https://w3id.org/cablegraph/id/telegram/1962-11-02-havana-1717.</p>" in page.text
    assert not re.search(r"data version v1, \d", page.text)


@pytest.mark.parametrize(
    "path", ["/", "/queries/", "/sparql", f"/{TELEGRAM}", "/ontology", "/search?q=castro"]
)
def test_every_page_and_its_response_has_the_licence(web: Client, path: str) -> None:
    response = web.get(path, headers=BROWSER)

    assert f'<a rel="license" href="{LICENCE}">CC BY 4.0</a>' in response.text
    assert f'<{LICENCE}>; rel="license"' in response.headers.getlist("Link")


def test_each_address_without_a_part_of_its_own_has_the_licence(app: Flask, web: Client) -> None:
    rules = (rule for rule in app.url_map.iter_rules() if not rule.arguments)
    paths = {rule.rule for rule in rules if "GET" in (rule.methods or ())}

    assert {"/queries.json", "/search", "/sparql", "/sparql/grounds", "/links/", "/reconcile"} <= paths
    for path in paths:
        assert f'<{LICENCE}>; rel="license"' in web.get(path).headers.getlist("Link"), path


@pytest.mark.parametrize(
    "path", ["queries.json", "search?q=castro", "links/", "queries/causes/grounds", "wikidata.json"]
)
def test_lists_hits_and_grounds_have_the_licence_as_a_member(web: Client, path: str) -> None:
    assert web.get(f"/{path}", headers={"Accept": "application/json"}).get_json()["license"] == LICENCE


OWN = "PREFIX cg: <https://w3id.org/cablegraph/ontology#> SELECT ?s { ?s a cg:Telegram }"


@pytest.mark.parametrize("name", FORMATS)
def test_an_answer_to_a_query_of_ones_own_can_be_cited(web: Client, name: str) -> None:
    address = f"https://w3id.org/cablegraph/sparql?{urlencode({'query': OWN})}"
    by_address = web.get(f"/cite/sparql?{urlencode({'query': OWN, 'format': name})}")
    by_post = web.post("/cite/sparql", data={"query": OWN, "format": name})

    assert by_address.status_code == 200
    assert by_address.mimetype == FORMATS[name].media_type
    assert by_address.data == by_post.data
    assert address in by_address.text.replace("\\", "")
    assert web.get(address.removeprefix("https://w3id.org/cablegraph")).status_code == 200


def test_an_own_query_is_cited_with_its_graphs_and_refused_if_it_is_none(web: Client) -> None:
    given = {"query": OWN, "default-graph-uri": "https://w3id.org/cablegraph/graph/shared"}

    assert "default-graph-uri=https%3A%2F%2Fw3id.org" in web.get(f"/cite/sparql?{urlencode(given)}").text
    assert web.get("/cite/sparql").status_code == 400
    assert web.get("/cite/sparql?query=SELEC").status_code == 400
    assert web.get(f"/cite/sparql?{urlencode({'query': OWN, 'format': 'docx'})}").status_code == 400


def test_a_query_too_long_for_an_address_is_cited_by_its_digest(web: Client) -> None:
    long = f"{OWN} # {'x' * 3000}"
    text = web.post("/cite/sparql", data={"query": long}).text

    assert f"SHA-256 {hashlib.sha256(long.encode()).hexdigest()}" in text
    assert "https://w3id.org/cablegraph/sparql." in text


def test_the_page_of_an_own_answer_says_how_to_cite_it(web: Client) -> None:
    page = unescape(web.get(f"/sparql?{urlencode({'query': OWN})}", headers=BROWSER).text)
    addresses = re.findall(r'href="(/cite/sparql[^"]+)"', page)
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)

    assert [web.get(address).mimetype for address in addresses] == [f.media_type for f in FORMATS.values()]
    assert json.loads(script)["@type"] == "Dataset"
    assert '<meta name="z:itemType" content="dataset">' in page
