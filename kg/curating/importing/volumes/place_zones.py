"""The time of places: the zone of a place, and the bounds of a day, an hour or a minute in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from importlib.resources import files
from zoneinfo import ZoneInfo

import yaml

from kg.curating.drafting.keeping.passages import slug_of

UNKNOWN = "unknown"
GREENWICH = "greenwich"  # as a place, where the words give the time of Greenwich
_WHEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?"
)
_CLOCK = re.compile(
    r",?\s*(?:\d{4},?\s*)?(?:at\s)?"
    r"(?:(?P<hour>\d{1,2})(?:[:.]\s?(?P<minute>\d\d))?(?:\s?\[(?P<right>\d{1,2})\])?\s?(?P<half>[ap])\.?\s?m"
    r"|(?:12\s)?(?P<word>noon|midnight|(?<=12\s)m\.)"  # `12 noon` and `12 m.` are noon
    r"|(?P<whole>[01]\d|2[0-3])(?P<past>[0-5]\d)(?:Z|\shours\b))",
    re.IGNORECASE,
)
Bounds = dict[str, str]


@dataclass(frozen=True, slots=True)
class _InYears:
    """The time that a place had from one year to another, by its name in the tz database."""

    place: str
    first: int
    last: int
    name: str

    @property
    def called(self) -> str:
        """Return what the time is called in the list `zone`."""
        return f"{self.place} {self.first} to {self.last}"


@dataclass(frozen=True)
class PlaceZones:
    """The zones of places, by the table of the room; one for each place whose zone a passage leaves open."""

    @cached_property
    def _table(self) -> Mapping[str, list[str | dict[str, tuple[int, int]]]]:
        table: dict[str, list[str | dict[str, tuple[int, int]]]] = yaml.safe_load(_text("zones.yaml"))
        return table

    @cached_property
    def seats(self) -> Mapping[str, str]:
        """Return the place in which each body has its seat."""
        table: dict[str, list[str]] = yaml.safe_load(_text("seats.yaml"))
        return {body: place for place, bodies in table.items() for body in bodies}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the name in the tz database of each place."""
        return {one: zone for zone, places in self._table.items() for one in places if isinstance(one, str)}

    @cached_property
    def _in_years(self) -> Mapping[str, _InYears]:
        """Return the times that places had in some years alone, by what these are called."""
        found = [
            _InYears(place, first, last, zone)
            for zone, places in self._table.items()
            for one in places
            if not isinstance(one, str)
            for place, (first, last) in one.items()
        ]
        return {one.called: one for one in found}

    def zone(self, place: str, year: int) -> str:
        """Return the value of the list `zone` for a place in a year; `unknown` where the table has none."""
        if place == GREENWICH:
            return GREENWICH
        called = self._time(place, year)[0]
        return f"{slug_of(called)}-assumed" if called else UNKNOWN

    def _time(self, place: str, year: int) -> tuple[str, str]:
        """Return what the time of a place is called in a year, and its name in the tz database.

        It is called after the first place of its line, or after the place and the years that it was kept.
        """
        plain = place.strip(" .,")
        for called, one in self._in_years.items():
            if one.place == plain and one.first <= year <= one.last:
                return called, one.name
        name = self.names.get(plain, "")
        return next(((first, zone) for first, zone in self.names.items() if zone == name), ("", ""))

    def concept(self, zone: str) -> tuple[str, str]:
        """Return what the time is called and the name in the tz database of a value that `zone` returned."""
        every = {**self.names, **{called: one.name for called, one in self._in_years.items()}}
        called = next(one for one in every if zone == f"{slug_of(one)}-assumed")
        return called, every[called]

    def bounds(self, when: str, place: str, *, to_the_minute: bool = False) -> Bounds | None:
        """Return earliest, latest, precision and zone of a date in ISO 8601; None if it is none.

        An hour whose zone is not known is given by its day alone, since it may lie a day off.
        """
        match = _WHEN.fullmatch(when.strip())
        day = _moment(match.group("day"), "00:00") if match else None
        if match is None or day is None:
            return None
        zone = self.zone(place, day.year)
        if zone == UNKNOWN:
            return {"earliest": f"{day:%Y-%m-%d}T00:00:00+14:00", "latest": f"{day:%Y-%m-%d}T23:59:59-12:00",
                    "precision": "day", "zone": UNKNOWN}  # fmt: skip
        first, last, precision = day, day + timedelta(hours=23, minutes=59, seconds=59), "day"
        if match.group("hour"):
            begun = _moment(match.group("day"), f"{match.group('hour')}:{match.group('minute')}")
            if begun is None:
                return None
            exact = to_the_minute or begun.minute != 0
            precision = "minute" if exact else "hour"
            first, last = begun, begun + timedelta(minutes=0 if exact else 59, seconds=59)
        tz = ZoneInfo("UTC" if zone == GREENWICH else self._time(place, day.year)[1])
        return {
            "earliest": _written(first, tz),
            "latest": _written(last, tz),
            "precision": precision,
            "zone": zone,
        }


def _text(table: str) -> str:
    return (files("kg.curating.importing") / "tables" / table).read_text(encoding="utf-8")


def _moment(day: str, clock: str) -> datetime | None:
    """Return a day and a time of it, of which 24:00 is the end; None if the calendar has no such day."""
    try:
        if clock.startswith("24:"):
            return datetime.fromisoformat(f"{day}T00:{clock[3:]}") + timedelta(days=1)
        return datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        return None


def _written(moment: datetime, tz: ZoneInfo) -> str:
    """Return a moment with the offset of its zone, which is rounded to minutes where it was a mean time."""
    offset = moment.replace(tzinfo=tz).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return f"{moment:%Y-%m-%dT%H:%M:%S}Z"
    sign = "-" if minutes < 0 else "+"
    return f"{moment:%Y-%m-%dT%H:%M:%S}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def clock(text: str, place: int) -> str:
    """Return the hour that stands at a place or just after it, as `17:00`; an empty text if there is none."""
    match = _CLOCK.match(text, place)
    if not match:
        return ""
    if match.group("word"):
        return "00:00" if match.group("word").lower() == "midnight" else "12:00"
    if match.group("whole"):
        return f"{match.group('whole')}:{match.group('past')}"
    hour = int(match.group("right") or match.group("hour")) % 12 + (
        12 if match.group("half").lower() == "p" else 0
    )
    return f"{hour:02}:{match.group('minute') or '00'}"
