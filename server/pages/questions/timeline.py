"""The timeline view of an answer: entries in order of time, and a strip of bars for each period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from server.pages.questions.answer_table import AnswerRow, AnswerTable, Detail, shared, without
from server.site.cells import Cell

_DAY = timedelta(days=1)
_GUTTER, _WIDTH, _STEP, _TOP = 300, 560, 20, 26  # of a strip, in SVG user units
_LONGEST = 38  # characters of a title beside a strip
_BREAK = timedelta(days=20)  # a longer time without an entry begins another strip
_NARROWEST = 3
# Longest period -> the distance of its ticks.
_TICKS = (
    (timedelta(days=2), timedelta(hours=6)),
    (timedelta(days=16), timedelta(days=1)),
    (timedelta(days=120), timedelta(days=7)),
)
_FURTHER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Span:
    """The time from `start` to `end`, both with their offset from UTC."""

    start: datetime
    end: datetime

    @property
    def certain(self) -> bool:
        """Whether the bounds lie within one day; otherwise the day is uncertain."""
        return self.end - self.start <= _DAY

    @property
    def days(self) -> bool:
        """Whether the span consists of whole days, from midnight to the last minute."""
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
        """The offset from UTC, as in UTC−05:00; empty without one."""
        ahead = self.start.utcoffset()
        if ahead is None:
            return ""
        hours, minutes = divmod(abs(ahead) // timedelta(minutes=1), 60)
        return f"UTC{'−' if ahead < timedelta(0) else '+'}{hours:02}:{minutes:02}"


def day(moment: date) -> str:
    """Return the date of `moment` in words, as in 27 October 1962."""
    return f"{moment.day} {moment:%B %Y}"


def comparable(moment: object, last: bool = False) -> datetime | None:
    """Return a date or time as a time with an offset, by default UTC; None for any other value.

    A date becomes its first second, or with `last` its last.
    """
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(moment, date):
        hours = (23, 59, 59) if last else (0, 0, 0)
        return datetime(moment.year, moment.month, moment.day, *hours, tzinfo=UTC)
    return None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry: its number from 1, its label, its time span, its date as written, and other columns.

    `details` has first what all rows of the entry share, then the rest of each row.
    """

    number: int
    label: Cell
    span: Span | None
    written: str
    details: tuple[tuple[Detail, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of one entry in a strip; numbers are in SVG user units."""

    entry: TimelineEntry
    title: str
    x: float
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Strip:
    """The drawing of one period: its size, its ticks as pairs of x and label, and its bars."""

    width: int
    height: int
    gutter: int
    first: str
    last: str
    ticks: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All entries, those without a date last, and the strips that show the others."""

    entries: tuple[TimelineEntry, ...]
    strips: tuple[Strip, ...]


def timeline(table: AnswerTable) -> Timeline:
    """Return the timeline of `table`, whose columns must have the roles date and label."""
    grouped: dict[tuple[str, Span | None, str], list[AnswerRow]] = {}
    for row in table.rows:
        grouped.setdefault(_key(table, row), []).append(row)
    ordered = sorted(grouped, key=lambda key: (key[1] is None, key[1].start.timestamp() if key[1] else 0))
    entries = tuple(_entry(number, key, grouped[key], table) for number, key in enumerate(ordered, 1))
    return Timeline(entries, tuple(_strip(part) for part in _periods(entries)))


def _key(table: AnswerTable, row: AnswerRow) -> tuple[str, Span | None, str]:
    """Return the key of an entry, by which rows are grouped: label, span and date as written."""
    date, label = table.places(("date", "label"))
    until, written = table.place("until"), table.place("written")
    start = comparable(row.values[date])
    end = comparable(row.values[date if until is None else until], last=True) or start
    span = Span(start, max(start, end)) if start and end else None
    return row.cells[label].text, span, "" if written is None else row.cells[written].text


def _entry(
    number: int, key: tuple[str, Span | None, str], rows: Sequence[AnswerRow], table: AnswerTable
) -> TimelineEntry:
    (label,) = table.places(("label",))
    rests = [tuple(table.rest(row)) for row in rows]
    common = shared(rests)
    details = dict.fromkeys((common, *(without(rest, common) for rest in rests)))
    return TimelineEntry(number, rows[0].cells[label], key[1], key[2], tuple(filter(None, details)))


def _periods(entries: Iterable[TimelineEntry]) -> Iterator[list[tuple[TimelineEntry, Span]]]:
    """Yield the dated entries in groups that are more than _BREAK apart."""
    part: list[tuple[TimelineEntry, Span]] = []
    for entry in entries:
        if entry.span is None:
            continue
        if part and entry.span.start - max(span.end for _, span in part) > _BREAK:
            yield part
            part = []
        part.append((entry, entry.span))
    if part:
        yield part


def _strip(part: Sequence[tuple[TimelineEntry, Span]]) -> Strip:
    first = min(span.start for _, span in part)
    last = max(span.end for _, span in part)
    begin = first.replace(hour=0, minute=0, second=0, microsecond=0)
    length = max(last - begin, timedelta(hours=1))

    def x(moment: datetime) -> float:
        return round(_GUTTER + _WIDTH * ((moment - begin) / length), 1)

    bars = tuple(
        Bar(
            *(entry, _short(entry.label.text), x(span.start), _TOP + _STEP * place),
            max(_NARROWEST, round(x(span.end) - x(span.start), 1)),
        )
        for place, (entry, span) in enumerate(part)
    )
    ticks = tuple((x(moment), label) for moment, label in _ticks(begin, length))
    height = _TOP + _STEP * len(bars) + 6
    return Strip(_GUTTER + _WIDTH + 40, height, _GUTTER, day(first), day(last), ticks, bars)


def _ticks(begin: datetime, length: timedelta) -> Iterator[tuple[datetime, str]]:
    step = next((step for longest, step in _TICKS if length <= longest), _FURTHER)
    for count in range(length // step + 1):
        moment = begin + count * step
        if step < timedelta(days=1) and moment.hour:
            yield moment, f"{moment:%H:%M}"
        else:
            yield moment, f"{moment.day} {moment:%b}" if step < _FURTHER else f"{moment.year}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
