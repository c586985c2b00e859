"""Citation of an answer: data version, query, values of parameters, day and address, for a footnote."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from kg.asking.citing import reference_formats
from kg.asking.citing.reference import Kind, Reference
from kg.asking.citing.reference_formats import FOOTNOTE
from kg.asking.questions.filled_query import FilledQuery
from kg.reading.collection.description import Description
from kg.store.layers import OURS

_OWN = "own query in SPARQL"
_LONGEST = 2_000  # characters of a query in an address that is cited
_SHOWN = 16  # digits of a data version that identify it, as on the pages


@dataclass(frozen=True, slots=True)
class Citation:
    """Citation of an answer: the data version, the saved query with its values, and the day (UTC).

    `name` is empty for a query that is not saved; `asked` are then the parameters of the SPARQL Protocol, of
    which `query` is the text. `about` describes the collection.
    """

    version: str
    day: date
    name: str = ""
    title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    about: Description = OURS

    @property
    def address(self) -> str:
        """Return the canonical address of the same query on the current data.

        For a query of the caller's that is too long for an address it is that of the endpoint.
        """
        parameters = f"?{urlencode(self.values)}" if self.values else ""
        if self.name:
            return f"{self.about.names.queries}{self.name}{parameters}"
        endpoint = f"{self.about.base}sparql"
        return f"{endpoint}{'' if self._digest else self._query_string}" if self.asked else self.about.base

    @property
    def _query_string(self) -> str:
        return f"?{urlencode(self.asked, doseq=True)}"

    @property
    def _digest(self) -> str:
        """The SHA-256 of a query of the caller's that is too long for an address; else empty."""
        if len(self._query_string) <= _LONGEST:
            return ""
        return hashlib.sha256(str(self.asked["query"]).encode()).hexdigest()

    @property
    def reference(self) -> Reference:
        """Return the same for reference managers."""
        return Reference(
            Kind.ANSWER,
            self.title or _OWN,
            self.address,
            self.version,
            self.day,
            place=self._values or (self._digest and f"query with the SHA-256 {self._digest}"),
            footnote=str(self),
            about=self.about,
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
        query += f" with the SHA-256 {self._digest}" if self._digest else ""
        day = f"{self.day.day} {self.day:%B %Y}"
        where = f"in: {self.about.title}, data version {self.version[:_SHOWN]}"
        return f"{title}{query}, {where}, {day}, {self.address}."


def cite(filled: FilledQuery, version: str, day: date | None = None, about: Description = OURS) -> Citation:
    """Return the citation of the answer to `filled` from the data `version` on `day`, today by default.

    `about` describes the collection.
    """
    query = filled.query
    asked = {} if query.name else {"query": filled.text}
    return Citation(version, day or today(), query.name, query.title, filled.values, asked, about)


def today() -> date:
    """Return the current day in UTC."""
    return datetime.now(UTC).date()
