"""Hints on terms, namespaces, graphs, patterns and aggregates, on a small graph where each case is plain."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.asking.hints import find_hints, lookups
from kg.asking.hints.hint import Hint, from_json, hint_at
from kg.asking.hints.term_names import written
from kg.namespaces import CG, GRAPH, ID, PREFIXES

DATA = f"""
@prefix cg: <{CG}> . @prefix id: <{ID}> . @prefix actor: <{ID}actor/> . @prefix mode: <{ID}mode/> .
@prefix rdfs: <{PREFIXES["rdfs"]}> . @prefix owl: <{PREFIXES["owl"]}> . @prefix dcterms: <{PREFIXES["dcterms"]}> .
@prefix skos: <{PREFIXES["skos"]}> . @prefix xsd: <{PREFIXES["xsd"]}> .
<{GRAPH}ontology> {{
  cg:heldBy rdfs:isDefinedBy <https://w3id.org/cablegraph/ontology> ; rdfs:label "held by"@en .
  cg:holder rdfs:isDefinedBy <https://w3id.org/cablegraph/ontology> ; owl:deprecated true ; dcterms:isReplacedBy cg:heldBy .
  cg:lost rdfs:isDefinedBy <https://w3id.org/cablegraph/ontology> ; owl:deprecated true .
  cg:spare rdfs:isDefinedBy <https://w3id.org/cablegraph/ontology> .
  mode:silent skos:inScheme id:mode .
}}
<{GRAPH}shared> {{
  actor:anna a cg:Actor ; rdfs:label "Anna"@en . actor:boris a cg:Actor ; rdfs:label "Борис"@ru .
  id:p1 cg:heldBy actor:anna ; cg:count 1 ; cg:note "plain" ; cg:in actor:boris .
  id:p2 cg:heldBy actor:boris ; cg:count 2 ; cg:mode mode:silent .
}}
"""


@pytest.fixture(scope="module")
def small() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), ox.RdfFormat.TRIG)
    return store


def on(store: ox.Store, query: str) -> list[Hint]:
    return find_hints.on_answer(store, query, None)


def kinds(store: ox.Store, query: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(hint.kind, hint.instead) for hint in on(store, query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ASK { ?s cg:helBy ?o }", [("unknown-term", ("cg:heldBy",))]),
        ("ASK { ?s cg:zzzz ?o }", [("unknown-term", ())]),
        ("ASK { ?s cg:holder ?o }", [("retired-term", ("cg:heldBy",))]),
        ("ASK { ?s cg:lost ?o }", [("retired-term", ())]),
        ("ASK { ?s cg:spare ?o }", [("unused-term", ())]),
        ("ASK { ?s cg:heldBy actor:ana }", [("unknown-term", ("actor:anna",))]),
        ("ASK { ?s cg:heldBy topic:ana }", [("unknown-term", ())]),
        ("ASK { ?s cg:mode mode:silence }", [("unknown-term", ("mode:silent",))]),
        ("ASK { ?s cg:heldBy ?who FILTER (?who IN (actor:annna)) }", [("unknown-term", ("actor:anna",))]),
        (
            "ASK { ?s cg:heldBy ?who FILTER NOT EXISTS { ?s cg:heldB ?who } }",
            [("unknown-term", ("cg:heldBy",))],
        ),
        ("ASK { GRAPH graph:shard { ?s cg:heldBy ?o } }", [("unknown-term", ("graph:shared",))]),
        ("ASK FROM graph:shard { ?s cg:heldBy ?o }", [("unknown-term", ("graph:shared",))]),
        ("DESCRIBE actor:annna", [("unknown-term", ("actor:anna",))]),
        ("ASK { ?s cg:heldBy actor:anna , actor:boris }", [("nothing-fits-both", ("cg:in",))]),
        ("ASK { actor:anna cg:heldBy ?s }", [("nothing-matches", ("^cg:heldBy",))]),
        ("ASK { ?s cg:mode actor:boris ; cg:count 1 }", [("nothing-matches", ("cg:in",))]),
        ("ASK { ?s rdfs:lable ?o }", [("unknown-term", ("rdfs:label",))]),
        ("ASK { ?s skos:label ?o }", [("unknown-term", ("rdfs:label",))]),
        ("ASK { ?s owl:zzz ?o }", [("nothing-matches", ())]),
        ("ASK { ?s cg:count 3 }", [("nothing-matches", ())]),
        ("ASK { ?s cg:note 'plan' }", [("nothing-matches", ('"plain"',))]),
        ("ASK { ?s cg:note 'plain'@en }", [("literal-datatype", ('"plain"',))]),
        ("ASK { ?s cg:count 'one'@en }", [("literal-datatype", ())]),
        ("ASK { ?s cg:heldBy 'Anna' }", [("nothing-matches", ())]),
        ("ASK { 'Anna' cg:heldBy ?s }", [("nothing-matches", ())]),
    ],
)
def test_each_mistake_has_its_hint(
    query: str, expected: list[tuple[str, tuple[str, ...]]], small: ox.Store
) -> None:
    assert kinds(small, query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s cg:heldBy actor:anna OPTIONAL { ?s cg:mode actor:anna } FILTER (1 = 2) }",
        "ASK { ?s cg:heldBy actor:anna MINUS { ?s cg:count 1 } }",
        "ASK { { ?s cg:count 1 } UNION { ?s cg:count 2 } FILTER (1 = 2) }",
        "ASK { ?s cg:heldBy? actor:anna ; cg:count 2 ; !cg:mode ?x }",
        "ASK { ?s (cg:heldBy|cg:mode)+ actor:boris ; cg:count 1 }",
        "ASK { { SELECT ?s { ?s cg:count 1 } LIMIT 1 } ?x cg:count 2 FILTER (?s = ?x) }",
        "ASK { SERVICE <http://a/> { ?s cg:nothing ?o } }",
        "ASK { BIND (1 AS ?x) VALUES (?y ?z) { (1 2) } FILTER regex(STR(?x), '2') }",
        "ASK { ?s ?p ?o . ?o ?q ?s . ?s ?s ?s }",
        "ASK { [] cg:heldBy [ a cg:Actor ] ; cg:count 7, 8 FILTER (?q = ?r) }",
        "ASK { <relative> cg:heldBy ?o . _:b cg:count ?n . (1 2) cg:in () }",
        "CONSTRUCT { ?s cg:nonsense ?o } WHERE { ?s cg:count ?o FILTER (false) }",
        "not SPARQL {",
        "SELECT * { ?s cg:count",
        "ASK { << ?s cg:count 1 >> cg:note ?o }",
    ],
)
def test_what_is_not_wrong_has_no_hint_of_a_pattern_that_must_match(query: str, small: ox.Store) -> None:
    allowed = {"unknown-term"} if "nothing" in query else set()
    if "7, 8" in query or "SERVICE" in query:
        allowed |= {"unknown-term", "nothing-matches", "nothing-fits-both"}

    assert {hint.kind for hint in on(small, query)} <= allowed


@pytest.mark.parametrize(
    ("declared", "meant"),
    [
        ("PREFIX x: <http://w3id.org/cablegraph/ontology#>", CG),
        ("PREFIX x: <https://w3id.org/cablegraph/ontology/>", CG),
        ("PREFIX x: <https://w3id.org/Cablegraph/ontology>", CG),
        ("PREFIX actor: <https://w3id.org/cablegraph/actor/>", f"{ID}actor/"),
        ("PREFIX x: <http://www.w3.org/2000/01/rdf-schema>", PREFIXES["rdfs"]),
        ("PREFIX schema: <https://schema.org/>", PREFIXES["schema"]),
    ],
)
def test_a_namespace_that_is_nearly_ours(declared: str, meant: str, small: ox.Store) -> None:
    prefix = declared.split()[1]
    (hint,) = on(small, f"{declared}\nASK {{ ?s {prefix}heldBy ?o }}")

    assert (hint.kind, hint.line, hint.instead) == ("misspelt-namespace", 1, (meant,))


def test_a_namespace_of_others_is_left_alone(small: ox.Store) -> None:
    assert kinds(small, "PREFIX x: <http://ex.org/> ASK { ?s x:p ?o }") == [("nothing-matches", ())]
    assert kinds(small, "PREFIX cg: <http://ex.org/> ASK { ?s cg:p ?o }") == [("nothing-matches", ())]


def test_a_namespace_that_is_in_use_is_not_misspelt() -> None:
    """schema.org's terms are written with http and with https."""
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("https://schema.org/name"), ox.Literal("b")))
    query = "PREFIX schema: <https://schema.org/> ASK { ?s schema:name 'x' ; schema:nam ?y }"

    assert kinds(store, query) == [
        ("nothing-matches", ()),
        ("unknown-term", ("<https://schema.org/name>",)),
    ]


