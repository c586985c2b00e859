"""Links as they stand in the graph, and the table of them that is looked up both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyoxigraph as ox

from kg.errors import UnknownNameError, near
from kg.namespaces import CG, PREFIXES
from kg.reading.authorities import AUTHORITIES, Authority, catalogue_item, identify
from kg.terms import expand, short

# Gives the rows of a SELECT query over the union of all graphs, each with its terms by name.
Ask = Callable[[str], Iterable[Any]]

_EXACT = "exactMatch"
_ALIKE = 0.8  # of 1
_QUERY = f"""
PREFIX cg: <{CG}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT * WHERE {{
  ?record a cg:Link ; cg:about ?thing ; cg:inCatalogue ?catalogue ; cg:certainty ?certainty ;
    cg:reason ?reason ; cg:checked ?checked ; cg:checkedBy ?checkedBy ; cg:justification ?justification .
  OPTIONAL {{
    VALUES ?relation {{ skos:exactMatch skos:closeMatch }}
    ?record cg:item ?item . ?thing ?relation ?item }}
  OPTIONAL {{ ?record cg:itemLabel ?itemLabel }}
  OPTIONAL {{ ?record cg:note ?note }}
  OPTIONAL {{ ?thing rdfs:label ?label . FILTER (lang(?label) = "en") }}
}}"""
_NAMES = ("record", "thing", "catalogue", "certainty", "reason", "checked", "checkedBy", "justification",
          "item", "relation", "itemLabel", "note", "label")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One link, or one search without a find: then `relation`, `item` and `identifier` are None.

    `thing` and `record` are written as people write them (`actor:fidel-castro`), `item` is an IRI;
    `relation` is "exactMatch" or "closeMatch"; `item_label` and `note` are None where nobody wrote one.
    """

    thing: str
    label: str
    catalogue: str
    relation: str | None
    item: str | None
    identifier: str | None
    item_label: str | None
    certainty: str
    evidence: str
    note: str | None
    checked: date
    checked_by: str
    justification: str
    record: str

    @property
    def iri(self) -> str:
        """Return the IRI of the thing."""
        return expand(self.thing)

    @property
    def page(self) -> str | None:
        """Return the address where people read about the item."""
        return AUTHORITIES[self.catalogue].page_of(self.identifier) if self.identifier else None


def read(ask: Ask) -> tuple[Link, ...]:
    """Return all links in the order of things, catalogues and items."""
    found: dict[str, dict[str, str]] = {}
    for row in ask(_QUERY):
        cells = {name: term for name in _NAMES if (term := _term(row, name)) is not None}
        kept = found.setdefault(cells["record"].value, {})
        for name, term in cells.items():
            text = short(term) if name in ("thing", "record") else term.value
            kept[name] = _all(kept.get(name, ""), text) if name == "checkedBy" else text
    order = list(AUTHORITIES)
    links = [_link(cells) for cells in found.values()]
    return tuple(sorted(links, key=lambda link: (link.thing, order.index(link.catalogue), link.record)))


class LinkTable:
    """All links, to look up what a thing is linked to and which thing an identifier means."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.links = tuple(links)

    def of(self, thing: str) -> tuple[Link, ...]:
        """Return what was found for a thing, written `actor:fidel-castro` or as an IRI, and what was not."""
        iri = expand(thing)
        return tuple(link for link in self.links if link.iri == iri)

    def to(self, text: str) -> tuple[Link, ...]:
        """Return the links to what an identifier means; if any is exact, only the exact ones.

        Raises IdentifierError for what is no identifier, and UnknownNameError, with near ones, for an
        item that nothing is linked to.
        """
        authority, identifier = identify(text)
        found = [link for link in self.matches(authority) if link.identifier == identifier]
        if not found:
            known = {link.identifier for link in self.matches(authority) if link.identifier}
            # Numbers are alike by chance: only a slip of one or two signs is worth showing.
            likely = near(identifier, sorted(known), alike=_ALIKE)
            raise UnknownNameError(f"thing here with the {authority.title} identifier", identifier, likely)
        return tuple(link for link in found if link.relation == _EXACT) or tuple(found)

    def matches(self, authority: Authority) -> Iterator[Link]:
        """Yield the links to items of one catalogue."""
        return (link for link in self.links if link.catalogue == authority.name and link.item)

    @property
    def exact(self) -> tuple[Link, ...]:
        """Return the exact matches in all catalogues."""
        return tuple(link for link in self.links if link.relation == _EXACT)


def _term(row: Any, name: str) -> ox.NamedNode | ox.Literal | None:
    """Return a term of a row; an unbound one is None in rows of the engine, and missing in a service's."""
    try:
        term: ox.NamedNode | ox.Literal | None = row[name]
    except KeyError:
        return None
    return term


def _all(before: str, text: str) -> str:
    """Return `text` beside what was said before, each once: several may have checked a link."""
    return "|".join(sorted({*filter(None, before.split("|")), text}))


def _link(cells: dict[str, str]) -> Link:
    item = catalogue_item(cells["item"]) if "relation" in cells else None
    return Link(
        thing=cells["thing"],
        label=cells.get("label", cells["thing"]),
        catalogue=_last(cells["catalogue"]),
        relation=_last(cells["relation"]) if item else None,
        item=cells["item"] if item else None,
        identifier=item[1] if item else None,
        item_label=cells.get("itemLabel"),
        certainty=_last(cells["certainty"]),
        evidence=cells["reason"],
        note=cells.get("note"),
        checked=date.fromisoformat(cells["checked"]),
        checked_by=cells["checkedBy"],
        justification=cells["justification"],
        record=cells["record"],
    )


def _last(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2]
