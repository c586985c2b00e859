"""Catalogues that things are linked to (Wikidata, VIAF, GND …), and the syntax of their identifiers.

The table is `authorities.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

import yaml

from kg.errors import IdentifierError
from kg.namespaces import ID

_SCHEMES = ("http://", "https://", "")


@dataclass(frozen=True, slots=True)
class Authority:
    """One catalogue; `name` is its prefix. The comment in `authorities.yaml` explains the other fields."""

    name: str
    title: str
    home: str
    iri: str
    page: str
    identifier: str
    case: str
    example: str
    also: tuple[str, ...]

    @property
    def concept(self) -> str:
        """Return the IRI of this catalogue in the graph."""
        return f"{ID}catalogue/{self.name}"

    @property
    def pattern(self) -> str:
        """Return the pattern of its item IRIs as an XPath regular expression, for `sh:pattern`."""
        start, end = (re.escape(part).replace(r"\.", "[.]") for part in self.iri.split("{}"))
        return f"^{start}({self.identifier}){end}$".replace(r"\-", "-")

    def iri_of(self, identifier: str) -> str:
        """Return the IRI of the item with this identifier."""
        return self.iri.format(identifier)

    def page_of(self, identifier: str) -> str:
        """Return the address of the web page about the item with this identifier."""
        return self.page.format(identifier)

    def read(self, text: str) -> str | None:
        """Return the identifier in `text`, bare, after a prefix or in an address; None if there is none."""
        bare = "".join(text.split())
        for start in sorted(self._starts(), key=len, reverse=True):
            if bare.lower().startswith(start.lower()):
                bare = bare[len(start) :]
                break
        bare = bare.partition("#")[0].rstrip("/")
        bare = bare.upper() if self.case == "upper" else bare.lower()
        return bare if re.fullmatch(self.identifier, bare) else None

    def _starts(self) -> Iterator[str]:
        for form in (self.iri, self.page, *self.also):
            start = form.partition("{}")[0].partition("://")[2] or form
            if "/" in start:
                yield from (f"{scheme}{start}" for scheme in _SCHEMES)
            else:
                yield f"{start}:"
        yield f"{self.name}:"


def _load() -> dict[str, Authority]:
    table = yaml.safe_load((files("kg.reading") / "authorities.yaml").read_bytes())
    return {name: Authority(name, **{**entry, "also": tuple(entry["also"])}) for name, entry in table.items()}


AUTHORITIES: Mapping[str, Authority] = MappingProxyType(_load())


# The name, in place of a catalogue, of the collections that are read together with one; and their IRIs.
COLLECTION = "collection"
THING_ELSEWHERE = (
    r"^https?://[^/#? ]+/([^#? ]+/)?id/"
    r"(actor|document|event|issue|office|place|series|telegram|topic)/[a-z0-9-]+$"
)


def identify(text: str) -> tuple[Authority, str]:
    """Return the catalogue and the identifier that `text` means, as in `Q11256` or `viaf:102325430`.

    Raises IdentifierError if it fits no catalogue, or if it is a bare number that fits several.
    """
    matches = [(authority, id_) for authority in AUTHORITIES.values() if (id_ := authority.read(text))]
    if len(matches) == 1:
        return matches[0]
    if matches:
        curies = [f"{authority.name}:{id_}" for authority, id_ in matches]
        raise IdentifierError(
            f"{text!r} could be in {len(matches)} catalogues; write {' or '.join(curies)}", curies
        )
    examples = [f"{authority.name}:{authority.example}" for authority in AUTHORITIES.values()]
    raise IdentifierError(
        f"{text!r} is not a valid catalogue identifier; use one as in {', '.join(examples)}", examples
    )


def catalogue_item(iri: str) -> tuple[Authority, str] | None:
    """Return the catalogue and the identifier of the item with this IRI; None for any other IRI."""
    for authority in AUTHORITIES.values():
        identifier = authority.read(iri)
        if identifier and authority.iri_of(identifier) == iri:
            return authority, identifier
    return None
