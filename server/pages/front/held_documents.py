"""The telegrams of the front page, with who signed, keeps, translated and published them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from server.pages.telegrams.telegram_head import Point, points, source_address
from server.site.pool_queries import Row, value

TELEGRAMS = "telegrams-held"  # the saved query that lists them
DESCRIPTION = "description-of-a-telegram"  # the saved query that has the credits
# Points of that description that are the credit of a document, and the words before each.
_CREDITS: Mapping[str, str] = {
    "translated by": "translated by",
    "published by": "published by",
    "holding archive": "original in the",
}

_PARTIES, _NUMBER = ("sender", "addressee"), "number: "  # points of it that tell one telegram from another
_FOUND = "found by a program"  # the certainty of what nobody has confirmed


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """One telegram; `claims` is empty where nobody read it for claims, as `depth` says.

    Texts may be empty: `sender` and `addressee` are joined by “and”, `number` is as written, `source` the
    address of the text. `found` says that a program found some of this and nobody has confirmed it.
    """

    iri: str
    name: str
    sender: str
    addressee: str
    number: str
    days: str
    found: bool
    claims: str
    depth: str
    credit: str
    source: str


def documents(rows: Iterable[Row], describe: Callable[[str], Iterable[Row]]) -> list[HeldDocument]:
    """Return the telegrams of `rows`; `describe` returns the rows of the description of one."""
    return [_document({key: value(term) for key, term in row.items()}, describe) for row in rows]


def _document(row: Mapping[str, str], describe: Callable[[str], Iterable[Row]]) -> HeldDocument:
    description = points(describe(row["telegram"]))
    credit = [f"{words} {said}" for point, words in _CREDITS.items() if (said := _said(description, point))]
    shown = [point for point in description if point.name.startswith((*_PARTIES, _NUMBER))]
    days = dict.fromkeys(row[key] for key in ("firstDay", "lastDay") if key in row)
    return HeldDocument(
        row["telegram"],
        row.get("name", row["telegram"]),
        row.get("sender") or _said(description, _PARTIES[0]),
        _said(description, _PARTIES[1]),
        next((answer.text for point in shown if point.name.startswith(_NUMBER) for answer in point.said), ""),
        " to ".join(days),
        bool(row.get("dated")) or any(one.certainty == _FOUND for point in shown for one in point.said),
        row.get("claims", ""),
        row.get("depth", ""),
        ", ".join(credit),
        source_address(description),
    )


def _said(description: Iterable[Point], name: str) -> str:
    """Return what is said of the point `name`, each answer once."""
    texts = (answer.text for point in description if point.name == name for answer in point.said)
    return " and ".join(dict.fromkeys(texts))


def depth_of_all(shown: Iterable[HeldDocument]) -> str:
    """Return the depth of `shown` if they are several, nobody read any for claims and all have the same."""
    every = list(shown)
    depths = {one.depth for one in every if not one.claims}
    same = len(every) > 1 and len(depths) == 1 and not any(one.claims for one in every)
    return depths.pop() if same else ""
