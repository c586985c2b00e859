"""Names that are made for passages and statements without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import RdfFormat, Store

from kg.namespaces import ID
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
from server.site import made_names

from ..pools import open_pool

DATA = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> . @prefix id: <https://w3id.org/cablegraph/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix voice: <https://w3id.org/cablegraph/id/voice/> .
id:doc rdfs:label "Telegram 7"@en , "Телеграмма 7"@ru . id:ann rdfs:label "Ann"@en . id:office rdfs:label "envoy"@en .
id:text cg:renders id:doc ; rdfs:label "the page"@en . id:call rdfs:label "call on Ben"@en .
id:silent skos:prefLabel "was silent"@en . id:priority skos:prefLabel "priority"@en . id:viaf skos:prefLabel "VIAF"@en .
voice:writer skos:prefLabel "writer's body"@en . voice:header skos:prefLabel "head and foot"@en .
cg:sender rdfs:label "sender"@en . cg:when rdfs:label "when"@en .
id:body a cg:Passage ; cg:passageOf id:text ; cg:voice voice:writer ; cg:ordinal 19 .
id:head a cg:Passage ; cg:passageOf id:text ; cg:voice voice:header ; cg:ordinal 2 .
id:part a cg:Participation ; cg:participant id:ann ; cg:mode id:silent ; cg:atEvent id:call .
id:fact a cg:Fact ; cg:about id:doc ; cg:property cg:sender ; cg:value id:ann .
id:day a cg:TimeExtent ; cg:about id:doc ; cg:property cg:when ; cg:firstDay "1900-01-02" ; cg:lastDay "1900-01-02" .
id:days a cg:TimeExtent ; cg:firstDay "1900-01-02" ; cg:lastDay "1900-01-05" .
id:naming a cg:Naming ; cg:names id:ann ; cg:asWritten "Miss A." .
id:number a cg:DocumentNumber ; cg:numberOf id:doc ; cg:asWritten "No. 7" .
id:mark a cg:Marking ; cg:markingKind id:priority ; cg:asWritten "URGENT" .
id:tenure a cg:Tenure ; cg:officeHolder id:ann ; cg:ofOffice id:office .
id:link a cg:Link ; cg:about id:ann ; cg:inCatalogue id:viaf .
id:reading a cg:Curation ; prov:used id:text ; dcterms:date "1990-01-02" .
id:nothing a cg:Furniture ; cg:evidence [ oa:exact "Reference:" ] .
id:bare a cg:Passage ; cg:voice voice:writer ; cg:ordinal 1 .
"""
EXPECTED = {
    "body": "Telegram 7, paragraph 19",
    "head": "Telegram 7, head and foot 2",
    "part": "Ann, was silent: call on Ben",
    "fact": "Telegram 7, sender: Ann",
    "day": "Telegram 7, when: 1900-01-02",
    "days": "1900-01-02 to 1900-01-05",
    "naming": "“Miss A.”: Ann",
    "number": "Telegram 7, number: No. 7",
    "mark": "priority: “URGENT”",
    "tenure": "Ann: envoy",
    "link": "Ann in VIAF",
    "reading": "reading of the page, 1990-01-02",
    "nothing": "“Reference:”",
}


def loaded() -> Store:
    store = Store()
    store.load(DATA.encode(), RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def named() -> Iterator[Pool]:
    with open_pool(loaded, Limits(timeout=4.0, workers=1, wait=0.5)) as pool:
        yield pool


def test_each_kind_is_named_by_what_it_says(named: Pool) -> None:
    made = made_names.of(named, [f"{ID}{name}" for name in (*EXPECTED, "bare", "ann", "none")])

    assert {iri.removeprefix(ID): name for iri, name in made.items()} == EXPECTED


def test_without_things_nothing_is_asked(named: Pool) -> None:
    assert made_names.of(named, []) == {}


def test_a_page_goes_without_names_if_they_cannot_be_asked(named: Pool) -> None:
    assert made_names.of(named, ["not an IRI"]) == {}
