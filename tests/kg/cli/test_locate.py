"""`locate` writes the places of quotes and leaves every other character alone."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from kg.checking.quote_places import PassageText, fill
from kg.cli.main import main

ROOT = Path(__file__).parents[3]

TEXT = "He came at noon. He did not speak, they say. They say so."
PASSAGES = {
    "passage/body-1": PassageText(TEXT, 0, 16),
    "passage/body-2": PassageText(TEXT, 17, len(TEXT)),
    "passage/body-3": PassageText(None, 0, 16),
}
RECORD = """# a comment
silent:
  type: Participation   # another
  evidence:
    - in: passage/body-2
      quote: did not speak
    - in: passage/body-1
      quote: "at noon"
  note: stays as it is
"""


def test_places_are_written_below_each_quote(tmp_path: Path) -> None:
    file = tmp_path / "body.yaml"
    file.write_text(RECORD)

    added, findings = fill(file, "body.yaml", PASSAGES)

    assert (added, findings) == (2, [])
    assert file.read_text() == RECORD.replace(
        "      quote: did not speak\n", "      quote: did not speak\n      start: 20\n      end: 33\n"
    ).replace('      quote: "at noon"\n', '      quote: "at noon"\n      start: 8\n      end: 15\n')


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "body.yaml"
    file.write_text(RECORD)
    fill(file, "body.yaml", PASSAGES)
    before = file.read_text()

    assert fill(file, "body.yaml", PASSAGES) == (0, [])
    assert file.read_text() == before


def test_what_cannot_be_placed_is_found_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "body.yaml"
    file.write_text(
        "a:\n  evidence:\n"
        "    - in: passage/body-2\n      quote: say\n"
        "    - in: passage/body-9\n      quote: say\n"
        "    - {in: passage/body-1, quote: did not speak}\n"
        "    - in: passage/body-1\n      quote: at night\n"
        "    - in: passage/body-1\n      quote: AT  noon\n"
        "    - in: passage/body-3\n      quote: at night\n"
    )
    before = file.read_text()

    added, findings = fill(file, "body.yaml", PASSAGES)

    assert added == 0
    assert [str(finding) for finding in findings] == [
        "body.yaml:3: the passage contains the quote 2 times; quote words that it contains once",
        "body.yaml:5: `in` is not a passage of this telegram",
        "body.yaml:7: the passage does not contain the quote; it stands elsewhere in the text; correct `in`",
        "body.yaml:8: the passage does not contain the quote; copy it character by character",
        "body.yaml:10: the passage does not contain the quote; the text writes 'at noon'; copy it character by character",
        "body.yaml:12: no file has the textHash of the rendering of this passage; give its text with --texts",
    ]
    assert file.read_text() == before


def test_a_quote_that_runs_over_two_lines_is_placed_after_its_end(tmp_path: Path) -> None:
    file = tmp_path / "body.yaml"
    file.write_text(
        "a:\n  evidence:\n    in: passage/body-2\n    quote: He did\n      not speak\n  note: x\n"
    )

    assert fill(file, "body.yaml", PASSAGES) == (1, [])
    assert file.read_text().splitlines()[4:7] == ["      not speak", "    start: 17", "    end: 33"]


# A flow mapping before and after: the last character before the brace is kept, and so are line ends.
BRACES = [
    ("{in: passage/body-1, quote: at noon}", "{in: passage/body-1, quote: at noon, start: 8, end: 15}"),
    (
        "{in: passage/body-1, quote: 'at noon', }  # x",
        "{in: passage/body-1, quote: 'at noon', start: 8, end: 15 }  # x",
    ),
    ("{ quote: at noon, in: passage/body-1 }", "{ quote: at noon, in: passage/body-1, start: 8, end: 15 }"),
    (
        "{in: passage/body-1,\n     quote: at noon}",
        "{in: passage/body-1,\n     quote: at noon, start: 8, end: 15}",
    ),
    (
        '{in: passage/body-2, quote: "speak, they"}',
        '{in: passage/body-2, quote: "speak, they", start: 28, end: 39}',
    ),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("before", "after"), BRACES)
def test_a_quote_in_braces_is_placed_within_them(tmp_path: Path, before: str, after: str, end: str) -> None:
    file = tmp_path / "body.yaml"
    record = "a:\n  evidence:\n  - {}\n  - {}\n  note: x\n".replace("\n", end)
    file.write_bytes(record.format(before, before).encode())

    assert fill(file, "body.yaml", PASSAGES) == (2, [])
    assert file.read_bytes().decode() == record.format(after, after)


def test_line_ends_of_windows_stay(tmp_path: Path) -> None:
    file = tmp_path / "body.yaml"
    file.write_bytes(RECORD.replace("\n", "\r\n").encode() + b"b:\r\n  in: passage/body-1\r\n  quote: came")

    assert fill(file, "body.yaml", PASSAGES) == (3, [])
    written = file.read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n") == RECORD.count("\n") + 2 + 6
    assert written.endswith(b"quote: came\r\n  start: 3\r\n  end: 7")


def test_a_quote_in_two_code_points_is_placed_in_a_text_with_one(tmp_path: Path) -> None:
    file = tmp_path / "body.yaml"
    file.write_text("a:\n  in: passage/b\n  quote: ‘Jose\u0301’ went\n", encoding="utf-8")

    assert fill(file, "body.yaml", {"passage/b": PassageText("So ‘Jos\u00e9’ went.", 0, 15)}) == (1, [])
    assert file.read_text(encoding="utf-8").endswith("  start: 3\n  end: 14\n")


EXAMPLES = re.findall(r"- (\{in: .*?\})$", (ROOT / "kg/records/README.md").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_readme_are_placed(tmp_path: Path, example: str) -> None:
    (anchor,) = yaml.safe_load(f"- {example}")
    file = tmp_path / "body.yaml"
    file.write_text(f"a:\n  evidence:\n    - {example}\n", encoding="utf-8")
    passage = PassageText(f"Before. {anchor['quote']}.", 0, 8 + len(anchor["quote"]))

    assert len(EXAMPLES) == 2
    assert fill(file, "body.yaml", {anchor["in"]: passage}) == (1, [])
    ((placed,),) = [found["evidence"] for found in yaml.safe_load(file.read_bytes()).values()]
    assert placed == {**anchor, "start": 8, "end": 8 + len(anchor["quote"])}


def test_it_says_that_no_file_is_the_text(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("other words")
    result = CliRunner().invoke(
        main, ["locate", "--texts", str(tmp_path), "--records", str(ROOT / "kg/records")]
    )

    assert result.exit_code == 2
    assert f"notes.txt: SHA-256 {hashlib.sha256(b'other words').hexdigest()}, 11 code points" in result.output
