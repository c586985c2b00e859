"""Equality of the two ways: records of a collection, read and built, and quads that were written at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg import build
from kg.checking.quotes import CheckReport
from kg.cli.main import main
from kg.curating.importing.runs.import_run import Import
from kg.namespaces import is_inferred
from kg.reading import record_files, triples
from kg.reading.collection.collection import Collection
from kg.reading.ontology import ONTOLOGY_GRAPH, load

from .conftest import BASE, FILES, VOLUMES


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new collection into which both volumes were imported."""
    place = tmp_path_factory.mktemp("collection") / "harbor"
    made = ["new", str(place), "--base", BASE, "--title", "Harbor", "--curator", "Nobody"]
    assert CliRunner().invoke(main, made).exit_code == 0
    args = ["import", *map(str, FILES), "--collection", str(place), "--jobs", "1", "--day", "2026-11-27"]
    result = CliRunner().invoke(main, args)
    assert "5 documents of 2 volumes, 5 new ones" in result.output
    return place


def test_both_ways_give_the_same_quads(collection: Path, imported: tuple[Path, Import, list[str]]) -> None:
    one = Collection.at(collection)
    schema = load(one.ontology, one.names)
    records = record_files.read(one.records, schema.keys, one.names)

    at_once = set(ox.parse(imported[0].read_bytes(), ox.RdfFormat.N_QUADS))
    stated = at_once - drawn(at_once)
    assert set(triples.from_records(records, schema)) == {q for q in stated if q.graph_name != ONTOLOGY_GRAPH}
    assert {q.triple for q in at_once if q.graph_name == ONTOLOGY_GRAPH} <= set(schema.triples)
    assert len(at_once) > 500


def drawn(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    return {quad for quad in quads if is_inferred(str(quad.graph_name)[1:-1])}


def test_the_records_stand_the_check_and_the_build_draws_what_the_import_drew(
    collection: Path, imported: tuple[Path, Import, list[str]]
) -> None:
    report = CheckReport()

    built = build.build(Collection.at(collection), collection / "texts", report=report)

    at_once = drawn(ox.parse(imported[0].read_bytes(), ox.RdfFormat.N_QUADS))
    assert at_once == drawn(built.quads)
    assert len(at_once) > 100

    assert report.verified == report.anchors > 50
    assert report.depths == {"mentions": 5, "catalogue": 1}  # the enclosure
    # The date of the memorandum is none, so its line has no record.
    assert [f.message for f in built.findings] == [
        "1 of 1 lines of the head have no record, the first at 46-63"
    ]


def test_what_a_person_wrote_is_left_as_it_is(collection: Path) -> None:
    actors = collection / "records" / "actor.yaml"
    index = collection / "records" / "telegram" / "harbor1931v01-d1" / "index.yaml"
    actors.write_text("# mine\n" + actors.read_text("utf-8"), "utf-8")
    index.write_text("# mine, too\n" + index.read_text("utf-8"), "utf-8")
    before = {f: f.read_bytes() for f in collection.rglob("*") if f.is_file()}

    result = CliRunner().invoke(
        main, ["import", str(VOLUMES), "--collection", str(collection), "--jobs", "1"]
    )

    assert result.exit_code == 1
    assert "harbor1931v01-d1: the collection holds this document; it is left as it is" in result.stderr
    assert {f: f.read_bytes() for f in collection.rglob("*") if f.is_file()} == before


def test_one_place_to_write_is_named() -> None:
    result = CliRunner().invoke(main, ["import", str(FILES[0])])

    assert result.exit_code == 2
    assert "say where to write: --out FILE for quads, or --collection DIR for records" in result.stderr
