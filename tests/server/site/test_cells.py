"""One term each, as pages show it."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.site.cells import Cell, TermCells, json_cell, prefixed_name

BASE = "https://w3id.org/cablegraph/"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def test_values_of_every_kind_are_shown() -> None:
    cells = TermCells({}, "/kg")

    assert cells.cell(BlankNode("x")) == Cell("_:x")
    assert cells.cell(Literal("x")) == Cell("x")
    assert cells.cell(Literal(1917)) == Cell("1917", datatype="xsd:integer")
    assert cells.cell(Literal("x", language="ru")) == Cell("x", language="ru")
    assert cells.cell(NamedNode(f"{BASE}id/actor/x")) == Cell(
        "actor:x", href="/kg/id/actor/x", full=f"{BASE}id/actor/x"
    )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([("Anne", "fr"), ("Ann", "en"), ("Anna", None)], Cell("Ann", language="en")),
        ([("Anne", "fr"), ("Anna", None)], Cell("Anna")),
        ([], Cell("actor:ann")),
    ],
)
def test_a_thing_stands_under_its_english_name_if_it_has_one(
    names: list[tuple[str, str | None]], expected: Cell
) -> None:
    ann = f"{BASE}id/actor/ann"
    said = [Triple(NamedNode(ann), LABEL, Literal(name, language=language)) for name, language in names]

    assert TermCells({ann: said}, "").name(ann) == expected


def test_a_quoted_triple_and_nothing_have_cells_of_the_json_results() -> None:
    part = {"type": "uri", "value": "http://www.w3.org/2001/XMLSchema#date"}
    triple = {"type": "triple", "value": {"subject": part, "predicate": part, "object": part}}

    assert json_cell(None) == Cell("")
    assert json_cell(triple) == Cell("<< xsd:date xsd:date xsd:date >>")
    assert json_cell({"type": "bnode", "value": "b"}) == Cell("_:b")


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://w3id.org/cablegraph/id/telegram/a-1", "telegram:a-1"),
        ("https://w3id.org/cablegraph/id/thing", "id:thing"),
        ("https://w3id.org/cablegraph/id/odd/kind", "https://w3id.org/cablegraph/id/odd/kind"),
        ("http://www.w3.org/2001/XMLSchema#date", "xsd:date"),
        ("http://ex.org/x", "http://ex.org/x"),
    ],
)
def test_iris_are_shortened_with_the_longest_prefix(iri: str, expected: str) -> None:
    assert prefixed_name(iri) == expected