def test_a_namespace_itself_is_no_term(small: ox.Store) -> None:
    assert kinds(small, "SELECT (STRAFTER(STR(?s), STR(id:)) AS ?n) { ?s cg:count 1 FILTER (1 = 2) }") == []


def test_an_iri_in_full_in_a_namespace_that_is_nearly_ours(small: ox.Store) -> None:
    (hint,) = on(small, "ASK { ?s <http://w3id.org/cablegraph/ontology#heldBy> ?o }")

    assert hint.instead == (f"<{CG}heldBy>",)


def test_a_dataset_of_the_request_comes_first(small: ox.Store) -> None:
    shared, ontology = ox.NamedNode(f"{GRAPH}shared"), ox.NamedNode(f"{GRAPH}ontology")
    query = "ASK { ?s cg:count 1 }"

    assert find_hints.on_answer(small, query, None, ([shared], [])) == []
    assert [h.kind for h in find_hints.on_answer(small, query, None, ([ontology], []))] == ["nothing-matches"]
    named = "ASK { GRAPH ?g { ?s cg:count 1 } }"
    assert find_hints.on_answer(small, named, None, ([], [shared])) == []
    assert [h.kind for h in find_hints.on_answer(small, named, None, ([], [ontology]))] == ["nothing-matches"]
    assert kinds(small, "ASK FROM NAMED graph:ontology { GRAPH ?g { ?s cg:count 1 } }") != []


