"""Index of all names, contents and quotes of the graph, for search by words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from kg.errors import SizeLimitError, near
from kg.namespaces import CG, OA, PREFIXES
from kg.terms import folded
from server.engine.workers.pool import Pool
from server.site import pool_queries
from server.site.pool_queries import value

MOST = 100_000  # texts of one property
_NEAR = 5
_ALIKE = 0.75  # of 1

# Indexed properties with their rank: names before contents before quotes.
PROPERTIES: Mapping[str, int] = MappingProxyType(
    {
        f"{PREFIXES['rdfs']}label": 0,
        f"{PREFIXES['skos']}prefLabel": 0,
        f"{PREFIXES['skos']}altLabel": 0,
        f"{PREFIXES['dcterms']}title": 0,
        f"{CG}asWritten": 1,
        f"{CG}content": 2,
        f"{OA}exact": 3,
    }
)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One text of one thing; `plain` is the text without case and accents."""

    iri: str
    property: str
    text: str
    plain: str


@dataclass(frozen=True, slots=True)
class TextIndex:
    """The texts of one data version; `complete` is False if some are left out."""

    entries: tuple[IndexEntry, ...]
    complete: bool

    def find(self, words: str, among: frozenset[str] | None = None) -> list[IndexEntry]:
        """Return for each thing the best text with all `words`, the best match first.

        An exact match is best; then names come before contents and quotes, texts that begin with the words
        before others, and short texts before long ones. `among`, if given, restricts the things.
        """
        wanted = folded(words)
        parts = wanted.split()
        hits = [
            entry
            for entry in self.entries
            if all(part in entry.plain for part in parts) and (among is None or entry.iri in among)
        ]
        best: dict[str, IndexEntry] = {}
        for entry in sorted(hits, key=lambda entry: _rank(entry, wanted)):
            best.setdefault(entry.iri, entry)
        return list(best.values())

    def near(self, words: str) -> list[str]:
        """Return names similar to `words`."""
        names = {entry.plain: entry.text for entry in self.entries if PROPERTIES[entry.property] < 2}
        return [names[name] for name in near(folded(words), names, _NEAR, _ALIKE)]


def read(pool: Pool) -> TextIndex:
    """Return the index of the graph behind `pool`; raises what `Pool.answer` raises.

    A property with more texts than an answer may hold is left out; then the index is not complete.
    """
    by_property: dict[str, list[pool_queries.Row]] = {}
    for name in PROPERTIES:
        with suppress(SizeLimitError):
            by_property[name] = pool_queries.rows(pool, _query(name))
    entries = [entry for name, rows in by_property.items() for entry in _entries(name, rows)]
    complete = len(by_property) == len(PROPERTIES) and all(len(rows) <= MOST for rows in by_property.values())
    return TextIndex(tuple(entries), complete)


def _query(name: str) -> str:
    return f"SELECT DISTINCT ?s ?text {{ ?s <{name}> ?text FILTER ISIRI(?s) }} LIMIT {MOST + 1}"


def _entries(name: str, rows: Iterable[pool_queries.Row]) -> Iterable[IndexEntry]:
    for row in rows:
        text = value(row["text"])
        yield IndexEntry(value(row["s"]), name, text, folded(text))


def _rank(entry: IndexEntry, wanted: str) -> tuple[object, ...]:
    begins = entry.plain.startswith(wanted)
    return (
        entry.plain != wanted,
        PROPERTIES[entry.property],
        not begins,
        len(entry.plain),
        entry.iri,
        entry.text,
    )
