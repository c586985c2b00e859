"""Links looked up both ways, from Python and on the command line, and equal from both."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from functools import partial

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg.asking.links.link_table import LinkTable, read
from kg.cli.main import main
from kg.errors import IdentifierError, UnknownNameError
from kg.graph import Graph
from kg.resources import folder
from kg.store.sparql import rows

pytestmark = pytest.mark.usefixtures("user_cache")
# Two things with one item as close matches, one of them also an exact match of another; one search in vain.
DATA = """
@base <https://w3id.org/cablegraph/id/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<actor/ann> rdfs:label "Ann"@en ; skos:closeMatch wd:Q1 , wd:Q5 ; skos:exactMatch <http://viaf.org/viaf/42> .
<actor/bob> skos:closeMatch wd:Q1 ; skos:exactMatch wd:Q5 .
<link/ann-1> cg:about <actor/ann> ; cg:item wd:Q1 ; cg:inCatalogue <catalogue/wikidata> .
<link/ann-5> cg:about <actor/ann> ; cg:item wd:Q5 ; cg:inCatalogue <catalogue/wikidata> .
<link/ann-viaf> cg:about <actor/ann> ; cg:item <http://viaf.org/viaf/42> ; cg:inCatalogue <catalogue/viaf> ;
  schema:name "Lee, Ann" ; cg:note "Of the same name."@en ; dcterms:creator "Zoe Lee" .
<link/bob-1> cg:about <actor/bob> ; cg:item wd:Q1 ; cg:inCatalogue <catalogue/wikidata> .
<link/bob-5> cg:about <actor/bob> ; cg:item wd:Q5 ; cg:inCatalogue <catalogue/wikidata> .
<link/cid> cg:about <actor/cid> ; cg:inCatalogue <catalogue/wikidata> .
<actor/cid> rdfs:label "Cid"@en .
"""
EVERY = """
 a cg:Link ; cg:certainty <certainty/probable> ; cg:reason "Found."@en ; dcterms:date "1962-11-02"^^xsd:date ;
 dcterms:creator "Ann Lee" ; cg:justification <https://w3id.org/semapv/vocab/ManualMappingCuration> ."""
NAMES = ("ann-1", "ann-5", "ann-viaf", "bob-1", "bob-5", "cid")


@pytest.fixture(scope="module")
def small() -> Graph:
    store = ox.Store()
    text = DATA + "".join(f"<link/{name}>{EVERY}" for name in NAMES)
    store.load(text.encode(), ox.RdfFormat.TURTLE)
    return Graph(store, "v" * 64, {})


@pytest.fixture(scope="module")
def real(store: ox.Store) -> Graph:
    return Graph(store, "f" * 64)


def test_a_link_has_all_that_its_record_says(small: Graph) -> None:
    (link,) = [link for link in small.links("actor:ann") if link.catalogue == "viaf"]

    assert (link.thing, link.iri, link.label) == (
        "actor:ann",
        "https://w3id.org/cablegraph/id/actor/ann",
        "Ann",
    )
    assert (link.relation, link.item, link.identifier) == ("exactMatch", "http://viaf.org/viaf/42", "42")
    assert (link.item_label, link.note, link.evidence) == ("Lee, Ann", "Of the same name.", "Found.")
    assert (link.certainty, link.checked, link.checked_by) == (
        "probable",
        date(1962, 11, 2),
        "Ann Lee|Zoe Lee",
    )
    assert link.justification == "https://w3id.org/semapv/vocab/ManualMappingCuration"
    assert (link.record, link.page) == ("link/ann-viaf", "https://viaf.org/viaf/42")


def test_the_links_of_a_thing_stand_in_the_order_of_catalogues(small: Graph) -> None:
    assert [link.record for link in small.links("actor:ann")] == ["link/ann-1", "link/ann-5", "link/ann-viaf"]


def test_what_was_looked_for_in_vain_is_told_as_such(small: Graph) -> None:
    (link,) = small.links("actor:cid")

    assert (link.catalogue, link.checked) == ("wikidata", date(1962, 11, 2))
    assert (link.relation, link.item, link.identifier, link.page, link.item_label, link.note) == (None,) * 6


