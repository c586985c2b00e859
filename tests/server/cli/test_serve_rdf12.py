"""`cablegraph serve --rdf12`: annotations in every answer, and in no release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import RdfFormat, Store

from kg.store import layers, nquads

from ..running import Running, server, within

BASE = "https://w3id.org/cablegraph/"
DATA = """
@base <https://w3id.org/cablegraph/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<graph/ontology> { cg:heldBy rdfs:range cg:Actor . }
<graph/telegram/t> { <id/says> a cg:Statement ; cg:heldBy <id/actor/ann> ; cg:certainty <id/certainty/probable> . }
<graph/inferred/telegram/t> { <id/actor/ann> a cg:Actor . }
"""
ASK = (
    "PREFIX cg: <https://w3id.org/cablegraph/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#> "
    "SELECT ?s ?c { ?x a cg:Actor {| prov:wasDerivedFrom ?s ; cg:certainty ?c |} }"
)
REIFIERS = "SELECT ?r { ?r <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> ?t }"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store()
    store.load(DATA.encode(), RdfFormat.TRIG)
    store.extend(layers.describe(store))
    target = tmp_path_factory.mktemp("rdf12") / "graph.nq"
    target.write_bytes(nquads.serialize(store, "nq"))
    return target


@pytest.fixture(scope="module")
def running(file: Path) -> Iterator[Running]:
    with server(file, "--rdf12", "--dumps", str(file.with_name("dumps"))) as running:
        yield running


def rows(running: Running, query: str) -> list[dict[str, dict[str, str]]]:
    status, body = running.ask(query)
    assert status == 200, body
    found: list[dict[str, dict[str, str]]] = json.loads(body)["results"]["bindings"]
    return found


def test_who_says_so_is_one_line(running: Running) -> None:
    (row,) = rows(running, ASK)

    assert row["s"]["value"] == f"{BASE}id/says"
    assert row["c"]["value"] == f"{BASE}id/certainty/probable"


def test_the_reifier_has_a_page_and_its_graph_comes_in_turtle_and_not_in_json_ld(running: Running) -> None:
    (row,) = rows(running, REIFIERS)
    path = row["r"]["value"].removeprefix(BASE.rstrip("/"))
    graph = f"/graphs?graph={quote(BASE + 'graph/inferred/telegram/t')}"

    assert running.get(f"{path}?format=html")[0] == 200
    assert b"<<(" in running.get(f"{path}?format=ttl")[1]
    assert b"<<(" in running.get(f"{graph}&format=ttl")[1]
    status, body = running.get(f"{graph}&format=jsonld")
    assert (status, json.loads(body)["detail"]) == (
        406,
        "JSON-LD does not support RDF 1.2 yet; ask for Turtle.",
    )


def test_a_release_is_that_of_the_plain_graph(running: Running, file: Path) -> None:
    version = nquads.version(file.read_bytes())

    assert within(120, lambda: running.get("/dumps/?format=json", timeout=60)[0] == 200)
    assert json.loads(running.get("/dumps/?format=json")[1])["version"] == version
    content = running.get(f"/dumps/{version[:16]}/cablegraph.nq")[1]
    assert content == file.read_bytes()
    assert b"<<(" in running.get(f"/dumps/{version[:16]}/rdf12/cablegraph-rdf12.nq")[1]


def test_without_the_option_nothing_is_annotated(file: Path) -> None:
    with server(file) as plain:
        assert rows(plain, REIFIERS) == []
