"""The telegrams whose texts were read: which follows which, and the operator's own copies of the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.checking import text_copies
from kg.errors import TextError
from kg.namespaces import CG
from server.site import pool_queries
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site

_RENDERINGS = f"SELECT ?telegram ?hash {{ ?text <{CG}renders> ?telegram ; <{CG}textHash> ?hash }}"


@dataclass(frozen=True, slots=True)
class Telegram:
    """Another telegram, with its name."""

    iri: str
    name: str


class Neighbours:
    """The telegrams that were read, by date: `names` has the name of each, those of unknown date last."""

    def __init__(self, rows: Sequence[Row]) -> None:
        texts = [{name: value(term) for name, term in row.items()} for row in rows]
        ordered = sorted(
            texts, key=lambda row: ("firstDay" not in row, row.get("firstDay", ""), row["telegram"])
        )
        self.names = {row["telegram"]: row.get("name", row["telegram"]) for row in ordered}
        self._order = list(self.names)
        self._places = {iri: n for n, iri in enumerate(self._order)}

    def before(self, iri: str) -> Telegram | None:
        """Return the telegram before `iri`, or None before the first."""
        return self._at(self._places[iri] - 1)

    def after(self, iri: str) -> Telegram | None:
        """Return the telegram after `iri`, or None after the last."""
        return self._at(self._places[iri] + 1)

    def _at(self, place: int) -> Telegram | None:
        if not 0 <= place < len(self._order):
            return None
        return Telegram(self._order[place], self.names[self._order[place]])


class TelegramTexts:
    """The texts in the folder of `site`, found by the hashes in the graph, read once for each data version.

    Without a folder there are none. A folder without a text of the graph gives none either: what is wrong
    with it was said when the service started.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._texts = PerVersion(self._read)

    def text(self, telegram: str) -> str | None:
        """Return the text of the telegram with the IRI `telegram`, or None if there is no copy of it."""
        return self._texts.get(self._site.data_version).get(telegram)

    def _read(self) -> Mapping[str, str]:
        if self._site.texts is None:
            return {}
        rows = pool_queries.rows(self._site.pool, _RENDERINGS)
        hashes = {value(row["telegram"]): value(row["hash"]) for row in rows}
        try:
            copies = text_copies.read(self._site.texts, hashes.values())
        except TextError:
            return {}
        return {iri: copies.texts[digest] for iri, digest in hashes.items() if digest in copies.texts}
