"""The timeline of a large collection in part: the entries of one year or month, or those without a day.

Without a choice it is the year with most entries. A small collection is shown as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.publishing.stores.kept_answers import KeptAnswers, beginning
from server.pages.overviews.collection_timeline import LANES, TOLD, LaneEntry, entries
from server.site import pool_queries

WHOLE = 400  # entries up to which all of them are drawn from
UNDATED = "none"  # the choice of entries without a day
_ROWS = 1_000  # of a lane that are read, for its first entries: some have several rows
_YEAR = len("2000")

Parts = Mapping[str, Mapping[str, int]]  # lane -> month, or nothing without a day -> number of entries


@dataclass(frozen=True, slots=True)
class TimelinePart:
    """Some entries by lane, and the number of all in this part; `at` is the year, month or UNDATED, or empty.

    `years` and `months` of the year have the numbers of entries that there are to choose, `every` is that of
    all. They are empty where the whole is shown.
    """

    found: Mapping[str, Sequence[LaneEntry]]
    totals: Mapping[str, int]
    at: str = ""
    years: Mapping[str, int] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    every: int = 0
    chosen: bool = False


def of_entries(found: Mapping[str, Sequence[LaneEntry]], at: str) -> TimelinePart:
    """Return the part `at` of all entries `found`, by default that of the rule; it may have no entries."""
    parts = {lane: Counter(map(_month, some)) for lane, some in found.items()}
    part = _choice(parts, at)
    if not part.years:
        return replace(part, found=found)
    chosen = {lane: [one for one in some if _within(_month(one), part.at)] for lane, some in found.items()}
    return replace(part, found=chosen)


def of_kept(kept: KeptAnswers, at: str) -> TimelinePart:
    """Return the same of the answer that a store keeps, of which only this part is read."""
    parts: dict[str, dict[str, int]] = {lane: {} for lane in LANES}
    for name, number in kept.parts(TOLD, {}).items():
        lane, _, month = name.partition("/")
        parts[lane][month] = number
    part = _choice(parts, at)
    found = {lane: _read(kept, lane, part) for lane in LANES}
    return replace(part, found=found)


def _read(kept: KeptAnswers, lane: str, part: TimelinePart) -> list[LaneEntry]:
    """Return the first entries of a lane; the last one is left out if not all of its rows may be there."""
    start = f"{lane}/" if part.at == UNDATED else f"{lane}/{part.at}"
    within = (start, start) if part.at == UNDATED else beginning(start)
    answer = kept.answer(TOLD, {}, _ROWS, within)
    rows = pool_queries.parsed(answer.body) if answer else []
    some = entries(rows)[lane]
    return some[:-1] if len(rows) == _ROWS else some


def _choice(parts: Parts, at: str) -> TimelinePart:
    """Return what there is to choose and what is chosen, without the entries."""
    totals = {lane: sum(months.values()) for lane, months in parts.items()}
    every = sum(totals.values())
    if every <= WHOLE:
        return TimelinePart({}, totals, every=every)
    counts: Counter[str] = Counter()
    for months in parts.values():
        counts.update(months)
    years: Counter[str] = Counter()
    for month, number in sorted(counts.items()):
        years[month[:_YEAR] or UNDATED] += number
    shown = at or _fullest(years)
    months = {
        month: number for month, number in sorted(counts.items()) if month and month[:_YEAR] == shown[:_YEAR]
    }
    inside = {
        lane: sum(number for month, number in some.items() if _within(month, shown))
        for lane, some in parts.items()
    }
    return TimelinePart({}, inside, shown, dict(years), months, every, bool(at))


def _fullest(years: Mapping[str, int]) -> str:
    """Return the year with most entries, the first of several; UNDATED only if there is no year."""
    return max((year for year in years if year != UNDATED), key=lambda year: years[year], default=UNDATED)


def _month(entry: LaneEntry) -> str:
    return entry.first.isoformat()[: len("2000-01")] if entry.first and entry.last else ""


def _within(month: str, at: str) -> bool:
    return not month if at == UNDATED else month.startswith(at)
