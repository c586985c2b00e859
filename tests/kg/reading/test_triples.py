"""Records become quads: the graph of each file, the quads of a small record, references that dangle."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import Build, Collection
from kg.errors import DataError, Finding
from kg.reading import record_files, triples
from kg.reading.ontology import Ontology, load
from kg.reading.record_set import RecordFile, Records, SourceLine

GOOD = Path(__file__).parents[2] / "reading" / "good"
GRAPH = "https://w3id.org/cablegraph/graph/"
ID = "https://w3id.org/cablegraph/id/"
FILES = [
    ("actor.yaml", "shared"),
    ("telegram.yaml", "shared"),
    ("actor/anna-berg.yaml", "shared"),
    ("telegram/1901-02-03-port-7/index.yaml", "telegram/1901-02-03-port-7"),
    ("telegram/1901-02-03-port-7/deep/body-1.yaml", "telegram/1901-02-03-port-7"),
    ("link.sssom.tsv", "links"),
    ("link.yaml", "links"),
    ("link/actors.yaml", "links"),
]
# What `good/…/body-1.yaml` says of its first record, by hand. `0511` stays text; the quotes are English.
OPPOSES = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix id: <https://w3id.org/cablegraph/id/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@base <https://w3id.org/cablegraph/id/telegram/1901-02-03-port-7/> .
<body-1/berg-opposes> a cg:Position ;
    cg:content "No: the pier is refused."@en ;
    cg:heldBy <https://w3id.org/cablegraph/id/actor/anna-berg> ;
    cg:opposes <https://w3id.org/cablegraph/id/issue/new-pier> ;
    cg:voicedAt <https://w3id.org/cablegraph/id/event/meeting> ;
    cg:basis <https://w3id.org/cablegraph/id/basis/conversation> ;
    cg:certainty <https://w3id.org/cablegraph/id/certainty/certain> ;
    cg:when <body-1/berg-opposes#when> ;
    cg:evidence <body-1/berg-opposes#evidence/1> , <body-1/berg-opposes#evidence/2> .
<body-1/berg-opposes#when> cg:asWritten "0511" ; cg:evidence <body-1/berg-opposes#when/evidence/1> .
<body-1/berg-opposes#when/evidence/1> cg:inPassage <passage/body-1> ; oa:exact "at 0511"@en ;
    oa:start "40"^^<http://www.w3.org/2001/XMLSchema#integer> ;
    oa:end "47"^^<http://www.w3.org/2001/XMLSchema#integer> .
<body-1/berg-opposes#evidence/1> cg:inPassage <passage/body-1> ; oa:exact "will not have it"@en .
<body-1/berg-opposes#evidence/2> cg:inPassage <passage/body-1> ; oa:exact "no"@en .
"""


@pytest.fixture(scope="module")
def schema(sources: Collection) -> Ontology:
    return load(sources.ontology)


@pytest.fixture(scope="module")
def quads(schema: Ontology) -> list[ox.Quad]:
    return triples.from_records(record_files.read(GOOD, schema.keys), schema)


@pytest.mark.parametrize(("file", "graph"), FILES)
def test_the_folder_decides_the_graph(file: str, graph: str) -> None:
    assert triples.graph_of(file) == graph


def test_a_small_record_becomes_the_triples_that_a_hand_writes(quads: list[ox.Quad]) -> None:
    wanted = {q.triple for q in ox.parse(OPPOSES, ox.RdfFormat.TURTLE)}
    found = {q.triple for q in quads if "/berg-opposes" in str(q.subject)}

    assert found == wanted


ASCRIBED = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://w3id.org/cablegraph/id/> .
@base <https://w3id.org/cablegraph/id/telegram/1901-02-03-port-7/> .
<body-1/berg-thinks#embeds> a cg:AscribedClaim ;
    cg:content "The pier is wanted."@en ;
    cg:ascribedTo <https://w3id.org/cablegraph/id/actor/harbour-office> ;
    cg:unassertedKind cg:Position ;
    cg:property cg:favours ;
    cg:unassertedValue <https://w3id.org/cablegraph/id/issue/new-pier> ;
    dcterms:subject <https://w3id.org/cablegraph/id/topic/harbour-works> .
