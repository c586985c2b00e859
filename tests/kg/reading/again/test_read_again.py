"""Reading with the results of an earlier build against reading anew, after changes of all kinds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg import build
from kg.errors import DataError
from kg.reading import ontology, record_files, triples
from kg.reading.again import read_again
from kg.reading.again.step_results import StepResults
from kg.reading.ontology import Ontology

TELEGRAM = Path("telegram/1900-01-02-alpha-1")
OTHER = Path("telegram/1900-01-02-alpha-2")


def edit(old: str, new: str, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def add(records: Path) -> None:
    shutil.copytree(records / TELEGRAM, records / OTHER)
    for file in (records / OTHER).iterdir():
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(TELEGRAM.name, OTHER.name), encoding="utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "a document": lambda records: edit("Alpha", "Alpha again", records / TELEGRAM / "index.yaml"),
    "an authority": lambda records: edit("en:", "en: ", records / "actor.yaml"),
    "a document more": add,
    "a document less": lambda records: shutil.rmtree(records / TELEGRAM),
}
MISTAKES: dict[str, Callable[[Path], object]] = {
    "a key that is none": lambda records: edit("type:", "typ:", records / TELEGRAM / "index.yaml"),
    "a file that is no YAML": lambda records: (records / "actor.yaml").write_text("a: [", encoding="utf-8"),
    "an authority less": lambda records: (records / "actor.yaml").unlink(),
    "a record twice": lambda records: (
        (records / "place").mkdir() or shutil.copy(records / "place.yaml", records / "place" / "index.yaml")
    ),
    "an unknown class": lambda records: edit("type: Person", "type: Persona", records / "actor.yaml"),
    "an unknown value": lambda records: edit(
        "holding: held", "holding: hold", records / TELEGRAM / "index.yaml"
    ),
}


@pytest.fixture(scope="module")
def schema(sources: build.Collection) -> Ontology:
    return ontology.load(sources.ontology)


@pytest.fixture(scope="module")
def first(
    small_sources: build.Collection, schema: Ontology, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the results of reading the records before any change."""
    file = tmp_path_factory.mktemp("steps") / "steps.db"
    results = StepResults(file)
    read_again.read(small_sources.records, schema, results)
    results.save()
    return file


def changed(change: Callable[[Path], object], small_sources: build.Collection, folder: Path) -> Path:
    records = Path(shutil.copytree(str(small_sources.records), folder / "records"))
    change(records)
    return records


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_read_and_the_rest_is_as_before(
    change: str, small_sources: build.Collection, schema: Ontology, first: Path, tmp_path: Path
) -> None:
    folder = changed(CHANGES[change], small_sources, tmp_path)

    records, lines = read_again.read(folder, schema, StepResults(first))

    anew = record_files.read(folder, schema.keys)
    assert lines == [f"{quad} .\n" for quad in triples.from_records(anew, schema)]
    assert [(one.file, one.base) for one in records.documents] == [(o.file, o.base) for o in anew.documents]
    assert (records.things, records.values) == (anew.things, anew.values)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_found_as_without_results(
    mistake: str, small_sources: build.Collection, schema: Ontology, first: Path, tmp_path: Path
) -> None:
    folder = changed(MISTAKES[mistake], small_sources, tmp_path)
    with pytest.raises(DataError) as expected:
        read_again.read(folder, schema, StepResults())

    with pytest.raises(DataError) as caught:
        read_again.read(folder, schema, StepResults(first))

    assert list(caught.value.findings) == list(expected.value.findings)


def test_only_what_changed_is_read(
    small_sources: build.Collection, schema: Ontology, first: Path, tmp_path: Path
) -> None:
    folder = changed(CHANGES["a document"], small_sources, tmp_path)
    read = Counted(first)

    read_again.read(folder, schema, read)

    assert read.made == ["index.yaml"]


class Counted(StepResults):
    """Results that say which files were read again."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.made: list[str] = []

    def result(self, inputs, make):  # type: ignore[no-untyped-def]
        """Note the file of each result that is made."""

        def noted() -> bytes | None:
            content: bytes | None = make()
            self.made += [Path(json.loads(content or b"{}")["file"]).name]
            return content

        return super().result(inputs, noted)


def test_other_keys_and_other_names_read_all_again(
    small_sources: build.Collection, schema: Ontology, first: Path
) -> None:
    other = replace(schema, context={**schema.context, "more": {"@id": "cg:more"}})
    read = Counted(first)

    read_again.read(small_sources.records, other, read)

    assert len(read.made) > 10
