"""References in the terms of schema.org, as JSON-LD: what search engines read in a page.

A telegram is a Message that an archive holds, a statement a Claim that appears in it, an answer a Dataset.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from kg.asking.citing.reference import CitedName, Kind, Reference
from kg.namespaces import CG

# The first class of a thing that is listed here says what it is; what is none of these is a Thing.
_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        f"{CG}{name}": type_
        for name, type_ in (
            ("Person", "Person"),
            ("Body", "Organization"),
            ("Group", "Organization"),
            ("Place", "Place"),
            ("Event", "Event"),
            ("Document", "CreativeWork"),
            ("Issue", "DefinedTerm"),
            ("Topic", "DefinedTerm"),
        )
    }
)


def write(reference: Reference) -> str:
    """Return `reference` as a JSON-LD document."""
    return json.dumps(document(reference), ensure_ascii=False, indent=1) + "\n"


def embedded(reference: Reference) -> str:
    """Return `reference` as JSON-LD for a `script` element: no character in it can end that element."""
    text = json.dumps(document(reference), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def document(reference: Reference) -> dict[str, Any]:
    """Return `reference` as an object of JSON-LD, without empty members."""
    whole = {
        "@type": "Dataset",
        "@id": reference.about.names.dataset,
        "name": reference.about.title,
        "license": reference.about.licence,
        "version": reference.version,
    }
    common = {"@context": "https://schema.org", "@id": reference.address, "url": reference.address}
    named = {"name": reference.title, "identifier": reference.key}
    return _filled({**common, **named, **_own(reference, whole)})


def _own(reference: Reference, whole: dict[str, Any]) -> dict[str, Any]:
    if reference.kind is Kind.TELEGRAM:
        return {"@type": ["Message", "ArchiveComponent"], **_message(reference), "isBasedOn": reference.page,
                "subjectOf": whole}  # fmt: skip
    if reference.kind is Kind.THING:
        classes = [_CLASSES[iri] for iri in _CLASSES if iri in reference.types]
        return {"@type": classes[0] if classes else "Thing", "subjectOf": whole}
    own = {"@type": "Claim" if reference.kind is Kind.STATEMENT else "Dataset", "isPartOf": whole}
    made = {"creator": _parties(reference.authors), "license": whole["license"], "version": reference.version}
    return {**own, **made, "description": reference.standing, "creditText": str(reference)}


def _message(reference: Reference) -> dict[str, Any]:
    return {
        "sender": _parties(reference.authors),
        "recipient": _parties(reference.recipients),
        "dateSent": reference.issued.isoformat() if reference.issued else "",
        "translator": _parties(reference.translators),
        "holdingArchive": {"@type": "ArchiveOrganization", "name": reference.archive}
        if reference.archive
        else {},
        "publisher": {"@type": "Organization", "name": reference.publisher} if reference.publisher else {},
        "creditText": str(reference),
    }


def _parties(names: Iterable[CitedName]) -> list[dict[str, str]]:
    """Return `names`, those with a family name as persons."""
    return [
        _filled({"@type": "Person", "name": name.whole, "familyName": name.family, "givenName": name.given})
        if name.family
        else {"@type": "Organization", "name": name.whole}
        for name in names
    ]


def _filled(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}
