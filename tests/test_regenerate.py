"""Each table of a README says what it is made from; `python -m tests.regenerate` writes it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from . import regenerate
from .regenerate import ROOT, TABLES


@pytest.mark.parametrize(("file", "mark"), TABLES)
def test_a_table_is_as_it_would_be_made_now(file: str, mark: str, store: ox.Store) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    made = list(TABLES[file, mark](store))

    assert made
    assert regenerate.renewed(text, mark, made) == text, "python -m tests.regenerate"


def test_only_the_rows_below_the_mark_are_replaced() -> None:
    text = "<!-- a -->\n| x |\n|---|\n| 1 |\n\n<!-- b -->\n| y |\n|---|\n| 2 |\nend\n"

    assert regenerate.renewed(text, "b", [("3",), ("4|5",)]) == text.replace("| 2 |", "| 3 |\n| 4\\|5 |")
    with pytest.raises(ValueError, match="below <!-- c -->"):
        regenerate.renewed(text, "c", [])


def test_rows_are_recorded_as_their_file_has_them() -> None:
    assert regenerate.recorded(ox.Store(), 'SELECT ?a { VALUES ?a { "x" 1 } }') == "a\nx\n1\n"


def test_joined_quotes_are_abridged_to_their_ends() -> None:
    assert regenerate.abridged("did not speak at the session") == "did not speak at the session"
    assert regenerate.abridged("one two three four … five six") == "one .. four … five six"
