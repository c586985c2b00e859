"""Findings carry file, line, message and severity; shapes are loaded, prepared and quiet."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from kg import build, namespaces, terms
from kg.checking import shacl
from kg.errors import DataError, Finding
from kg.namespaces import CG, ID
from kg.reading import ontology, record_files, record_set, triples

HERE = Path(__file__).parents[2]
SHAPE = Namespace(namespaces.BASE + "shape#")
SUB_CLASS = ox.NamedNode(str(RDFS.subClassOf))
TELEGRAM = "telegram/1900-01-02-alpha-1"
PREFIXES = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/cablegraph/shape#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIND_ALL = PREFIXES + "".join(
    f"""
shape:{severity} a sh:NodeShape ; sh:targetClass cg:Issue ;
    sh:property [ sh:path cg:note ; sh:minCount 1 ; sh:severity sh:{severity} ; sh:message "no note"@en ] .
"""
    for severity in ("Violation", "Warning", "Info")
)


@pytest.fixture(scope="module")
def own(sources: build.Collection) -> ontology.Ontology:
    return ontology.load(sources.ontology)


def shapes(text: str) -> Graph:
    return shacl.prepare(Graph().parse(data=text, format="turtle"))


def stated(text: str, folder: Path, own: ontology.Ontology) -> tuple[Graph, record_files.Records]:
    """Return the data and the records of the base and of one more file with `text`."""
    records = folder / "records"
    shutil.copytree(HERE / "records", records)
    (records / TELEGRAM / "case.yaml").write_text(text, encoding="utf-8")
    read = record_files.read(records, own.keys)
    return shacl.data_graph((q.triple for q in triples.from_records(read, own)), own), read


def test_a_finding_has_the_severity_of_its_shape(own: ontology.Ontology) -> None:
    issue = ox.Triple(ox.NamedNode(f"{ID}issue/x"), ox.NamedNode(str(RDF.type)), ox.NamedNode(str(CG.Issue)))
    records = record_set.Records(things={f"{ID}issue/x": record_set.SourceLine("issue.yaml", 3)})

    found = shacl.validate(shacl.data_graph([issue], own), shapes(FIND_ALL), records, own)

    assert found == [
        Finding("issue.yaml", 3, "no note", "info"),
        Finding("issue.yaml", 3, "no note", "violation"),
        Finding("issue.yaml", 3, "no note", "warning"),
    ]


def test_a_finding_about_what_no_record_states_names_the_thing_itself(own: ontology.Ontology) -> None:
    issue = ox.Triple(ox.NamedNode(f"{ID}issue/x"), ox.NamedNode(str(RDF.type)), ox.NamedNode(str(CG.Issue)))

    found = shacl.validate(shacl.data_graph([issue], own), shapes(FIND_ALL), record_files.Records(), own)

    assert {(f.file, f.line) for f in found} == {(f"{ID}issue/x", 0)}


ASKED = (
    PREFIXES
    + """
shape:asked a sh:NodeShape ; sh:targetClass cg:Issue ; sh:severity sh:Warning ; sh:message "no note"@en ;
    sh:sparql [ sh:prefixes shape:prefixes ;
        sh:select "SELECT $this { $this a cg:Issue . FILTER NOT EXISTS { $this cg:note ?note } }" ] .
shape:prefixes sh:declare [ sh:prefix "cg" ; sh:namespace "https://w3id.org/cablegraph/ontology#"^^xsd:anyURI ] .
"""
)


def test_a_query_of_a_shape_finds_with_its_severity_what_pyshacl_finds_with_it(
    own: ontology.Ontology,
) -> None:
    kind, note = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(CG.note))
    issues = [ox.NamedNode(f"{ID}issue/{name}") for name in ("x", "y", "z")]
    said = [ox.Triple(issue, kind, ox.NamedNode(str(CG.Issue))) for issue in issues]
    data = shacl.data_graph([*said, ox.Triple(issues[1], note, ox.Literal("a remark", language="en"))], own)
    lines = {issue.value: record_set.SourceLine("issue.yaml", n) for n, issue in enumerate(issues, 1)}
    records = record_set.Records(things=lines)

    found = shacl.validate(data, shapes(ASKED), records, own)

    assert found == [Finding("issue.yaml", line, "no note", "warning") for line in (1, 3)]
    assert found == shacl.validate(data, Graph().parse(data=ASKED, format="turtle"), records, own)


def test_a_key_that_a_kind_does_not_have_is_named_with_its_line(
    tmp_path: Path, own: ontology.Ontology, sources: build.Collection
) -> None:
    data, records = stated("x:\n  type: Place\n  label: {en: X}\n  heldBy: actor:ann\n", tmp_path, own)

    found = shacl.validate(data, shacl.load(sources.shapes)["stated"], records, own)

    assert list(map(str, found)) == [
        f"{TELEGRAM}/case.yaml:4: a record of type Place has no such key: heldBy"
    ]


def test_a_property_that_no_key_stands_for_is_named_by_its_last_part(own: ontology.Ontology) -> None:
    closed = PREFIXES + "shape:X a sh:NodeShape ; sh:targetSubjectsOf cg:odd ; sh:closed true ; "
    subject, value = ox.NamedNode(f"{ID}issue/x"), ox.Literal("y")
    data = shacl.data_graph([ox.Triple(subject, ox.NamedNode(str(CG.odd)), value)], own)

    found = shacl.validate(
        data, shapes(closed + 'sh:message "no such key"@en .'), record_files.Records(), own
    )

    assert [finding.message for finding in found] == ["no such key: odd"]


ILL_TYPED = """\
number:
  type: DocumentNumber
  numberOf: document:letter
  inSeries: series:alpha-out
  from: one
  to: 5
  asWritten: No. 1
  certainty: certain
  evidence: [{in: passage/body-1, quote: No. 1, start: 21, end: 26}]
