"""The agreement of two drafts as text for a terminal and as an object for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from kg.curating.agreement.compare_drafts import Agreement

_NOTHING = "–"  # where there is nothing to measure


def lines(agreement: Agreement) -> Iterator[str]:
    """Yield the measures, one on a line, and the disagreements by passage."""
    yield f"A: {agreement.first}, B: {agreement.second}"
    for name, number in agreement.measures.items():
        yield f"{_named(name, agreement.unit)}: {_written(number)}"
    yield f"to decide: {len(agreement.disagreements)}"
    for passage, points in groupby(
        sorted(agreement.disagreements, key=lambda point: _order(point.passage)),
        key=lambda point: point.passage,
    ):
        yield f"\n{passage}"
        for point in points:
            yield f"  {point.about}: A {point.first or _NOTHING} | B {point.second or _NOTHING}"


def as_json(agreement: Agreement) -> dict[str, Any]:
    """Return the same for JSON; a measure of nothing is null."""
    return {
        "first": agreement.first,
        "second": agreement.second,
        "unit": agreement.unit,
        "measures": {_named(name, agreement.unit): number for name, number in agreement.measures.items()},
        "disagreements": [asdict(point) for point in agreement.disagreements],
    }


def _named(name: str, unit: str) -> str:
    return unit if name == "units" else name


def _written(number: float | None) -> str:
    """Return a count as it is, and a share or kappa with two decimals."""
    if number is None:
        return _NOTHING
    return str(number) if isinstance(number, int) else f"{number:.2f}"


def _order(passage: str) -> tuple[str, int]:
    """Return the order of passages: by telegram and voice, then by number."""
    name, _, number = passage.rpartition("-")
    return (name, int(number)) if number.isdigit() else (passage, 0)
