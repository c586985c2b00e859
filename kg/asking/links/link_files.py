"""The files of links, in the formats of others: SSSOM, BEACON, VALUES, owl:sameAs, QuickStatements.

All are made from the graph alone, and are the same bytes for the same data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files as package
from types import MappingProxyType

import pyoxigraph as ox
import yaml

from kg.asking.links import sssom_writer, wikidata
from kg.asking.links.link_table import Ask, Link, LinkTable, read
from kg.namespaces import BASE, ID, PREFIXES
from kg.reading.authorities import AUTHORITIES, Authority
from kg.store.sparql import rows

_EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"
FOLDER = "links/"
_TABLE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    yaml.safe_load((package("kg.asking.links") / "offers.yaml").read_bytes())
)
_SAME_AS = f"{PREFIXES['owl']}sameAs"


@dataclass(frozen=True, slots=True)
class Offer:
    """One file: its name below `links/`, its media type, what it is, and its content.

    `catalogue` is the only one that it has links to, or empty.
    """

    name: str
    media_type: str
    title: str
    about: str
    content: bytes
    catalogue: str = ""


def offers(ask: Ask, version: str) -> tuple[Offer, ...]:
    """Return all files in the order of the table `offers.yaml`; `ask` looks into the data of `version`."""
    table = LinkTable(read(ask))
    made = {**dict(_of_each(table, version)), **_of_all(table, ask, version)}
    found = []
    for name, entry in _TABLE.items():
        for authority in AUTHORITIES.values() if "{}" in name else (None,):
            own = name.format(authority.name) if authority else name
            if own in made:
                title = entry["title"].format(authority.title if authority else "")
                alone = authority.name if authority else ""
                found.append(Offer(own, entry["type"], title, entry["about"], made[own].encode(), alone))
    return tuple(found)


def files(store: ox.Store, version: str) -> dict[str, bytes]:
    """Return the files for a release of the data of `version`: path within its folder → content."""
    return {FOLDER + offer.name: offer.content for offer in offers(partial(rows, store), version)}


def titles() -> dict[str, str]:
    """Return what each of the files is, in a sentence or two, by its path within the release folder."""
    return {
        FOLDER + name.format(authority.name): f"{entry['title'].format(authority.title)}. {entry['about']}"
        for name, entry in _TABLE.items()
        for authority in AUTHORITIES.values()
    }


def _of_each(table: LinkTable, version: str) -> Iterator[tuple[str, str]]:
    for authority in AUTHORITIES.values():
        exact = [link for link in table.exact if link.catalogue == authority.name]
        if exact:
            yield f"{authority.name}.beacon.txt", beacon(exact, authority)
            yield f"{authority.name}.sssom.tsv", _sssom(table, authority, version)


def _of_all(table: LinkTable, ask: Ask, version: str) -> dict[str, str]:
    to_wikidata = [(link.item or "", link.iri) for link in table.exact if link.catalogue == "wikidata"]
    same = sorted(f"<{link.iri}> <{_SAME_AS}> <{link.item}> .\n" for link in table.exact)
    return {
        "all.sssom.tsv": _sssom(table, None, version),
        "values.rq": wikidata.values_block(to_wikidata),
        "sameas.nt": "".join(same),
        "quickstatements.tsv": wikidata.quickstatements(table.links, ask, version),
    }


def _sssom(table: LinkTable, authority: Authority | None, version: str) -> str:
    name, title = (authority.name, authority.title) if authority else ("all", "other catalogues")
    links = [link for link in table.links if authority is None or link.catalogue == name]
    set_id = f"{BASE}{FOLDER}{name}.sssom.tsv"
    return sssom_writer.written(links, set_id, f"Links of cablegraph to {title}", version)


def beacon(links: Sequence[Link], authority: Authority) -> str:
    """Return the exact matches among `links`, of which there must be one, as a BEACON file.

    The time stamp is the day of the newest check, no time of writing.
    """
    prefix, _, rest = authority.iri.partition("{}")
    head = {
        "FORMAT": "BEACON",
        # Without {ID} the identifier is put at the end.
        "PREFIX": f"{prefix}{{ID}}{rest}" if rest else prefix,
        "TARGET": f"{ID}{{+ID}}",
        "RELATION": _EXACT,
        "NAME": "cablegraph",
        "DESCRIPTION": f"People, bodies and places of diplomatic telegrams, by {authority.title} identifier",
        "HOMEPAGE": BASE,
        "FEED": f"{BASE}links/{authority.name}.beacon.txt",
        "TIMESTAMP": max(link.checked for link in links).isoformat(),
    }
    lines = [f"#{name}: {value}" for name, value in head.items()]
    body = sorted(f"{link.identifier}|{_plain(link.label)}|{link.iri.removeprefix(ID)}" for link in links)
    return "\n".join([*lines, "", *body]) + "\n"


def _plain(text: str) -> str:
    """Return `text` without the bar that separates fields, and without line ends."""
    return " ".join(text.replace("|", "/").split())
