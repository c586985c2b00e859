"""Formats of a reference by name: media type, ending of a file, and what writes it.

Zotero, EndNote, Mendeley and JabRef read BibTeX and RIS, pandoc and citeproc CSL-JSON. None of the formats
needs a library: each is a list of fields, and what has to be escaped is said where it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kg.asking.citing import bibtex, csl_json, ris, schema_org
from kg.asking.citing.reference import Reference
from kg.errors import UnknownNameError

FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class ReferenceFormat:
    """One format: its label for people, its media type, the ending of a file, and what writes it."""

    label: str
    media_type: str
    ending: str
    write: Callable[[Reference], str]


def _footnote(reference: Reference) -> str:
    return f"{reference}\n"


# The media types are those by which DataCite and Crossref give references to a DOI.
FORMATS: Mapping[str, ReferenceFormat] = MappingProxyType(
    {
        FOOTNOTE: ReferenceFormat("Footnote", "text/plain", "txt", _footnote),
        "bibtex": ReferenceFormat("BibTeX", "application/x-bibtex", "bib", bibtex.write),
        "ris": ReferenceFormat("RIS", "application/x-research-info-systems", "ris", ris.write),
        "csl": ReferenceFormat("CSL-JSON", "application/vnd.citationstyles.csl+json", "json", csl_json.write),
        "jsonld": ReferenceFormat("schema.org in JSON-LD", "application/ld+json", "jsonld", schema_org.write),
    }
)


def write(reference: Reference, name: str) -> str:
    """Return `reference` in the format `name`; raises UnknownNameError if there is none of that name."""
    if name not in FORMATS:
        raise UnknownNameError("format", name, FORMATS)
    return FORMATS[name].write(reference)
