"""The catalogues: the forms of their identifiers, and what people write for them."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import IdentifierError
from kg.namespaces import ID
from kg.reading.authorities import AUTHORITIES, COLLECTION, THING_ELSEWHERE, catalogue_item, identify
from kg.reading.ontology import parse_context

ROOT = Path(__file__).parents[3]
# As the pages of the catalogues show them: an identifier and ways in which people copy it.
WRITTEN = [
    ("wikidata", "Q11256", "Q11256"),
    ("wikidata", "Q11256", " q11256 "),
    ("wikidata", "Q11256", "wd:Q11256"),
    ("wikidata", "Q11256", "wikidata:Q11256"),
    ("wikidata", "Q11256", "http://www.wikidata.org/entity/Q11256"),
    ("wikidata", "Q11256", "https://www.wikidata.org/entity/Q11256"),
    ("wikidata", "Q11256", "https://www.wikidata.org/wiki/Q11256#sitelinks"),
    ("wikidata", "Q11256", "https://m.wikidata.org/wiki/Q11256"),
    ("wikidata", "Q11256", "www.wikidata.org/wiki/Special:EntityData/Q11256"),
    ("viaf", "102325430", "viaf:102325430"),
    ("viaf", "102325430", "https://viaf.org/viaf/102325430/"),
    ("gnd", "1056602279", "GND:1056602279"),
    ("gnd", "1056602279", "http://d-nb.info/gnd/1056602279"),
    ("gnd", "4025243-9", "4025243-9"),
    ("lcnaf", "nr88000093", "NR 88000093"),
    ("lcnaf", "n79079435", "https://id.loc.gov/authorities/names/n79079435"),
    ("lcnaf", "n79079435", "lccn.loc.gov/n79079435"),
    ("isni", "0000000121081549", "0000 0001 2108 1549"),
    ("isni", "0000000121081549", "http://www.isni.org/isni/0000000121081549"),
    ("geonames", "3553478", "https://www.geonames.org/3553478"),
    ("geonames", "3553478", "https://sws.geonames.org/3553478/"),
    ("ror", "00whzh260", "https://ror.org/00whzh260"),
]


@pytest.mark.parametrize(("name", "identifier", "text"), WRITTEN)
def test_an_identifier_is_read_in_every_way_that_people_write_it(
    name: str, identifier: str, text: str
) -> None:
    authority, found = identify(text)

    assert (authority.name, found) == (name, identifier)


@pytest.mark.parametrize(
    "text", ["P31", "Q0", "Q012", "Fidel Castro", "", "viaf:abc", "https://example.org/Q1"]
)
def test_what_is_no_identifier_is_refused_with_the_forms_that_there_are(text: str) -> None:
    with pytest.raises(
        IdentifierError, match="is not a valid catalogue identifier; use one as in wikidata:Q11256"
    ):
        identify(text)


def test_a_bare_number_that_fits_several_catalogues_is_asked_back() -> None:
    with pytest.raises(IdentifierError) as caught:
        identify("3553478")

    assert caught.value.allowed == ("viaf:3553478", "geonames:3553478")
    assert "could be in 2 catalogues" in str(caught.value)


@pytest.mark.parametrize("name", AUTHORITIES)
def test_the_example_of_a_catalogue_fits_its_own_forms(name: str) -> None:
    authority = AUTHORITIES[name]
    iri = authority.iri_of(authority.example)

    assert re.search(authority.pattern, iri)
    assert catalogue_item(iri) == (authority, authority.example)
    assert authority.read(authority.page_of(authority.example)) == authority.example
    assert authority.home.startswith("https://")


@pytest.mark.parametrize(
    "iri",
    [
        "https://www.wikidata.org/wiki/Q11256",
        "http://www.wikidata.org/entity/q11256",
        "http://viaf.org/viaf/0",
    ],
)
def test_only_the_one_iri_of_an_item_names_it(iri: str) -> None:
    assert catalogue_item(iri) is None


def test_the_shapes_know_the_forms_of_the_table_and_no_others() -> None:
    text = (ROOT / "shapes" / "stated" / "key-number.ttl").read_text(encoding="utf-8")
    store = ox.Store()
    store.load(text.encode(), ox.RdfFormat.TURTLE)
    rows = store.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "PREFIX cg: <https://w3id.org/cablegraph/ontology#> SELECT ?pattern { ?shape sh:path ?path ; sh:pattern "
        "?pattern VALUES ?path { skos:exactMatch skos:closeMatch cg:item } }"
    )
    patterns = [row["pattern"].value for row in rows]  # type: ignore[union-attr]

    assert len(patterns) == 3
    assert set(patterns) == {
        "|".join((*(authority.pattern for authority in AUTHORITIES.values()), THING_ELSEWHERE))
    }


def test_the_list_of_catalogues_and_the_prefixes_of_records_are_those_of_the_table() -> None:
    context = parse_context(ROOT / "ontology" / "context.jsonld")
    store = ox.Store()
    store.load(path=ROOT / "ontology" / "concepts.ttl")
    listed = {
        str(q.subject.value)
        for q in store.quads_for_pattern(None, None, ox.NamedNode("https://w3id.org/cablegraph/id/catalogue"))
    }

    assert listed == {
        *(authority.concept for authority in AUTHORITIES.values()),
        f"{ID}catalogue/{COLLECTION}",
    }
    assert {name: context[name] for name in AUTHORITIES} == {
        name: authority.iri.partition("{}")[0] for name, authority in AUTHORITIES.items()
    }