@pytest.mark.parametrize(
    ("query", "columns", "kind"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s cg:helBy ?o }", {"n": ["0"]}, ["unknown-term"]),
        ("SELECT (MIN(?o) AS ?n) { ?s cg:helBy ?o }", {"n": [None]}, ["unknown-term"]),
        ("SELECT (MAX(?n) AS ?m) { ?s cg:count ?n }", {"m": [None, "2"]}, ["aggregate"]),
        (
            "SELECT ?s ?m { ?s a ?c OPTIONAL { SELECT ?s (GROUP_CONCAT(?n) AS ?m) { ?s cg:count ?n } GROUP BY ?s } }",
            {"m": [None, "2"]},
            [],
        ),
        (
            "SELECT ?s ?m { ?s a ?c OPTIONAL { SELECT ?s (GROUP_CONCAT(?n) AS ?m) { ?s cg:count ?n } GROUP BY ?s } }",
            {"m": [None, None]},
            ["aggregate"],
        ),
        (
            "SELECT (GROUP_CONCAT(?n) AS ?m) { OPTIONAL { ?s cg:count ?n } } GROUP BY ?s",
            {"m": [None, "2"]},
            ["aggregate"],
        ),
        ("SELECT (SAMPLE(?n) AS ?m) { ?s cg:count ?n }", {"m": [None]}, ["aggregate"]),
        ("SELECT (SAMPLE(?n) AS ?m) { ?s cg:count ?n }", {"m": [None, "2"]}, []),
        ("SELECT (COUNT(?n) AS ?m) { ?s cg:count ?n }", {"m": ["0", "1"]}, []),
        ("SELECT (COUNT(?n) AS ?m) { ?s cg:count ?n }", {"m": ["3"]}, []),
        ("SELECT ?n { ?s cg:count ?n }", {"n": ["0"]}, []),
        ("SELECT ?s { ?s cg:count ?n } GROUP BY ?s HAVING (COUNT(?n) > 0)", {"s": ["x"]}, []),
        ("SELECT (COUNT(*", {}, []),
    ],
)
def test_an_aggregate_without_a_value_is_odd(
    query: str, columns: dict[str, list[str | None]], kind: list[str], small: ox.Store
) -> None:
    assert [hint.kind for hint in find_hints.on_answer(small, query, lambda: columns)] == kind


def test_hints_are_bounded(small: ox.Store) -> None:
    many = " ".join(f"?s cg:x{n} ?o{n} ." for n in range(50))
    long = f"ASK {{ ?s cg:helBy ?o }} # {'x' * find_hints.LONGEST}"

    assert len(on(small, f"ASK {{ {many} }}")) == find_hints.MOST
    assert on(small, long) == []


def test_the_limit_of_steps_ends_the_search(small: ox.Store) -> None:
    limited = lookups.Lookups(small, steps=2)

    assert limited.used(ox.NamedNode(f"{CG}heldBy"))
    with pytest.raises(lookups.SpentError):
        limited.used(ox.NamedNode(f"{CG}heldBy"))


def test_the_limit_of_time_ends_the_search(small: ox.Store) -> None:
    late = lookups.Lookups(small, steps=129, end=0.0)  # the next step looks at the clock

    with pytest.raises(lookups.SpentError):
        late.used(ox.NamedNode(f"{CG}none"))


def test_the_hints_that_were_found_before_the_limit_remain(small: ox.Store) -> None:
    many = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(900))

    assert [hint.kind for hint in on(small, f"ASK {{ ?s cg:helBy ?o . {many} }}")] == ["unknown-term"]


def test_a_hint_says_where_and_survives_json() -> None:
    hint = hint_at("ASK {\n  ?s ?p ?o }", 8, "unknown-term", "there is none", ["cg:x"])

    assert str(hint) == "line 2, column 3: there is none"
    assert from_json(hint.to_json()) == hint


@pytest.mark.parametrize(
    ("iri", "text"),
    [
        (f"{CG}heldBy", "cg:heldBy"),
        (f"{ID}actor/x", "actor:x"),
        (f"{ID}telegram/x/body-7/y", f"<{ID}telegram/x/body-7/y>"),
        ("http://ex.org/a", "<http://ex.org/a>"),
        (f"{GRAPH}telegram/x", f"<{GRAPH}telegram/x>"),
    ],
)
def test_an_iri_is_written_as_sparql_has_it(iri: str, text: str) -> None:
    assert written(iri) == text


def test_undeclared_prefixes_are_one_hint_at_the_first_of_them() -> None:
    query = "ASK {\n ?s cg:p actor:x ; rdfs:label ?l }"
    completed = f"PREFIX cg: <{CG}> PREFIX actor: <{ID}actor/> {query}"
    (hint,) = find_hints.on_prefixes(query, completed)

    assert (hint.kind, hint.line, hint.column) == ("undeclared-prefix", 2, 5)
    assert hint.instead == (f"PREFIX cg: <{CG}>", f"PREFIX actor: <{ID}actor/>")
    assert "cg: and actor: are known here" in hint.message
    assert list(find_hints.on_prefixes(query, query)) == []
