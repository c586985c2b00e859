"""Files of links to other catalogues: SSSOM, BEACON, VALUES, owl:sameAs and QuickStatements.

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
from kg.namespaces import PREFIXES
from kg.reading.authorities import AUTHORITIES, Authority
from kg.reading.collection.description import Description
from kg.store.layers import OURS
from kg.store.sparql import rows

_EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"
FOLDER = "links/"
_TABLE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    yaml.safe_load((package("kg.asking.links") / "offers.yaml").read_bytes())
)
_SAME_AS = f"{PREFIXES['owl']}sameAs"


@dataclass(frozen=True, slots=True)
class LinkFile:
    """One file of links: its name below `links/`, its media type, title, description and content.

    `catalogue` is the name of the catalogue that all its links lead to, or empty for a file of several.
    """

    name: str
    media_type: str
    title: str
    about: str
    content: bytes
    catalogue: str = ""


def link_files(ask: Ask, version: str, about: Description = OURS) -> tuple[LinkFile, ...]:
    """Return all files of links in the order of the table `offers.yaml`.

    `ask` runs a SELECT query on the data of `version`; `about` describes their collection.
    """
    table = LinkTable(read(ask, about.names))
    texts = dict(_catalogue_texts(table, version, about)) | _common_texts(table, ask, version, about)
    result = []
    for name, entry in _TABLE.items():
        for authority in AUTHORITIES.values() if "{}" in name else (None,):
            file = name.format(authority.name) if authority else name
            if file in texts:
                title = entry["title"].format(authority.title if authority else "")
                catalogue = authority.name if authority else ""
                content = texts[file].encode()
                result.append(LinkFile(file, entry["type"], title, entry["about"], content, catalogue))
    return tuple(result)


def files(store: ox.Store, version: str, about: Description = OURS) -> dict[str, bytes]:
    """Return the content of each file of links by its path in the release of the data `version`."""
    made = link_files(partial(rows, store), version, about)
    return {FOLDER + file.name: file.content for file in made}


def gives(store: ox.Store, path: str) -> bool:
    """Return whether `store` gives the file at `path`; that of a catalogue needs an exact match."""
    names = (name for name in AUTHORITIES if path.startswith(f"{FOLDER}{name}."))
    return all(
        any(link.catalogue == name for link in LinkTable(read(partial(rows, store))).exact) for name in names
    )


def titles() -> dict[str, str]:
    """Return the title and description of each file by its path in the release folder."""
    return {
        FOLDER + name.format(authority.name): f"{entry['title'].format(authority.title)}. {entry['about']}"
        for name, entry in _TABLE.items()
        for authority in AUTHORITIES.values()
    }


def _catalogue_texts(table: LinkTable, version: str, about: Description) -> Iterator[tuple[str, str]]:
    for authority in AUTHORITIES.values():
        exact = [link for link in table.exact if link.catalogue == authority.name]
        if exact:
            yield f"{authority.name}.beacon.txt", beacon(exact, authority, about)
            yield f"{authority.name}.sssom.tsv", _sssom(table, authority, version, about)


def _common_texts(table: LinkTable, ask: Ask, version: str, about: Description) -> dict[str, str]:
    to_wikidata = [(link.item or "", link.iri) for link in table.exact if link.catalogue == "wikidata"]
    same = sorted(f"<{link.iri}> <{_SAME_AS}> <{link.item}> .\n" for link in table.exact)
    return {
        "all.sssom.tsv": _sssom(table, None, version, about),
        "values.rq": wikidata.values_block(to_wikidata),
        "sameas.nt": "".join(same),
        "quickstatements.tsv": wikidata.quickstatements(table.links, ask, version),
    }


def _sssom(table: LinkTable, authority: Authority | None, version: str, about: Description) -> str:
    name, title = (authority.name, authority.title) if authority else ("all", "other catalogues")
    links = [link for link in table.links if authority is None or link.catalogue == name]
    return sssom_writer.write(links, f"{name}.sssom.tsv", f"Links of {about.name} to {title}", version, about)


def beacon(links: Sequence[Link], authority: Authority, about: Description = OURS) -> str:
    """Return the exact matches `links`, at least one, as a BEACON file for the catalogue `authority`.

    Its time stamp is the day of the latest check, not the time of writing.
    """
    things = about.names.id
    prefix, _, rest = authority.iri.partition("{}")
    head = {
        "FORMAT": "BEACON",
        # Without {ID} the identifier is put at the end.
        "PREFIX": f"{prefix}{{ID}}{rest}" if rest else prefix,
        "TARGET": f"{things}{{+ID}}",
        "RELATION": _EXACT,
        "NAME": about.name,
        "DESCRIPTION": f"People, bodies and places of diplomatic telegrams, by {authority.title} identifier",
        "HOMEPAGE": about.base,
        "FEED": f"{about.base}links/{authority.name}.beacon.txt",
        "TIMESTAMP": max(link.checked for link in links).isoformat(),
    }
    own = (link for link in links if link.iri.startswith(things))  # TARGET fits no other collection's
    lines = [f"#{name}: {value}" for name, value in head.items()]
    body = sorted(f"{link.identifier}|{_plain(link.label)}|{link.iri.removeprefix(things)}" for link in own)
    return "\n".join([*lines, "", *body]) + "\n"


def _plain(text: str) -> str:
    """Return `text` in one line, without the vertical bar that separates fields."""
    return " ".join(text.replace("|", "/").split())
