"""Each saved query runs as it lies there in two engines, pyoxigraph and rdflib, with the same rows."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql.processor import SPARQLResult

from kg import build
from kg.asking.questions import saved_queries
from kg.resources import folder
from kg.store import sparql

from .test_depths import EMBASSY, variant

# rdflib's evaluation of GRAPH calls a method that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated:DeprecationWarning")
OWN = {
    name: query
    for name, query in saved_queries.load(folder("queries")).items()
    if not query.federated and not name.startswith("projection-")
}
# rdflib joins these in an order that takes half a minute and more, or needs more memory than there is, on the graph of
# 1,400 statements.
ON_A_SMALL_GRAPH = (
    *("actors-without-link", "quotes-in-place", "stances-and-silences"),
    *("statements-by-choice", "statements-counted-by-choice"),
)
# The telegram that a question asks about by default, and the one of the small graph.
DOCUMENTS = ("1962-10-23-havana-1643", "1957-03-14-port-merrow-217")
# rdflib evaluates their groups anew for each row, which takes minutes even on the small graph.
IN_ONE_ENGINE = ("happened-and-told", "named-or-not", "paragraph-by-paragraph", "unnamed-groups")

# These tell a day that a program found where nobody confirmed one.
DATED = ("dates-of-documents", "documents-by-depth", "events-in-order", "letters-in-order", "telegrams-held")


@pytest.fixture(scope="module")
def dataset(store: ox.Store) -> rdflib.Dataset:
    """The same graph in rdflib, its default graph the union of all."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=store.dump(format=ox.RdfFormat.N_QUADS), format="nquads")
    return dataset


@pytest.fixture(scope="module")
def union(store: ox.Store) -> rdflib.Graph:
    """That default graph alone, in which rdflib need not look for the graph of each triple."""
    return in_rdflib(store)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The graph of one invented telegram."""
    sources = variant("statements", tmp_path_factory.mktemp("embassy"))
    return build.store_of(build.build(sources, EMBASSY / "texts"))


def in_rdflib(store: ox.Store) -> rdflib.Graph:
    triples = ox.serialize({quad.triple for quad in store}, format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples, format="nt")


def written(term: object) -> str:
    """Return a term of either engine so that equal values are equal texts."""
    if term is None:
        return ""
    if isinstance(term, rdflib.Literal) and not isinstance(term.value, int):
        return str(term)  # as it is spelt
    return str(getattr(term, "value", term))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(OWN.keys() - {*ON_A_SMALL_GRAPH, *IN_ONE_ENGINE}))
def test_two_engines_give_the_same_rows(
    name: str, store: ox.Store, dataset: rdflib.Dataset, union: rdflib.Graph
) -> None:
    text = OWN[name].text
    rows = rows_of((dataset if re.search(r"\bGRAPH\b", text) else union).query(text))

    assert rows == Counter(tuple(map(written, row)) for row in sparql.rows(store, text))
    assert rows.total() > 0


@pytest.mark.slow
def test_two_engines_give_the_same_rows_of_a_small_graph(small: ox.Store) -> None:
    graph = in_rdflib(small)
    texts = {name: OWN[name].text.replace(*DOCUMENTS) for name in ON_A_SMALL_GRAPH}
    rows = {name: rows_of(graph.query(text)) for name, text in texts.items()}

    assert rows == {
        name: Counter(tuple(map(written, row)) for row in sparql.rows(small, texts[name])) for name in rows
    }
    assert {name for name in rows if not rows[name]} == set()


@pytest.mark.slow
def test_two_engines_give_the_same_rows_of_what_a_program_found(tmp_path: Path) -> None:
    store = build.store_of(build.build(variant("found", tmp_path), EMBASSY / "texts"))
    graph = in_rdflib(store)
    rows = {name: rows_of(graph.query(OWN[name].text)) for name in DATED}

    assert rows == {
        name: Counter(tuple(map(written, row)) for row in sparql.rows(store, OWN[name].text))
        for name in DATED
    }
    assert all("found by a program" in str(rows[name]) for name in DATED)


def rows_of(results: rdflib.query.Result) -> Counter[tuple[str, ...]]:
    assert isinstance(results, SPARQLResult)
    return Counter(tuple(map(written, row)) for row in results)


def test_there_are_enough_queries_to_compare() -> None:
    assert len(OWN) >= 45
