"""Views of answers, made of small tables by hand: timelines, networks, matrices, and which view is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from kg.asking.questions import saved_queries
from kg.asking.questions.columns import Column
from kg.errors import ParameterError
from server.pages.questions import views
from server.pages.questions.answer_table import AnswerTable, table
from server.pages.questions.network import columns, network
from server.pages.questions.timeline import Span, comparable, timeline
from server.pages.questions.views import matrix

HAVANA = timezone(timedelta(hours=-5))
XSD = "http://www.w3.org/2001/XMLSchema#"


def made(roles: str, *rows: Sequence[str | None]) -> AnswerTable:
    """Return the table with a column for each of `roles`; a value with `1962-…T…` is a moment, a:x an IRI."""
    names = [f"c{n}" for n, _ in enumerate(roles.split())]
    bindings = [
        {name: _term(text) for name, text in zip(names, row, strict=True) if text is not None} for row in rows
    ]
    results = {"head": {"vars": names}, "results": {"bindings": bindings}}
    head = "".join(
        f"#+   - {{name: {name}, label: {name.upper()}, type: text, about: A.{'' if role == '-' else f', role: {role}'}}}\n"
        for name, role in zip(names, roles.split(), strict=True)
    )
    show = {"date": "timeline", "source": "network", "row": "matrix"}.get(roles.split(maxsplit=1)[0], "table")
    query = saved_queries.parse(
        "mine", f"#+ columns:\n{head}#+ show: {show}\nSELECT {' '.join(f'?{n}' for n in names)} {{}}"
    )
    return table(query, json.dumps(results).encode(), "")


def _term(text: str) -> dict[str, str]:
    if text[:4].isdecimal() and text[4:5] == "-":
        kind = "dateTime" if "T" in text else "date"
        return {"type": "literal", "value": text, "datatype": XSD + kind}
    if text.startswith("https://"):
        return {"type": "uri", "value": text}
    return {"type": "literal", "value": text}


# ---- moments


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(1962, 10, day, hour, minute, second, tzinfo=HAVANA)


@pytest.mark.parametrize(
    ("start", "end", "words", "certain"),
    [
        (at(27), at(27, 23, 59, 59), "27 October 1962", True),
        (at(30), at(31, 23, 59, 59), "between 30 October 1962 and 31 October 1962", False),
        (at(27, 2), at(27, 7, 59), "27 October 1962, 02:00 to 07:59", True),
        (at(27, 2), at(27, 2), "27 October 1962, 02:00", True),
        (at(26, 18), at(27, 8), "between 26 October 1962, 18:00, and 27 October 1962, 08:00", True),
        (at(22, 16), at(23, 23, 59), "between 22 October 1962, 16:00, and 23 October 1962, 23:59", False),
    ],
)  # fmt: skip
def test_a_span_is_said_in_words(start: datetime, end: datetime, words: str, certain: bool) -> None:
    span = Span(start, end)

    assert (str(span), span.certain) == (words, certain)
    assert span.offset == "UTC−05:00"


@pytest.mark.parametrize(
    ("offset", "words"), [(timedelta(hours=3), "UTC+03:00"), (timedelta(minutes=-210), "UTC−03:30"), (timedelta(0), "UTC+00:00")]
)  # fmt: skip
def test_the_offset_of_a_clock_is_said(offset: timedelta, words: str) -> None:
    moment = datetime(1962, 10, 27, tzinfo=timezone(offset))

    assert Span(moment, moment).offset == words


def test_a_clock_without_offset_says_none() -> None:
    assert Span(datetime(1962, 10, 27), datetime(1962, 10, 27)).offset == ""  # noqa: DTZ001 - that is the case


@pytest.mark.parametrize(
    ("value", "last", "moment"),
    [
        (date(1962, 10, 27), False, datetime(1962, 10, 27, tzinfo=UTC)),
        (date(1962, 10, 27), True, datetime(1962, 10, 27, 23, 59, 59, tzinfo=UTC)),
        (datetime(1962, 10, 27, 2), False, datetime(1962, 10, 27, 2, tzinfo=UTC)),  # noqa: DTZ001 - as data may be
        (at(27), True, at(27)),
        ("soon", False, None),
        (None, False, None),
    ],
)  # fmt: skip
def test_days_and_moments_can_be_compared(value: object, last: bool, moment: datetime | None) -> None:
    assert comparable(value, last) == moment


# ---- timelines


def test_entries_are_in_the_order_of_time_and_the_undated_last() -> None:
    found = timeline(
        made("date label", (None, "sometime"), ("1962-10-28", "later"), ("1962-10-22", "sooner"), ("no date", "odd"))
    )  # fmt: skip

    assert [entry.label.text for entry in found.entries] == ["sooner", "later", "sometime", "odd"]
    assert [entry.number for entry in found.entries] == [1, 2, 3, 4]
    assert [str(entry.span) for entry in found.entries[:2]] == ["22 October 1962", "28 October 1962"]
    assert found.entries[2].span is None
    assert [len(strip.bars) for strip in found.strips] == [2]


def test_order_is_that_of_the_moment_and_not_of_the_clock() -> None:
    rows = (("1962-10-23T00:00:00-05:00", "Havana"), ("1962-10-23T06:00:00+03:00", "Moscow"))
    found = timeline(made("date label", *rows))

    assert [entry.label.text for entry in found.entries] == ["Moscow", "Havana"]


def test_bounds_that_lie_apart_are_not_certain() -> None:
    rows = (
        ("1962-10-28", "1962-11-02", "unsure", "the last session"),
        ("1962-10-28", None, "sure", "28 October"),
    )
    found = timeline(made("date until label written", *rows))

    assert {entry.label.text: entry.span and entry.span.certain for entry in found.entries} == {
        "unsure": False, "sure": True,
    }  # fmt: skip
    assert {entry.written for entry in found.entries} == {"the last session", "28 October"}


def test_an_end_before_the_start_is_drawn_as_a_point() -> None:
    (entry,) = timeline(made("date until label", ("1962-10-28", "1962-10-01", "wrong"))).entries

    assert entry.span
    assert entry.span.start == entry.span.end


def test_rows_of_one_entry_are_told_together_with_what_they_share_once() -> None:
    rows = (
        ("1962-10-23", "letter", "one voice", "answers A"),
        ("1962-10-23", "letter", "one voice", "answers B"),
    )
    (entry,) = timeline(made("date label - -", *rows)).entries

    assert [[(column.label, cell.text) for column, cell in part] for part in entry.details] == [
        [("C2", "one voice")], [("C3", "answers A")], [("C3", "answers B")],
    ]  # fmt: skip


def test_after_many_days_another_strip_begins() -> None:
    rows = (("1962-10-22", "a"), ("1962-11-02", "b"), ("2002-10-01", "c"))
    strips = timeline(made("date label", *rows)).strips

    assert [(strip.first, strip.last, len(strip.bars)) for strip in strips] == [
        ("22 October 1962", "2 November 1962", 2), ("1 October 2002", "1 October 2002", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "ticks"),
    [
        ("1962-10-27T02:00:00Z", "1962-10-27T20:00:00Z", ["27 Oct", "06:00", "12:00", "18:00"]),
        ("1962-10-27T00:00:00Z", "1962-10-30T00:00:00Z", ["27 Oct", "28 Oct", "29 Oct", "30 Oct"]),
        ("1962-10-01T00:00:00Z", "1962-10-20T00:00:00Z", ["1 Oct", "8 Oct", "15 Oct"]),
        ("1961-01-01T00:00:00Z", "1963-01-01T00:00:00Z", ["1961", "1962", "1963"]),
    ],
)
def test_ticks_are_hours_days_weeks_or_years(first: str, last: str, ticks: list[str]) -> None:
    (strip,) = timeline(made("date until label", (first, last, "x"))).strips

    assert [label for _, label in strip.ticks] == ticks
    assert [x for x, _ in strip.ticks] == sorted({x for x, _ in strip.ticks})


def test_bars_are_as_long_as_their_time_and_never_too_thin_to_see() -> None:
    rows = (("1962-10-22T00:00:00Z", "1962-10-26T00:00:00Z", "four days"), ("1962-10-22T00:00:00Z", "1962-10-24T00:00:00Z", "two"),
            ("1962-10-24T00:00:00Z", "1962-10-24T00:00:01Z", "a second"))  # fmt: skip
    (strip,) = timeline(made("date until label", *rows)).strips
    widths = {bar.title: bar.width for bar in strip.bars}

    assert widths["four days"] == 2 * widths["two"] == strip.width - strip.gutter - 40
    assert widths["a second"] == 3
    assert len({bar.y for bar in strip.bars}) == 3


def test_long_titles_are_cut_beside_the_strip_alone() -> None:
    found = timeline(made("date label", ("1962-10-22", "word " * 20)))

    assert found.strips[0].bars[0].title.endswith("…")
    assert len(found.strips[0].bars[0].title) <= 38
    assert found.entries[0].label.text == "word " * 20


def test_nothing_dated_makes_no_strip() -> None:
    assert timeline(made("date label", (None, "x"))).strips == ()


# ---- networks


def test_a_node_stands_right_of_those_that_point_to_it() -> None:
    ties = [("a", "b"), ("b", "c"), ("a", "c"), ("late", "c")]

    assert columns(["a", "b", "c", "late"], ties) == [["a"], ["b", "late"], ["c"]]


def test_a_ring_is_cut_where_it_closes() -> None:
    assert columns(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("c", "c")]) == [["a"], ["b"], ["c"]]
    assert columns([], []) == []


def test_a_column_is_in_the_order_of_those_that_point_to_it() -> None:
    assert columns(["a", "b", "y", "x"], [("a", "x"), ("b", "y")]) == [["a", "b"], ["x", "y"]]


def test_what_all_ties_say_is_said_once() -> None:
    rows = (
        ("Ordoqui", "Garcia", "the decision", "session"),
        ("Rodriguez", "Garcia", "the decision", "session"),
    )
    drawn = network(made("source target label -", *rows))

    assert drawn.common == "the decision"
    assert [(column.label, cell.text) for column, cell in drawn.details] == [("C3", "session")]
    assert [edge.label for edge in drawn.edges] == ["", ""]
    assert all(tie.details == () for edge in drawn.edges for tie in edge.ties)
    assert {node.name for node in drawn.nodes} == {("Ordoqui",), ("Rodriguez",), ("Garcia",)}


def test_ties_between_the_same_two_are_one_line() -> None:
    rows = (
        ("a", "b", "answers", "x"),
        ("a", "b", "supplements", "y"),
        ("a", "c", "answers", "y"),
        ("c", "d", "long " * 9, "y"),
    )
    drawn = network(made("source target label -", *rows))

    assert [(edge.source.cell.text, edge.target.cell.text, edge.label) for edge in drawn.edges] == [
        ("a", "b", "2 times"), ("a", "c", "answers"), ("c", "d", ""),
    ]  # fmt: skip
    assert [tie.label.text for tie in drawn.edges[0].ties] == ["answers", "supplements"]
    assert [cell.text for _, cell in drawn.edges[0].ties[1].details] == ["y"]
    assert drawn.common == ""


def test_a_line_has_no_direction_if_none_of_its_ties_has_one() -> None:
    rows = (
        ("a", "b", "disagrees", "both ways"),
        ("a", "c", "disagrees", "both ways"),
        ("a", "c", "answers", "one way"),
    )
    drawn = network(made("source target label way", *rows))

    assert [edge.both for edge in drawn.edges] == [True, False]
    assert [tie.both for tie in drawn.edges[1].ties] == [True, False]
    assert not any(tie.details for edge in drawn.edges for tie in edge.ties)


def test_no_two_boxes_and_no_two_labels_lie_on_each_other() -> None:
    rows = [(f"from {n}", f"to {m}", f"{n} {m}") for n in range(5) for m in range(5)]
    drawn = network(made("source target label", *rows))
    wide, high = drawn.box

    assert len({(node.x, node.y) for node in drawn.nodes}) == 10
    assert all(
        0 <= node.x <= drawn.width - wide and 0 <= node.y <= drawn.height - high for node in drawn.nodes
    )
    assert len({edge.at for edge in drawn.edges}) == 25
    assert drawn.edges[0].path.startswith("M")


def test_names_have_two_lines_at_most_and_iris_are_told_apart() -> None:
    base = "https://w3id.org/cablegraph/id/actor/"
    rows = ((f"{base}a", f"{base}b", "x"), ("a very long name indeed " * 4, f"{base}b", "x"))
    drawn = network(made("source target label", *rows))

    assert {len(node.name) for node in drawn.nodes} == {1, 2}
    assert {node.cell.href for node in drawn.nodes} == {"/id/actor/a", "/id/actor/b", ""}


def test_a_row_without_an_end_is_left_out() -> None:
    drawn = network(made("source target label", ("a", None, "x")))

    assert (drawn.nodes, drawn.edges) == ((), ())
    assert drawn.width > 0


def test_the_same_rows_make_the_same_drawing() -> None:
    rows = [("a", "b", "x"), ("b", "c", "y"), ("c", "a", "z")]

    assert network(made("source target label", *rows)) == network(made("source target label", *rows))


# ---- matrices


def test_a_matrix_has_a_field_for_each_pair_of_heads() -> None:
    rows = (("decision", "Castro", "for"), ("decision", "Castro", "against"), ("base", "Castro", "against"),
            ("decision", "Ordoqui", "for"), ("decision", "Castro", "for"))  # fmt: skip
    grid = matrix(made("row column cell", *rows))

    assert grid.corner == ("C0", "C1")
    assert [head.text for head in grid.heads] == ["Castro", "Ordoqui"]
    assert [(side.text, [[cell.text for cell in field] for field in fields]) for side, fields in grid.rows] == [
        ("base", [["against"], []]), ("decision", [["for", "against"], ["for"]]),
    ]  # fmt: skip


# ---- which view


QUERY = saved_queries.parse(
    "mine",
    "#+ columns:\n#+   - {name: a, label: A, type: date, about: A., role: date}\n"
    "#+   - {name: b, label: B, type: text, about: B., role: label}\n#+ show: timeline\nSELECT ?a ?b {}",
)


@pytest.mark.parametrize(("given", "name"), [("", "timeline"), ("table", "table"), ("timeline", "timeline")])
def test_the_view_is_that_of_the_header_or_the_plain_table(given: str, name: str) -> None:
    assert views.choose(QUERY, given) == name


def test_another_view_is_refused_and_those_there_are_are_named() -> None:
    with pytest.raises(ParameterError, match="view must be timeline or table for mine") as caught:
        views.choose(QUERY, "network")

    assert (caught.value.parameter, caught.value.allowed) == ("view", ("timeline", "table"))


def test_a_table_that_is_too_long_to_draw_stays_a_table() -> None:
    rows = [("1962-10-22", str(n)) for n in range(views.MOST + 1)]

    assert views.view("timeline", made("date label", *rows)).name == "table"
    assert views.view("timeline", made("date label", *rows[:-1])).name == "timeline"


def test_columns_that_no_header_describes_are_called_by_their_variable() -> None:
    query = saved_queries.parse("mine", "SELECT ?x {}")
    body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}},{}]}}'
    found = table(query, body, "")

    assert found.columns == (Column("x", "x", "text", ""),)
    assert [row.values for row in found.rows] == [("1",), (None,)]
    assert found.place("date") is None
