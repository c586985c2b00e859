"""References resolved to the documents that they mean, in the volume and across volumes.

A link of the edition names a document or a page. A number is sought in the series of the two posts, a date
among what passed between them on that day. Where more than one may be meant, the reference stays open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kg.curating.importing.volumes.posts import DEPARTMENT

Row = dict[str, Any]
_LONGEST_BACK = timedelta(days=300)  # of a number without a date, since numbers begin anew each year
_MISPRINT = timedelta(days=3)  # between the day that is told for a number and its own
_HIGH = 3  # digits of a number that few have on one day


@dataclass
class ReferenceIndex:
    """The documents of an import by page, number and day; a row for each."""

    by_place: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_day: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    next_to: dict[str, tuple[Row | None, Row | None]] = field(default_factory=dict)

    def add(self, rows: Iterable[Row]) -> None:
        """Add the documents of one volume, in their order."""
        listed = list(rows)
        for n, row in enumerate(listed):
            volume = row["volume"].lower()
            self.by_place[volume, row["id"]].append(row)
            for page in row["pages"]:
                self.by_place[volume, page].append(row)
            for number in row["numbers"]:
                self.by_number[number].append(row)
            self.by_day[row["date"]].append(row)
            after = listed[n + 1] if n + 1 < len(listed) else None
            self.next_to[row["name"]] = (listed[n - 1] if n else None, after)

    def find(self, citing: Row, cited: Row) -> Row | None:
        """Return the document that a reference means; None if none or more than one may be meant."""
        if cited.get("document"):
            volume = (cited.get("volume") or citing["volume"]).lower()
            return _only(self.by_place.get((volume, cited["document"]), ()))
        for day in _days(cited.get("date", ""), citing["date"]):
            told = {**cited, "date": day}
            for way in (self._near, self._printed, self._numbered, self._dated, self._alike, *self._loose):
                if found := way(citing, told):
                    return found
        return None

    def _near(self, citing: Row, cited: Row) -> Row | None:
        """Return the document before or after, if day and number do not speak against it."""
        if not cited.get("near"):
            return None
        before, after = self.next_to[citing["name"]]
        near = before if cited["near"] == "supra" else after
        return near if near and _agrees(near, cited) else None

    def _printed(self, citing: Row, cited: Row) -> Row | None:
        """Return the document of a page, first among those that begin there."""
        if not cited.get("page"):
            return None
        volume = (cited.get("volume") or citing["volume"]).lower()
        printed = [row for row in self.by_place.get((volume, cited["page"]), ()) if row is not citing]
        if not (cited["date"] or cited.get("number") or len(printed) == 1):
            told = set(cited.get("beside", "").split()) - {citing["date"], *citing["numbers"]}
            return _only(_beside(printed, told))
        begun = [row for row in printed if row["pages"][0] == cited["page"]]
        for several in (begun, printed):
            fitting = [row for row in several if _agrees(row, cited)]
            ours = [row for row in fitting if _between(citing, row, cited.get("side", ""))]
            if found := _only(fitting) or _only(ours):
                return found
        return None

    def _numbered(self, citing: Row, cited: Row) -> Row | None:
        """Return the document of a number in the series of two posts, on its day or the last one before."""
        number, side = cited.get("number", "").lstrip("0"), cited.get("side", "")
        same = self.by_number.get(number, ()) if number else ()
        passed = [row for row in same if row is not citing and _between(citing, row, side)]
        fitting = [row for row in passed if _kind_agrees(row, cited)]
        if cited["date"]:
            return _only([row for row in fitting if row["date"] == cited["date"]])
        if not side or not citing["date"]:
            return None
        before = [row for row in fitting if row["date"] and row["date"] <= citing["date"]]
        last = max(before, key=lambda row: str(row["date"]), default=None)
        return last if last and _day(citing["date"]) - _day(last["date"]) < _LONGEST_BACK else None

    def _dated(self, citing: Row, cited: Row) -> Row | None:
        """Return what one post sent to the other on a day, at the hour if one is told and no other number."""
        if not cited["date"] or not cited.get("side"):
            return None
        sent = [row for row in self.by_day.get(cited["date"], ()) if row is not citing]
        passed = [row for row in sent if _between(citing, row, cited["side"])]
        fitting = [row for row in passed if _agrees(row, cited) and _kind_agrees(row, cited)]
        hour = cited.get("hour", "")
        exact = [row for row in fitting if hour and row["hour"] == hour]
        return _only(exact or [row for row in fitting if not (hour and row["hour"])])

    def _alike(self, citing: Row, cited: Row) -> Row | None:
        """Return what was sent to others on the day that is told: the same number and hour, or a circular.

        The edition prints once what went to several posts.
        """
        day, number, hour = cited["date"], cited.get("number", "").lstrip("0"), cited.get("hour", "")
        sent = [row for row in self.by_day.get(day, ()) if day and row is not citing]
        exact = [row for row in sent if hour and row["hour"] == hour]
        if number:
            if found := _only([row for row in exact if number in row["numbers"]]):
                return found
            same = [row for row in sent if number in row["numbers"] and not (hour and row["hour"])]
            theirs = [row for row in same if _wrote(citing, row, cited.get("side", ""))]
            return _only([row for row in theirs if _kind_agrees(row, cited)])
        circular = exact if hour else sent if "circular" in str(cited.get("kind", "")) else []
        theirs = [row for row in circular if row.get("circular")]
        return _only([row for row in theirs if _wrote(citing, row, cited.get("side", ""))])

    @property
    def _loose(self) -> tuple[Callable[[Row, Row], Row | None], ...]:
        """Return the ways of finding that forgive a party or a day, which the others do not."""
        return self._of_any, self._misdated, self._of_kind

    def _of_any(self, citing: Row, cited: Row) -> Row | None:
        """Return what has the number on the day in this volume, whichever posts its head names.

        Few have a number of three digits on one day; a shorter one needs its hour.
        """
        number, hour, side = cited.get("number", "").lstrip("0"), cited.get("hour", ""), cited.get("side", "")
        same = [row for row in self.by_day.get(cited["date"], ()) if cited["date"] and row is not citing]
        same = [row for row in same if number in row["numbers"] and row["volume"] == citing["volume"]]
        sure = [
            row for row in same if (row["hour"] == hour if hour and row["hour"] else len(number) >= _HIGH)
        ]
        return _only([row for row in sure if _kind_agrees(row, cited) and _is_way(citing, row, side)])

    def _misdated(self, citing: Row, cited: Row) -> Row | None:
        """Return the document of a number in the series of two posts, if its day is nearly the one told."""
        number, side, day = cited.get("number", "").lstrip("0"), cited.get("side", ""), cited["date"]
        if not (number and side and len(day) == len("1962-10-23")):
            return None
        passed = [row for row in self.by_number.get(number, ()) if _between(citing, row, side)]
        near = [row for row in passed if row["date"] and abs(_day(row["date"]) - _day(day)) <= _MISPRINT]
        return _only([row for row in near if row is not citing and _kind_agrees(row, cited)])

    def _of_kind(self, citing: Row, cited: Row) -> Row | None:
        """Return what passed between both on a day in the way that its kind has, if no writer is told."""
        if cited.get("side") or cited.get("number") or not cited["date"]:
            return None
        sent = [row for row in self.by_day.get(cited["date"], ()) if row is not citing]
        passed = [row for row in sent if row["kind"] != "Telegram" and _between(citing, row, "")]
        return _only([row for row in passed if _is_written(row, str(cited.get("kind", "")))])


def _only(rows: Sequence[Row]) -> Row | None:
    return rows[0] if len({row["name"] for row in rows}) == 1 else None


def _days(told: str, citing: str) -> list[str]:
    """Return the days that a date may mean: one that lies ahead was written in the year before."""
    ahead = told and citing and len(told) == 10 and told > citing
    return [told, f"{int(told[:4]) - 1}{told[4:]}"] if ahead else [told]


def _day(text: str) -> date:
    return date.fromisoformat(f"{text}-01-01"[:10])


def _agrees(row: Row, cited: Row) -> bool:
    """Return whether neither the day nor the number of a reference speaks against a document."""
    day, number = cited.get("date"), cited.get("number", "").lstrip("0")
    if day and row["date"] != day:
        return False
    return not number or not row["numbers"] or number in row["numbers"]


def _kind_agrees(row: Row, cited: Row) -> bool:
    """Return whether a document may be called as the reference calls it."""
    kind = str(cited.get("kind", ""))
    if "gram" in kind or "cable" in kind:
        return bool(row["kind"] == "Telegram")
    return row["kind"] != "Telegram" or not any(
        word in kind for word in ("patch", "note", "letter", "memorand")
    )


def _wrote(citing: Row, row: Row, side: str) -> bool:
    """Return whether a document is by the side of the citing one that is told; any may be if none is."""
    parties = {"from": citing["from"], "to": citing["to"]}.get(side)
    return parties is None or bool(set(parties) & set(row["from"]))


def _between(citing: Row, row: Row, side: str) -> bool:
    """Return whether a document passed between the posts of the citing one, in the direction that is told."""
    senders, recipients = set(row["from"]), set(row["to"])
    mine, theirs = set(citing["from"]), set(citing["to"])
    out = bool(senders & mine and recipients & theirs)
    back = bool(senders & theirs and recipients & mine)
    return {"from": out, "to": back}.get(side, out or back)


def _beside(rows: Sequence[Row], told: set[str]) -> Sequence[Row]:
    """Return the rows with a number that is told, else those of a day that is told."""
    numbered = [row for row in rows if told & set(row["numbers"])]
    dated = [row for row in rows if row["date"] in told]
    both = [row for row in numbered if row in dated]
    return both or numbered or dated


def _is_way(citing: Row, row: Row, side: str) -> bool:
    """Return whether a document comes from the department if the side that is told is its, and else not."""
    if not side:
        return True
    return (DEPARTMENT in citing[side]) == (DEPARTMENT in row["from"])


def _is_written(row: Row, kind: str) -> bool:
    """Return whether a document goes the way that its kind goes: a note from or to a foreign mission."""
    if "instruction" in kind:
        return DEPARTMENT in row["from"]
    if "patch" in kind or "report" in kind:
        return DEPARTMENT in row["to"]
    is_note = any(word in kind for word in ("note", "memor", "aide"))
    return is_note and any(party.endswith("mission") for party in (*row["from"], *row["to"]))
