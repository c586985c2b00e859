"""The axis of the timeline: the days that it covers, where a day lies on it, and its ticks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_MARGIN = 3.0  # percent left free on both sides, for half of a label
_FAR = timedelta(days=31)  # what is farther from all tellings stands at the edge
_MOST_TICKS = 8
_STEPS = (1, 2, 7, 14, 30, 91, 182, 365, 730, 1826, 3652, 18262)  # days between two ticks
_YEAR = 365


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days from `first` to `last`, both included; places on it are percentages of its width."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """The number of its days."""
        return (self.last - self.first).days + 1

    def place(self, day: date, end: bool = False) -> float:
        """Return where `day` begins, or with `end` ends; a day outside lies at the edge."""
        inside = min(max(day, self.first), self.last)
        part = ((inside - self.first).days + end) / self.days
        return round(_MARGIN + part * (100 - 2 * _MARGIN), 1)

    def covers(self, first: date, last: date) -> bool:
        """Return whether some day from `first` to `last` lies on it."""
        return first <= self.last and last >= self.first

    def ticks(self) -> list[tuple[float, str]]:
        """Return the places of its ticks, each with a label."""
        step = next((step for step in _STEPS if self.days <= step * _MOST_TICKS), _STEPS[-1])
        days = (self.first + timedelta(days=count) for count in range(0, self.days, step))
        return [(self.place(day), _label(day, step)) for day in days]


def axis(happened: Sequence[date], told: Iterable[date]) -> TimeAxis | None:
    """Return the axis for days on which something happened and days on which it was told; None without any.

    It reaches at most a month beyond the tellings: one early or late day would press all others together.
    """
    tellings = list(told)
    days = [*happened, *tellings]
    if not days:
        return None
    if not tellings:
        return TimeAxis(min(days), max(days))
    earliest, latest = min(tellings) - _FAR, max(tellings) + _FAR
    near = [day for day in days if earliest <= day <= latest]
    return TimeAxis(min(near), max(near))


def _label(day: date, step: int) -> str:
    if step >= _YEAR:
        return str(day.year)
    return f"{day.day} {day:%b}" if step < 30 else f"{day:%b %Y}"


def words(first: date, last: date) -> str:
    """Return the days from `first` to `last` in words, as in 27 October to 2 November 1962."""
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {last.day} {last:%B %Y}"
