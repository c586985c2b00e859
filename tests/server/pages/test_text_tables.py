"""Results as a table for a terminal."""

from __future__ import annotations

import json

from server.pages.questions.text_tables import terminal_table

ACTOR = {"type": "uri", "value": "https://w3id.org/cablegraph/id/actor/u-thant"}
LONG = {"type": "literal", "value": "one two three four five six seven eight nine ten"}


def results(*rows: dict[str, object]) -> bytes:
    return json.dumps({"head": {"vars": ["who", "what"]}, "results": {"bindings": list(rows)}}).encode()


def test_a_row_is_a_line_and_names_are_short() -> None:
    assert terminal_table(
        results({"who": ACTOR, "what": {"type": "literal", "value": "a\nb"}}, {"who": ACTOR})
    ) == ("who            what\n-------------  ----\nactor:u-thant  a b\nactor:u-thant\n(2 rows)")


def test_long_cells_give_way_to_the_width_of_the_terminal() -> None:
    lines = terminal_table(results({"who": ACTOR, "what": LONG}), 40).splitlines()

    assert max(map(len, lines)) <= 40
    assert lines[2].endswith("…")
    assert lines[-1] == "(1 row)"


def test_without_a_width_nothing_is_cut() -> None:
    assert "nine ten" in terminal_table(results({"who": ACTOR, "what": LONG}))


def test_ask_is_one_word() -> None:
    assert terminal_table(b'{"head":{},"boolean":true}') == "true"
