"""A small graph under canonical names, with what the build adds to every graph, and a service on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from kg.store import layers, statistics
from server import create_app
from server.engine.evaluation.query_request import Limits

from .pools import open_pool
from .talking import BROWSER

BASE = "https://w3id.org/cablegraph/"
SAYS = f"{BASE}id/telegram/t/body-1/says"
FOLLOWERS = 25  # statements that point to Bob by one property
NUMBERS = 2100  # statements about the crowd
PREFIXES = """
PREFIX cg: <https://w3id.org/cablegraph/ontology#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX schema: <https://schema.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX ext: <http://ldf.fi/void-ext#>
"""
LIMITS = Limits(timeout=4.0, workers=2, memory=192 << 20, result=4 << 20, wait=0.5)

DATA = """
@base <https://w3id.org/cablegraph/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<graph/shared> {
  <id/actor/ann> a cg:Person ; rdfs:label "Анна"@ru , "Ann"@en ; cg:born 1917 ;
    skos:exactMatch <http://www.wikidata.org/entity/Q1> ; cg:site <javascript:alert(1)> .
  <id/actor/bob> a cg:Person ; rdfs:label "Bob <b>"@en .
  <id/actor/cid> a cg:Person ; rdfs:label "Cid"@en . <id/actor/dan> a cg:Person ; rdfs:label "Dan"@en .
  <id/actor/émile> a cg:Person ; rdfs:label "Émile"@fr .
  <id/actor/old-ann> a cg:Person ; owl:deprecated true ; dcterms:isReplacedBy <id/actor/ann> .
  <id/actor/nobody> a cg:Person ; owl:deprecated true .
  <id/basis> a skos:ConceptScheme ; skos:prefLabel "basis"@en .
  <id/basis/eyewitness> a skos:Concept ; skos:prefLabel "eyewitness"@en ; skos:inScheme <id/basis> .
  <id/voice/writer> a skos:Concept ; skos:prefLabel "writer's body"@en .
  <.well-known/genid/c14n0> a owl:AllDisjointClasses .
}
<graph/telegram/t> {
  <id/telegram/t/body-1/says> a cg:Position ; cg:heldBy <id/actor/ann> ; cg:content "Ann agrees."@en ;
    cg:basis <id/basis/eyewitness> ; cg:when <id/telegram/t/body-1/says#when> ;
    cg:evidence <id/telegram/t/body-1/says#evidence/1> , <id/telegram/t/body-1/other#evidence/1> .
  <id/telegram/t/body-1/says#evidence/1> a cg:Anchor ; oa:exact "She said <yes>"@en ;
    cg:inPassage <id/telegram/t/passage/body-1> .
  <id/telegram/t/body-1/says#when> a cg:TimeExtent ; cg:evidence <id/telegram/t/body-1/says#when/evidence/1> .
  <id/telegram/t/body-1/says#when/evidence/1> a cg:Anchor ; oa:exact "yesterday"@en .
  <id/telegram/t/body-1/other> a cg:Position ; cg:evidence <id/telegram/t/body-1/other#evidence/1> .
  <id/telegram/t/body-1/other#evidence/1> a cg:Anchor ; oa:exact "borrowed words"@en .
  <id/telegram/t/passage/body-1> a cg:Passage ; cg:voice <id/voice/writer> .
  <id/telegram/t/body-3/quotes> a cg:Position ; cg:heldBy <id/actor/dan> ; cg:content "Dan says so."@en ;
    cg:about <id/actor/cid> ; cg:embeds <id/telegram/t/body-3/quotes#embeds> .
  <id/telegram/t/body-3/quotes#embeds> a cg:AscribedClaim ; cg:ascribedTo <id/actor/cid> ; cg:about <id/actor/cid> ;
    cg:content "Cid agrees, says Dan."@en ; cg:unassertedKind cg:Position .
  <id/telegram/t/body-3/place> a cg:Ambiguity ; cg:alternative <id/telegram/t/body-3/may> , <id/telegram/t/body-3/quotes> .
  <id/telegram/t/body-3/may> a cg:Reading ; cg:readHolder <id/actor/cid> ; cg:content "Cid may agree."@en ;
    cg:basedOn <id/telegram/t/body-3/may#basedOn/1> .
  <id/telegram/t/body-3/may#basedOn/1> a cg:Anchor ; oa:exact "he nodded"@en ; cg:inPassage <id/telegram/t/passage/body-1> .
  <id/telegram/t/body-3/idea> a cg:ProposedText ; cg:proposedBy <id/actor/ann> ; cg:proposedFor <id/actor/cid> ;
    cg:content "Cid should agree."@en .
  FOLLOWERS
  <id/actor/crowd> cg:number NUMBERS .
}
<graph/inferred/telegram/t> {
  <id/telegram/t/body-1/says> a cg:Position , cg:Statement .
}
<id/actor/from-the-secret-service> a cg:Person ; rdfs:label "in no graph that has a name"@en .
<graph/ontology> {
  <ontology> a owl:Ontology ; rdfs:label "Test ontology"@en ; owl:versionIRI <ontology/0.1.0> .
  cg:Position a owl:Class ; rdfs:label "position"@en ; rdfs:subClassOf cg:Statement .
  cg:heldBy a owl:ObjectProperty ; rdfs:label "held by"@en ; rdfs:range cg:Person .
  cg:oddity rdfs:label "oddity"@en .
  cg:Collective a owl:DeprecatedClass ; owl:deprecated true ; dcterms:isReplacedBy cg:Group ; rdfs:label "collective"@en .
}
"""


def load() -> Store:
    """Return the graph, described as the build describes every graph."""
    followers = " ".join(
        f"<id/telegram/t/body-2/n{i:02}> cg:heldBy <id/actor/bob> ." for i in range(FOLLOWERS)
    )
    text = DATA.replace("FOLLOWERS", followers).replace("NUMBERS", ", ".join(map(str, range(NUMBERS))))
    store = Store()
    store.load(text.encode(), RdfFormat.TRIG)
    store.extend(layers.describe(store))
    return store


def sizes() -> dict[str, int]:
    """Return how many statements each graph holds, counted in the data themselves."""
    store = load()
    return {
        graph.value: len(list(store.quads_for_pattern(None, None, None, graph)))
        for graph in store.named_graphs()
        if isinstance(graph, NamedNode)
    }


@contextmanager
def service() -> Iterator[FlaskClient]:
    """Run a service on the graph and return a client of it."""
    with open_pool(load, LIMITS) as pool:
        counted = {"v1": statistics.count(load())}
        yield create_app(pool, name="test graph", data_version="v1", statistics=counted.get).test_client()


def read(client: FlaskClient, path: str) -> set[Triple]:
    """Return the statements that the document at `path` holds."""
    response = client.get(path, headers={"Accept": "application/n-triples"})
    assert response.status_code == 200, response.text
    return {quad.triple for quad in parse(response.data, RdfFormat.N_TRIPLES)}


def html(client: FlaskClient, path: str, **more: str) -> str:
    """Return the page at `path`."""
    response = client.get(path, headers={"Accept": BROWSER}, **more)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8"), response.text
    return response.text


def about(iri: str) -> set[Triple]:
    """Return what the data say about `iri`."""
    return {quad.triple for quad in load().quads_for_pattern(NamedNode(iri), None, None)}


def links(text: str) -> list[str]:
    """Return where the links of a page lead."""
    return re.findall(r'href="([^"]*)"', text)


def fetch(client: FlaskClient, path: str, base_url: str = "http://localhost") -> Store:
    """Return the document at `path` as a store of its own."""
    response = client.get(path, headers={"Accept": "text/turtle"}, base_url=base_url)
    assert response.status_code == 200, response.text
    store = Store()
    store.load(response.data, RdfFormat.TURTLE)
    return store


def rows(store: Store, query: str) -> set[tuple[str, ...]]:
    """Return the rows of a SELECT, as texts."""
    found = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return {tuple(term.value for term in row) for row in found}
