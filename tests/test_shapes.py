"""Each shape beside a record that satisfies it and one that does not: `tests/shapes/<shape>/{good,bad}.yaml`.

A line of `bad.yaml` that ends in `# expect: <message>` is to be found, with this message, and nothing
else is. Shapes of our ontology and of saved queries have `good.ttl` and `bad.ttl`, where the finding
stands at the term.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import RDF, SH, URIRef

from kg import build, namespaces, terms
from kg.checking import shacl
from kg.checking.compiled.compiled_validation import Validator
from kg.errors import DataError, Finding
from kg.inference.columns.statement_columns import Columns, statement
from kg.reading import ontology, record_files, triples

HERE = Path(__file__).parent
CASES = HERE / "shapes"
BASE = HERE / "records"
TELEGRAM = "telegram/1900-01-02-alpha-1"
SHAPE = namespaces.BASE + "shape#"
SAYS = (SH.closed, SH["or"], SH.xone, SH["not"], SH["class"], SH.sparql)
Found = dict[str, dict[str, list[Finding]]]
EXPECT = re.compile(r"# expect: (.*?)(?=\s*# expect: |$)")


def shapes_of(folder: str) -> Iterator[str]:
    """Yield the local names of all property shapes, and of the node shapes that say something themselves."""
    graph = shacl.read(build.Collection.shipped().shapes / folder)
    for shape in sorted(s for s in set(graph.subjects(RDF.type)) if isinstance(s, URIRef)):
        if (shape, RDF.type, SH.PropertyShape) in graph or any((shape, key, None) in graph for key in SAYS):
            yield str(shape).removeprefix(SHAPE)


STATED, GRAPH, ONTOLOGY, QUERIES = (list(shapes_of(folder)) for folder in shacl.FOLDERS)


def test_each_shape_has_a_folder_with_a_good_and_a_bad_case() -> None:
    folders = {folder.name: {file.name for file in folder.iterdir()} for folder in CASES.iterdir()}

    assert set(folders) == {*STATED, *GRAPH, *ONTOLOGY, *QUERIES}
    for name in (*STATED, *GRAPH):
        assert folders[name] == {"good.yaml", "bad.yaml"}
    for name in (*ONTOLOGY, *QUERIES):
        assert folders[name] == {"good.ttl", "bad.ttl"}


def expected(file: Path) -> list[tuple[int, str]]:
    """Return line and message of each mark in a case."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return sorted((number, message) for number, line in lines for message in EXPECT.findall(line))


def marks(found: list[Finding]) -> list[tuple[int, str]]:
    return sorted((f.line, str(replace(f, file="", line=0)).removeprefix(": ")) for f in found)


def records_with(kind: str, cases: list[str], folder: Path) -> Path:
    """Return a folder with the base records and, among those of its telegram, a file for each case.

    Cases call themselves `case`; here each gets a name of its own.
    """
    shutil.copytree(BASE, folder)
    for name in cases:
        own = file_of(name)
        text = (CASES / name / f"{kind}.yaml").read_text(encoding="utf-8")
        text = text.replace("case/", f"{Path(own).stem}/")
        (folder / own).write_text(text, encoding="utf-8")
    return folder


def file_of(case: str) -> str:
    """Return where the records of a case stand: its name with hyphens for capitals."""
    words = re.sub(r"([A-Z])", r"-\1", case).strip("-").lower()
    return f"{TELEGRAM}/{'kind-' if case[0].isupper() else ''}{words}.yaml"


def by_file(found: list[Finding]) -> dict[str, list[Finding]]:
    return {file: [f for f in found if f.file == file] for file in {f.file for f in found}}


