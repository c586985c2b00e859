"""Moments and bounds in words: days where whole days are meant, hours where hours are.

Bounds as `cg:TimeExtent` gives them: the first and the last moment that a source's words allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The time from `start` to `end`, both moments with their offset."""

    start: datetime
    end: datetime

    @property
    def certain(self) -> bool:
        """Tell whether the bounds lie within one day; further apart, the day is not sure."""
        return self.end - self.start <= _DAY

    @property
    def days(self) -> bool:
        """Tell whether it is made of whole days, each from midnight to its last second."""
        return (self.start.hour, self.start.minute) == (0, 0) and (self.end.hour, self.end.minute) == (23, 59)

    def __str__(self) -> str:
        """Return the span in words, in the time of its own offset."""
        if self.days:
            first, last = day(self.start), day(self.end)
            return first if first == last else f"between {first} and {last}"
        if self.start == self.end:
            return f"{day(self.start)}, {self.start:%H:%M}"
        if self.start.date() == self.end.date():
            return f"{day(self.start)}, {self.start:%H:%M} to {self.end:%H:%M}"
        return f"between {day(self.start)}, {self.start:%H:%M}, and {day(self.end)}, {self.end:%H:%M}"

    @property
    def offset(self) -> str:
        """Return the offset of its clock from UTC, as in UTC−05:00; empty where it has none."""
        ahead = self.start.utcoffset()
        if ahead is None:
            return ""
        hours, minutes = divmod(abs(ahead) // timedelta(minutes=1), 60)
        return f"UTC{'−' if ahead < timedelta(0) else '+'}{hours:02}:{minutes:02}"


def day(moment: date) -> str:
    """Return a day in words, as in 27 October 1962."""
    return f"{moment.day} {moment:%B %Y}"


def comparable(moment: object, last: bool = False) -> datetime | None:
    """Return a day or moment as a moment with an offset, UTC where it has none; None for what is neither.

    A day becomes its first moment, or its last second.
    """
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(moment, date):
        hours = (23, 59, 59) if last else (0, 0, 0)
        return datetime(moment.year, moment.month, moment.day, *hours, tzinfo=UTC)
    return None
