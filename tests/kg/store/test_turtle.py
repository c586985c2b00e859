"""Turtle reads like a document: sections, passages and statements in the order of the text, values in lines."""

from __future__ import annotations

import re
from itertools import pairwise

import pyoxigraph as ox
import pytest

from kg import build
from kg.store import nquads

# A telegram whose names sort otherwise than its text: body-10 stands before body-9, and quotes lie in both.
DATA = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix voice: <https://w3id.org/cablegraph/id/voice/> .
@base <https://w3id.org/cablegraph/id/> .
<telegram/1962-a> a cg:Telegram ; rdfs:label "Known by reference"@en .
<telegram/1962-b> a cg:Telegram ; rdfs:label "Телеграмма"@ru , "A \\"telegram\\""@en .
<telegram/1962-b/rendering/r> a cg:Rendering .
<telegram/1962-b/passage/body-9> cg:passageOf <telegram/1962-b/rendering/r> ; oa:start 50 ; oa:end 90 .
<telegram/1962-b/passage/body-10> cg:passageOf <telegram/1962-b/rendering/r> ; oa:start 10 ; oa:end 40 ; cg:voice voice:writer .
<telegram/1962-b/passage/bracket-1> cg:passageOf <telegram/1962-b/rendering/r> ; oa:start 20 ; oa:end 25 .
<telegram/1962-b/a/late> cg:evidence <telegram/1962-b/a/late#evidence/2> , <telegram/1962-b/a/late#evidence/1> .
<telegram/1962-b/a/late#evidence/1> oa:start 30 ; oa:end 35 ; cg:inPassage <telegram/1962-b/passage/body-10> .
<telegram/1962-b/a/late#evidence/2> oa:start 12 ; oa:end 14 ; cg:inPassage <telegram/1962-b/passage/body-10> .
<telegram/1962-b/z/early> cg:evidence <telegram/1962-b/z/early#evidence/1> ; cg:note "n"@en ; cg:content "c"@en .
<telegram/1962-b/z/early#evidence/1> oa:start 10 ; oa:end 12 ; cg:inPassage <telegram/1962-b/passage/body-10> .
<telegram/1962-b/b/gap> a cg:Omission ; cg:searchedIn <telegram/1962-b/passage/body-10> .
<telegram/1962-b/document/whole> a cg:Omission ; cg:searchedIn <telegram/1962-b/rendering/r> .
<actor/zoe> a cg:Actor, cg:Person .
<actor/aid> a cg:Actor, cg:Body .
<actor/who> rdfs:label "Who"@en .
<event/e> cg:participant <actor/p1> , <actor/p2> , <actor/p10> .
<event/f> cg:participant <actor/participant-with-a-long-name-1> , <actor/participant-with-a-long-name-2> , <actor/participant-with-a-long-name-10> .
<topic/t> a cg:Topic .
<voice/writer> a skos:Concept .
cg:heldBy owl:propertyChainAxiom <https://w3id.org/cablegraph/.well-known/genid/c14n0> .
<https://w3id.org/cablegraph/.well-known/genid/c14n0> a owl:Thing .
<http://ex.org/other> a owl:Thing .
"""
ORDER = (
    *("# Telegrams, each with its passages and statements in reading order", "telegram:1962-b"),
    *("telegram:1962-b/rendering/r", "telegram:1962-b/passage/body-10"),
    *("telegram:1962-b/z/early", "telegram:1962-b/z/early#evidence/1", "telegram:1962-b/passage/bracket-1"),
    *("telegram:1962-b/a/late", "telegram:1962-b/a/late#evidence/1", "telegram:1962-b/a/late#evidence/2"),
    *("telegram:1962-b/b/gap", "telegram:1962-b/passage/body-9"),
    *("telegram:1962-b/document/whole", "telegram:1962-a"),
    *("# People", "actor:zoe", "# Groups and bodies", "actor:aid", "# Actors", "actor:who"),
    *("# Events", "event:e", "event:f", "# Topics", "topic:t", "# Values of lists", "voice:writer"),
    *("# Other things", "<http://ex.org/other>", "# Terms of the ontology", "cg:heldBy"),
    "# Axioms and cells of lists, whose names are made by program",
    "<https://w3id.org/cablegraph/.well-known/genid/c14n0>",
)


def quads(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def turtle() -> str:
    return nquads.serialize(quads(DATA), "ttl").decode()


def heads(turtle: str) -> list[str]:
    """The titles of the sections and the subjects of the blocks, in their order."""
    lines = (line for line in turtle.splitlines() if line and not line.startswith(("@prefix", " ")))
    return [line.replace("\\", "") for line in lines]


def test_telegrams_are_in_the_order_of_their_text_and_other_things_in_sections(turtle: str) -> None:
    assert heads(turtle) == list(ORDER)


def test_nothing_is_lost_and_nothing_added(turtle: str) -> None:
    assert set(quads(turtle)) == set(quads(DATA))


def test_a_block_has_type_and_label_first_and_note_and_evidence_last(turtle: str) -> None:
    assert (
        'telegram:1962-b\n    a cg:Telegram ;\n    rdfs:label "A \\"telegram\\""@en, "Телеграмма"@ru .\n'
    ) in turtle
    assert (
        "telegram:1962-b\\/z\\/early\n"
        '    cg:content "c"@en ;\n'
        '    cg:note "n"@en ;\n'
        "    cg:evidence telegram:1962-b\\/z\\/early\\#evidence\\/1 .\n"
    ) in turtle


def test_values_stand_on_the_line_or_one_a_line_where_they_are_many(turtle: str) -> None:
    assert "\n    cg:participant actor:p1, actor:p2, actor:p10 .\n" in turtle
    assert (
        "\n    cg:participant\n"
        "        actor:participant-with-a-long-name-1,\n"
        "        actor:participant-with-a-long-name-2,\n"
        "        actor:participant-with-a-long-name-10 .\n"
    ) in turtle


def test_values_of_lists_have_their_prefix_and_unused_prefixes_are_left_out(turtle: str) -> None:
    assert "    cg:voice voice:writer .\n" in turtle
    assert "@prefix voice: <https://w3id.org/cablegraph/id/voice/> .\n" in turtle
    assert "@prefix mode:" not in turtle


def test_an_empty_graph_is_an_empty_file() -> None:
    assert nquads.serialize([], "ttl") == b""


def test_the_real_telegrams_are_in_the_order_of_their_text(graph: build.Build) -> None:
    triples = {(q.subject.value, q.predicate.value): q.object.value for q in graph.quads}
    turtle = nquads.serialize(graph.quads, "ttl").decode()
    subjects = [
        line.replace("\\", "").replace("telegram:", "https://w3id.org/cablegraph/id/telegram/")
        for line in turtle.splitlines()
        if line.startswith("telegram:")
    ]
    passages = [subject for subject in subjects if "/passage/" in subject]
    starts = [
        (subject.partition("/passage/")[0], int(triples[subject, "http://www.w3.org/ns/oa#start"]))
        for subject in passages
    ]

    assert len(passages) == 126
    assert all(one <= other for one, other in pairwise(starts))
    for number in (1, 43):  # a statement stands below its own passage
        own = [s for s in subjects if re.search(rf"1717/(passage/body-{number}|body-{number}/[^#]*)$", s)]
        assert own[0].endswith(f"passage/body-{number}")
    assert turtle.index("# Topics") < turtle.index("/.well-known/genid/")
