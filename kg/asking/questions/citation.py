"""Citation of an answer: data version, query, values of parameters, day and address, for a footnote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from kg.asking.citing import reference_formats
from kg.asking.citing.reference import Kind, Reference
from kg.asking.citing.reference_formats import FOOTNOTE
from kg.asking.questions.filled_query import FilledQuery
from kg.namespaces import BASE
from kg.store.layers import TITLE

_OWN = "own query in SPARQL"
_SHOWN = 16  # digits of a data version that identify it, as on the pages


@dataclass(frozen=True, slots=True)
class Citation:
    """Citation of an answer: the data version, the saved query with its values, and the day (UTC).

    `name` and `title` are empty for a query that is not saved.
    """

    version: str
    day: date
    name: str = ""
    title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return the canonical address of the same query on the current data."""
        parameters = f"?{urlencode(self.values)}" if self.values else ""
        return f"{BASE}queries/{self.name}{parameters}" if self.name else BASE

    @property
    def reference(self) -> Reference:
        """Return the same for reference managers."""
        return Reference(
            Kind.ANSWER,
            self.title or _OWN,
            self.address,
            self.version,
            self.day,
            place=self._values,
            footnote=str(self),
        )

    def written(self, form: str = FOOTNOTE) -> str:
        """Return the citation in a format: `footnote`, `bibtex`, `ris`, `csl` or `jsonld`.

        Raises UnknownNameError for any other.
        """
        return reference_formats.write(self.reference, form)

    @property
    def _values(self) -> str:
        return "; ".join(f"{name}: {value}" for name, value in self.values.items())

    def __str__(self) -> str:
        """Return the footnote, in one line."""
        values = self._values
        title = f"“{self.title}”" + (f" ({values})" if values else "") if self.title else _OWN
        query = f", saved query {self.name}" if self.name else ""
        day = f"{self.day.day} {self.day:%B %Y}"
        return f"{title}{query}, in: {TITLE}, data version {self.version[:_SHOWN]}, {day}, {self.address}."


def cite(filled: FilledQuery, version: str, day: date | None = None) -> Citation:
    """Return the citation of the answer to `filled` from the data `version` on `day`, today by default."""
    query = filled.query
    return Citation(version, day or today(), query.name, query.title, filled.values)


def today() -> date:
    """Return the current day in UTC."""
    return datetime.now(UTC).date()
