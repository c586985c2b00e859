"""Terms as people type and read them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import UnknownNameError
from kg.terms import expand, folded, layer, short, triple, value

CG = "https://w3id.org/cablegraph/ontology#"
ID = "https://w3id.org/cablegraph/id/"
GRAPH = "https://w3id.org/cablegraph/graph/"
# As typed and shown, and what it stands for.
BOTH = [
    ("heldBy", f"{CG}heldBy"),
    ("actor:fidel-castro", f"{ID}actor/fidel-castro"),
    ("telegram:1962-11-02-havana-1717", f"{ID}telegram/1962-11-02-havana-1717"),
    ("telegram/x/body-7/garcia", f"{ID}telegram/x/body-7/garcia"),
    ("telegram/x/body-7/garcia#evidence/1", f"{ID}telegram/x/body-7/garcia#evidence/1"),
    ("voice:writer", f"{ID}voice/writer"),
    ("id:voice", f"{ID}voice"),
    ("graph:shared", f"{GRAPH}shared"),
    ("graph:inferred/telegram/x", f"{GRAPH}inferred/telegram/x"),
    ("rdf:type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ("wd:Q11256", "http://www.wikidata.org/entity/Q11256"),
    ("https://example.org/a/b", "https://example.org/a/b"),
    ("<urn:isbn:1>", "urn:isbn:1"),
]
TYPED = [("a", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ("<https://example.org/>", "https://example.org/"),
         ("voice/writer", f"{ID}voice/writer"), ("cg:heldBy", f"{CG}heldBy"), ("actor/fidel-castro", f"{ID}actor/fidel-castro")]  # fmt: skip


@pytest.mark.parametrize(("text", "iri"), [*BOTH, *TYPED])
def test_what_is_typed_stands_for_an_iri(text: str, iri: str) -> None:
    assert expand(text) == iri


@pytest.mark.parametrize(("text", "iri"), BOTH)
def test_an_iri_is_shown_as_people_type_it(text: str, iri: str) -> None:
    assert short(ox.NamedNode(iri)) == text


def test_a_literal_is_shown_as_it_is() -> None:
    assert short(ox.Literal("x", language="en")) == '"x"@en'


VALUES = [
    (ox.NamedNode("urn:a"), "urn:a"),
    (ox.BlankNode("b"), "b"),
    (ox.Literal("1"), "1"),
    (ox.DefaultGraph(), "DEFAULT"),
]


@pytest.mark.parametrize(("term", "text"), VALUES)
def test_a_term_has_a_text(term: object, text: str) -> None:
    assert value(term) == text


@pytest.fixture
def small() -> ox.Store:
    store = ox.Store()
    for name in ("anna-berg", "bert-berg"):
        subject, held = ox.NamedNode(f"{ID}telegram/x/body-1/one"), ox.NamedNode(f"{CG}heldBy")
        store.add(
            ox.Quad(subject, held, ox.NamedNode(f"{ID}actor/{name}"), ox.NamedNode(f"{GRAPH}telegram/x"))
        )
    return store


def test_three_known_terms_are_a_triple(small: ox.Store) -> None:
    found = triple(small, "telegram/x/body-1/one", "heldBy", "actor:anna-berg")

    assert [value(term) for term in found] == [
        f"{ID}telegram/x/body-1/one",
        f"{CG}heldBy",
        f"{ID}actor/anna-berg",
    ]


UNKNOWN = [
    ("telegram/x/body-1/on", "there is no thing 'telegram/x/body-1/on'; did you mean telegram/x/body-1/one?"),
    ("place:nowhere", "there is no thing 'place:nowhere'"),
    ("two words", "there is no thing 'two words'"),
    ("<>", "there is no thing '<>'"),
]


@pytest.mark.parametrize(("text", "message"), UNKNOWN)
def test_an_unknown_term_is_named_with_near_ones(text: str, message: str, small: ox.Store) -> None:
    with pytest.raises(UnknownNameError) as caught:
        triple(small, text, "heldBy", "actor:anna-berg")

    assert str(caught.value) == message


def test_a_layer_is_the_quads_of_one_graph(small: ox.Store) -> None:
    assert len(layer(iter(list(small)), "telegram/x")) == 2


def test_an_unknown_layer_is_named_with_those_that_there_are(small: ox.Store) -> None:
    with pytest.raises(UnknownNameError, match=r"^there is no layer 'shared'; there are: telegram/x$"):
        layer(small, "shared")


@pytest.mark.parametrize(
    ("text", "plain"),
    [("  García   FRÍAS ", "garcia frias"), ("Алексеев", "алексеев"), ("Straße ﬁne", "strasse fine")],
)
def test_case_accents_and_spaces_make_no_difference_when_words_are_looked_for(text: str, plain: str) -> None:
    assert folded(text) == plain
