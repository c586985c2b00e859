"""A report for people and for machines: bounded, with true totals, and safe to read."""

from __future__ import annotations

import json

import pyoxigraph as ox

from kg.publishing.changes import report_json, report_markdown
from kg.publishing.changes.compare import changes

ID = "https://w3id.org/cablegraph/id/actor/"
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
GRAPH = ox.NamedNode("https://w3id.org/cablegraph/graph/shared")


def store(**labels: str) -> ox.Store:
    found = ox.Store()
    found.extend(
        ox.Quad(ox.NamedNode(ID + name), LABEL, ox.Literal(text, language="en"), GRAPH)
        for name, text in labels.items()
    )
    return found


def lines(old: ox.Store, new: ox.Store, limit: int = 50) -> list[str]:
    return report_markdown.write(changes(old, new), limit).decode().splitlines()


def test_no_change_is_said_so() -> None:
    shown = lines(store(ada="Ada"), store(ada="Ada"))

    assert shown[-1] == "Nothing changed: the two graphs are the same."
    assert json.loads(report_json.write(changes(store(), store())))["empty"] is True


def test_a_change_reads_from_before_to_after() -> None:
    shown = lines(store(ada="Ada", bob="Bob"), store(ada="Ada Lovelace", carl="Carl"))

    assert "| shared | 2 | 2 | 2 | 2 |" in shown
    assert "## Things that appeared: 1" in shown
    assert "- **Carl** (`actor:carl`; 1 statements)" in shown
    assert "- **Bob** (`actor:bob`; 1 statements)" in shown
    assert "  - rdfs:label: “Ada” → “Ada Lovelace”" in shown


def test_lists_are_cut_and_totals_are_true() -> None:
    new = store(**{f"a{n}": f"Name {n}" for n in range(12)})
    shown = lines(store(), new, limit=5)
    told = json.loads(report_json.write(changes(store(), new), 5))

    assert "## Things that appeared: 12" in shown
    assert "- … and 7 more" in shown
    assert sum(line.startswith("- **") for line in shown) == 5
    assert told["things_appeared"]["total"] == 12
    assert len(told["things_appeared"]["shown"]) == 5
    assert told["stated"] == {"added": 12, "removed": 0}


def test_a_long_text_and_many_values_are_cut() -> None:
    old, new = store(ada="Ada"), store(ada="x" * 500)
    new.extend(ox.Quad(ox.NamedNode(f"{ID}ada"), LABEL, ox.Literal(f"name {n}"), GRAPH) for n in range(20))
    (line,) = [line for line in lines(old, new) if line.startswith("  - rdfs:label")]

    assert len(line) < 2000
    assert line.endswith("… and 13 more")
    shown = "\n".join(lines(store(ada="Ada"), store(ada="x" * 500)))
    assert f"“{'x' * 199}…”" in shown


def test_many_properties_of_one_thing_are_cut() -> None:
    old, new = store(ada="Ada"), store(ada="Ada")
    ada = ox.NamedNode(f"{ID}ada")
    new.extend(ox.Quad(ada, ox.NamedNode(f"http://e/{n:02}"), ox.Literal("x"), GRAPH) for n in range(40))
    told = json.loads(report_json.write(changes(old, new), 10))["things_changed"]["shown"][0]["properties"]

    assert "  - … and 10 more properties" in lines(old, new)
    assert (told["total"], len(told["shown"])) == (40, 10)
    assert told["shown"][0]["after"] == {"total": 1, "shown": ["x"]}


def test_markup_in_a_label_stays_text() -> None:
    shown = "\n".join(lines(store(), store(ada="<script>*a* [b](c)\n# d")))

    assert r"\<script\>\*a\* \[b\](c) \# d" in shown
    assert "<script>" not in shown


def test_graphs_without_layers_are_said_to_have_none() -> None:
    flat = ox.Store()
    flat.extend(ox.Quad(*quad.triple) for quad in store(ada="Ada"))
    shown = lines(flat, store())

    assert "| all | | | 0 | 1 |" in shown
    assert any("no named graphs" in line for line in shown)


def test_a_release_has_both_forms_and_the_same_bytes_again() -> None:
    files = report_json.files(store(ada="Ada"), store(bob="Bob"))

    assert list(files) == ["changes.md", "changes.json"]
    assert files == report_json.files(store(ada="Ada"), store(bob="Bob"))


CERTAIN = "https://w3id.org/cablegraph/id/certainty/certain"
STANCE = f"""
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/cablegraph/graph/shared> {{
  <{ID}ada> rdfs:label "Ada"@en ; skos:exactMatch <http://www.wikidata.org/entity/Q1> .
  <{ID}tax> rdfs:label "the tax"@en . <{CERTAIN}> skos:prefLabel "certain"@en .
  <{ID}p> a cg:Position ; cg:heldBy <{ID}ada> ; cg:favours <{ID}tax> ; cg:content "Ada likes it."@en ;
    cg:certainty <{CERTAIN}> ; cg:basis <{CERTAIN}> .
}}
"""


def test_a_position_that_became_a_reading_says_so_in_both_forms() -> None:
    old, new = ox.Store(), ox.Store()
    old.load(STANCE.encode(), ox.RdfFormat.TRIG)
    reading = STANCE.replace("a cg:Position ; cg:heldBy", "a cg:Reading ; cg:readHolder")
    new.load(reading.encode(), ox.RdfFormat.TRIG)
    shown, told = lines(old, new), json.loads(report_json.write(changes(old, new)))

    says = "A possible reading, not adopted; it would be that of Ada"
    assert f"  - “asserted: Position, held by Ada” → “{says}”" in shown
    assert f"- **Ada** on the tax: disappeared; now: {says} (`actor:p`)" in shown
    assert told["standings"]["shown"][0]["after"] == told["positions"]["shown"][0]["now"] == says


def test_a_retired_term_is_shown_with_what_to_use() -> None:
    new = ox.Store()
    text = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
      @prefix cg: <https://w3id.org/cablegraph/ontology#> .
      <https://w3id.org/cablegraph/graph/ontology> { cg:sent owl:deprecated true ; dcterms:isReplacedBy cg:when .
      cg:odd owl:deprecated true . }"""
    new.load(text.encode(), ox.RdfFormat.TRIG)
    shown = lines(store(), new)

    assert "## Terms of the ontology that were retired: 2" in shown
    assert "- **sent** (`sent`): use when" in shown
    assert "- **odd** (`odd`): it has no successor" in shown


def test_positions_and_links_have_lists_of_their_own() -> None:
    old, new = ox.Store(), ox.Store()
    old.load(STANCE.encode(), ox.RdfFormat.TRIG)
    changed = STANCE.replace("cg:favours", "cg:opposes").replace("exactMatch", "closeMatch")
    new.load(changed.encode(), ox.RdfFormat.TRIG)
    shown = lines(old, new)

    assert "- **Ada** on the tax: changed (`actor:p`)" in shown
    assert "  - stance: “for” → “against”" in shown
    assert "- removed: **Ada** exactMatch <http://www.wikidata.org/entity/Q1>" in shown
    assert "- added: **Ada** closeMatch <http://www.wikidata.org/entity/Q1>" in shown
    assert "  - content: “Ada likes it.” → nothing" in lines(old, ox.Store())
