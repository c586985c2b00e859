"""The table of links: rows as SSSOM/TSV, each mistake at its line, and what becomes of a row."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import Collection
from kg.errors import DataError
from kg.reading import ontology, record_files, triples
from kg.reading.ontology import Ontology
from kg.reading.sssom_file import COLUMNS, parse
from kg.store.sparql import rows

NAME = "link.sssom.tsv"
HEADER = """#sssom_version: "1.1"
#mapping_set_id: https://example.org/links
#mapping_set_title: Links
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  actor: https://w3id.org/cablegraph/id/actor/
#  catalogue: https://w3id.org/cablegraph/id/catalogue/
#  link: https://w3id.org/cablegraph/id/link/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#  sssom: https://w3id.org/sssom/
#  viaf: http://viaf.org/viaf/
#  wikidata: http://www.wikidata.org/entity/
"""
FIRST = HEADER.count("\n") + 2
ROW = {
    "record_id": "link:anna",
    "subject_id": "actor:anna-berg",
    "subject_label": "Anna Berg",
    "predicate_id": "skos:closeMatch",
    "object_id": "wikidata:Q4115189",
    "object_label": "Berg",
    "object_source": "catalogue:wikidata",
    "mapping_justification": "semapv:ManualMappingCuration",
    "author_label": "Ann Lee",
    "mapping_date": "1901-02-03",
    "confidence": "0.75",
    "ext_note": "The item is of the same name.",
    "comment": 'Found under "Berg" in a public list.',
}


def table(*changes: dict[str, str], header: str = HEADER, columns: tuple[str, ...] = COLUMNS) -> bytes:
    lines = ["\t".join({**ROW, **change}[name] for name in columns) for change in changes]
    return (header + "\n".join(["\t".join(columns), *lines]) + "\n").encode()


@pytest.fixture(scope="module")
def own(sources: Collection) -> Ontology:
    return ontology.load(sources.ontology)


def found(content: bytes, folder: Path, own: Ontology) -> list[tuple[int, str]]:
    (folder / NAME).write_bytes(content)
    (folder / "actor.yaml").write_text("anna-berg: {type: Person, label: {en: Anna Berg}}", encoding="utf-8")
    read = record_files.read(folder, own.keys)
    assert {finding.file for finding in read.findings} <= {NAME}
    return [(finding.line, finding.message) for finding in read.findings]


def test_a_row_becomes_the_triples_that_a_hand_writes(tmp_path: Path, own: Ontology) -> None:
    assert found(table({}), tmp_path, own) == []
    quads = triples.from_records(record_files.read(tmp_path, own.keys), own)
    wanted = """
    @prefix cg: <https://w3id.org/cablegraph/ontology#> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix schema: <http://schema.org/> .
    <https://w3id.org/cablegraph/id/actor/anna-berg>
        <http://www.w3.org/2004/02/skos/core#closeMatch> <http://www.wikidata.org/entity/Q4115189> .
    <https://w3id.org/cablegraph/id/link/anna> a cg:Link ;
        cg:about <https://w3id.org/cablegraph/id/actor/anna-berg> ;
        cg:item <http://www.wikidata.org/entity/Q4115189> ; schema:name "Berg" ;
        cg:inCatalogue <https://w3id.org/cablegraph/id/catalogue/wikidata> ;
        cg:justification <https://w3id.org/semapv/vocab/ManualMappingCuration> ;
        cg:certainty <https://w3id.org/cablegraph/id/certainty/probable> ;
        dcterms:date "1901-02-03"^^<http://www.w3.org/2001/XMLSchema#date> ; dcterms:creator "Ann Lee" ;
        cg:note "The item is of the same name."@en ; cg:reason "Found under \\"Berg\\" in a public list."@en .
    """

    in_links = {q.triple for q in quads if str(q.graph_name) == "<https://w3id.org/cablegraph/graph/links>"}
    assert in_links == {q.triple for q in ox.parse(wanted, ox.RdfFormat.TURTLE)}


def test_what_was_looked_for_and_not_found_says_where_and_draws_no_match(
    tmp_path: Path, own: Ontology
) -> None:
    none = {"object_id": "sssom:NoTermFound", "object_label": "", "predicate_id": "skos:exactMatch"}

    assert found(table(none), tmp_path, own) == []
    quads = triples.from_records(record_files.read(tmp_path, own.keys), own)
    said = {q.predicate.value.rpartition("#")[2] for q in quads if "/link/" in str(q.subject)}
    assert "inCatalogue" in said
    assert "item" not in said
    assert not [q for q in quads if "Match" in q.predicate.value]


def test_the_last_cells_of_a_row_may_be_left_out_and_line_ends_may_be_of_windows(
    tmp_path: Path, own: Ontology
) -> None:
    order = (*(name for name in COLUMNS if name != "ext_note"), "ext_note")
    content = table({"ext_note": ""}, columns=order).replace(b"\t\n", b"\n").replace(b"\n", b"\r\n")

    assert found(b"\xef\xbb\xbf" + content, tmp_path, own) == []


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_only_line_ends_of_files_end_a_row(mark: str) -> None:
    name = f"Berg{mark}Ana"
    read = parse(NAME, table({"object_label": name}, {"record_id": "link:second"}))

    assert read.findings == []
    assert [(row.line, row.cells["object_label"]) for row in read.rows] == [
        (FIRST, name),
        (FIRST + 1, "Berg"),
    ]


WRONG = [
    ({"object_id": ""}, "object_id is empty; write a value"),
    ({"comment": '"quoted"'}, "comment begins with a quotation mark; write cells without quotation marks"),
    ({"comment": "a\tb"}, "this row has 14 cells, not 13; delete the extra tabs"),
    ({"subject_id": "actr:anna-berg"}, "subject_id 'actr:anna-berg' has a prefix that curie_map lacks; there "
     "are: actor, catalogue, link, semapv, skos, sssom, viaf, wikidata"),
    ({"predicate_id": "owl:sameAs"}, "predicate_id takes skos:exactMatch or skos:closeMatch"),
    ({"confidence": "0.8"}, "confidence takes 0.95 (certain), 0.75 (probable), 0.5 (possible), 0.25 (doubtful)"),
    ({"record_id": "link:Anna"}, "record_id takes link: and lower-case letters, digits and hyphens, not 'Anna'"),
    ({"object_source": "catalogue:viaff"}, "object_source is not a known catalogue; there are: "
     "catalogue:wikidata, catalogue:viaf, catalogue:gnd, catalogue:lcnaf, catalogue:isni, catalogue:geonames, "
     "catalogue:ror, catalogue:collection"),
    ({"object_source": "catalogue:viaf"}, "object_id is not an item of Virtual International Authority File; use one as "
     "in viaf:102325430"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_a_wrong_cell_is_found_at_its_line(
    change: dict[str, str], message: str, tmp_path: Path, own: Ontology
) -> None:
    good = {"record_id": "link:other", "subject_id": "actor:other"}

    assert found(table(good, change), tmp_path, own) == [(FIRST + 1, message)]


TWICE = "actor:anna-berg has another row for this catalogue in line {}, which this row repeats or contradicts; keep one"
NONE = {"object_id": "sssom:NoTermFound", "record_id": "link:none"}
EXACT = {"predicate_id": "skos:exactMatch"}
VIAF = {"object_source": "catalogue:viaf", "object_id": "viaf:42", "record_id": "link:viaf"}
SECOND = {"object_id": "wikidata:Q2", "record_id": "link:second"}
PAIRS = [
    ({}, {}, "link:anna is already in link.sssom.tsv:15; choose another record_id"),
    ({}, {"record_id": "link:again"}, TWICE.format(15)),
    ({}, NONE, TWICE.format(15)),
    (NONE, {}, TWICE.format(15)),
    (EXACT, {**EXACT, **SECOND}, TWICE.format(15)),
]


@pytest.mark.parametrize(("first", "second", "message"), PAIRS)
def test_rows_that_do_not_go_together_are_found(
    first: dict[str, str], second: dict[str, str], message: str, tmp_path: Path, own: Ontology
) -> None:
    assert FIRST == 15
    assert found(table(first, second), tmp_path, own) == [(16, message)]


@pytest.mark.parametrize("second", [VIAF, {**VIAF, **NONE}, SECOND], ids=["other", "none in other", "close"])
def test_rows_for_other_catalogues_and_several_close_matches_go_together(
    second: dict[str, str], tmp_path: Path, own: Ontology
) -> None:
    assert found(table({}, second), tmp_path, own) == []


FILES = [
    (b"\xff\xfe", 1, "this is not UTF-8; save the file as UTF-8"),
    (b"#a: [\n", 1, "the header cannot be read; this is not YAML"),
    (b"#\x01\n", 1, "the header cannot be read; this is not YAML"),
    (
        b"#a: 1\n#b: " + b"[" * 100_000 + b"\n",
        2,
        "the header cannot be read; this is nested more than 20 deep",
    ),
    (b"#a: &x [*x]\n", 1, "the header cannot be read; anchors (&name) are not supported"),
    (b"subject_id\n", 1, "a file of mappings begins with a header"),
    (b"#curie_map: {a: 1}\n", 1, "curie_map takes a namespace for each prefix"),
    (
        HEADER.replace("#license", "#licence").encode(),
        1,
        "the header lacks license; write a line `#license: …`",
    ),
    (table(columns=COLUMNS[:-1]), FIRST - 1, "the column comment is missing"),
    (table(columns=(*COLUMNS, "comment")), FIRST - 1, "the column comment is there twice; keep one"),
    (table().replace(b"comment", b"coment"), FIRST - 1, "there is no column 'coment'; did you mean comment?"),
    (
        table().replace(b"comment", b"xyz"),
        FIRST - 1,
        "there is no column 'xyz'; there are: record_id, subject_id",
    ),
]


@pytest.mark.parametrize(("content", "line", "message"), FILES)
def test_a_file_that_cannot_be_used_is_told_with_its_line(content: bytes, line: int, message: str) -> None:
    findings = parse(NAME, content).findings

    assert [f.line for f in findings if f.message.startswith(message)] == [line]
    assert parse(NAME, content).rows == []


def test_a_file_that_cannot_be_used_is_told_with_the_rest_of_the_records(
    tmp_path: Path, own: Ontology
) -> None:
    assert found(b"\xff\xfe", tmp_path, own) == [(1, "this is not UTF-8; save the file as UTF-8")]


def test_a_wrong_item_is_found_by_shacl_at_its_line_of_the_table(tmp_path: Path, own: Ontology) -> None:
    from kg.checking import shacl

    wrong = {"object_id": "wikidata:P42", "mapping_date": "yesterday"}
    assert found(table(wrong), tmp_path, own) == []
    read = record_files.read(tmp_path, own.keys)
    data = shacl.data_graph((q.triple for q in triples.from_records(read, own)), own)
    shapes = shacl.load(Collection.shipped().shapes)["stated"]
    messages = [str(f) for f in shacl.validate(data, shapes, read, own)]

    assert messages == [
        "link.sssom.tsv:15: closeMatch takes items of a catalogue, written as in wikidata:Q42 or viaf:102325430",
        "link.sssom.tsv:15: curatedOn takes one day, written 2026-11-22",
        "link.sssom.tsv:15: item takes one item of a catalogue, written as in wikidata:Q42 or viaf:102325430",
    ]


def test_a_row_about_a_thing_without_a_record_is_refused_with_near_names(
    tmp_path: Path, own: Ontology
) -> None:
    assert found(table({"subject_id": "actor:ana-berg"}), tmp_path, own) == []
    with pytest.raises(DataError) as caught:
        triples.from_records(record_files.read(tmp_path, own.keys), own)

    assert (
        f"{NAME}:15: about names 'actor:ana-berg', which does not exist; did you mean actor:anna-berg?"
        in str(caught.value)
    )


def test_a_value_that_cannot_stand_in_rdf_is_found(tmp_path: Path, own: Ontology) -> None:
    (problem,) = found(table({"object_id": "wikidata:Q 1"}), tmp_path, own)[:1]

    assert problem[0] == FIRST
    assert (
        "item takes the name of a thing" in problem[1] or "closeMatch takes the name of a thing" in problem[1]
    )


READ = """
import sys, warnings
import sssom_pydantic
mappings, _, about, errors = sssom_pydantic.read(sys.argv[1], return_errors=True)
print(len(mappings), len(errors))
print(about.id, about.sssom_version)
print(*sorted({mapping.justification.curie for mapping in mappings}))
print(sum(mapping.object.curie == "sssom:NoTermFound" for mapping in mappings))
"""


def test_an_independent_reader_of_sssom_finds_every_row_and_no_error(
    sources: Collection, store: ox.Store
) -> None:
    path = Path(str(sources.records / NAME))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, path], capture_output=True, text=True, check=True
    )
    counts, of_set, justified, none = done.stdout.splitlines()
    (row,) = rows(store, "SELECT (COUNT(?l) AS ?n) { ?l a <https://w3id.org/cablegraph/ontology#Link> }")

    assert counts == f"{row['n'].value} 0"
    assert of_set == "https://w3id.org/cablegraph/graph/links 1.1"
    # Nobody has looked at the items themselves yet, so no row may claim it.
    assert justified == "semapv:BackgroundKnowledgeBasedMatching"
    assert none == "31"


def test_the_label_of_each_row_is_the_english_label_of_the_thing(
    sources: Collection, store: ox.Store
) -> None:
    file = parse(NAME, (sources.records / NAME).read_bytes())
    labels = {
        row["s"].value: row["l"].value
        for row in rows(
            store,
            "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l FILTER (lang(?l) = 'en') }",
        )
    }

    assert len(file.rows) > 80
    assert {row.line: row.cells["subject_label"] for row in file.rows} == {
        row.line: labels[file.expand(row.cells["subject_id"])] for row in file.rows
    }


def test_cells_are_read_in_nfc() -> None:
    file = parse(NAME, table({"comment": "Found as Jose\u0301."}))

    assert file.findings == []
    assert file.rows[0].cells["comment"] == "Found as Jos\u00e9."


# Some of these end a line elsewhere, and none ends a row.
@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x0c", "\x1e", "\ufffe"])
def test_a_cell_holds_only_what_xml_can_hold(character: str) -> None:
    file = parse(NAME, table({}, {"record_id": "link:berta", "ext_note": f"The{character} item."}))

    name = f"U+{ord(character):04X}"
    assert [(found.line, name in found.message) for found in file.findings] == [(FIRST + 1, True)]
    assert len(file.rows) == 1
