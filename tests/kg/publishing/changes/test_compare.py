"""What changed between two small graphs made by hand, and between the real one and an altered copy."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import build
from kg.errors import DataError
from kg.publishing.changes.change_report import ChangeCount, ChangedLink, ChangedProperty, ChangeKind
from kg.publishing.changes.compare import changes

ID = "https://w3id.org/cablegraph/id/"
PREFIXES = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix actor: <https://w3id.org/cablegraph/id/actor/> .
@prefix issue: <https://w3id.org/cablegraph/id/issue/> .
@prefix graph: <https://w3id.org/cablegraph/graph/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix wd: <http://www.wikidata.org/entity/> .
"""
OLD = """
graph:shared {
  actor:ada a cg:Person ; rdfs:label "Ada"@en , "Ада"@ru .
  actor:bob a cg:Person ; rdfs:label "Bob"@en .
  actor:eve a cg:Person ; rdfs:label "Eve"@en .
}
graph:links { actor:ada skos:exactMatch wd:Q1 . }
<https://w3id.org/cablegraph/graph/inferred/shared> { actor:ada a cg:Actor . actor:eve cg:memberOf actor:bob . }
graph:meta { graph:shared void:triples 7 . <https://w3id.org/cablegraph/dataset> void:subset graph:shared . }
graph:ontology { cg:memberOf rdfs:label "member of"@en . <https://w3id.org/cablegraph/.well-known/genid/1> rdfs:label "list" . }
"""
NEW = """
graph:shared {
  actor:ada a cg:Person , cg:Actor ; rdfs:label "Ada Lovelace"@en , "Ада"@ru .
  actor:carl a cg:Person ; rdfs:label "Carl"@en .
  actor:eve a cg:Person ; rdfs:label "Eve"@en .
  <https://w3id.org/cablegraph/id/actor/carl#evidence/1> oa:exact "Carl, surely" .
}
graph:links { actor:ada skos:closeMatch wd:Q2 . }
<https://w3id.org/cablegraph/graph/inferred/shared> { actor:eve cg:memberOf actor:carl . }
graph:meta { graph:shared void:triples 8 . }
graph:ontology { cg:memberOf rdfs:label "member of"@en . <https://w3id.org/cablegraph/.well-known/genid/2> rdfs:label "list" . }
"""


def store(text: str, syntax: ox.RdfFormat = ox.RdfFormat.TRIG) -> ox.Store:
    found = ox.Store()
    found.load((PREFIXES + text).encode(), syntax)
    return found


REPORT = changes(store(OLD), store(NEW))
THINGS = {thing.iri: thing for thing in REPORT.things}


def test_a_graph_compared_with_itself_shows_no_change() -> None:
    report = changes(store(OLD), store(OLD))

    assert report.empty
    assert (report.things, report.positions, report.links) == ((), (), ())
    assert (report.stated, report.inferred, report.now_stated) == (ChangeCount(0, 0), ChangeCount(0, 0), 0)
    assert [layer.changed for layer in report.layers] == [ChangeCount(0, 0)] * 5


def test_each_layer_counts_what_was_added_and_removed() -> None:
    assert {layer.name: (layer.before, layer.after, layer.changed) for layer in REPORT.layers} == {
        "inferred/shared": (2, 1, ChangeCount(1, 2)),
        "links": (1, 1, ChangeCount(1, 1)),
        "meta": (2, 1, ChangeCount(1, 2)),
        "ontology": (2, 2, ChangeCount(1, 1)),
        "shared": (7, 9, ChangeCount(5, 3)),
    }
    assert (REPORT.old.statements, REPORT.new.statements) == (14, 14)


def test_stated_and_inferred_are_counted_apart() -> None:
    assert REPORT.stated == ChangeCount(6, 5)
    assert REPORT.inferred == ChangeCount(1, 1)