# One call finds what is wrong in all cases of a kind; each case is a file of its own there.
@pytest.fixture(scope="module")
def stated(sources: build.Collection, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Return what the shapes of what is stated find in each file: of all good and of all bad cases."""
    own, shapes = ontology.load(sources.ontology), shacl.load(sources.shapes)["stated"]

    def find(kind: str) -> list[Finding]:
        read = record_files.read(
            records_with(kind, STATED, tmp_path_factory.mktemp(kind) / "records"), own.keys
        )
        quads = triples.from_records(read, own)
        found = shacl.validate(shacl.data_graph((q.triple for q in quads), own), shapes, read, own)
        assert Validator(shapes, own).findings(Columns(map(statement, quads)), read) == found
        return found

    return {kind: by_file(find(kind)) for kind in ("good", "bad")}


@pytest.mark.parametrize("case", STATED)
def test_what_is_stated_rightly_is_accepted(case: str, stated: Found) -> None:
    assert expected(CASES / case / "good.yaml") == []
    assert file_of(case) not in stated["good"]


@pytest.mark.parametrize("case", STATED)
def test_what_is_stated_wrongly_is_found_at_its_line(case: str, stated: Found) -> None:
    wanted = expected(CASES / case / "bad.yaml")

    assert wanted
    assert marks(stated["bad"][file_of(case)]) == wanted


def test_what_is_stated_wrongly_is_found_nowhere_else(stated: Found) -> None:
    assert stated["good"] == {}
    assert set(stated["bad"]) == {file_of(case) for case in STATED}


def built(records: Path, sources: build.Collection) -> list[Finding]:
    """Return all findings of a whole build, whether it ends well or not."""
    try:
        return build.build(replace(sources, records=records)).findings
    except DataError as error:
        return list(error.findings)


# A whole build takes a second, so all cases of a kind share one.
@pytest.fixture(scope="module")
def across(sources: build.Collection, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Return what whole builds find in each file: of the base alone, of all good and of all bad cases."""
    result = {}
    for kind in ("base", "good", "bad"):
        cases = GRAPH if kind != "base" else []
        records = records_with(kind, cases, tmp_path_factory.mktemp(kind) / "records")
        found = [f for f in built(records, sources) if "were not re-verified" not in f.message]
        result[kind] = by_file(found)
    return result


def test_the_base_records_are_good(across: Found) -> None:
    assert across["base"] == {}


@pytest.mark.parametrize("case", GRAPH)
def test_what_fits_together_is_accepted(case: str, across: Found) -> None:
    assert expected(CASES / case / "good.yaml") == []
    assert file_of(case) not in across["good"]


@pytest.mark.parametrize("case", GRAPH)
def test_what_does_not_fit_together_is_found_at_its_line(case: str, across: Found) -> None:
    wanted = expected(CASES / case / "bad.yaml")

    assert wanted
    assert marks(across["bad"][file_of(case)]) == wanted


def test_what_does_not_fit_together_is_found_nowhere_else(across: Found) -> None:
    assert across["good"] == {}
    assert set(across["bad"]) == {file_of(case) for case in GRAPH}


IN_TURTLE = [
    (folder, case) for folder, cases in (("ontology", ONTOLOGY), ("queries", QUERIES)) for case in cases
]


def in_turtle(file: Path, shapes: Path) -> list[tuple[str, str]]:
    """Return subject and message of each finding in one Turtle file, which compiled shapes find as well."""
    empty, stated = ontology.Ontology(triples=(), context={}), ontology.parse_turtle(file)
    found = shacl.validate(shacl.data_graph(stated, empty), shacl.read(shapes), record_files.Records(), empty)
    validator = Validator(shacl.prepare(shacl.read(shapes)), empty)
    assert validator.findings(Columns(map(statement, stated)), record_files.Records()) == found
    assert validator.left == {}
    return sorted((finding.file, finding.message) for finding in found)


def expected_terms(file: Path) -> list[tuple[str, str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return sorted((terms.expand(line.split()[0]), m) for line in lines for m in EXPECT.findall(line))


@pytest.mark.parametrize(("folder", "case"), IN_TURTLE)
def test_a_good_term_or_query_is_accepted(folder: str, case: str, sources: build.Collection) -> None:
    assert in_turtle(CASES / case / "good.ttl", sources.shapes / folder) == []


@pytest.mark.parametrize(("folder", "case"), IN_TURTLE)
def test_a_bad_term_or_query_is_found(folder: str, case: str, sources: build.Collection) -> None:
    bad = CASES / case / "bad.ttl"

    assert expected_terms(bad)
    assert in_turtle(bad, sources.shapes / folder) == expected_terms(bad)
