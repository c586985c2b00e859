"""The telegrams whose texts were read: which follows which, and the operator's own copies of the texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kg.checking import text_copies
from kg.errors import TextError
from kg.namespaces import CG, PREFIXES
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.kept_questions import IN_ORDER, TELEGRAMS
from server.site import pool_queries
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site

Ask = Callable[[str], Sequence[Row]]  # returns the rows of a SELECT query over the union of all graphs

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
    """The telegrams that were read, by date, those of unknown date last; names are asked for one by one.

    A store keeps their order in `kept`, so that no page reads all of them; else they are asked for here.
    """

    def __init__(self, ask: Ask, kept: KeptAnswers | None = None) -> None:
        self._ask = ask
        self._kept = kept if kept and kept.page(IN_ORDER, {}, TELEGRAMS, 0, 0) else None
        rows = () if self._kept else ask(TELEGRAMS)
        self._order = [value(row["telegram"]) for row in rows]
        self._places = {iri: n for n, iri in enumerate(self._order)}

    def of(self, iri: str) -> tuple[Telegram | None, Telegram, Telegram | None] | None:
        """Return the telegram before `iri`, that telegram itself, and the one after; None at the ends.

        It is None if the telegram with the name `iri` was not read.
        """
        beside = self._kept.around(IN_ORDER, TELEGRAMS, iri) if self._kept else self._around(iri)
        if beside is None:
            return None
        before, after = beside
        rows = self._ask(_NAMES.format(pool_queries.values("telegram", filter(None, (before, iri, after)))))
        names = {value(row["telegram"]): value(row["name"]) for row in rows}
        first, own, last = (Telegram(one, names.get(one, one)) for one in (before, iri, after))
        return first if before else None, own, last if after else None

    def _around(self, iri: str) -> tuple[str, str] | None:
        place = self._places.get(iri)
        if place is None:
            return None
        return self._order[place - 1] if place else "", "".join(self._order[place + 1 : place + 2])


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
