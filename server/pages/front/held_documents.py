"""The telegrams of the front page, with who signed, keeps, translated and published them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from server.pages.telegrams.telegram_head import points, source_address
from server.site.pool_queries import Row, value

TELEGRAMS = "telegrams-held"  # the saved query that lists them
DESCRIPTION = "description-of-a-telegram"  # the saved query that has the credits
# Points of that description that are the credit of a document, and the words before each.
_CREDITS: Mapping[str, str] = {
    "translated by": "translated by",
    "published by": "published by",
    "holding archive": "original in the",
}


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """One telegram; `claims` is empty where nobody read it for claims, as `depth` says.

    `days` and `credit` may be empty, `source` is the address of the text or empty.
    """

    iri: str
    name: str
    sender: str
    days: str
    claims: str
    depth: str
    credit: str
    source: str


def documents(rows: Iterable[Row], describe: Callable[[str], Iterable[Row]]) -> list[HeldDocument]:
    """Return the telegrams of `rows`; `describe` returns the rows of the description of one."""
    return [_document({key: value(term) for key, term in row.items()}, describe) for row in rows]


def _document(row: Mapping[str, str], describe: Callable[[str], Iterable[Row]]) -> HeldDocument:
    description = points(describe(row["telegram"]))
    told = {point.name: [answer.text for answer in point.said] for point in description if point.said}
    credit = [
        f"{words} {' and '.join(dict.fromkeys(told[point]))}"
        for point, words in _CREDITS.items()
        if point in told
    ]
    days = dict.fromkeys(row[key] for key in ("firstDay", "lastDay") if key in row)
    return HeldDocument(
        row["telegram"],
        row.get("name", row["telegram"]),
        row.get("sender", ""),
        " to ".join(days),
        row.get("claims", ""),
        row.get("depth", ""),
        ", ".join(credit),
        source_address(description),
    )