def test_a_statement_that_was_inferred_and_is_now_stated_is_no_change_of_the_thing() -> None:
    assert (REPORT.now_stated, REPORT.now_inferred) == (1, 0)
    assert [one.label for one in THINGS[f"{ID}actor/ada"].properties] == [
        *("rdfs:label", "skos:closeMatch", "skos:exactMatch"),
    ]
    back = changes(store(NEW), store(OLD))
    assert (back.now_stated, back.now_inferred) == (0, 1)


def test_things_appear_disappear_and_change() -> None:
    assert {iri.rpartition("/")[2]: thing.kind for iri, thing in THINGS.items()} == {
        "carl": ChangeKind.APPEARED,
        "bob": ChangeKind.DISAPPEARED,
        "ada": ChangeKind.CHANGED,
        "eve": ChangeKind.CHANGED,
    }
    assert [thing.iri for thing in REPORT.of(ChangeKind.CHANGED)] == [f"{ID}actor/ada", f"{ID}actor/eve"]


def test_a_nested_record_belongs_to_its_thing() -> None:
    carl = THINGS[f"{ID}actor/carl"]

    assert (carl.label, carl.classes, carl.statements) == ("Carl", ("Person",), 3)


def test_a_change_within_a_nested_record_names_its_part() -> None:
    old = 'graph:a { <https://w3id.org/cablegraph/id/x#evidence/1> oa:exact "one" . }'
    (thing,) = changes(store(old), store(old.replace("one", "two"))).things

    assert thing.iri == f"{ID}x"
    assert thing.properties == (ChangedProperty("evidence/1", "oa:exact", ("one",), ("two",), False),)


def test_a_change_is_told_in_words() -> None:
    (label, *_) = THINGS[f"{ID}actor/ada"].properties
    (member,) = THINGS[f"{ID}actor/eve"].properties

    assert (label.before, label.after) == (("Ada",), ("Ada Lovelace",))
    assert member == ChangedProperty("", "member of", ("Bob",), ("Carl",), True)


def test_a_thing_that_changed_only_by_inference_says_so_and_stands_last() -> None:
    assert THINGS[f"{ID}actor/eve"].inferred
    assert not THINGS[f"{ID}actor/ada"].inferred
    assert REPORT.things[-1].iri == f"{ID}actor/eve"


def test_links_are_listed_as_removed_and_added() -> None:
    assert REPORT.links == (
        ChangedLink(f"{ID}actor/ada", "Ada Lovelace", "exactMatch", "http://www.wikidata.org/entity/Q1", ChangeKind.DISAPPEARED),
        ChangedLink(f"{ID}actor/ada", "Ada Lovelace", "closeMatch", "http://www.wikidata.org/entity/Q2", ChangeKind.APPEARED),
    )  # fmt: skip


def test_axioms_without_a_name_are_counted_but_are_no_things() -> None:
    assert not [iri for iri in THINGS if "genid" in iri]


def test_without_named_graphs_layers_are_left_out_and_the_things_are_the_same() -> None:
    flat = ox.Store()
    flat.extend(ox.Quad(*quad.triple) for quad in store(NEW))
    report = changes(store(OLD), flat)

    assert report.layers == ()
    assert {thing.iri: thing.kind for thing in report.things} == {
        iri: thing.kind for iri, thing in THINGS.items()
    }
    assert report.inferred == ChangeCount(0, 0)
    assert report.stated == ChangeCount(7, 6)


def test_blank_nodes_are_refused() -> None:
    with pytest.raises(DataError, match="blank nodes"):
        changes(store("graph:a { actor:ada cg:memberOf [] . }"), store(""))


def test_a_changed_stance_is_a_changed_position(graph: build.Build) -> None:
    partly = "https://w3id.org/cablegraph/ontology#partlyOpposes"
    position = f"{ID}telegram/1962-11-02-havana-1717/body-7/curbelo-criticises"
    old, new = ox.Store(), ox.Store()
    old.extend(graph.quads)
    new.extend(
        quad
        for quad in graph.quads
        if (getattr(quad.subject, "value", ""), quad.predicate.value) != (position, partly)
    )

    report = changes(old, new)
    (found,) = report.positions

    assert (found.iri, found.kind, found.holder) == (position, ChangeKind.CHANGED, "Raúl Curbelo Morales")
    assert found.columns["stance"] == ("partly against", "against")
    assert report.old.version == graph.version
    assert report.stated == ChangeCount(0, 1)
    (thing,) = report.things
    assert thing.properties[0].before == ("the Soviet decisions made in the crisis",)


