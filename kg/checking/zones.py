"""Comparison of the offsets of dates with their zones, by the tz database (https://www.iana.org/time-zones).

A zone is a value of the list `zone`. One that stands for the time of a place has the name of that time in the
tz database as `skos:notation`, so a collection adds a zone by one value of the list. One without a notation
says nothing about offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyoxigraph as ox

from kg.errors import Finding
from kg.namespaces import CG, ID, PREFIXES
from kg.reading.record_set import Records
from kg.store.sparql import rows

_NOTATION = f"{PREFIXES['skos']}notation"
_UNKNOWN = f"{ID}zone/unknown"
# The first and the last offset in use anywhere.
_WIDEST = {"earliest": timedelta(hours=14), "latest": timedelta(hours=-12)}
_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_BOUNDS = f"""
SELECT DISTINCT ?date ?bound ?instant ?zone ?tz WHERE {{
  VALUES (?property ?bound) {{ (<{CG.earliest}> "earliest") (<{CG.latest}> "latest") }}
  ?date ?property ?instant ; <{CG.zone}> ?zone . OPTIONAL {{ ?zone <{_NOTATION}> ?tz }}
}} ORDER BY ?date ?bound"""


def check(store: ox.Store, records: Records) -> Iterator[Finding]:
    """Yield a finding for each bound of a date in `store` whose offset was not that of its zone.

    Bounds of another form are passed over, since a shape reports them.
    """
    for row in rows(store, _BOUNDS):
        date, bound, text = (row[name].value for name in ("date", "bound", "instant"))
        name = row["tz"].value if row["tz"] else ""
        if not _FORM.fullmatch(text):
            continue
        problem = _problem(bound, text, row["zone"].value, name)
        if problem:
            place = records.place(date, bound)
            yield Finding(place.file if place else date, place.line if place else 0, problem)


def _problem(bound: str, text: str, zone: str, name: str) -> str:
    """Return what is wrong with the instant `text`, or nothing; the tz database calls the zone `name`."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:  # 30 February
        return ""
    offset = instant.utcoffset()
    if zone == _UNKNOWN and offset != _WIDEST[bound]:
        return "the zone is not known: write earliest with +14:00 and latest with -12:00, or name the zone"
    if not name:
        return ""
    try:
        possible = offsets(instant, name)
    except (ZoneInfoNotFoundError, ValueError):
        return f"the tz database has no {name!r}; correct skos:notation of this zone in the list 'zone'"
    if any(offset is not None and abs(offset - one) < timedelta(minutes=1) for one in possible):
        return ""
    told = " or ".join(dict.fromkeys(_written(one) for one in possible))
    return f"the zone had another offset then: {name} {told}"


def offsets(instant: datetime, name: str) -> tuple[timedelta, ...]:
    """Return the offsets that clocks of the zone `name` may have had at the local time of `instant`."""
    local = instant.replace(tzinfo=ZoneInfo(name))
    both = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return tuple(offset for offset in both if offset is not None)


def _written(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
