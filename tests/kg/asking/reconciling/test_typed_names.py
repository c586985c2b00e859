"""Fifty spellings typed before anything could match them, and twenty that nothing was tuned on."""

from __future__ import annotations

import pytest

from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import ReconciliationQuery

from .measuring import Measure, Spelling, column, measure


def matches(reconciler: Reconciler, spellings: list[Spelling]) -> list[str]:
    found = [reconciler.reconcile(ReconciliationQuery(spelling.name)) for spelling in spellings]
    return ["".join(one.id for one in candidates if one.match) for candidates in found]


def test_a_measure_counts_matches_right_ones_and_those_that_could_be() -> None:
    spellings = [Spelling("a", ("x",)), Spelling("b", ("y",)), Spelling("c", ()), Spelling("d", ("x", "y"))]
    found = measure(spellings, ["x", "x", "y", ""])

    assert found == Measure(matched=3, right=1, possible=2)
    assert str(found) == "precision 0.333 (1 of 3), recall 0.500 (1 of 2)"


def test_the_column_has_fifty_spellings_of_all_kinds() -> None:
    spellings = column("spellings.csv")
    counts = [sum(len(s.expected) == n for s in spellings) for n in (1, 2, 0)]

    assert (len(spellings), counts) == (50, [36, 3, 11])


@pytest.mark.parametrize(
    ("file", "precision", "recall"), [("spellings.csv", 1.0, 0.95), ("held-out.csv", 1.0, 0.85)]
)
def test_spellings_are_matched_rightly(
    reconciler: Reconciler, file: str, precision: float, recall: float
) -> None:
    spellings = column(file)
    found = measure(spellings, matches(reconciler, spellings))
    print(f"\n{file}: {found}")  # noqa: T201 - the figures are what this is about

    assert found.precision >= precision
    assert found.recall >= recall


def test_the_column_that_was_held_out_has_others() -> None:
    held_out = {spelling.name for spelling in column("held-out.csv")}

    assert held_out
    assert held_out.isdisjoint(spelling.name for spelling in column("spellings.csv"))


def test_an_ambiguous_name_has_all_its_things_before_others(reconciler: Reconciler) -> None:
    several = [spelling for spelling in column("spellings.csv") if len(spelling.expected) > 1]

    assert several
    for spelling in several:
        found = [one.id for one in reconciler.reconcile(ReconciliationQuery(spelling.name))]
        assert set(found[: len(spelling.expected)]) == set(spelling.expected)
