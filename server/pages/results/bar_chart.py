"""The chart of a result: a bar for each value of one column, as long as a number or as the rows are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.site.cells import Cell

MOST = 60  # bars; the table has the others
_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar: what it stands for, its number in words, its beginning and its length, in percent."""

    cell: Cell
    number: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from top to bottom; `measured` is what the numbers are.

    `summed` tells whether a bar stands for several rows, `others` how many bars are left out.
    """

    heading: str
    measured: str
    bars: tuple[ChartBar, ...]
    summed: bool
    others: int


def chart(
    pairs: Sequence[tuple[Cell, float | None]], heading: str, measured: str = "", most: int = MOST
) -> BarChart:
    """Return the chart of `pairs`, one for each row: what has a bar, and a number, None where there is none.

    Without `measured`, the name of the numbers, rows are counted. Bars keep the order of the rows if each
    stands for one; otherwise the longest comes first.
    """
    totals: dict[Cell, float] = {}
    counted = [(cell, 1.0 if not measured else number) for cell, number in pairs]
    kept = [(cell, number) for cell, number in counted if number is not None and cell.text]
    for cell, number in kept:
        totals[cell] = totals.get(cell, 0.0) + number
    summed = len(totals) < len(kept)
    order = list(totals) if measured and not summed else sorted(totals, key=lambda cell: -totals[cell])
    shown = order[:most]
    return BarChart(heading, measured or _ROWS, _bars(shown, totals), summed, len(order) - len(shown))


def _bars(cells: Sequence[Cell], totals: Mapping[Cell, float]) -> tuple[ChartBar, ...]:
    """Return the bars on one scale, which has 0 on it; those of numbers below 0 end there."""
    numbers = [totals[cell] for cell in cells]
    low, high = min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0)
    scale = 100 / ((high - low) or 1)
    return tuple(
        ChartBar(
            cell,
            f"{totals[cell]:,.6g}" if totals[cell] % 1 else f"{totals[cell]:,.0f}",
            round((min(totals[cell], 0.0) - low) * scale, 1),
            round(abs(totals[cell]) * scale, 1),
        )
        for cell in cells
    )
