"""Arc diagrams and the axis of days: what they do for any data."""

from __future__ import annotations

from datetime import date

import pytest

from server.pages.overviews.tie_networks import MOST_NODES, TieStatement, diagram, ordered
from server.pages.overviews.time_axis import TimeAxis, axis, words

DAY = date(1957, 3, 14)


def test_what_is_connected_stands_together_in_a_chain() -> None:
    pairs = [("a", "c"), ("c", "e"), ("b", "d")]

    assert ordered(["a", "b", "c", "d", "e"], pairs) in (
        ["a", "c", "e", "b", "d"],
        ["e", "c", "a", "b", "d"],
    )


def test_neighbours_change_places_as_long_as_arcs_get_shorter() -> None:
    star = [("hub", leaf) for leaf in ("a", "b", "c", "d")]

    assert ordered(["hub", "a", "b", "c", "d"], star)[2] == "hub"


def test_a_tie_without_direction_is_one_arc_for_both_statements() -> None:
    links = [
        TieStatement("a", "b", "disagrees", True, "s1"),
        TieStatement("b", "a", "disagrees", True, "s2"),
    ]
    net = diagram(links, {})

    assert [len(arc.links) for arc in net.arcs] == [2]
    assert not net.directed


def test_ties_both_ways_are_two_arcs() -> None:
    net = diagram([TieStatement("a", "b", "x", False, "s"), TieStatement("b", "a", "x", False, "t")], {})

    assert {(arc.source, arc.target) for arc in net.arcs} == {("a", "b"), ("b", "a")}
    assert net.directed
    assert len({arc.path for arc in net.arcs}) == 2


def test_the_names_with_most_ties_are_kept() -> None:
    links = [TieStatement("hub", f"n{n}", "x", False, f"s{n}") for n in range(MOST_NODES + 9)]
    net = diagram(links, {})

    assert len(net.nodes) == MOST_NODES
    assert ("hub", "hub") in net.nodes
    assert (net.other_nodes, net.other_arcs) == (10, 10)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (DAY, DAY, "14 March 1957"),
        (DAY, date(1957, 3, 18), "14 to 18 March 1957"),
        (DAY, date(1957, 4, 1), "14 March to 1 April 1957"),
        (date(1956, 12, 31), DAY, "31 December 1956 to 14 March 1957"),
    ],
)
def test_days_in_words(first: date, last: date, said: str) -> None:
    assert words(first, last) == said


def test_the_axis_reaches_at_most_a_month_beyond_the_tellings() -> None:
    days = [date(1898, 1, 1), date(1957, 3, 1), date(2002, 1, 1)]

    assert axis(days, [DAY]) == TimeAxis(date(1957, 3, 1), DAY)
    assert axis(days, []) == TimeAxis(days[0], days[-1])
    assert axis([], []) is None


@pytest.mark.parametrize(
    ("last", "count", "label"),
    [(date(1957, 3, 14), 1, "14 Mar"), (date(1958, 3, 14), 5, "Mar 1957"), (date(1977, 3, 14), 5, "1957")],
)
def test_the_axis_has_a_few_ticks(last: date, count: int, label: str) -> None:
    ticks = TimeAxis(DAY, last).ticks()

    assert len(ticks) == count
    assert ticks[0] == (3.0, label)
    assert all(3 <= place <= 97 for place, _ in ticks)
