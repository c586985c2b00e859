"""Headers in comments: lines are those of the file, and what could harm the reader is refused."""

from __future__ import annotations

import pytest

from kg.errors import DataError
from kg.reading import comment_header
from kg.reading.comment_header import SQL


def findings(text: str, mark: str = "#+") -> list[str]:
    with pytest.raises(DataError) as caught:
        comment_header.read("mine.rq", text, mark)
    return [str(finding) for finding in caught.value.findings]


def test_values_are_texts_lists_and_mappings_as_they_are_written() -> None:
    header = comment_header.read("mine.rq", "#+ n: 0511\n#+ no: [no, {a: 1.0}]\n#+ none: ~\nASK {}")

    assert header.values == {"n": "0511", "no": ["no", {"a": "1.0"}], "none": ""}
    assert header.text("n") == "0511"
    assert header.text("no") == header.text("missing") == ""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_file(end: str) -> None:
    lines = (
        "# by hand",
        "#+ title: a",
        "PREFIX a: <b>",
        "#+ columns:",
        "#+   - {name: x}",
        "#+   - {name: y}",
    )
    header = comment_header.read("mine.rq", end.join(lines))

    assert header.line("title") == 2
    assert [header.line("columns", entry) for entry in (-1, 0, 1)] == [4, 5, 6]
    assert header.line("missing") == 1


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029"])
def test_what_only_yaml_takes_for_the_end_of_a_line_is_a_space(mark: str) -> None:
    header = comment_header.read("mine.rq", f"#+ title: a{mark}b\n#+ why: c\n")

    assert header.values == {"title": "a b", "why": "c"}
    assert header.line("why") == 2


def test_a_view_has_a_mark_of_its_own() -> None:
    assert comment_header.read("mine.sql", "--+ title: a\n#+ why: b", SQL).values == {"title": "a"}


@pytest.mark.parametrize("text", ["", "ASK {}", "#+\n#+ # nothing\nASK {}"])
def test_a_header_may_be_missing(text: str) -> None:
    assert comment_header.read("mine.rq", text).values == {}


DEEP = 100_000


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("#+ title: a\n#+ why: " + "[" * DEEP, "mine.rq:2: the header cannot be read; this is nested more than 20"),
        ("#+ " + "{a: " * DEEP, "mine.rq:1: the header cannot be read; this is nested more than 20"),
        ("#+ " + "- " * DEEP, "mine.rq:1: the header cannot be read; this is nested more than 20"),
        ("#+ title: &a [*a]", "mine.rq:1: the header cannot be read; anchors (&name) are not supported; delete it"),
        ("#+ why: a\n#+ title: *a", "mine.rq:2: the header cannot be read; aliases (*name) are not supported; write"),
        ("#+ title: !!binary aGk=", "mine.rq:1: the header cannot be read; tags (!name) are not supported; delete it"),
        ("#+ title: a\n#+ title: b", "mine.rq:2: the header cannot be read; title is repeated, first in line 1"),
        ("#+ title: a\n#+ [b]: c", "mine.rq:2: the header cannot be read; a key must be a text"),
        ("#+ title: a\n#+ why: [b\nASK {}\n", "mine.rq:2: the header cannot be read; this is not YAML"),
        ("#+ title: a\n#+ why: \x01", "mine.rq:2: the header cannot be read; this is not YAML"),
        ("#+ title: a\n#+ why: \ud800", "mine.rq:2: the header cannot be read; this is not UTF-8"),
        ("#+ just words", "mine.rq:1: write the header as lines like `#+ title: …`"),
        ("ASK {}\n#+ - a list", "mine.rq:2: write the header as lines like `#+ title: …`"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_finding_with_its_line(head: str, expected: str) -> None:
    assert any(finding.startswith(expected) for finding in findings(head)), findings(head)
