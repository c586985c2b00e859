"""Description of a release folder as an RO-Crate 1.2 (https://w3id.org/ro/crate/1.2).

Sections: "RO-Crate Structure" (attached), "Root Data Entity", "Data Entities", "Contextual Entities".
The package `rocrate` writes the current time into a crate, so the JSON-LD is made here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kg.publishing.tables.data_set import About, TextSource, about
from kg.reading.collection.description import Description
from kg.store.layers import OURS

NAME = "ro-crate-metadata.json"
_CREATOR = "#creator"
_VERSION = "#data-version"
_PROFILE = "https://w3id.org/ro/crate/1.2"


@dataclass(frozen=True, slots=True)
class CrateEntry:
    """One file of the folder: its path, media type, length in bytes and SHA-256 in hexadecimal.

    `description` may be empty.
    """

    path: str
    media_type: str
    size: int
    sha256: str
    description: str = ""


def crate(
    entries: Iterable[CrateEntry],
    version: str,
    sources: Sequence[TextSource] = (),
    collection: Description = OURS,
) -> bytes:
    """Return `ro-crate-metadata.json` for a folder with the files `entries`, in any order, and this file.

    `version` is the data version; `sources` are the texts on which the data rests
    (`kg.publishing.tables.data_set.sources`), and `collection` is described.
    """
    data_set = about(version, sources, collection)
    files = sorted((entry for entry in entries if entry.path != NAME), key=lambda entry: entry.path)
    described = {
        "@context": f"{_PROFILE}/context",
        "@graph": [
            _descriptor(),
            _root(data_set, files),
            *(_file(entry) for entry in files),
            *_context(data_set),
        ],
    }
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()


def _descriptor() -> dict[str, Any]:
    return {
        "@id": NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _PROFILE},
    }


def _root(data_set: About, files: Sequence[CrateEntry]) -> dict[str, Any]:
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": data_set.title,
        "description": f"{data_set.description} {data_set.licence_reach}",
        "datePublished": data_set.published,
        "license": {"@id": data_set.licence_address},
        "version": data_set.version,
        "url": data_set.homepage,
        "identifier": {"@id": _VERSION},
        "creativeWorkStatus": "Published",
        "creditText": data_set.citation,
        "keywords": ", ".join(data_set.keywords),
        "author": {"@id": _CREATOR},
        "publisher": {"@id": _CREATOR},
        "hasPart": [{"@id": _id(entry)} for entry in files],
    }
    works = [{"@id": _source_id(number, one)} for number, one in enumerate(data_set.sources, 1)]
    return {**root, "isBasedOn": works} if works else root


def _file(entry: CrateEntry) -> dict[str, Any]:
    properties = {
        "@id": _id(entry),
        "@type": "File",
        "name": entry.path,
        "description": entry.description,
        "encodingFormat": entry.media_type,
        "contentSize": str(entry.size),
        "sha256": entry.sha256,
    }
    return {name: value for name, value in properties.items() if value}


def _context(data_set: About) -> Iterable[dict[str, Any]]:
    yield {
        "@id": data_set.licence_address,
        "@type": "CreativeWork",
        "name": data_set.licence_title,
        "identifier": data_set.licence,
        "description": data_set.licence_reach,
    }
    yield {
        "@id": _VERSION,
        "@type": "PropertyValue",
        "name": "data version",
        "description": "SHA-256 of the sorted N-Quads of the graph.",
        "value": data_set.version,
    }
    yield {"@id": _CREATOR, "@type": "Organization", "name": data_set.creator, "url": data_set.homepage}
    for number, source in enumerate(data_set.sources, 1):
        properties = {
            "@id": _source_id(number, source),
            "@type": "CreativeWork",
            "name": source.title,
            "publisher": source.publisher,
            "translator": source.translator,
            "usageInfo": source.rights,
        }
        yield {name: value for name, value in properties.items() if value}


def _source_id(number: int, source: TextSource) -> str:
    return source.page or f"#source-{number}"


def _id(entry: CrateEntry) -> str:
    """Return the path as a relative IRI reference (section "Encoding file paths")."""
    return quote(entry.path)
