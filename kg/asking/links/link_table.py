"""Links to other catalogues in the graph, and a table to look them up in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyoxigraph as ox

from kg.errors import UnknownNameError, near
from kg.namespaces import CG, ID, PREFIXES, SHIPPED, Namespaces
from kg.reading.authorities import AUTHORITIES, COLLECTION, Authority, catalogue_item, identify
from kg.terms import expand, short

# Returns the rows of a SELECT query over the union of all graphs, each with its terms by name.
Ask = Callable[[str], Iterable[Any]]

_EXACT = "exactMatch"
_ALIKE = 0.8  # ratio of equal characters, from 0 to 1
_QUERY = f"""
PREFIX cg: <{CG}>
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX schema: <{PREFIXES["schema"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT * WHERE {{
  ?record a cg:Link ; cg:about ?thing ; cg:inCatalogue ?catalogue ; cg:certainty ?certainty ;
    cg:reason ?reason ; dcterms:date ?checked ; dcterms:creator ?checkedBy ; cg:justification ?justification .
  OPTIONAL {{
    VALUES ?relation {{ skos:exactMatch skos:closeMatch }}
    ?record cg:item ?item . ?thing ?relation ?item }}
  FILTER (?catalogue != <{ID}catalogue/{COLLECTION}>)
  OPTIONAL {{ ?record schema:name ?itemLabel }}
  OPTIONAL {{ ?record cg:note ?note }}
  OPTIONAL {{ ?thing rdfs:label ?label . FILTER (lang(?label) = "en") }}
}}"""
_NAMES = ("record", "thing", "catalogue", "certainty", "reason", "checked", "checkedBy", "justification",
          "item", "relation", "itemLabel", "note", "label")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a thing to an item of a catalogue, or one search that found no item.

    `thing` and `record` are short names (`actor:fidel-castro`), `iri` is that of the thing, and `item` is an
    IRI. `relation` is
    "exactMatch" or "closeMatch". After a search without a result `relation`, `item` and `identifier`
    are None. `item_label` and `note` are None where the record has none.
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
    iri: str

    @property
    def page(self) -> str | None:
        """Return the address of the page about the item for people, or None without an item."""
        return AUTHORITIES[self.catalogue].page_of(self.identifier) if self.identifier else None


def read(ask: Ask, names: Namespaces = SHIPPED) -> tuple[Link, ...]:
    """Return all links that `ask` finds in the graph, sorted by thing, catalogue and record.

    `names` has the namespaces of the collection.
    """
    records: dict[str, dict[str, str]] = {}
    for row in ask(_QUERY):
        cells = {name: term for name in _NAMES if (term := _term(row, name)) is not None}
        texts = records.setdefault(cells["record"].value, {"iri": cells["thing"].value})
        for name, term in cells.items():
            text = short(term, names) if name in ("thing", "record") else term.value
            texts[name] = _joined(texts.get(name, ""), text) if name == "checkedBy" else text
    order = list(AUTHORITIES)
    links = [_link(texts) for texts in records.values()]
    return tuple(sorted(links, key=lambda link: (link.thing, order.index(link.catalogue), link.record)))


class LinkTable:
    """Table of all links, to look up the items of a thing and the thing of an identifier."""

    def __init__(self, links: Iterable[Link], names: Namespaces = SHIPPED) -> None:
        self.links = tuple(links)
        self._names = names

    def of(self, thing: str) -> tuple[Link, ...]:
        """Return the links and unsuccessful searches of a thing, named `actor:fidel-castro` or by its IRI."""
        iri = expand(thing, self._names)
        return tuple(link for link in self.links if link.iri == iri)

    def to(self, text: str) -> tuple[Link, ...]:
        """Return the links to the item with the identifier `text`; if any is exact, only the exact ones.

        Raises IdentifierError if `text` is not a valid identifier, and UnknownNameError, with similar
        identifiers, if no thing is linked to the item.
        """
        authority, identifier = identify(text)
        links = [link for link in self.matches(authority) if link.identifier == identifier]
        if not links:
            known = {link.identifier for link in self.matches(authority) if link.identifier}
            # Numbers are alike by chance: only a slip of one or two characters is worth showing.
            likely = near(identifier, sorted(known), alike=_ALIKE)
            raise UnknownNameError(f"thing here with the {authority.title} identifier", identifier, likely)
        return tuple(link for link in links if link.relation == _EXACT) or tuple(links)

    def matches(self, authority: Authority) -> Iterator[Link]:
        """Yield the links to items of one catalogue."""
        return (link for link in self.links if link.catalogue == authority.name and link.item)

    @property
    def exact(self) -> tuple[Link, ...]:
        """Return the exact matches in all catalogues."""
        return tuple(link for link in self.links if link.relation == _EXACT)


def _term(row: Any, name: str) -> ox.NamedNode | ox.Literal | None:
    """Return a term of a row, or None if unbound: rows of the engine have None, those of a service no key."""
    try:
        term: ox.NamedNode | ox.Literal | None = row[name]
    except KeyError:
        return None
    return term


def _joined(names: str, name: str) -> str:
    """Return `names` with `name`, sorted and each once: several people may have checked a link."""
    return "|".join(sorted({*filter(None, names.split("|")), name}))


def _link(cells: dict[str, str]) -> Link:
    item = catalogue_item(cells["item"]) if "relation" in cells else None
    return Link(
        thing=cells["thing"],
        label=cells.get("label", cells["thing"]),
        catalogue=_local_name(cells["catalogue"]),
        relation=_local_name(cells["relation"]) if item else None,
        item=cells["item"] if item else None,
        identifier=item[1] if item else None,
        item_label=cells.get("itemLabel"),
        certainty=_local_name(cells["certainty"]),
        evidence=cells["reason"],
        note=cells.get("note"),
        checked=date.fromisoformat(cells["checked"]),
        checked_by=cells["checkedBy"],
        justification=cells["justification"],
        record=cells["record"],
        iri=cells["iri"],
    )


def _local_name(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2]
