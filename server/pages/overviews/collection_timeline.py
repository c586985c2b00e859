"""The timeline of the collection in lanes: when something happened, and when which telegram told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from server.pages.overviews.time_axis import TimeAxis, axis, words
from server.site.pool_queries import Row, value

TOLD = "happened-and-told"  # the saved query that has the rows
LANES: Mapping[str, str] = {"event": "Events", "document": "Documents", "stance": "Stances"}
LISTED = 40  # entries with a day in a lane, and as many without
MOST = 120  # if only one lane is shown
ASSERTED = "asserted"


@dataclass(frozen=True, slots=True)
class Telling:
    """A telegram that tells of an entry, with the days on which it can be dated, if any is known.

    `found` says that a program found those days and nobody has confirmed them.
    """

    telegram: str
    name: str
    first: date | None
    last: date | None
    found: bool

    @property
    def days(self) -> str:
        """Those days in words; empty where none is known."""
        return words(self.first, self.last) if self.first and self.last else ""


@dataclass(frozen=True, slots=True)
class LaneEntry:
    """One event, document or stance; `first` and `last` are the days on which it can have been.

    `found` says that a program found those days and nobody has confirmed them.
    """

    thing: str
    title: str
    state: str
    reading: str
    first: date | None
    last: date | None
    found: bool
    occasion: str
    tellings: tuple[Telling, ...]

    @property
    def unsure(self) -> bool:
        """Whether more than one day is possible."""
        return self.first != self.last

    @property
    def days(self) -> str:
        """Its days in words; empty where none is known."""
        return words(self.first, self.last) if self.first and self.last else ""

    @property
    def itself(self) -> bool:
        """Whether it is a telegram whose text is here, and so one of the tellings."""
        return any(telling.telegram == self.thing for telling in self.tellings)


@dataclass(frozen=True, slots=True)
class Track:
    """The drawing of one entry: a bar from `start` that is `width` wide, and a ring for each telling.

    With the place of a ring stands whether a program alone found its day.
    A line leads from `line[0]` to `line[1]`. `beyond` is `earlier` or `later` if it lies beyond the axis.
    """

    start: float
    width: float
    rings: tuple[tuple[float, bool], ...]
    line: tuple[float, float]
    beyond: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Entries in order of time, each with its drawing, those without a day, and the number left out."""

    name: str
    title: str
    dated: tuple[tuple[LaneEntry, Track], ...]
    undated: tuple[LaneEntry, ...]
    left_out: int

    @property
    def found(self) -> bool:
        """Whether a program found some of the days and nobody has confirmed them."""
        return any(entry.found or any(one.found for one in entry.tellings) for entry, _ in self.dated)


@dataclass(frozen=True, slots=True)
class CollectionTimeline:
    """The lanes on one axis; there is no axis without any day."""

    axis: TimeAxis | None
    lanes: tuple[Lane, ...]


def entries(rows: Iterable[Row]) -> dict[str, list[LaneEntry]]:
    """Return the entries of the answer to the saved query, by lane, each once."""
    grouped: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in rows:
        told = {key: value(term) for key, term in row.items()}
        grouped.setdefault((told["lane"], told["thing"], told["title"]), []).append(told)
    found: dict[str, list[LaneEntry]] = {lane: [] for lane in LANES}
    for (lane, _, _), parts in grouped.items():
        found[lane].append(_entry(parts))
    return found


def timeline_of(
    found: Mapping[str, Sequence[LaneEntry]], only: str = "", totals: Mapping[str, int] | None = None
) -> CollectionTimeline:
    """Return the timeline of `found`, entries by lane, or of the lane `only`.

    `totals` are the numbers of all entries of each lane, if not all of them are in `found`.
    """
    chosen = {lane: found[lane] for lane in LANES if only in ("", lane)}
    dated = [entry for lane in chosen.values() for entry in lane if entry.first and entry.last]
    happened = [day for entry in dated for day in (entry.first, entry.last) if day]
    told = [
        day for entry in dated for telling in entry.tellings for day in (telling.first, telling.last) if day
    ]
    scale = axis(happened, told)
    most = MOST if only else LISTED
    every = totals or {lane: len(some) for lane, some in chosen.items()}
    return CollectionTimeline(
        scale, tuple(_lane(lane, some, scale, most, every[lane]) for lane, some in chosen.items())
    )


def _entry(rows: Sequence[Mapping[str, str]]) -> LaneEntry:
    row = rows[0]
    tellings = {
        told["telegram"]: Telling(
            told["telegram"],
            told.get("named", told["telegram"]),
            _day(told, "toldFirst"),
            _day(told, "toldLast"),
            bool(told.get("toldDated")),
        )
        for told in rows
        if "telegram" in told
    }
    return LaneEntry(
        *(row["thing"], row["title"], row.get("state", ""), row["reading"]),
        *(_day(row, "firstDay"), _day(row, "lastDay"), bool(row.get("dated"))),
        *(row.get("occasion", ""), tuple(tellings.values())),
    )


def _day(row: Mapping[str, str], key: str) -> date | None:
    text = row.get(key, "")
    return date.fromisoformat(text[:10]) if text else None


def _lane(name: str, found: Sequence[LaneEntry], scale: TimeAxis | None, most: int, total: int) -> Lane:
    dated = [entry for entry in found if entry.first and entry.last]
    undated = [entry for entry in found if not (entry.first and entry.last)]
    shown = tuple((entry, _track(entry, scale)) for entry in dated[:most] if scale)
    left_out = total - len(shown) - len(undated[:most])
    return Lane(name, LANES[name], shown, tuple(undated[:most]), left_out)


def _track(entry: LaneEntry, scale: TimeAxis) -> Track:
    first, last = entry.first or scale.first, entry.last or scale.last
    start = scale.place(first)
    width = round(scale.place(last, end=True) - start, 1)
    beyond = "" if scale.covers(first, last) else "earlier" if last < scale.first else "later"
    if beyond:
        start, width = scale.place(last, end=beyond == "later"), 0.0
    days = [(telling.last, telling.found) for telling in entry.tellings if telling.last]
    rings = tuple(
        (round((scale.place(day) + scale.place(day, end=True)) / 2, 1), found) for day, found in days
    )
    ends = [start + width / 2, *(place for place, _ in rings)]
    return Track(start, width, rings, (round(min(ends), 1), round(max(ends), 1)), beyond)
