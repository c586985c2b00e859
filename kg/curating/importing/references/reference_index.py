"""References resolved to the documents that they mean, in the volume and across volumes.

A link of the edition names a document or a page. A number is sought in the series of the two posts, a date
among what passed between them on that day. Where more than one may be meant, the reference stays open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kg.curating.importing.references.row_fit import (
    agrees,
    apart,
    beside,
    between,
    day_of,
    days_meant,
    is_told,
    is_way,
    is_written,
    kind_agrees,
    only,
    wrote,
)
from kg.curating.importing.volumes.posts import DEPARTMENT

Row = dict[str, Any]
Way = Callable[[Row, Row], Row | None]
_LONGEST_BACK = timedelta(days=300)  # of a number without a date, since numbers begin anew each year
_THESE_WEEKS = timedelta(days=60)  # of a number without a date and a writer
_MISPRINT = timedelta(days=3)  # between the day that is told for a number and its own
_HIGH = 3  # digits of a number that few have on one day


@dataclass
class ReferenceIndex:
    """The documents of an import by page, number and day; a row for each."""

    by_place: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_day: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    posts_at: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by place
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
            if len(row["from"]) == 1 and DEPARTMENT not in row["from"] and row.get("place"):
                self.posts_at[row["place"]].update(row["from"])
            after = listed[n + 1] if n + 1 < len(listed) else None
            self.next_to[row["name"]] = (listed[n - 1] if n else None, after)

    def find(self, citing: Row, cited: Row) -> Row | None:
        """Return the document that a reference means; None if none or more than one may be meant."""
        if cited.get("document"):
            volume = (cited.get("volume") or citing["volume"]).lower()
            return only(self.by_place.get((volume, cited["document"]), ()))
        for day in days_meant(cited.get("date", ""), citing["date"]):
            told = {**cited, "date": day}
            for way in (self._near, self._printed, *self._ways(cited)):
                if found := way(citing, told):
                    return found
        return None

    def _ways(self, cited: Row) -> tuple[Way, ...]:
        """Return the ways of finding by number and day; where posts are told, it was sent between these."""
        if is_told(cited):
            return (self._posted, self._written) if cited.get("writer") else (self._posted,)
        if cited.get("writer") and not cited.get("side"):
            return self._written, *self._common
        return self._common

    @property
    def _common(self) -> tuple[Way, ...]:
        """Return the ways of finding between the two posts, then those that forgive a party or a day."""
        return self._numbered, self._dated, self._alike, self._of_any, self._misdated, self._of_kind

    def _near(self, citing: Row, cited: Row) -> Row | None:
        """Return the document before or after, if day and number do not speak against it."""
        if not cited.get("near"):
            return None
        before, after = self.next_to[citing["name"]]
        near = before if cited["near"] == "supra" else after
        return near if near and agrees(near, cited) else None

    def _printed(self, citing: Row, cited: Row) -> Row | None:
        """Return the document of a page, first among those that begin there."""
        if not cited.get("page"):
            return None
        volume = (cited.get("volume") or citing["volume"]).lower()
        printed = [row for row in self.by_place.get((volume, cited["page"]), ()) if row is not citing]
        if not (cited["date"] or cited.get("number") or len(printed) == 1):
            told = set(cited.get("beside", "").split()) - {citing["date"], *citing["numbers"]}
            return only(beside(printed, told))
        if cited.get("unlinked"):
            printed = [row for row in printed if kind_agrees(row, cited)]
        begun = [row for row in printed if row["pages"][0] == cited["page"]]
        for several in (begun, printed):
            fitting = [row for row in several if agrees(row, cited)]
            ours = [row for row in fitting if between(citing, row, cited.get("side", ""))]
            if found := only(fitting) or only(ours):
                return found
        return None

    def _posted(self, citing: Row, cited: Row) -> Row | None:
        """Return the document of a number that was sent from one post, or to one, as a note tells."""
        number = cited.get("number", "").lstrip("0")
        senders, recipients = self.posts(cited)
        if not (number and senders and recipients):
            return None
        same = [row for row in self.by_number.get(number, ()) if row is not citing and row["date"]]
        sent = [row for row in same if senders & set(row["from"]) and recipients & set(row["to"])]
        fitting = [row for row in sent if kind_agrees(row, cited)]
        if day := cited["date"]:
            return only([row for row in fitting if row["date"] == day])
        near = [row for row in fitting if citing["date"] and apart(row, citing) < _LONGEST_BACK]
        return only([row for row in near if row["volume"] == citing["volume"]])

    def posts(self, cited: Row) -> tuple[set[str], set[str]]:
        """Return the posts that sent and got what is cited, as words tell; one untold is the department."""
        sender, recipient = cited.get("sender", ""), cited.get("recipient", "")
        if not sender and not recipient:
            return set(), set()
        return self._at(sender or DEPARTMENT), self._at(recipient or DEPARTMENT)

    def post(self, place: str) -> str:
        """Return the post in a place, if the documents that were written there are of one; else the place."""
        known = self.posts_at.get(place, ())
        return next(iter(known)) if len(known) == 1 else place

    def _at(self, place: str) -> set[str]:
        return {place, *self.posts_at.get(place, ())}

    def _written(self, citing: Row, cited: Row) -> Row | None:
        """Return what somebody whose name is told wrote on the day, in this volume."""
        sent = [row for row in self.by_day.get(cited["date"], ()) if cited["date"] and row is not citing]
        theirs = [row for row in sent if cited["writer"] in row.get("writers", ())]
        fitting = [row for row in theirs if kind_agrees(row, cited) and agrees(row, cited)]
        return only([row for row in fitting if row["volume"] == citing["volume"]])

    def _numbered(self, citing: Row, cited: Row) -> Row | None:
        """Return the document of a number in the series of two posts, on its day or the last one before."""
        number, side = cited.get("number", "").lstrip("0"), cited.get("side", "")
        same = self.by_number.get(number, ()) if number else ()
        passed = [row for row in same if row is not citing and between(citing, row, side)]
        fitting = [row for row in passed if kind_agrees(row, cited)]
        if cited["date"]:
            return only([row for row in fitting if row["date"] == cited["date"]])
        if not citing["date"]:
            return None
        if not side:  # whose it is, only a number that is in both series at most once in these weeks tells
            near = [row for row in fitting if row["date"] and apart(row, citing) < _THESE_WEEKS]
            near = [row for row in near if row["volume"] == citing["volume"]]
            return only(near) if len(number) >= _HIGH and not is_told(cited) else None
        before = [row for row in fitting if row["date"] and row["date"] <= citing["date"]]
        last = max(before, key=lambda row: str(row["date"]), default=None)
        return last if last and day_of(citing["date"]) - day_of(last["date"]) < _LONGEST_BACK else None

    def _dated(self, citing: Row, cited: Row) -> Row | None:
        """Return what one post sent to the other on a day, at the hour if one is told and no other number."""
        if not cited["date"] or not cited.get("side"):
            return None
        sent = [row for row in self.by_day.get(cited["date"], ()) if row is not citing]
        passed = [row for row in sent if between(citing, row, cited["side"])]
        fitting = [row for row in passed if agrees(row, cited) and kind_agrees(row, cited)]
        hour = cited.get("hour", "")
        exact = [row for row in fitting if hour and row["hour"] == hour]
        return only(exact or [row for row in fitting if not (hour and row["hour"])])

    def _alike(self, citing: Row, cited: Row) -> Row | None:
        """Return what was sent to others on the day that is told: the same number and hour, or a circular.

        The edition prints once what went to several posts.
        """
        day, number, hour = cited["date"], cited.get("number", "").lstrip("0"), cited.get("hour", "")
        sent = [row for row in self.by_day.get(day, ()) if day and row is not citing]
        exact = [row for row in sent if hour and row["hour"] == hour]
        if number:
            if found := only([row for row in exact if number in row["numbers"]]):
                return found
            same = [row for row in sent if number in row["numbers"] and not (hour and row["hour"])]
            theirs = [row for row in same if wrote(citing, row, cited.get("side", ""))]
            return only([row for row in theirs if kind_agrees(row, cited)])
        circular = exact if hour else sent if "circular" in str(cited.get("kind", "")) else []
        theirs = [row for row in circular if row.get("circular")]
        return only([row for row in theirs if wrote(citing, row, cited.get("side", ""))])

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
        return only([row for row in sure if kind_agrees(row, cited) and is_way(citing, row, side)])

    def _misdated(self, citing: Row, cited: Row) -> Row | None:
        """Return the document of a number in the series of two posts, if its day is nearly the one told."""
        number, side, day = cited.get("number", "").lstrip("0"), cited.get("side", ""), cited["date"]
        if not (number and side and len(day) == len("1962-10-23")):
            return None
        passed = [row for row in self.by_number.get(number, ()) if between(citing, row, side)]
        near = [row for row in passed if row["date"] and abs(day_of(row["date"]) - day_of(day)) <= _MISPRINT]
        return only([row for row in near if row is not citing and kind_agrees(row, cited)])

    def _of_kind(self, citing: Row, cited: Row) -> Row | None:
        """Return what passed between both on a day in the way that its kind has, if no writer is told."""
        if any(cited.get(key) for key in ("side", "number", "not_printed")) or not cited["date"]:
            return None
        sent = [row for row in self.by_day.get(cited["date"], ()) if row is not citing]
        passed = [row for row in sent if row["kind"] != "Telegram" and between(citing, row, "")]
        return only([row for row in passed if is_written(row, str(cited.get("kind", "")))])
