"""Drafts of invented texts in the forms that are met, against what an archivist would draft by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.drafting import drafts_of
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.keeping.resolving import resolve
from kg.errors import CablegraphError, NoDocumentError

HERE = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
PAGES = sorted((HERE / "pages").iterdir())


def drafted(name: str, finders: Finders) -> Draft:
    file, _, part = name.partition("#")
    drafts = drafts_of(HERE / "texts" / file, finders)
    resolve(drafts)
    return next(draft for draft in drafts if not part or draft.id == part)


def member(draft: Draft, name: str) -> Any:
    found = draft.as_json()
    references: Any = found["references"]
    if name == "cited":
        return [number for one in references for number in one.get("numbers", [])]
    if name == "targets":
        return [one["target"] for one in references if "target" in one]
    return found.get(name, [])


@pytest.mark.parametrize("name", list(EXPECTED))
def test_a_text_is_drafted_as_by_hand(name: str, finders: Finders) -> None:
    draft = drafted(name, finders)

    found = {key: member(draft, key) for key in EXPECTED[name]}

    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", list(EXPECTED))
def test_each_place_has_the_words_that_were_found(name: str, finders: Finders) -> None:
    draft = drafted(name, finders)
    found: Any = draft.as_json()

    for key in (
        "classification",
        "priority",
        "copy_number",
        "archive",
        "translator",
        "record_url",
        "distribution",
    ):
        anchors, values = found["anchors"].get(key, []), found.get(key, [])
        pairs = [(anchors, values)] if isinstance(anchors, dict) else list(zip(anchors, values, strict=True))
        for anchor, value in pairs:
            if "start" in anchor:
                words = draft.source.text[anchor["start"] : anchor["end"]]
                assert words.replace(" ", "") == value.replace(" ", "")
    for anchor, person in zip(found["anchors"].get("persons", []), found.get("persons", []), strict=True):
        words = draft.source.text[anchor["start"] : anchor["end"]].replace("[", "").replace("]", "")
        family = person.partition(",")[0] if "," in person else person.split()[-1].rpartition(".")[2]
        assert family.casefold() in words.casefold()


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_page_that_is_no_document_is_refused_with_a_reason(page: Path, finders: Finders) -> None:
    with pytest.raises(NoDocumentError, match=r"no document: \w+"):
        drafts_of(page, finders)


def test_a_volume_without_documents_is_refused(tmp_path: Path, finders: Finders) -> None:
    file = tmp_path / "volume.xml"
    file.write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div type="part"/></body></text></TEI>'
    )

    with pytest.raises(NoDocumentError, match="no division of the type document"):
        drafts_of(file, finders)


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path: Path, finders: Finders) -> None:
    broken, picture, latin = tmp_path / "a.xml", tmp_path / "b.txt", tmp_path / "c.txt"
    broken.write_text('<TEI xmlns="http://www.tei-c.org/ns/1.0"><text>')
    picture.write_bytes(b"%PDF-1.4\0\0")
    latin.write_bytes(b"caf\xe9")

    for file, words in (
        (broken, "not well-formed"),
        (picture, "this is no text"),
        (latin, "byte 3 is not valid"),
        (tmp_path / "d", "cannot be read"),
    ):
        with pytest.raises(CablegraphError, match=words):
            drafts_of(file, finders)


def test_the_form_of_the_file_is_told(tmp_path: Path, finders: Finders) -> None:
    text = (HERE / "texts" / "archive-page.txt").read_text(encoding="utf-8")
    file = tmp_path / "page.txt"
    file.write_bytes(
        "\ufeff".encode()
        + text.replace("Velikanov", "Velika\u0301nov").replace("\n", "\r\n").rstrip().encode()
    )

    draft = drafts_of(file, finders)[0]

    assert list(draft.source.remarks) == [
        "begins with a byte order mark",
        "has CRLF as line ends",
        "has no line end at its end",
        "not in the Unicode form NFC; places count code points of NFC",
    ]
    assert member(draft, "date") == "1951-03-09"
    assert member(draft, "cited") == ["298", "140", "141", "142"]
