"""A small graph with every kind of part, and the release of it, made once."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.publishing.dumps import write
from kg.publishing.dumps.providers import Provider
from kg.store import layers, nquads

DATA = """
@base <https://w3id.org/cablegraph/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<graph/shared> { <id/actor/ann> a cg:Person ; rdfs:label "Анна"@ru , "Ann \\"A.\\"\\n<&>"@en . }
<graph/telegram/t> { <id/telegram/t/body-1/says> cg:heldBy <id/actor/ann> ; cg:number 2.50 . }
<graph/ontology> { cg:heldBy rdfs:label "held by"@en . }
<graph/inferred/telegram/t> { <id/telegram/t/body-1/says> a cg:Statement . }
"""
PARTS = (
    *("cablegraph", "asserted", "inferred", "layers/inferred/telegram/t"),
    *("layers/meta", "ontology", "layers/shared", "layers/telegram/t", "shapes"),
)


def graph_of(text: str) -> ox.Store:
    store = ox.Store()
    store.load(text.encode(), ox.RdfFormat.TRIG)
    store.extend(layers.describe(store))
    return store


@pytest.fixture(scope="session")
def small() -> ox.Store:
    return graph_of(DATA)


def version_of(store: ox.Store) -> str:
    return nquads.version(nquads.serialize(store, "nq"))


@pytest.fixture(scope="session")
def release(small: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the small graph; not to be changed."""
    folder = tmp_path_factory.mktemp("small")
    write.write(folder, small, version_of(small))
    return folder


def providing(files: dict[str, bytes], titles: dict[str, str] | None = None) -> Provider:
    """A provider of these files, whatever the data."""
    return Provider("samples", lambda _store, _version: files, lambda: titles or {})
