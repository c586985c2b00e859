"""What each depth promises of a text, and what the check then asks of it."""

from __future__ import annotations

import pytest

from kg.checking import coverage
from kg.checking.coverage import CATALOGUE, MENTIONS, STATEMENTS, Text

TEXT = "No. 7\nTo the ministry\nHe came at noon. He did not speak."
HEAD = [(0, 5), (6, 21)]
BODY = (22, 38)  # "He came at noon."


@pytest.mark.parametrize(
    ("depth", "passages", "quoted", "messages"),
    [
        (CATALOGUE, HEAD, [(0, 5), (6, 21)], []),
        (CATALOGUE, HEAD, [(0, 5)], ["warning: 1 of 2 lines of the head have no record, the first at 6-21"]),
        (MENTIONS, [*HEAD, BODY, (39, 56)], [(0, 21)], []),
        (
            MENTIONS,
            [*HEAD, BODY],
            [(0, 21)],
            ["violation: no passage has the sentence at 39-56; write its passage and voice"],
        ),
        (
            STATEMENTS,
            HEAD,
            [(0, 21), (25, 29)],
            ["violation: no anchor in the sentence at 39-56; write a record or Furniture"],
        ),
    ],
)
def test_a_depth_asks_for_what_it_promises_and_no_more(
    depth: str, passages: list[tuple[int, int]], quoted: list[tuple[int, int]], messages: list[str]
) -> None:
    kept = Text("", depth, passages, HEAD)

    found = [f"{severity}: {message}" for message, severity in coverage.lacks(kept, TEXT, quoted)]

    assert found == messages
