"""Pages about things, on whichever host, and the addresses that they link to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from server.web import addresses

from ..linked import BASE, SAYS, html, links, service
from ..talking import BROWSER

CG = f"{BASE}ontology#"


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


# Addresses.


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (f"{BASE}id/actor/ann", "/kg/id/actor/ann"),
        (f"{BASE}id/a/b#evidence/1", "/kg/id/a/b#evidence/1"),
        (f"{BASE}id/actor/émile", "/kg/id/actor/%C3%A9mile"),
        (f"{BASE}ontology", "/kg/ontology"),
        (f"{CG}Position", "/kg/ontology#Position"),
        (f"{BASE}graph/shared", "/kg/graph/shared"),
        (f"{BASE}problems/busy", "/kg/problems/busy"),
        (f"{BASE}.well-known/genid/c14n0", "/kg/.well-known/genid/c14n0"),
        (f"{BASE}elsewhere", ""),
        (f"{BASE}identity", ""),
        ("http://ex.org/id/actor/ann", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_canonical_name_has_a_local_address(iri: str, expected: str) -> None:
    assert addresses.local(iri, "/kg") == expected


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (f"{BASE}id/actor/ann", "/id/actor/ann"),
        ("http://ex.org/x", "http://ex.org/x"),
        ("https://ex.org/x", "https://ex.org/x"),
        (f"{BASE}elsewhere", f"{BASE}elsewhere"),
        ("javascript:alert(1)", ""),
        ("urn:x:y", ""),
        ("http://[half", ""),
    ],
)
def test_a_page_links_to_web_addresses_only(iri: str, expected: str) -> None:
    assert addresses.link(iri) == expected


@pytest.mark.parametrize("iri", [f"{BASE}id/actor/ann", f"{BASE}id/actor/émile", f"{BASE}graph/a/b"])
def test_an_address_leads_back_to_the_name(iri: str) -> None:
    assert addresses.canonical(unquote(addresses.local(iri))) == iri


def test_signs_that_no_iri_holds_are_escaped_in_a_name() -> None:
    assert addresses.canonical("/id/a b<\x00%>") == f"{BASE}id/a%20b%3C%00%25%3E"


# Its page.


def test_a_page_shows_quotes_with_passage_and_voice(linked: FlaskClient) -> None:
    text = html(linked, "/id/telegram/t/body-1/says")
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", text)
    caption = text.partition('<blockquote id="evidence/1"')[2].partition("</figure>")[0]

    assert sorted(quotes) == ["She said &lt;yes&gt;", "borrowed words", "yesterday"]
    assert "/id/telegram/t/passage/body-1" in caption
    assert "writer&#39;s body" in caption


def test_a_reading_shows_the_words_that_it_rests_on(linked: FlaskClient) -> None:
    text = html(linked, "/id/telegram/t/body-3/may")

    assert "<h2>Words that it rests on</h2>" in text
    assert re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", text) == ["he nodded"]


def test_a_page_is_headed_by_the_best_name(linked: FlaskClient) -> None:
    assert '<h1 lang="en">Ann</h1>' in html(linked, "/id/actor/ann")
    assert '<h1 lang="fr">Émile</h1>' in html(linked, "/id/actor/%C3%A9mile")
    assert '<h1 lang="en">Ann agrees.</h1>' in html(linked, "/id/telegram/t/body-1/says")
    assert "<h1>telegram/t/passage/body-1</h1>" in html(linked, "/id/telegram/t/passage/body-1")


def test_a_page_has_an_anchor_for_each_part(linked: FlaskClient) -> None:
    text = html(linked, "/id/telegram/t/body-1/says")

    assert {"evidence/1", "when", "when/evidence/1"} <= set(re.findall(r'id="([^"]*)"', text))


def test_a_page_marks_what_is_only_inferred(linked: FlaskClient) -> None:
    text = html(linked, "/id/telegram/t/body-1/says").partition("<h2>Statements</h2>")[2]
    values = re.findall(r">([^<]*)</a>( <small>inferred</small>)?", text)

    assert ("cg:Statement", " <small>inferred</small>") in [(f"cg:{n}", mark) for n, mark in values]
    assert ("position", "") in values  # stated, and inferred besides


def test_a_page_escapes_and_never_links_to_scripts(linked: FlaskClient) -> None:
    assert "Bob <b>" not in html(linked, "/id/actor/bob")
    text = html(linked, "/id/actor/ann")
    assert "javascript:alert(1)" in text
    assert not [link for link in links(text) if link.startswith("javascript")]


@pytest.mark.parametrize("root", ["", "/kg"])
@pytest.mark.parametrize("path", ["/", "/id/telegram/t/body-1/says", "/ontology", "/dataset"])
def test_pages_link_to_this_host_wherever_a_proxy_puts_it(linked: FlaskClient, path: str, root: str) -> None:
    text = html(linked, path, base_url=f"http://ex.org{root}")
    own = [link for link in links(text) if link.startswith("/")]

    assert not [link for link in links(text) if link.startswith(BASE)]
    assert len(own) > 3
    for link in own:
        assert link.startswith(f"{root}/")
        address = link.removeprefix(root).partition("#")[0].replace("&amp;", "&")
        with linked.get(address, base_url=f"http://ex.org{root}") as response:
            assert response.status_code in (200, 303), link


def headed(text: str) -> dict[str, str]:
    """Return the part of a page under each heading of the second level."""
    parts = re.split(r"<h2>(.*?)</h2>", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_what_no_passage_asserts_of_somebody_stands_under_headings_of_its_own(linked: FlaskClient) -> None:
    parts = headed(html(linked, "/id/actor/cid"))

    assert list(parts)[-4:] == [
        *("What points here", "Possible readings, not adopted", "Ascribed claims", "Proposed texts"),
    ]
    assert "Dan says so." in parts["What points here"]
    assert not [
        text for text in ("may agree", "says Dan.", "should agree") if text in parts["What points here"]
    ]
    assert (
        "A possible reading, not adopted; it would be that of Cid" in parts["Possible readings, not adopted"]
    )
    assert "Ascribed by Dan to Cid" in parts["Ascribed claims"]
    assert "Proposed by Ann for Cid to say" in parts["Proposed texts"]


def test_what_is_ascribed_is_counted_under_its_own_heading(linked: FlaskClient) -> None:
    parts = headed(html(linked, "/id/actor/cid"))

    # By cg:about and cg:ascribedTo; the position of Dan is about Cid, too.
    assert re.findall(r"([0-9]+) statements? in all", parts["Ascribed claims"]) == ["2"]
    assert re.findall(r"([0-9]+) statements? in all", parts["What points here"]) == ["1"]


def test_who_holds_nothing_has_no_such_headings(linked: FlaskClient) -> None:
    assert list(headed(html(linked, "/id/actor/bob")))[-1] == "What points here"


def test_the_page_of_a_reading_says_first_that_it_is_one(linked: FlaskClient) -> None:
    text = html(linked, "/id/telegram/t/body-3/may")
    before = text.partition("<h2>")[0]

    assert "A possible reading, not adopted; it would be that of Cid." in before
    assert "No passage asserts it." in before
    assert "<title>A possible reading, not adopted; it would be that of Cid: Cid may agree." in text


def test_a_part_and_a_value_that_no_passage_asserts_say_so(linked: FlaskClient) -> None:
    outer, place = html(linked, "/id/telegram/t/body-3/quotes"), html(linked, "/id/telegram/t/body-3/place")
    part = outer.partition('<section id="embeds">')[2].partition("</section>")[0]

    assert "Ascribed by Dan to Cid. No passage asserts it." in part
    assert "No passage asserts it." not in outer.partition("<h2>")[0]
    assert re.search(r"Cid may agree\.</a> <small[^>]*>A possible reading, not adopted", place)
    assert not re.search(r"Dan says so\.</a> <small", place)


def test_a_page_needs_no_script(linked: FlaskClient) -> None:
    for path in ("/id/actor/ann", "/ontology"):
        text = html(linked, path)
        assert not re.search(
            r"<(script(?! type=.application/ld.json.>)|style|iframe)|\son\w+=|\sstyle=", text
        )
        assert text.count("<h1") == 1


def test_links_lead_to_the_canonical_name_and_the_other_formats(linked: FlaskClient) -> None:
    response = linked.get("/id/actor/%C3%A9mile", headers={"Accept": BROWSER})
    found = dict(re.findall(r'<([^>]*)>; rel="([^"]*)"', ",".join(response.headers.getlist("Link"))))

    assert found[f"{BASE}id/actor/%C3%A9mile"] == "canonical"
    assert found["?format=ttl"] == "alternate"
    assert {f"?format={name}" for name in ("nt", "rdf", "jsonld")} <= set(found)


def test_a_thing_is_sent_once(linked: FlaskClient) -> None:
    first = linked.get("/id/actor/ann")
    again = linked.get("/id/actor/ann", headers={"If-None-Match": first.headers["ETag"]})
    page = linked.get("/id/actor/ann", headers={"If-None-Match": first.headers["ETag"], "Accept": BROWSER})

    assert (again.status_code, again.data) == (304, b"")
    assert page.status_code == 200
    assert linked.head("/id/actor/ann").headers["ETag"] == first.headers["ETag"]


def test_the_page_of_the_ontology_has_an_anchor_for_each_term(linked: FlaskClient) -> None:
    text = html(linked, "/ontology")
    headings = re.findall(r"<h2>(.*?)</h2>", text)

    assert {"Position", "heldBy", "oddity"} <= set(re.findall(r'<section id="([^"]*)"', text))
    assert headings == ["Classes", "Properties between things", "Other terms", "Retired terms"]
    retired = text.partition('<section id="Collective">')[2].partition("</section>")[0]
    assert "Retired; use Group." in retired
    assert "/ontology#Group" in links(retired)
    assert "Test ontology" in text


def test_the_page_of_a_term_has_a_query_that_shows_its_use(linked: FlaskClient) -> None:
    index = html(linked, "/ontology")
    assert "/ontology/terms/heldBy" in links(index)
    for name, pattern in (("heldBy", "?thing cg:heldBy ?value"), ("Position", "?thing a cg:Position")):
        text = html(linked, f"/ontology/terms/{name}")
        (run,) = (link for link in links(text) if link.startswith("/sparql?query="))
        query = parse_qs(urlsplit(run).query)["query"][0]
        assert pattern in query
        rows = linked.get(run, headers={"Accept": "text/csv"}).text.splitlines()
        assert len(rows) > 1
        assert all(row.startswith(f"{BASE}id/telegram/t/") for row in rows[1:])
    assert linked.get("/ontology/terms/nothing").status_code == 404


# Pages of results.


@pytest.mark.parametrize("root", ["", "/kg"])
def test_results_link_to_things_on_this_host(linked: FlaskClient, root: str) -> None:
    query = quote(
        f"SELECT ?who ?web {{ <{SAYS}> <{CG}heldBy> ?who . ?who <http://www.w3.org/2004/02/skos/core#exactMatch> ?web }}"
    )
    text = html(linked, f"/sparql?query={query}", base_url=f"http://ex.org{root}")

    assert f"{root}/id/actor/ann" in links(text)
    assert "http://www.wikidata.org/entity/Q1" in links(text)
    csv = [link.replace("&amp;", "&") for link in links(text) if link.endswith("format=csv")]
    assert csv[0].startswith(f"{root}/sparql?")
    assert linked.get(csv[0].removeprefix(root)).text.startswith("who,web")


def test_json_results_keep_the_canonical_names(linked: FlaskClient) -> None:
    response = linked.get(f"/sparql?query={quote(f'SELECT ?o {{ <{SAYS}> <{CG}heldBy> ?o }}')}")

    assert json.loads(response.data)["results"]["bindings"][0]["o"]["value"] == f"{BASE}id/actor/ann"
