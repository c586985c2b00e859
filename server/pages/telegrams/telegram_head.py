"""The head of a reading page: the archivist's description, point by point, with its gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.site.pool_queries import Row, value

_NOT_SAID, _ADDRESS = "not said", "source address"


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """What one voice says of one point of the description; `quotes` are the words that say it."""

    text: str
    voice: str
    certainty: str
    quotes: str
    statement: str


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the description; `gaps` are what was looked for and is not said."""

    name: str
    said: tuple[PointAnswer, ...]
    gaps: tuple[PointAnswer, ...]


def points(rows: Iterable[Row]) -> tuple[Point, ...]:
    """Return the points of the description in the order of `rows`, which the saved query gives."""
    found: dict[str, list[tuple[bool, PointAnswer]]] = {}
    for row in rows:
        texts = {name: value(term) for name, term in row.items()}
        answer = PointAnswer(
            *(texts.get(key, "") for key in ("value", "voice", "certainty", "quotes", "statement"))
        )
        found.setdefault(texts["point"], []).append((texts["said"] == _NOT_SAID, answer))
    return tuple(
        Point(
            name,
            tuple(answer for gap, answer in answers if not gap),
            tuple(answer for gap, answer in answers if gap),
        )
        for name, answers in found.items()
    )


def source_address(description: Iterable[Point]) -> str:
    """Return the web address of the text that the description gives, or an empty text."""
    given = (answer.text for point in description if point.name == _ADDRESS for answer in point.said)
    return next((text for text in given if text.startswith(("https://", "http://"))), "")
