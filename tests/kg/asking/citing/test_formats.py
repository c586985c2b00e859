"""References in each format: fields, escapes and line ends as their specifications have them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from kg.asking.citing import bibtex, csl_json, reference_formats, schema_org
from kg.asking.citing.reference import CitedName, Kind, Reference
from kg.errors import UnknownNameError
from kg.store.layers import LICENCE

BASE = "https://w3id.org/cablegraph/"
TELEGRAM = Reference(
    Kind.TELEGRAM,
    "Telegram No. 1 from León",
    f"{BASE}id/telegram/1",
    "f" * 64,
    date(2026, 11, 27),
    (CitedName("Ana Núñez", "Núñez", "Ana"),),
    (CitedName("Board & Co."),),
    (CitedName("Ó Briain", "Ó Briain"),),
    date(1962, 10, 3),
    "State Archive",
    "Press",
    ("with support of Fund",),
    "https://example.org/a_b?c={d}",
)
ANSWER = Reference(Kind.ANSWER, "Who?", f"{BASE}queries/who?x=issue%3Aa", "e" * 64, date(2026, 1, 2))
# csl-data.json of CSL 1.0.2: names of the types, and of the members of an item, that are used here.
CSL_TYPES = {"dataset", "entry", "personal_communication"}
CSL_MEMBERS = {
    *("id", "type", "title", "author", "recipient", "translator", "issued", "accessed", "genre", "archive"),
    *("publisher", "container-title", "source", "version", "URL", "note"),
}


def test_a_footnote_names_author_translator_archive_publisher_and_version() -> None:
    assert str(TELEGRAM) == (
        "Ana Núñez, “Telegram No. 1 from León”, trans. Ó Briain, State Archive, Press, with support of Fund, "
        "https://example.org/a_b?c={d}, in: cablegraph: diplomatic telegrams as a knowledge graph, "
        f"data version ffffffffffffffff, 27 November 2026, {BASE}id/telegram/1."
    )


def test_bibtex_is_one_entry_with_balanced_braces() -> None:
    written = bibtex.write(TELEGRAM)

    assert written.startswith("@misc{id-telegram-1,\n  author = {N{\\'u}{\\~n}ez, Ana},\n")
    assert "  title = {{Telegram No. 1 from Le{\\'o}n}},\n  translator = {{{\\'O} Briain}},\n" in written
    assert "  year = {1962},\n  month = oct,\n  day = {3},\n" in written
    assert "  url = {https://example.org/a_b?c=%7Bd%7D},\n  urldate = {2026-11-27},\n" in written
    assert written.count("{") == written.count("}")
    assert written.endswith("}\n}\n")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("50% of {a_b} & #1 for $2", r"50\% of \{a\_b\} \& \#1 for \$2"),
        ("a\\b~c^d", r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d"),
        ("two\nlines\r\n here", "two lines here"),
        ("é e\u0301 ç ő š å", r"{\'e} {\'e} {\c c} {\H o} {\v s} {\r a}"),
        ("Хрущёв й ß “x”", "Хрущёв й ß “x”"),
    ],
)
def test_bibtex_escapes_what_latex_would_read(text: str, escaped: str) -> None:
    assert bibtex.escaped(text) == escaped


def test_ris_is_lines_of_tags_from_ty_to_er() -> None:
    written = reference_formats.write(replace(TELEGRAM, title="Two\r\nlines"), "ris")
    lines = written.split("\r\n")

    assert (lines[0], lines[-2:]) == ("TY  - PCOMM", ["ER  - ", ""])
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
    assert {"TI  - Two lines", "AU  - Núñez, Ana", "A2  - Board & Co.", "DA  - 1962/10/03"} <= set(lines)
    assert {"UR  - https://example.org/a_b?c={d}", f"UR  - {BASE}id/telegram/1"} <= set(lines)


@pytest.mark.parametrize("reference", [TELEGRAM, ANSWER, replace(ANSWER, kind=Kind.STATEMENT, seen=None)])
def test_csl_json_has_types_and_members_of_its_schema(reference: Reference) -> None:
    (item,) = json.loads(reference_formats.write(reference, "csl"))

    assert item["type"] in CSL_TYPES
    assert set(item) <= CSL_MEMBERS
    assert all(item.values())


def test_csl_json_has_names_and_dates_in_parts() -> None:
    item = csl_json.item(TELEGRAM)

    assert item["author"] == [{"family": "Núñez", "given": "Ana"}]
    assert item["recipient"] == [{"literal": "Board & Co."}]
    assert item["translator"] == [{"family": "Ó Briain"}]
    assert item["issued"] == {"date-parts": [[1962, 10, 3]]}
    assert (item["id"], item["URL"]) == ("id-telegram-1", TELEGRAM.page)


def test_an_answer_is_a_data_set_of_its_version() -> None:
    assert "TY  - DATA\r\nID  - queries-who-x-issue-3aa\r\n" in reference_formats.write(ANSWER, "ris")
    assert csl_json.item(ANSWER)["version"] == "e" * 64
    document = schema_org.document(ANSWER)
    assert (document["@type"], document["license"], document["@id"]) == ("Dataset", LICENCE, ANSWER.address)


@pytest.mark.parametrize("name", reference_formats.FORMATS)
def test_without_a_day_no_format_has_one(name: str) -> None:
    written = reference_formats.write(replace(ANSWER, seen=None), name)

    assert not re.search("2026|year|date|Y2|PY", written)


def test_schema_org_says_who_sent_and_who_keeps_a_telegram() -> None:
    document = schema_org.document(TELEGRAM)

    assert document["sender"] == [
        {"@type": "Person", "name": "Ana Núñez", "familyName": "Núñez", "givenName": "Ana"}
    ]
    assert (document["dateSent"], document["isBasedOn"]) == ("1962-10-03", TELEGRAM.page)
    assert document["holdingArchive"] == {"@type": "ArchiveOrganization", "name": "State Archive"}
    assert document["subjectOf"]["license"] == LICENCE


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("Person", "Actor"), "Person"),
        (("Body", "Group"), "Organization"),
        (("Topic",), "DefinedTerm"),
        ((), "Thing"),
    ],
)
def test_schema_org_has_the_class_of_a_thing(types: tuple[str, ...], expected: str) -> None:
    iris = tuple(f"{BASE}ontology#{name}" for name in types)

    assert schema_org.document(replace(ANSWER, kind=Kind.THING, types=iris))["@type"] == expected


def test_embedded_json_cannot_end_its_element() -> None:
    hostile = replace(ANSWER, title="</script><img src=x>&amp;<!--")
    text = schema_org.embedded(hostile)
    seen: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: seen.append(tag)  # type: ignore[method-assign]
    parser.feed(f"<script type='application/ld+json'>{text}</script>")

    assert seen == ["script"]
    assert json.loads(text)["name"] == hostile.title


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="bibtex"):
        reference_formats.write(ANSWER, "bibtx")
