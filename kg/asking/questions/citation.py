"""How an answer is cited: the form that a footnote takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from kg.asking.questions.filled_query import Question
from kg.namespaces import BASE
from kg.store.layers import TITLE

_SHOWN = 16  # digits of a data version that tell it from every other, as on the pages


@dataclass(frozen=True, slots=True)
class Citation:
    """What identifies an answer: the data version, what was asked with which values, and the day (UTC).

    `name` and `title` are empty for a query that is none of the saved ones.
    """

    version: str
    day: date
    name: str = ""
    title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return the canonical address that asks the same again, of today's data."""
        asked = f"?{urlencode(self.values)}" if self.values else ""
        return f"{BASE}queries/{self.name}{asked}" if self.name else BASE

    def __str__(self) -> str:
        """Return the footnote, in one line."""
        values = "; ".join(f"{name}: {value}" for name, value in self.values.items())
        asked = (
            f"“{self.title}”" + (f" ({values})" if values else "") if self.title else "own query in SPARQL"
        )
        query = f", saved query {self.name}" if self.name else ""
        day = f"{self.day.day} {self.day:%B %Y}"
        return f"{asked}{query}, in: {TITLE}, data version {self.version[:_SHOWN]}, {day}, {self.address}."


def cite(question: Question, version: str, day: date | None = None) -> Citation:
    """Return the citation of the answer that data of `version` give to `question` on `day`, or today."""
    query = question.query
    return Citation(version, day or today(), query.name, query.title, question.values)


def today() -> date:
    """Return the day in UTC."""
    return datetime.now(UTC).date()
