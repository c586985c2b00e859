"""What no passage asserts is told as such, and never as something that its would-be holder holds."""

from __future__ import annotations

from functools import partial

import pyoxigraph as ox
import pytest

from kg.namespaces import ID
from kg.store import sparql, unasserted
from kg.store.unasserted import Standing, Unasserted

DATA = """
@base <https://w3id.org/cablegraph/id/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
cg:Position rdfs:label "position"@en , "позиция"@ru .
<actor/ann> rdfs:label "Ann"@en . <actor/ben> rdfs:label "Ben"@en . <actor/cid> rdfs:label "Cid"@en .
<s/held> a cg:Position ; cg:heldBy <actor/ann> ; cg:embeds <s/ascribed> .
<s/ascribed> a cg:AscribedClaim ; cg:ascribedTo <actor/ben> ; cg:unassertedKind cg:Position ; cg:embeds <s/inner> .
<s/inner> a cg:AscribedClaim ; cg:ascribedTo <actor/cid> .
<s/reading> a cg:Reading ; cg:readHolder <actor/ben> , <actor/cid> .
<s/word> a cg:Reading .
<s/proposed> a cg:ProposedText ; cg:proposedBy <actor/ann> ; cg:proposedFor <actor/ben> ; cg:embeds <s/quoted> .
<s/quoted> a cg:AscribedClaim ; cg:ascribedTo <actor/cid> .
<s/found> a cg:Naming ; cg:certainty <certainty/found> . <s/sure> a cg:Naming ; cg:certainty <certainty/certain> .
"""


@pytest.fixture(scope="module")
def small() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TURTLE)
    return store


def test_each_has_a_sentence_with_who_says_so_and_who_would_hold_it(small: ox.Store) -> None:
    found = unasserted.read(partial(sparql.rows, small))

    assert {iri.removeprefix(f"{ID}s/"): one.sentence for iri, one in found.items()} == {
        "ascribed": "Ascribed by Ann to Ben",
        "inner": "Ascribed by Ann to Cid",
        "reading": "A possible reading, not adopted; it would be that of Ben and Cid",
        "word": "A possible reading, not adopted",
        "proposed": "Proposed by Ann for Ben to say",
        "quoted": "Ascribed by Ann to Cid",
        "found": "Found by a program, confirmed by nobody",
    }
    assert found[f"{ID}s/found"].advice == "Compare it with the words before you use it."
    assert found[f"{ID}s/word"].advice == "No passage asserts it."


def test_only_the_statements_asked_for_are_read(small: ox.Store) -> None:
    ask = partial(sparql.rows, small)

    assert unasserted.read(ask, [f"{ID}s/held"]) == unasserted.read(ask, []) == {}
    assert unasserted.read(ask, [f"{ID}s/ascribed", f"{ID}s/held"]) == {
        f"{ID}s/ascribed": Unasserted(Standing.ASCRIBED, "position", ("Ann",), ("Ben",))
    }
    with pytest.raises(ValueError, match="IRI"):
        unasserted.read(ask, ["no iri"])


@pytest.mark.parametrize("names", [(), ("A",), ("A", "B"), ("A", "B", "C")])
def test_names_are_joined_as_english_joins_them(names: tuple[str, ...]) -> None:
    expected = ("Ascribed", "Ascribed to A", "Ascribed to A and B", "Ascribed to A, B and C")

    assert Unasserted(Standing.ASCRIBED, whose=names).sentence == expected[len(names)]


def test_nothing_of_the_real_graph_that_is_not_asserted_has_a_holder(store: ox.Store) -> None:
    found = unasserted.read(partial(sparql.rows, store))
    held = {row["s"].value for row in sparql.rows(store, f"SELECT ?s {{ ?s <{unasserted.CG}heldBy> ?who }}")}

    assert {one.standing for one in found.values()} == set(Standing) - {Standing.FOUND}
    assert not held & set(found)
