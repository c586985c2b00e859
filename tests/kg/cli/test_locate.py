"""`locate` writes the places of quotes and leaves every other character alone."""

from __future__ import annotations

from pathlib import Path

from kg.cli.locate import PassageText, fill

TEXT = "He came at noon. He did not speak, they say. They say so."
PASSAGES = {"passage/body-1": PassageText(TEXT, 0, 16), "passage/body-2": PassageText(TEXT, 17, len(TEXT))}
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
        "    - {in: passage/body-1, quote: at noon}\n"
        "    - in: passage/body-1\n      quote: at night\n"
    )
    before = file.read_text()

    added, findings = fill(file, "body.yaml", PASSAGES)

    assert added == 0
    assert [str(finding) for finding in findings] == [
        "body.yaml:3: the passage contains the quote 2 times; quote words that it contains once",
        "body.yaml:5: `in` is not a passage of this telegram",
        "body.yaml:7: write in and quote on lines of their own, without { }",
        "body.yaml:8: the passage contains the quote 0 times; quote words that it contains once",
    ]
    assert file.read_text() == before


def test_a_quote_that_runs_over_two_lines_is_placed_after_its_end(tmp_path: Path) -> None:
    file = tmp_path / "body.yaml"
    file.write_text(
        "a:\n  evidence:\n    in: passage/body-2\n    quote: He did\n      not speak\n  note: x\n"
    )

    assert fill(file, "body.yaml", PASSAGES) == (1, [])
    assert file.read_text().splitlines()[4:7] == ["      not speak", "    start: 17", "    end: 33"]
