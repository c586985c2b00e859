"""Known prefixes may be used without a declaration; unknown ones may not."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import QuerySyntaxError
from kg.namespaces import CG, LISTS, PREFIXES
from kg.store import known_prefixes
from kg.store.sparql import ask

DATA = f'<urn:a> <{CG}heldBy> <urn:b> ; <{PREFIXES["rdfs"]}label> "cg:x" .'


@pytest.fixture
def small() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s cg:heldBy ?o ; rdfs:label 'cg:x' }",
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> ASK { ?s cg:heldBy ?o ; rdfs:label 'cg:x' }",
        "ASK { ?s rdfs:label/^rdfs:label|cg:heldBy ?o }",
        "ASK { ?s ?p ?o.?s cg:heldBy ?o FILTER (!STRSTARTS(STR(?s), STR(id:))) }",
        "BASE <urn:> ASK { <a> cg:heldBy <b> }",
        "# actor: is in a comment\nASK { ?s cg:heldBy ?o }",
        "ASK FROM <urn:g> { { } UNION { ?s cg:heldBy ?o } }",
    ],
)
def test_a_known_prefix_needs_no_declaration(query: str, small: ox.Store) -> None:
    assert bool(ask(small, query))
    completed = known_prefixes.complete(query)
    assert completed.endswith(f"> {query}")
    assert completed.count("\n") == query.count("\n")
    assert "actor:" not in completed.removesuffix(query)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX cg: <urn:> ASK { ?s cg:heldBy ?o }",
        "ASK { ?s ?p 'cg:x' }",
        "ASK { ?s cg:heldBy ?o ; ex:p ?x }",
        "ASK { ?s cg:heldBy ",
        "ASK { ?s :p ?o }",
        "no query",
    ],
)
def test_another_query_is_left_as_it_is(query: str) -> None:
    assert known_prefixes.complete(query) == query


def test_own_declarations_come_first(small: ox.Store) -> None:
    assert not ask(small, "PREFIX cg: <urn:> ASK { ?s cg:heldBy ?o }")


def test_an_unknown_prefix_is_refused_and_named(small: ox.Store) -> None:
    with pytest.raises(
        QuerySyntaxError, match="The prefix ex: is not declared; begin the query with PREFIX ex:"
    ):
        ask(small, "ASK { ?s cg:heldBy ?o ; ex:p ?x }")


def test_a_call_of_a_service_is_not_made_to_find_that_out() -> None:
    query = "ASK { SERVICE <http://127.0.0.1:9/> { ?s cg:heldBy ?o } }"

    assert known_prefixes.undeclared(query) == {"cg": str(CG)}


def test_very_many_names_that_look_like_prefixes_are_not_tried() -> None:
    names = " ".join(f"?s p{n}:x ?o ." for n in range(60))

    assert known_prefixes.undeclared(f"ASK {{ {names} }}") == {}


def test_each_list_of_the_ontology_has_a_prefix(store: ox.Store) -> None:
    schemes = store.query(
        "SELECT ?s { ?s a skos:ConceptScheme FILTER STRSTARTS(STR(?s), STR(id:)) }",
        prefixes=PREFIXES,
        use_default_graph_as_union=True,
    )
    assert isinstance(schemes, ox.QuerySolutions)

    assert sorted(row["s"].value.removeprefix(PREFIXES["id"]) for row in schemes) == sorted(LISTS)
    assert all(PREFIXES[name] == f"{PREFIXES['id']}{name}/" for name in LISTS)
