"""Every name has an address, and what is told there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse
from werkzeug.test import TestResponse

from kg.errors import BusyError
from kg.publishing.stores import answer_writer
from kg.publishing.stores.kept_answers import KeptAnswers
from server.engine.evaluation.query_request import QueryRequest
from server.pages.things import unknown_names
from server.pages.things.pointing import MOST_POINTING
from server.pages.things.things import MOST_STATEMENTS

from ..linked import BASE, FOLLOWERS, NUMBERS, SAYS, about, html, links, load, read, service
from ..talking import BROWSER, problem

CG = f"{BASE}ontology#"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
SYNTAXES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


# A thing.


@pytest.mark.parametrize("accept", SYNTAXES)
@pytest.mark.parametrize("path", ["/id/actor/ann", "/id/basis/eyewitness", "/id/telegram/t/body-1/says"])
def test_a_thing_is_told_in_every_syntax(linked: FlaskClient, path: str, accept: str) -> None:
    response = linked.get(path, headers={"Accept": accept})
    found = {quad.triple for quad in parse(response.data, SYNTAXES[accept])}

    assert response.mimetype == accept
    assert about(BASE + path[1:]) <= found
    assert found == read(linked, path)


@pytest.mark.parametrize(
    "path",
    [
        "/id/basis",
        "/.well-known/genid/c14n0",
        "/id/actor/%C3%A9mile",
        "/id/voice/writer",
        "/id/actor/from-the-secret-service",  # words of SPARQL, and no graph
    ],
)
def test_everything_named_has_an_address(linked: FlaskClient, path: str) -> None:
    assert about(BASE + unquote(path[1:])) <= read(linked, path)
    assert "<h1" in html(linked, path)


def test_a_format_by_name_is_stronger_than_accept(linked: FlaskClient) -> None:
    response = linked.get("/id/actor/ann?format=jsonld", headers={"Accept": BROWSER})

    assert response.mimetype == "application/ld+json"
    problem(linked.get("/id/actor/ann?format=csv"), 406, "not-acceptable")
    problem(linked.get("/id/actor/ann", headers={"Accept": "text/csv"}), 406, "not-acceptable")
    problem(linked.get("/id/actor/ann?format=xlsx"), 400, "bad-request")


def test_parts_and_evidence_of_a_thing_are_told_with_it(linked: FlaskClient) -> None:
    found = read(linked, "/id/telegram/t/body-1/says")
    parts = ("#evidence/1", "#when", "#when/evidence/1")

    for part in (*(SAYS + part for part in parts), f"{BASE}id/telegram/t/body-1/other#evidence/1"):
        assert about(part) <= found
    assert not about(f"{BASE}id/telegram/t/body-1/other") <= found


def test_neighbours_are_told_by_name_only(linked: FlaskClient) -> None:
    found = read(linked, "/id/telegram/t/body-1/says")
    ann = {triple for triple in found if triple.subject == NamedNode(f"{BASE}id/actor/ann")}

    assert ann == {triple for triple in about(f"{BASE}id/actor/ann") if triple.predicate == LABEL}


def test_what_points_to_a_thing_is_bounded_and_the_total_is_said(linked: FlaskClient) -> None:
    bob, held = NamedNode(f"{BASE}id/actor/bob"), NamedNode(f"{CG}heldBy")
    found = [t for t in read(linked, "/id/actor/bob") if t.object == bob and t.predicate == held]
    text = html(linked, "/id/actor/bob")

    assert len(found) == MOST_POINTING < FOLLOWERS
    assert f"{MOST_POINTING} of {FOLLOWERS}" in text
    (everything,) = [link for link in links(text) if link.startswith("/sparql?query=")]
    rows = linked.get(everything.replace("&amp;", "&").replace("format=html", "format=csv")).text.splitlines()
    assert len(rows) == 1 + FOLLOWERS


def test_more_statements_than_are_told_are_announced(linked: FlaskClient) -> None:
    told = [triple for triple in read(linked, "/id/actor/crowd") if triple.predicate.value == f"{CG}number"]

    assert len(told) == MOST_STATEMENTS < NUMBERS
    assert f"more statements than the {MOST_STATEMENTS:,} shown here" in html(linked, "/id/actor/crowd")
    assert "more statements than" not in html(linked, "/id/actor/ann")


def test_what_points_to_a_thing_comes_with_its_words(linked: FlaskClient) -> None:
    words = {
        triple
        for anchor in (f"{SAYS}#evidence/1", f"{BASE}id/telegram/t/body-1/other#evidence/1")
        for triple in about(anchor)
        if triple.predicate.value.endswith(("#exact", "#inPassage"))
    }

    assert len(words) == 3
    assert words <= read(linked, "/id/actor/ann")
    assert re.findall(r"<q[^>]*>(.*?)</q>", html(linked, "/id/actor/ann")) == [
        "borrowed words",
        "She said &lt;yes&gt;",
    ]


# Names that lead nowhere.


def test_an_unknown_name_is_not_found_and_near_ones_are_offered(linked: FlaskClient) -> None:
    document = problem(linked.get("/id/actor/anne"), 404, "not-found")
    page = linked.get("/id/actor/anne", headers={"Accept": BROWSER})

    assert document["near"][0] == f"{BASE}id/actor/ann"  # type: ignore[index]
    assert f"{BASE}id/actor/anne" in str(document["detail"])
    assert page.status_code == 404
    assert "/id/actor/ann" in links(page.text)


@pytest.mark.parametrize(
    "path",
    ["/id/zzzzzzzzzz/qqqqqqqqqq", "/id/zzzzzzzzzz/", "/id/%EE%80%80", "/id/%00", "/id/a%20b", "/id/%ff"],
)
def test_other_unknown_names_are_not_found(linked: FlaskClient, path: str) -> None:
    document = problem(linked.get(path), 404, "not-found")

    assert "near" not in document


def test_the_data_set_has_a_page_and_its_parts_are_in_void(linked: FlaskClient) -> None:
    """The names of its parts are `dataset#…`, and a redirect keeps the fragment (RFC 9110 section 10.2.2)."""
    redirect = linked.get("/dataset?format=nt")
    described = about(f"{BASE}dataset")

    assert "<h1" in html(linked, "/dataset")
    assert (redirect.status_code, redirect.headers["Location"]) == (303, "/.well-known/void?format=nt")
    assert described <= read(linked, "/.well-known/void")


class Busy:
    """A pool without a free worker."""

    def answer(self, _: QueryRequest) -> NoReturn:
        raise BusyError("x")


def test_an_unknown_name_is_unknown_without_advice_when_there_is_no_time_for_it() -> None:
    error = unknown_names.unknown(Busy(), f"{BASE}id/actor/anne")  # type: ignore[arg-type]

    assert (error.near, error.problem) == ((), "not-found")


def test_names_that_stand_beside_an_unknown_one_are_read_where_a_store_keeps_them(tmp_path: Path) -> None:
    folder = f"{BASE}id/actor/"
    names = [f"{folder}{name}" for name in ("anna", "boris", "zoe")]
    answer_writer.begin(tmp_path / "answers.db", "v1", ((folder, name) for name in names))
    kept = KeptAnswers(tmp_path / "answers.db")
    error = unknown_names.unknown(Busy(), f"{folder}anne", kept)  # type: ignore[arg-type]

    assert error.near == (f"{folder}anna",)


def retired(response: TestResponse) -> list[str]:
    successors = problem(response, 410, "gone")["successors"]
    assert isinstance(successors, list)
    return successors


def test_a_retired_name_is_gone_and_tells_its_successor(linked: FlaskClient) -> None:
    page = linked.get("/id/actor/old-ann", headers={"Accept": BROWSER})

    assert retired(linked.get("/id/actor/old-ann")) == [f"{BASE}id/actor/ann"]
    assert retired(linked.get("/id/actor/nobody")) == []
    assert page.status_code == 410
    assert "/id/actor/ann" in links(page.text)


def test_a_problem_page_leads_to_this_host_behind_a_proxy(linked: FlaskClient) -> None:
    page = linked.get("/id/actor/old-ann", headers={"Accept": BROWSER}, base_url="http://ex.org/kg")

    assert "/kg/id/actor/ann" in links(page.text)


# The ontology.


@pytest.mark.parametrize("path", ["/ontology", "/ontology/0.1.0"])
def test_the_ontology_is_given_whole(linked: FlaskClient, path: str) -> None:
    graph = NamedNode(f"{BASE}graph/ontology")

    assert read(linked, path) == {quad.triple for quad in load().quads_for_pattern(None, None, None, graph)}


def test_a_version_that_does_not_exist_is_not_found_and_those_that_do_are_offered(
    linked: FlaskClient,
) -> None:
    document = problem(linked.get("/ontology/9"), 404, "not-found")

    assert document["near"] == [f"{BASE}ontology/0.1.0"]


def test_a_graph_without_ontology_has_no_page_for_it(client: FlaskClient) -> None:
    problem(client.get("/ontology"), 404, "not-found")
