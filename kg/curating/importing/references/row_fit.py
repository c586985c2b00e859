"""Whether a document, as a row tells it, may be the one that a reference means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from kg.curating.importing.volumes.posts import DEPARTMENT

Row = dict[str, Any]


def only(rows: Sequence[Row]) -> Row | None:
    """Return the row if all are of one document, else None."""
    return rows[0] if len({row["name"] for row in rows}) == 1 else None


def days_meant(told: str, citing: str) -> list[str]:
    """Return the days that a date may mean: one that lies ahead was written in the year before."""
    ahead = told and citing and len(told) == 10 and told > citing
    return [told, f"{int(told[:4]) - 1}{told[4:]}"] if ahead else [told]


def day_of(text: str) -> date:
    """Return a day of which the text may tell the year alone; then its first one."""
    return date.fromisoformat(f"{text}-01-01"[:10])


def agrees(row: Row, cited: Row) -> bool:
    """Return whether neither the day nor the number of a reference speaks against a document."""
    day, number = cited.get("date"), cited.get("number", "").lstrip("0")
    if day and row["date"] != day:
        return False
    return not number or not row["numbers"] or number in row["numbers"]


def kind_agrees(row: Row, cited: Row) -> bool:
    """Return whether a document may be called as the reference calls it."""
    kind = str(cited.get("kind", ""))
    if "airgram" in kind:  # sent by mail
        return True
    if "gram" in kind or "cable" in kind:
        return bool(row["kind"] == "Telegram")
    return row["kind"] != "Telegram" or not any(
        word in kind for word in ("patch", "note", "letter", "memorand")
    )


def wrote(citing: Row, row: Row, side: str) -> bool:
    """Return whether a document is by the side of the citing one that is told; any may be if none is."""
    parties = {"from": citing["from"], "to": citing["to"]}.get(side)
    return parties is None or bool(set(parties) & set(row["from"]))


def is_told(cited: Row) -> bool:
    """Return whether words tell from where or to where what is cited was sent."""
    return bool(cited.get("sender") or cited.get("recipient"))


def apart(one: Row, other: Row) -> timedelta:
    """Return the time between two documents."""
    return abs(day_of(one["date"]) - day_of(other["date"]))


def between(citing: Row, row: Row, side: str) -> bool:
    """Return whether a document passed between the posts of the citing one, in the direction that is told."""
    senders, recipients = set(row["from"]), set(row["to"])
    mine, theirs = set(citing["from"]), set(citing["to"])
    out = bool(senders & mine and recipients & theirs)
    back = bool(senders & theirs and recipients & mine)
    return {"from": out, "to": back}.get(side, out or back)


def beside(rows: Sequence[Row], told: set[str]) -> Sequence[Row]:
    """Return the rows with a number that is told, else those of a day that is told."""
    numbered = [row for row in rows if told & set(row["numbers"])]
    dated = [row for row in rows if row["date"] in told]
    both = [row for row in numbered if row in dated]
    return both or numbered or dated


def is_way(citing: Row, row: Row, side: str) -> bool:
    """Return whether a document comes from the department if the side that is told is its, and else not."""
    if not side:
        return True
    return (DEPARTMENT in citing[side]) == (DEPARTMENT in row["from"])


def is_written(row: Row, kind: str) -> bool:
    """Return whether a document goes the way that its kind goes: a note from or to a foreign mission."""
    if "instruction" in kind:
        return DEPARTMENT in row["from"]
    if "patch" in kind or "report" in kind:
        return DEPARTMENT in row["to"]
    is_note = any(word in kind for word in ("note", "memor", "aide"))
    return is_note and any(party.endswith("mission") for party in (*row["from"], *row["to"]))