def test_an_item_of_several_things_gives_all_and_an_exact_match_goes_before(small: Graph) -> None:
    assert small.linked("Q1") == ("actor:ann", "actor:bob")
    assert small.linked("wd:Q5") == ("actor:bob",)


def test_a_thing_without_a_label_goes_by_its_name(small: Graph) -> None:
    assert {link.label for link in small.links("actor:bob")} == {"actor:bob"}


def test_an_item_that_nothing_is_linked_to_is_told_with_near_ones(small: Graph) -> None:
    with pytest.raises(
        UnknownNameError, match="there is no thing here with the Wikidata identifier 'Q15'; did you"
    ):
        small.linked("Q15")
    with pytest.raises(IdentifierError, match="is not a valid catalogue identifier"):
        small.linked("Fidel")


def test_a_thing_that_there_is_not_is_told_with_near_ones(small: Graph) -> None:
    with pytest.raises(UnknownNameError, match="did you mean actor:ann"):
        small.links("actor:anne")


def test_a_match_without_a_record_of_its_evidence_is_no_link() -> None:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TURTLE)

    assert LinkTable(read(partial(rows, store))).links == ()


def test_the_real_graph_has_every_link_of_the_table(real: Graph) -> None:
    text = (folder("records") / "link.sssom.tsv").read_text(encoding="utf-8")
    table = csv.DictReader((line for line in text.split("\n") if not line.startswith("#")), delimiter="\t")
    written = Counter(
        (row["subject_id"], row["object_source"], row["object_id"] != "sssom:NoTermFound") for row in table
    )

    assert {found for _, _, found in written} == {True, False}
    assert written == Counter(
        (link.thing, f"catalogue:{link.catalogue}", link.item is not None) for link in real.link_table.links
    )


# From the design's list of checked numbers.
BOTH_WAYS = [
    ("Q11256", "actor:fidel-castro"),
    ("https://www.wikidata.org/wiki/Q48690", "actor:osvaldo-dorticos"),
    ("isni:0000000079098696", "actor:osvaldo-dorticos"),
    ("lcnaf:n79079435", "actor:cuba"),
    ("geonames:3553478", "place:havana"),
    ("https://ror.org/00whzh260", "actor:wilson-center"),
]


@pytest.mark.parametrize(("identifier", "thing"), BOTH_WAYS)
def test_identifier_and_thing_lead_to_each_other(identifier: str, thing: str, real: Graph) -> None:
    assert real.linked(identifier) == (thing,)
    assert any(link in real.links(thing) for link in real.link_table.to(identifier))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["link", *arguments])


@pytest.mark.parametrize(
    "name", ["Q11256", "actor:osvaldo-dorticos", "https://w3id.org/cablegraph/id/actor/ori", ""]
)
def test_the_command_says_what_python_says(name: str, real: Graph) -> None:
    result = run(name, "--json")
    found = json.loads(result.stdout)
    expected = (
        real.link_table.links
        if not name
        else real.links(name)
        if "actor" in name
        else real.link_table.to(name)
    )

    assert result.exit_code == 0
    assert [(link["record"], link["item"], link["checked"]) for link in found] == [
        (link.record, link.item, str(link.checked)) for link in expected
    ]


def test_the_command_writes_a_line_a_link() -> None:
    assert run("Q11256").stdout == (
        "actor:fidel-castro\texactMatch wikidata:Q11256\tcertain, https://www.wikidata.org/wiki/Q11256\tFidel Castro\n"
    )
    assert run("actor:ori").stdout == (
        "actor:ori\tnone in wikidata\tlooked for and not found on 2026-11-22\tIntegrated Revolutionary Organizations\n"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Q11257", "there is no thing here with the Wikidata identifier 'Q11257'; did you mean Q11256"),
        ("3553478", "could be in 2 catalogues; write viaf:3553478 or geonames:3553478"),
        ("actor:fidel", "there is no thing 'actor:fidel'; did you mean actor:fidel-castro"),
    ],
)
def test_the_command_explains_what_leads_nowhere(name: str, message: str) -> None:
    result = run(name)

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_every_search_is_a_link_found_or_not(store: ox.Store) -> None:
    found = Counter(link.item is not None for link in read(partial(rows, store)))

    assert found == {True: 64, False: 31}