POSITION = """
graph:shared {
  actor:ada rdfs:label "Ada"@en . issue:tax rdfs:label "the tax"@en .
  <https://w3id.org/cablegraph/id/certainty/sure> skos:prefLabel "certain"@en .
  <https://w3id.org/cablegraph/id/p> a cg:Position ; cg:heldBy actor:ada ; cg:favours issue:tax ; cg:content "Ada likes it."@en ;
    cg:certainty <https://w3id.org/cablegraph/id/certainty/sure> ; cg:basis <https://w3id.org/cablegraph/id/certainty/sure> .
}
"""


# A position that turned out to be one of several readings, with its issue as the value that it would have.
READING = """
graph:ontology {
  cg:Reading rdfs:label "reading"@en . cg:Position rdfs:label "position"@en . cg:Group rdfs:label "group"@en .
  cg:Collective a owl:DeprecatedClass ; rdfs:label "collective"@en ; owl:deprecated true ; dcterms:isReplacedBy cg:Group .
}
graph:shared {
  actor:ada rdfs:label "Ada"@en . issue:tax rdfs:label "the tax"@en .
  <https://w3id.org/cablegraph/id/certainty/sure> skos:prefLabel "certain"@en .
  <https://w3id.org/cablegraph/id/p> a cg:Reading ; cg:readHolder actor:ada ; cg:unassertedKind cg:Position ;
    cg:property cg:favours ; cg:unassertedValue issue:tax ; cg:content "Ada likes it."@en .
}
"""


def test_a_position_that_became_a_reading_is_told_as_such() -> None:
    report = changes(store(POSITION), store(READING))
    (turned,) = report.standings
    (gone,) = report.positions

    assert (turned.iri, turned.label) == (f"{ID}p", "Ada likes it.")
    assert turned.before == "asserted: position, held by Ada"
    assert turned.after == gone.now == "A possible reading, not adopted; it would be that of Ada"
    assert gone.kind is ChangeKind.DISAPPEARED
    (back,) = changes(store(READING), store(POSITION)).standings
    assert (back.before, back.after) == (turned.after, turned.before)


def test_what_an_earlier_version_let_somebody_hold_was_asserted() -> None:
    old = """graph:a { actor:ada rdfs:label "Ada"@en . actor:bob rdfs:label "Bob"@en .
      <https://w3id.org/cablegraph/id/p> a cg:ProposedText ; cg:heldBy actor:ada . }"""
    (turned,) = changes(
        store(old),
        store(old.replace("cg:heldBy actor:ada", "cg:proposedBy actor:ada ; cg:proposedFor actor:bob")),
    ).standings

    assert turned.before == "asserted: ProposedText, held by Ada"
    assert turned.after == "Proposed by Ada for Bob to say"


def test_a_retired_term_is_listed_with_its_successor_once() -> None:
    report = changes(store(POSITION), store(READING))

    assert [(term.label, term.successors) for term in report.retired] == [("collective", ("group",))]
    assert changes(store(READING), store(READING)).retired == ()


def test_a_position_appears_and_disappears_with_all_that_is_said_of_it() -> None:
    (new,) = changes(store(""), store(POSITION)).positions
    (gone,) = changes(store(POSITION), store("")).positions

    assert (new.kind, gone.kind) == (ChangeKind.APPEARED, ChangeKind.DISAPPEARED)
    assert new.columns["stance"] == ("", "for")
    assert gone.columns["content"] == ("Ada likes it.", "")
    assert (gone.holder, gone.issue) == ("Ada", "the tax")
    assert "hedge" not in new.columns
