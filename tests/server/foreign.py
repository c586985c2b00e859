"""Which IRIs of ours a text may have that is about a collection with a base of its own: those of our terms."""

from __future__ import annotations

import re

from kg.namespaces import BASE, LISTS

_OURS = re.compile(rf"{re.escape(BASE)}[^\s\"'<>&|,;)\\“”]*")
_TERMS = re.compile(
    rf"{re.escape(BASE)}(?:ontology(?:[/#].*)?|id/(?:{'|'.join(LISTS)})(?:/.*)?|graph/ontology|shape.*|problems/.*"
    r"|\.well-known/genid/.*)?"
)


def iris(text: str) -> set[str]:
    """Return the IRIs in `text` that begin with our base and are no terms, values of lists or shapes."""
    return {iri for iri in (found.rstrip(".") for found in _OURS.findall(text)) if not _TERMS.fullmatch(iri)}