"""


def test_what_a_claim_ascribes_stays_apart_from_what_its_holder_holds(quads: list[ox.Quad]) -> None:
    wanted = {q.triple for q in ox.parse(ASCRIBED, ox.RdfFormat.TURTLE)}
    found = {q.triple for q in quads if str(q.subject).endswith("/berg-thinks#embeds>")}

    assert found == wanted


def test_labels_and_variants_keep_their_language(quads: list[ox.Quad]) -> None:
    anna = {(q.object.value, q.object.language) for q in quads
            if str(q.subject) == f"<{ID}actor/anna-berg>" and isinstance(q.object, ox.Literal)}  # fmt: skip

    assert anna == {("Anna Berg", "en"), ("Анна Берг", "ru"), ("A. Berg", "en"), ("Mrs Berg", "en")}


def test_a_match_stands_on_the_thing_and_in_the_graph_of_links(quads: list[ox.Quad]) -> None:
    match = [q for q in quads if str(q.predicate).endswith("closeMatch>")]

    assert [(str(q.subject), str(q.object), str(q.graph_name)) for q in match] == [
        (f"<{ID}actor/anna-berg>", "<http://www.wikidata.org/entity/Q4115189>", f"<{GRAPH}links>")
    ]


def test_there_are_no_blank_nodes_and_no_quad_twice(quads: list[ox.Quad]) -> None:
    assert not [q for q in quads if "_:" in f"{q.subject} {q.object}"[:3]]
    assert not [q for q in quads if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)]
    assert len(quads) == len(set(quads))


def test_two_readings_give_the_same_quads_in_the_same_order(quads: list[ox.Quad], schema: Ontology) -> None:
    assert triples.from_records(record_files.read(GOOD, schema.keys), schema) == quads


def test_each_value_of_each_list_is_the_concept_of_that_name(schema: Ontology) -> None:
    # A word that is also a record key, `expected` or `author` for example, must not become that key.
    lists = {key: folder for key, entry in schema.context.items() if (folder := _list_of(entry))}
    schemes = {
        c.rpartition("/")[0] for c in schema.subjects if c.startswith(ID) and "/" in c.removeprefix(ID)
    }
    pairs = [
        (key, c) for key, folder in lists.items() for c in sorted(schema.subjects) if c.startswith(folder)
    ]
    objects = [
        {"id": f"{ID}x/{n}", key: concept.rpartition("/")[2]} for n, (key, concept) in enumerate(pairs)
    ]
    records = Records(
        [RecordFile("x.yaml", ID, objects)], {o["id"]: SourceLine("x.yaml", 1) for o in objects}
    )
    drawn = triples.from_records(records, schema)

    # A Fact names these values with a prefix, as in status:occurred.
    prefixed = {schema.context[prefix].rstrip("/") for prefix in schema.prefixes} & schemes
    assert {folder.rstrip("/") for folder in lists.values()} == schemes - prefixed
    assert {name.removeprefix(ID) for name in prefixed} == {"language", "status"}
    assert len(pairs) > 80
    assert [(q.predicate.value, str(q.object)) for q in drawn] == [
        (schema.keys[key].iri, f"<{concept}>") for key, concept in pairs
    ]


def _list_of(entry: object) -> str:
    inner = entry.get("@context") if isinstance(entry, dict) else None
    return str(inner["@vocab"]) if isinstance(inner, dict) else ""


def test_what_the_json_ld_parser_refuses_is_a_finding_for_its_file(schema: Ontology) -> None:
    records = Records([RecordFile("one.yaml", ID, [{"id": f"{ID}one", "type": None}])])
    with pytest.raises(DataError) as caught:
        triples.from_records(records, schema)

    assert [(f.file, f.line) for f in caught.value.findings] == [("one.yaml", 0)]
    assert caught.value.findings[0].message.startswith("a value cannot be read: ")


def test_findings_of_reading_are_raised_with_those_of_references(schema: Ontology) -> None:
    one = {"id": f"{ID}one", "heldBy": "actor:nobody-at-all"}
    records = Records([RecordFile("one.yaml", ID, [one])], findings=[Finding("two.yaml", 3, "wrong")])
    records.things[f"{ID}one"] = SourceLine("one.yaml", 7)
    with pytest.raises(DataError) as caught:
        triples.from_records(records, schema)

    assert [(f.file, f.line) for f in caught.value.findings] == [("one.yaml", 7), ("two.yaml", 3)]


def test_a_missing_thing_of_the_same_telegram_is_offered_as_that_telegram_writes_it(
    tmp_path: Path, schema: Ontology
) -> None:
    folder = tmp_path / "telegram" / "x"
    folder.mkdir(parents=True)
    (folder / "index.yaml").write_text("type: Telegram", encoding="utf-8")
    (folder / "body-1.yaml").write_text("one: {type: Belief, restates: body-2/two}", encoding="utf-8")
    (folder / "body-3.yaml").write_text("two: {type: Belief, restates: body-1/ones}", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        triples.from_records(record_files.read(tmp_path, schema.keys), schema)

    assert [f.message for f in caught.value.findings] == [
        "restates names 'body-2/two', which does not exist; did you mean body-3/two?",
        "restates names 'body-1/ones', which does not exist; did you mean body-1/one?",
    ]


def test_each_stated_quad_of_the_real_graph_lies_in_the_graph_of_its_record(graph: Build) -> None:
    stated = [q for q in graph.quads if str(q.subject).strip("<>") in graph.records.things]
    own = [q for q in stated if "/graph/telegram/" in str(q.graph_name)]

    assert len(own) > 1000
    for quad in own:
        name = str(quad.graph_name).strip("<>").removeprefix(GRAPH)
        assert str(quad.subject).startswith(f"<{ID}{name}")
