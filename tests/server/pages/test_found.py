"""What a program found and nobody confirmed, on pages and with answers: each says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.namespaces import CG, GRAPH, ID, RDF
from kg.store import statistics
from server import create_app

from ..linked import LIMITS, html, load
from ..pools import open_pool

NAMED = f"{ID}telegram/t/head/named"
DAN = f"{ID}actor/dan"


def with_a_find() -> Store:
    """Return the small graph with a name that a program found in the head."""
    store, graph = load(), NamedNode(f"{GRAPH}telegram/t")
    for predicate, target in (
        (RDF.type, NamedNode(CG.Naming)),
        (RDF.type, NamedNode(CG.Statement)),
        (CG.names, NamedNode(DAN)),
        (CG.asWritten, Literal("Dan")),
        (CG.certainty, NamedNode(f"{ID}certainty/found")),
    ):
        store.add(Quad(NamedNode(NAMED), NamedNode(predicate), target, graph))
    return store


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with open_pool(with_a_find, LIMITS) as pool:
        counted = {"v1": statistics.count(with_a_find())}
        yield create_app(pool, name="test graph", data_version="v1", statistics=counted.get).test_client()


def test_its_page_says_so_before_all_else(client: FlaskClient) -> None:
    page = html(client, "/id/telegram/t/head/named")

    assert "Found by a program, confirmed by nobody. Compare it with the words before you use it." in page
    assert "No passage asserts it" not in page


def test_the_page_of_what_it_names_has_it_under_a_heading_of_its_own(client: FlaskClient) -> None:
    _, _, group = html(client, "/id/actor/dan").partition("<h2>Found by a program</h2>")

    assert "Nothing is drawn from it." in group
    assert "/id/telegram/t/head/named" in group


def test_the_grounds_of_an_answer_that_rests_on_it_say_so(client: FlaskClient) -> None:
    query = f"SELECT ?name {{ ?name <{CG.names}> <{DAN}> }}"
    told = client.get("/sparql/grounds", query_string={"query": query}).json

    assert told["standing"] == [{"iri": "", "name": "found by a program", "statements": 1}]
