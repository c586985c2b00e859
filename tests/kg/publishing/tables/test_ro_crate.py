"""The crate describes every file of a folder, and the reference library reads it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from kg.publishing.tables import data_set, table_files
from kg.publishing.tables.data_set import TextSource
from kg.publishing.tables.ro_crate import NAME, CrateEntry, crate
from kg.publishing.tables.table_rows import FilledTable

SOURCES = (
    TextSource("A cable", "http://e/page", "An archive", "A translator", "All welcome."),
    TextSource("A note"),
)


def entries(files: dict[str, bytes]) -> list[CrateEntry]:
    told = table_files.descriptions()
    return [
        CrateEntry(path, "text/plain", len(content), hashlib.sha256(content).hexdigest(), told.get(path, ""))
        for path, content in files.items()
    ]


def graph(content: bytes) -> dict[str, dict[str, object]]:
    return {entity["@id"]: entity for entity in json.loads(content)["@graph"]}


def test_the_descriptor_conforms_to_1_2_and_leads_to_the_root() -> None:
    content = crate([], "ab")

    assert json.loads(content)["@context"] == "https://w3id.org/ro/crate/1.2/context"
    assert graph(content)["ro-crate-metadata.json"] == {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
    }


def test_the_root_has_what_the_specification_demands() -> None:
    root = graph(crate([], "ab", SOURCES))["./"]

    assert root["@type"] == "Dataset"
    assert root["datePublished"] == "2026-11-22"
    assert root["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert root["name"]
    assert root["description"]
    assert root["isBasedOn"] == [{"@id": "http://e/page"}, {"@id": "#source-2"}]
    assert graph(crate([], "ab"))["#data-version"]["value"] == "ab"


def test_every_reference_leads_to_an_entity() -> None:
    content = crate(entries({"a b.txt": b"1"}), "ab", SOURCES)
    known = set(graph(content)) | {"https://w3id.org/ro/crate/1.2"}
    named = [
        target["@id"]
        for entity in graph(content).values()
        for value in entity.values()
        for target in (value if isinstance(value, list) else [value])
        if isinstance(target, dict)
    ]

    assert len(named) >= 8
    assert set(named) <= known


def test_a_file_has_size_hash_and_an_encoded_path() -> None:
    found = graph(crate(entries({"csv/a b.txt": b"123"}), "ab"))

    assert found["csv/a%20b.txt"] == {
        "@id": "csv/a%20b.txt",
        "@type": "File",
        "name": "csv/a b.txt",
        "encodingFormat": "text/plain",
        "contentSize": "3",
        "sha256": "a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3",
    }
    assert found["./"]["hasPart"] == [{"@id": "csv/a%20b.txt"}]


def test_order_does_not_matter_and_the_crate_does_not_list_itself() -> None:
    listed = entries({"b": b"1", "a": b"2", NAME: b"old"})

    assert crate(listed, "ab") == crate(reversed(listed), "ab")
    assert graph(crate(listed, "ab"))["./"]["hasPart"] == [{"@id": "a"}, {"@id": "b"}]


def test_the_reference_library_finds_every_file_of_a_release(
    files: dict[str, bytes], filled: dict[str, FilledTable], tmp_path: Path
) -> None:
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    sources = data_set.sources(filled.values())
    (tmp_path / NAME).write_bytes(crate(entries(files), "ab", sources))

    found = ROCrate(str(tmp_path))

    assert {entity.id for entity in found.data_entities} == set(files)
    assert len(found.root_dataset["isBasedOn"]) == len(sources)
    assert "Wilson Center Digital Archive" in {s["publisher"] for s in found.root_dataset["isBasedOn"]}


def test_every_file_of_a_release_is_described(files: dict[str, bytes]) -> None:
    assert list(table_files.descriptions()) == list(files)
    assert all(text.endswith(".") for text in table_files.descriptions().values())


@pytest.mark.parametrize("wanted", ["publisher", "translator", "usageInfo"])
def test_what_a_source_does_not_say_is_left_out(wanted: str) -> None:
    found = graph(crate([], "ab", SOURCES))

    assert wanted in found["http://e/page"]
    assert wanted not in found["#source-2"]
