"""Numbers, dates and instants: one form for each value, bounds that fit precision and zone, and no traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import SH, XSD, Graph, URIRef

from kg import build
from kg.checking import shacl, zones
from kg.errors import DataError, Finding
from kg.namespaces import BASE, CG
from kg.reading import ontology, record_files, record_set, triples
from kg.terms import value

HERE = Path(__file__).parents[2]
TELEGRAM = "telegram/1900-01-02-alpha-1"
NUMBERS_AND_DATES = (XSD.integer, XSD.decimal, XSD.date, XSD.dateTime)
EARLIEST = f"{CG}earliest"


@pytest.fixture(scope="module")
def own(sources: build.Collection) -> ontology.Ontology:
    return ontology.load(sources.ontology)


@pytest.fixture(scope="module")
def records(sources: build.Collection, own: ontology.Ontology) -> record_set.Records:
    return record_files.read(sources.records, own.keys)


@pytest.fixture(scope="module")
def shapes(sources: build.Collection) -> Graph:
    return shacl.load(sources.shapes)["stated"]


def test_each_key_that_takes_a_number_or_a_date_says_how_it_is_written(sources: build.Collection) -> None:
    written = shacl.read(sources.shapes / "stated")
    found = {kind: list(written.subjects(SH.datatype, kind)) for kind in NUMBERS_AND_DATES}

    assert all(found.values())
    for shape in (shape for shapes in found.values() for shape in shapes):
        assert written.value(shape, SH.pattern), shape


def only(shapes: Graph, *names: str) -> Graph:
    """Return these shapes alone, with the prefixes of their queries."""
    result = Graph()
    for end in ("", *(f"#{name}" for name in names)):
        shapes.cbd(URIRef(f"{BASE}shape{end}"), target_graph=result)
    return result


def in_utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# What is done to a bound -> how it is written then. RDFLib/pySHACL#151 and semanticarts/gist#1352 tell of such forms.
FORMS: dict[str, Callable[[datetime], str]] = {
    "the same instant in UTC": in_utc,
    "offset without a colon": lambda t: t.strftime("%Y-%m-%dT%H:%M:%S%z"),
    "a small t": lambda t: t.isoformat().replace("T", "t"),
    "a space for the T": lambda t: t.isoformat(" "),
    "no seconds": lambda t: t.isoformat(timespec="minutes"),
    "a fraction of a second": lambda t: t.isoformat(timespec="milliseconds"),
    "a comma before the fraction": lambda t: t.isoformat(timespec="milliseconds").replace(".", ","),
    "no offset": lambda t: t.replace(tzinfo=None).isoformat(),
    "another offset": lambda t: t.isoformat()[:-6] + "+09:00",
    "no such day": lambda _: "1962-02-30T25:00:00Z",
}


@pytest.mark.parametrize("form", FORMS)
def test_each_date_of_the_records_is_noticed_when_its_bound_is_written_otherwise(
    form: str, records: record_set.Records, own: ontology.Ontology, shapes: Graph
) -> None:
    stated = [quad.triple for quad in triples.from_records(records, own)]
    bounds = [t for t in stated if t.predicate.value == EARLIEST]
    changed = {t: FORMS[form](datetime.fromisoformat(value(t.object))) for t in bounds}
    dates = {t.subject for t in bounds}
    near = [t for t in stated if t.subject in dates and t not in changed]

    told = [*near, *(with_text(t, text) for t, text in changed.items())]
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in (*told, *own.triples))
    found = shacl.validate(shacl.data_graph(told, own), only(shapes, "earliest"), records, own)
    found += zones.check(store, records)

    places = {records.place(value(t.subject), "earliest") for t in bounds}
    assert len(bounds) > 30
    assert places <= {record_set.SourceLine(finding.file, finding.line) for finding in found}


def with_text(triple: ox.Triple, text: str) -> ox.Triple:
    assert isinstance(triple.object, ox.Literal)
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(text, datatype=triple.object.datatype))


def found_in(file: str, old: str, new: str, folder: Path, small: build.Collection) -> list[Finding]:
    """Return what a build of the base finds when `old` is changed into `new` in one file of its telegram."""
    copy = folder / "records"
    shutil.copytree(HERE / "records", copy)
    changed = copy / TELEGRAM / file
    text = changed.read_text(encoding="utf-8")
    assert old in text
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        build.build(replace(small, records=copy))
    return [finding for finding in caught.value.findings if finding.severity == "violation"]


@pytest.mark.parametrize(
    ("file", "number"), [("header-1.yaml", "12a"), ("header-1.yaml", "184.0"), ("passage.yaml", "0xB8")]
)
def test_a_place_that_is_no_whole_number_is_found_at_its_line(
    file: str, number: str, tmp_path: Path, small_sources: build.Collection
) -> None:
    """It stops the build with a finding and not with a traceback, although quotes are compared first."""
    found = found_in(file, "start: 0", f"start: {number}", tmp_path, small_sources)

    assert Finding(f"{TELEGRAM}/{file}", 7, "start takes one whole number, below end") in found


def test_one_instant_in_two_forms_is_found_at_its_line(
    tmp_path: Path, small_sources: build.Collection
) -> None:
    old, twice = "1900-01-02T00:00:00Z", "[1900-01-02T00:00:00Z, 1900-01-02T05:00:00+05:00]"

    found = found_in("header-1.yaml", old, twice, tmp_path, small_sources)

    message = "earliest takes one instant with offset, 1962-10-27T02:00:00-05:00, not after latest"
    assert found == [Finding(f"{TELEGRAM}/header-1.yaml", 29, message)]
