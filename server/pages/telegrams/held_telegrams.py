"""The telegrams whose texts were read: which follows which, and the operator's own copies of the texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kg.checking import text_copies
from kg.errors import TextError
from kg.namespaces import CG, PREFIXES
from server.site import pool_queries
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site

Ask = Callable[[str], Sequence[Row]]  # returns the rows of a SELECT query over the union of all graphs

_UNDATED = "~"  # after all days
# The telegrams alone: the saved question of those that are held counts the claims of each. A day that a
# program found and nobody confirmed counts where there is no other: it only says which telegram is the next.
_HELD = f"""SELECT DISTINCT ?telegram ?day {{
  ?telegram <{CG}holding> <{PREFIXES["holding"]}held> ; a <{CG}Telegram> .
  OPTIONAL {{ ?telegram <{CG}bestDate>/<{CG}firstDay> ?sure }}
  OPTIONAL {{
    ?date <{CG}about> ?telegram ; <{CG}property> <{CG}when> ; <{CG}firstDay> ?found ;
      <{CG}certainty> <{PREFIXES["certainty"]}found> FILTER NOT EXISTS {{ ?telegram <{CG}bestDate> ?best }}
  }}
  BIND (COALESCE(?sure, ?found) AS ?day)
}}"""
_NAMES = (
    f"SELECT ?telegram ?name {{{{ {{}} ?telegram <{PREFIXES['rdfs']}label> ?name "
    'FILTER (lang(?name) = "en") }}'
)
_RENDERINGS = f"SELECT ?telegram ?hash {{ ?text <{CG}renders> ?telegram ; <{CG}textHash> ?hash }}"


@dataclass(frozen=True, slots=True)
class Telegram:
    """Another telegram, with its name."""

    iri: str
    name: str


class Neighbours:
    """The telegrams that were read, by date, those of unknown date last; names are asked for one by one."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        days: dict[str, str] = {}
        for row in ask(_HELD):
            iri, day = value(row["telegram"]), value(row["day"]) if "day" in row else _UNDATED
            days[iri] = min(day, days.get(iri, day))
        self._order = sorted(days, key=lambda iri: (days[iri], iri))
        self._places = {iri: n for n, iri in enumerate(self._order)}

    def __contains__(self, iri: str) -> bool:
        """Return whether the telegram with the name `iri` was read."""
        return iri in self._places

    def of(self, iri: str) -> tuple[Telegram | None, Telegram, Telegram | None]:
        """Return the telegram before `iri`, that telegram itself, and the one after; None at the ends."""
        place = self._places[iri]
        near = {n: self._order[n] for n in (place - 1, place, place + 1) if 0 <= n < len(self._order)}
        rows = self._ask(_NAMES.format(pool_queries.values("telegram", near.values())))
        names = {value(row["telegram"]): value(row["name"]) for row in rows}
        found = {n: Telegram(other, names.get(other, other)) for n, other in near.items()}
        return found.get(place - 1), found[place], found.get(place + 1)


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
