"""The graph about the graphs."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox

from kg import build
from kg.store import layers

VOID = "http://rdfs.org/ns/void#"
GRAPH = "https://w3id.org/cablegraph/graph/"


def test_every_graph_is_described_with_its_count(graph: build.Build, store: ox.Store) -> None:
    counts = Counter(quad.graph_name.value for quad in graph.quads)
    rows = store.query(
        f"SELECT ?g ?n WHERE {{ GRAPH <{GRAPH}meta> {{ ?g a <{VOID}Dataset> ; <{VOID}triples> ?n }} }}",
        use_default_graph_as_union=True,
    )
    assert isinstance(rows, ox.QuerySolutions)

    described = {row["g"].value: int(row["n"].value) for row in rows}

    assert described == {name: count for name, count in counts.items() if name != f"{GRAPH}meta"}


def test_the_layers_are_the_promised_ones(graph: build.Build) -> None:
    names = {quad.graph_name.value.removeprefix(GRAPH) for quad in graph.quads}

    assert names == {
        "telegram/1962-10-23-havana-1643",
        "telegram/1962-11-02-havana-1717",
        "shared",
        "links",
        "ontology",
        "queries",
        "meta",
        "inferred/telegram/1962-10-23-havana-1643",
        "inferred/telegram/1962-11-02-havana-1717",
        "inferred/shared",
        "inferred/across",
    }


def test_an_inferred_graph_says_what_it_comes_from() -> None:
    quad = ox.Quad(*[ox.NamedNode("http://e/x")] * 3, ox.NamedNode(f"{GRAPH}inferred/shared"))
    described = {(str(q.predicate.value), str(q.object.value)) for q in layers.describe([quad])}

    assert ("http://www.w3.org/ns/prov#wasDerivedFrom", f"{GRAPH}shared") in described
    assert ("http://purl.org/dc/terms/license", layers.LICENCE) in described