date:
  type: TimeExtent
  asWritten: that day
  earliest: 31 October
  latest: 1962-10-31T23:59:59
  precision: day
  dateBasis: stated
  zone: stated
  certainty: certain
  evidence: [{in: passage/body-1, quote: that day, start: 21, end: 29}]
"""


def test_ill_typed_numbers_and_dates_are_found_at_their_lines_and_nothing_is_printed(
    tmp_path: Path,
    own: ontology.Ontology,
    sources: build.Collection,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    data, records = stated(ILL_TYPED, tmp_path, own)

    found = shacl.validate(data, shacl.load(sources.shapes)["stated"], records, own)

    assert list(map(str, found)) == [
        f"{TELEGRAM}/case.yaml:5: from takes one whole number, not above to",
        f"{TELEGRAM}/case.yaml:13: earliest takes one instant with offset, "
        "1962-10-27T02:00:00-05:00, not after latest",
        f"{TELEGRAM}/case.yaml:14: latest takes one instant with offset, 1962-10-27T07:00:00-05:00",
    ]
    assert [record for record in caplog.records if record.name.startswith("rdflib")] == []
    assert capsys.readouterr() == ("", "")


def test_rdflib_logs_again_when_the_check_is_over(
    own: ontology.Ontology, caplog: pytest.LogCaptureFixture
) -> None:
    before = list(logging.getLogger("rdflib.term").filters)
    shacl.validate(shacl.data_graph([], own), shapes(FIND_ALL), record_files.Records(), own)

    Literal("many", datatype=XSD.decimal)

    assert logging.getLogger("rdflib.term").filters == before
    assert any(record.name == "rdflib.term" for record in caplog.records)


def test_a_literal_that_has_no_order_becomes_plain_text(own: ontology.Ontology) -> None:
    subject, key = ox.NamedNode(f"{ID}x"), ox.NamedNode(str(CG.earliest))
    instants = ["1962-10-31T00:00:00-05:00", "1962-10-31T00:00:00", "soon"]
    typed = [ox.Literal(text, datatype=ox.NamedNode(str(XSD.dateTime))) for text in instants]

    data = shacl.data_graph([ox.Triple(subject, key, literal) for literal in typed], own)

    datatypes = {str(o): o.datatype for o in data.objects(URIRef(subject.value)) if isinstance(o, Literal)}
    assert datatypes == dict(zip(instants, [XSD.dateTime, None, None], strict=True))


def test_shapes_that_are_not_turtle_are_reported_with_file_and_line(tmp_path: Path) -> None:
    for name in shacl.FOLDERS:
        (tmp_path / name).mkdir()
    (tmp_path / "graph" / "broken.ttl").write_text("\nshape:x a", encoding="utf-8")

    with pytest.raises(DataError) as caught:
        shacl.load(tmp_path)

    assert [(finding.file, finding.line) for finding in caught.value.findings] == [("broken.ttl", 2)]


def test_only_turtle_files_are_read_as_shapes(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# no shapes", encoding="utf-8")
    (tmp_path / "x.ttl").write_text(FIND_ALL, encoding="utf-8")

    assert set(shacl.read(tmp_path).subjects(RDF.type, SH.NodeShape)) == {
        SHAPE[name] for name in ("Violation", "Warning", "Info")
    }


@pytest.mark.slow
def test_prepared_shapes_find_what_the_written_shapes_find(
    tmp_path: Path, own: ontology.Ontology, sources: build.Collection
) -> None:
    records = tmp_path / "records"
    shutil.copytree(HERE / "records", records)
    written = shacl.read(sources.shapes / "stated")
    cases = [
        HERE / "shapes" / str(s).rpartition("#")[2] / "bad.yaml" for s in set(written.subjects(SH.message))
    ]
    alone = [case for case in cases if "case/" not in case.read_text(encoding="utf-8")]
    for number, case in enumerate(alone):
        shutil.copyfile(case, records / TELEGRAM / f"case-{number}.yaml")
    read = record_files.read(records, own.keys)
    data = shacl.data_graph((q.triple for q in triples.from_records(read, own)), own)

    found = shacl.validate(data, shacl.prepare(written), read, own)

    assert len(alone) > 150
    assert {finding.file for finding in found} == {f"{TELEGRAM}/case-{n}.yaml" for n in range(len(alone))}
    assert found == shacl.validate(data, written, read, own)


def test_closed_shapes_that_share_a_list_keep_the_keys_of_their_own(own: ontology.Ontology) -> None:
    prepared = shapes(
        PREFIXES
        + """
        shape:keys rdf:first rdf:type ; rdf:rest ( cg:note ) .
        shape:A a sh:NodeShape ; sh:targetClass cg:Person ; sh:closed true ;
            sh:ignoredProperties shape:keys ; sh:property shape:p ; sh:message "no such key"@en .
        shape:B a sh:NodeShape ; sh:targetClass cg:Place ; sh:closed true ;
            sh:ignoredProperties shape:keys ; sh:message "no such key"@en .
        shape:p a sh:PropertyShape ; sh:path cg:p ; sh:maxCount 1 .
        """
    )
    data = Graph().parse(data=PREFIXES + "cg:x a cg:Person ; cg:note 1 ; cg:p 1 . cg:y a cg:Place ; cg:p 1 .")

    found = shacl.validate(data, prepared, record_set.Records(), own)

    assert [(f.file, f.message) for f in found] == [(str(CG.y), "no such key: p")]


def test_the_list_for_every_assertion_has_the_keys_that_its_shape_guards(sources: build.Collection) -> None:
    written = shacl.read(sources.shapes / "stated")
    paths = {written.value(shape, SH.path) for shape in written.objects(SHAPE["Assertion"], SH.property)}

    assert paths
    assert {*Collection(written, SHAPE["assertion-keys"])} == {RDF.type, *paths}


def test_preparing_leaves_the_written_shapes_as_they_are(sources: build.Collection) -> None:
    written = shacl.read(sources.shapes / "stated")
    before = set(written)

    shacl.prepare(written)

    assert set(written) == before


@pytest.mark.parametrize("folder", shacl.FOLDERS)
@pytest.mark.slow
def test_our_shapes_are_themselves_good_shacl(folder: str, sources: build.Collection) -> None:
    written = shacl.read(sources.shapes / folder)

    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=written, meta_shacl=True)

    assert conforms, text


@pytest.mark.parametrize("folder", shacl.FOLDERS)
def test_each_shape_that_finds_something_has_a_name_and_a_message(
    folder: str, sources: build.Collection
) -> None:
    written = shacl.read(sources.shapes / folder)
    finding = {
        *written.subjects(RDF.type, SH.PropertyShape),
        *written.subjects(SH.closed),
        *written.subjects(SH.sparql),
    }

    assert finding
    for shape in finding:
        assert isinstance(shape, URIRef)
        for key in (SH.name, SH.message):
            texts = list(written.objects(shape, key))
            assert [getattr(text, "language", None) for text in texts] == ["en"], shape
            assert 2 <= len(str(texts[0])) < 150


def test_the_shipped_records_and_ontology_conform(graph: build.Build) -> None:
    assert [str(finding) for finding in graph.findings if finding.severity == "violation"] == []
    assert [str(finding) for finding in graph.findings if "no record speaks" in finding.message] == []


def test_each_kind_of_record_has_a_closed_shape_or_its_parent_has(
    own: ontology.Ontology, sources: build.Collection
) -> None:
    written = shacl.read(sources.shapes / "stated")
    heads = list(written.objects(SHAPE["type"], SH["in"]))
    kinds = {str(kind) for head in heads for kind in Collection(written, head)}
    guarded = {
        str(c) for shape in written.subjects(SH.closed) for c in written.objects(shape, SH.targetClass)
    }
    tree = [(terms.value(t.subject), terms.value(t.object)) for t in own.triples if t.predicate == SUB_CLASS]
    while below := {lower for lower, upper in tree if upper in guarded} - guarded:
        guarded |= below

    assert kinds
    assert kinds <= guarded
