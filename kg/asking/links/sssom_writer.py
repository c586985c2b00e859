"""Links to other catalogues as SSSOM/TSV, from the graph alone, with the columns of the records."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from kg.asking.links.link_table import Link
from kg.namespaces import CG, ID, PREFIXES, THINGS, Namespaces
from kg.reading.authorities import AUTHORITIES
from kg.reading.collection.description import Description
from kg.reading.sssom_file import COLUMNS, RULES

_NUMBERS = {word: number for number, word in RULES["confidence"].items()}
_PREDICATES = {key: curie for curie, key in RULES["predicates"].items()}
_PREFIXES: dict[str, str] = {
    **{name: authority.iri.partition("{}")[0] for name, authority in AUTHORITIES.items()},
    "catalogue": f"{ID}catalogue/",
    "cg": str(CG),
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": PREFIXES["skos"],
    "sssom": "https://w3id.org/sssom/",
    "xsd": PREFIXES["xsd"],
}


def write(links: Iterable[Link], name: str, title: str, version: str, about: Description) -> str:
    """Return `links` as one SSSOM/TSV mapping set in the file `name` of the collection `about`.

    `version` is the data version.
    """
    home = f"{about.base}links/"
    head = {
        "sssom_version": "1.1",
        "mapping_set_id": home + name,
        "mapping_set_version": version,
        "mapping_set_title": title,
        "mapping_set_source": [f"{about.names.graph}links"],
        "license": about.licence,
        "creator_label": [about.curator],
        "see_also": [home],
        "curie_map": dict(sorted(_prefixes(about.names).items())),
        "extension_definitions": [
            {"slot_name": "ext_note", "property": "cg:note", "type_hint": "xsd:string"}
        ],
    }
    text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1000)
    lines = [f"#{line}" for line in text.rstrip("\n").split("\n")]
    rows = ["\t".join(_plain(cell) for cell in _cells(link, about.names)) for link in links]
    return "\n".join([*lines, "\t".join(COLUMNS), *rows]) + "\n"


def _prefixes(names: Namespaces) -> dict[str, str]:
    kinds = (*THINGS, "link")
    others = {f"{name}-{kind}": f"{base}id/{kind}/" for name, base in names.others for kind in kinds}
    return _PREFIXES | {kind: f"{names.id}{kind}/" for kind in kinds} | others


def _cells(link: Link, names: Namespaces) -> list[str]:
    collection = "".join(f"{name}-" for name, base in names.others if link.iri.startswith(base))
    cells = {
        "record_id": f"{collection}link:{link.record.rpartition('/')[2]}",
        "subject_id": link.thing,
        "subject_label": link.label,
        "predicate_id": _PREDICATES[link.relation or "exactMatch"],
        "object_id": _curie(link),
        "object_label": link.item_label or "",
        "object_source": f"catalogue:{link.catalogue}",
        "mapping_justification": link.justification.replace(_PREFIXES["semapv"], "semapv:"),
        "author_label": link.checked_by,
        "mapping_date": link.checked.isoformat(),
        "confidence": _NUMBERS[link.certainty],
        "ext_note": link.note or "",
        "comment": link.evidence,
    }
    return [cells[name] for name in COLUMNS]


def _curie(link: Link) -> str:
    if link.item is None:
        return str(RULES["none"])
    return link.item.replace(_PREFIXES[link.catalogue], f"{link.catalogue}:", 1)


def _plain(cell: str) -> str:
    """Return a cell without tabs and line ends, for which TSV has no quoting."""
    return " ".join(cell.split()) if {"\t", "\n", "\r"} & set(cell) else cell
