"""The program `next-lower-number` against the pattern of the rule that names it, and how its results grow."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import build
from kg.inference import rules
from kg.inference.columns.graph_closing import PROGRAMS
from kg.inference.columns.statement_columns import Columns, statement
from kg.inference.rules import Rule
from kg.namespaces import CG, ID, RDF, XSD

GRAPH = ox.NamedNode("urn:graph")
SPANS = [(1, 1), (2, 2), (2, 4), (3, 3), (4, 5), (6, 9), (7, 7), (10, 10)]
CERTAINTIES = ("certain", "certain", "certain", "probable", "possible")


def thing(name: str) -> ox.NamedNode:
    return ox.NamedNode(ID + name)


def said(subject: str, name: str, value: str | int) -> ox.Quad:
    text = ox.Literal(str(value), datatype=ox.NamedNode(f"{XSD}integer"))
    target = text if isinstance(value, int) else thing(value)
    return ox.Quad(thing(subject), ox.NamedNode(CG + name), target, GRAPH)


def numbered(
    n: int, document: str, span: tuple[int, int], series: str = "one", sure: str = "certain"
) -> Iterable[ox.Quad]:
    number = f"number/{n}"
    yield said(number, "numberOf", f"document/{document}")
    yield said(number, "inSeries", f"series/{series}")
    yield said(number, "numberFrom", span[0])
    yield said(number, "numberTo", span[1])
    yield said(number, "certainty", f"certainty/{sure}")


@pytest.fixture(scope="module")
def rule(sources: build.Collection) -> Rule:
    return next(rule for rule in rules.load(sources.queries / "rules") if rule.name == "later-by-number")


def by_program(quads: Iterable[ox.Quad]) -> set[str]:
    columns = [Columns(map(statement, quads)), Columns()]
    return {" ".join(triple) for triple in PROGRAMS["next-lower-number"]().rows(columns)}


def graphs() -> st.SearchStrategy[list[ox.Quad]]:
    """Return series of numbers, of which some overlap, are doubtful, one of two readings, or without direction."""
    number = st.tuples(
        st.sampled_from("abcdefg"),
        st.sampled_from(SPANS),
        st.sampled_from(["one", "one", "two", "open"]),
        st.sampled_from(CERTAINTIES),
        st.booleans() | st.just(False),
    )

    def quads(numbers: list[tuple[str, tuple[int, int], str, str, bool]]) -> list[ox.Quad]:
        made = [said(f"series/{name}", "seriesFrom", "place/p") for name in ("one", "two")]
        for n, (document, span, series, sure, unclear) in enumerate(numbers):
            made += numbered(n, document, span, series, sure)
            made += [said("ambiguity/a", "alternative", f"number/{n}")] if unclear else []
        return made

    return st.lists(number, max_size=9).map(quads)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(quads=graphs())
def test_the_program_draws_what_the_pattern_of_the_rule_draws(quads: list[ox.Quad], rule: Rule) -> None:
    store = ox.Store()
    store.extend(quads)

    assert by_program(quads) == {f"{t.subject} {t.predicate} {t.object}" for t in rule.apply(store, ())}


def drawn(count: int) -> set[str]:
    """Return what is drawn of a series of as many numbers, of which every seventh is not there."""
    numbers = (n for n in range(count * 7 // 6) if n % 7)
    made = [quad for n in numbers for quad in numbered(n, str(n), (n, n))]
    return by_program([said("series/one", "seriesFrom", "place/p"), *made])


def test_the_order_of_a_series_grows_as_its_numbers_do() -> None:
    assert [len(drawn(count)) for count in (60, 600, 1200)] == [59, 599, 1199]


def test_a_path_finds_all_that_came_before() -> None:
    store = ox.Store()
    store.load("".join(f"{triple} .\n" for triple in drawn(60)).encode(), ox.RdfFormat.N_TRIPLES)
    asked = f"SELECT ?earlier WHERE {{ <{ID}document/69> <{CG}laterThan>+ ?earlier }}"
    rows = store.query(asked)

    assert isinstance(rows, ox.QuerySolutions)
    assert len(list(rows)) == 59


def test_values_that_are_no_numbers_and_numbers_of_nothing_are_passed_over() -> None:
    odd = ox.Quad(thing("number/2"), ox.NamedNode(f"{CG}numberTo"), ox.Literal("many"), GRAPH)
    loose = ox.Quad(thing("number/3"), ox.NamedNode(RDF.type), ox.NamedNode(f"{CG}DocumentNumber"), GRAPH)
    one = [*numbered(1, "a", (5, 5)), *numbered(2, "b", (1, 1))]
    series = said("series/one", "seriesFrom", "place/p")

    assert by_program([series, *one, odd, loose]) == {f"<{ID}document/a> <{CG}laterThan> <{ID}document/b>"}
