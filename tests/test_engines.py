"""Each saved query runs as it lies there in two engines, pyoxigraph and rdflib, with the same rows."""

from __future__ import annotations

import re
from collections import Counter

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql.processor import SPARQLResult

from kg.asking.questions import saved_queries
from kg.resources import folder
from kg.store import sparql

# rdflib's evaluation of GRAPH calls a method that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated:DeprecationWarning")
OWN = {
    name: query
    for name, query in saved_queries.load(folder("queries")).items()
    if not query.federated and not name.startswith("projection-")
}


@pytest.fixture(scope="module")
def dataset(store: ox.Store) -> rdflib.Dataset:
    """The same graph in rdflib, its default graph the union of all."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=store.dump(format=ox.RdfFormat.N_QUADS), format="nquads")
    return dataset


@pytest.fixture(scope="module")
def union(store: ox.Store) -> rdflib.Graph:
    """That default graph alone, in which rdflib need not look for the graph of each triple."""
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
@pytest.mark.parametrize("name", OWN)
def test_two_engines_give_the_same_rows(
    name: str, store: ox.Store, dataset: rdflib.Dataset, union: rdflib.Graph
) -> None:
    text = OWN[name].text
    results = (dataset if re.search(r"\bGRAPH\b", text) else union).query(text)
    assert isinstance(results, SPARQLResult)
    rows = Counter(tuple(map(written, row)) for row in results)

    assert rows == Counter(tuple(map(written, row)) for row in sparql.rows(store, text))
    assert rows.total() > 0


def test_there_are_enough_queries_to_compare() -> None:
    assert len(OWN) >= 45
