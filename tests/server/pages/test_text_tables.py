"""Results as a table for a terminal."""

from __future__ import annotations

import json

from server.pages.questions.text_tables import terminal_text

ACTOR = {"type": "uri", "value": "https://w3id.org/cablegraph/id/actor/u-thant"}
LONG = {"type": "literal", "value": "one two three four five six seven eight nine ten"}


def results(*rows: dict[str, object]) -> bytes:
    return json.dumps({"head": {"vars": ["who", "what"]}, "results": {"bindings": list(rows)}}).encode()


def test_a_row_is_a_line_and_names_are_short() -> None:
    assert terminal_text(
        results({"who": ACTOR, "what": {"type": "literal", "value": "a\nb"}}, {"who": ACTOR})
    ) == ("who            what\n-------------  ----\nactor:u-thant  a b\nactor:u-thant\n(2 rows)")


def test_long_cells_give_way_to_the_width_of_the_terminal() -> None:
    lines = terminal_text(results({"who": ACTOR, "what": LONG}), 40).splitlines()

    assert max(map(len, lines)) <= 40
    assert lines[2].endswith("…")
    assert lines[-1] == "(1 row)"


def test_without_a_width_nothing_is_cut() -> None:
    assert "nine ten" in terminal_text(results({"who": ACTOR, "what": LONG}))


def test_ask_is_one_word() -> None:
    assert terminal_text(b'{"head":{},"boolean":true}') == "true"


def wide(**cells: str) -> bytes:
    row = {name: {"type": "literal", "value": text} for name, text in cells.items()}
    return json.dumps({"head": {"vars": list(cells)}, "results": {"bindings": [row]}}).encode()


def test_a_table_with_too_many_columns_for_the_terminal_becomes_records() -> None:
    answer = wide(first="a b c d e f g h", second="i j k l m n o p", third="q r s t u v w x")

    assert terminal_text(answer, 40).splitlines()[0].split() == ["first", "second", "third"]  # 3 × 12 + 2 × 2
    assert terminal_text(answer, 39).splitlines()[0] == "-- 1 --"


def test_records_wrap_their_values_and_leave_out_what_is_unbound() -> None:
    lines = terminal_text(results({"what": LONG}, {"who": ACTOR}), 30, records=True).splitlines()

    assert lines == [
        "-- 1 --",
        "what  one two three four five",
        "      six seven eight nine ten",
        "-- 2 --",
        "who   actor:u-thant",
        "(2 rows)",
    ]


def test_names_of_things_and_of_columns_are_coloured() -> None:
    first, _, row, _ = terminal_text(results({"who": ACTOR}), coloured=True).splitlines()

    assert first == "\x1b[1mwho          \x1b[0m  \x1b[1mwhat\x1b[0m"
    assert row == "\x1b[36mactor:u-thant\x1b[0m"
