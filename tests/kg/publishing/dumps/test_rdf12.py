"""The RDF 1.2 edition in a release: files of their own, announced as such, and no others touched."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import DataError
from kg.publishing.dumps import manifest, rdf12_files, write
from kg.publishing.dumps.file_types import file_type
from kg.publishing.dumps.providers import PROVIDERS

NAMES = [f"rdf12/cablegraph-rdf12.{ending}" for ending in ("nq", "trig", "ttl")]
TERM = b"<<("


@pytest.fixture(scope="module")
def files(small: ox.Store) -> dict[str, bytes]:
    small_with_reason = ox.Store()
    small_with_reason.extend(small)
    small_with_reason.update(
        "PREFIX cg: <https://w3id.org/cablegraph/ontology#> INSERT DATA {"
        "GRAPH <https://w3id.org/cablegraph/graph/ontology> {"
        "cg:heldBy <http://www.w3.org/2000/01/rdf-schema#domain> cg:Statement } }"
    )
    return rdf12_files.files(small_with_reason, "v")


def test_each_syntax_has_the_same_triples(files: dict[str, bytes]) -> None:
    nq, trig, ttl = (files[name] for name in NAMES)
    quads = set(ox.parse(nq, ox.RdfFormat.N_QUADS))

    assert set(files) == set(NAMES) == set(rdf12_files.titles())
    assert set(ox.parse(trig, ox.RdfFormat.TRIG)) == quads
    assert {quad.triple for quad in ox.parse(ttl, ox.RdfFormat.TURTLE)} == {quad.triple for quad in quads}
    assert any(isinstance(quad.object, ox.Triple) for quad in quads)


def test_the_version_is_announced_in_the_file_and_in_the_media_type(files: dict[str, bytes]) -> None:
    for name in NAMES[1:]:
        assert b'\nVERSION "1.2"\n' in files[name][:1000]
    assert {file_type(name).parameter for name in NAMES} == {"version=1.2"}
    assert file_type("cablegraph.ttl").parameter == ""


def test_without_anything_drawn_there_are_no_files() -> None:
    assert rdf12_files.files(ox.Store(), "v") == {}


def test_no_other_file_has_a_triple_term(real: Path) -> None:
    for file in real.rglob("*"):
        if file.is_file() and "rdf12" not in file.name:
            content = file.read_bytes()
            assert TERM not in (gzip.decompress(content) if file.suffix == ".gz" else content), file.name


def test_the_release_lists_the_files_in_a_group_of_their_own(real: Path) -> None:
    listed = [entry for entry in manifest.of(real).files if entry.group == "rdf12"]

    assert [entry.name for entry in listed] == NAMES
    assert all(entry.statements and entry.title for entry in listed)


def test_data_of_which_too_much_is_drawn_are_released_without(small: ox.Store, tmp_path: Path) -> None:
    def refuse(_store: ox.Store, _version: str) -> dict[str, bytes]:
        raise DataError([])

    provider = next(one for one in PROVIDERS if one.name == "files in RDF 1.2")
    refusing = type(provider)(provider.name, refuse, provider.titles)
    made = write.write(tmp_path, small, "v", [refusing])

    assert [note.text for note in made.notes][-1].startswith("The files in RDF 1.2 are left out")
