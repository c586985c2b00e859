"""The reconciler of the real graph, and one of a small graph made for single rules."""

from __future__ import annotations

from functools import partial

import pyoxigraph as ox
import pytest

from kg.asking.reconciling.index import memory_index
from kg.asking.reconciling.match import Reconciler
from kg.store import sparql

SMALL = """
@base <https://w3id.org/cablegraph/id/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
cg:Actor a owl:Class ; rdfs:label "actor"@en .
cg:Person a owl:Class ; rdfs:subClassOf cg:Actor , [] ; rdfs:label "person"@en , "человек"@ru .
cg:Office a owl:Class ; rdfs:label "office"@en .
cg:Telegram a owl:Class ; rdfs:label "telegram"@en ; rdfs:subClassOf cg:Document .
cg:Document a owl:Class ; rdfs:label "document"@en .
cg:Topic a owl:Class ; rdfs:label "topic"@en .
<actor/kennan> a cg:Person , cg:Actor , <http://ex.org/Elsewhere> ; rdfs:label "George Frost Kennan"@en ,
    "Джордж Кеннан"@ru ; skos:altLabel "X"@en ; cg:heldOffice <office/charge> ;
    skos:exactMatch <http://www.wikidata.org/entity/Q1> .
<actor/elder> a cg:Person , cg:Actor ; rdfs:label "George Kennan (explorer)"@en ;
    skos:exactMatch <http://www.wikidata.org/entity/Q2> , <http://www.wikidata.org/entity/Q3> .
<actor/smith> a cg:Person , cg:Actor ; rdfs:label "Walter Bedell \\"Beetle\\" Smith"@en , "?"@en .
<office/charge> a cg:Office ; rdfs:label "chargé d'affaires in Moscow"@en .
<office/unnamed> a cg:Office .
<topic/kennan> a cg:Topic ; rdfs:label "Kennan, George F."@en ; skos:altLabel "George Frost Kennan"@en ;
    skos:definition "What is said of Kennan."@en ; skos:closeMatch <http://www.wikidata.org/entity/Q1> .
<telegram/long> a cg:Telegram , cg:Document ; rdfs:label "Telegram 511 of 1946"@en ; cg:sender <actor/kennan> ;
    cg:when <telegram/long/sent> , <telegram/long/page> ; cg:bestDate <telegram/long/sent> ; cg:holding <holding/held> .
<telegram/long/sent> cg:earliest "1946-02-22T00:00:00+03:00"^^xsd:dateTime ;
    cg:firstDay "1946-02-22"^^xsd:date ; cg:lastDay "1946-02-22"^^xsd:date .
<telegram/long/page> cg:firstDay "1946-02-20"^^xsd:date ; cg:lastDay "1946-02-28"^^xsd:date .
<telegram/long/number> cg:numberOf <telegram/long> ; cg:numberFrom 511 .
<telegram/long/name> cg:names <actor/kennan> ; cg:asWritten "the chargé" .
<telegram/long/name-2> cg:names <actor/kennan> ; cg:asWritten "Kennan" .
<holding/held> skos:prefLabel "held"@en .
<http://ex.org/elsewhere> a cg:Person , cg:Actor ; rdfs:label "Nobody"@en .
"""


@pytest.fixture(scope="session")
def reconciler(store: ox.Store) -> Reconciler:
    return memory_index.over(partial(sparql.rows, store))


@pytest.fixture(scope="session")
def small() -> Reconciler:
    store = ox.Store()
    store.load(SMALL.encode(), ox.RdfFormat.TURTLE)
    return memory_index.over(partial(sparql.rows, store))
