"""The catalogues that things are linked to: what their identifiers look like, and how people write them.

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
    """One catalogue; `name` is its prefix. The meaning of the rest stands at the head of the table."""

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
        """Return what the graph calls this catalogue."""
        return f"{ID}catalogue/{self.name}"

    @property
    def pattern(self) -> str:
        """Return the form of its IRIs as a regular expression of XPath, which SHACL uses."""
        start, end = (re.escape(part).replace(r"\.", "[.]") for part in self.iri.split("{}"))
        return f"^{start}({self.identifier}){end}$".replace(r"\-", "-")

    def iri_of(self, identifier: str) -> str:
        """Return the IRI of the item with this identifier."""
        return self.iri.format(identifier)

    def page_of(self, identifier: str) -> str:
        """Return the address where people read about the item with this identifier."""
        return self.page.format(identifier)

    def read(self, text: str) -> str | None:
        """Return the identifier that `text` is or holds: bare, after a prefix or in an address; else None."""
        bare = "".join(text.split())
        for start in sorted(self._starts(), key=len, reverse=True):
            if bare.lower().startswith(start.lower()):
                bare = bare[len(start) :]
                break
        bare = bare.partition("#")[0].rstrip("/")
        bare = bare.upper() if self.case == "upper" else bare.lower()
        return bare if re.fullmatch(self.identifier, bare) else None

    def _starts(self) -> Iterator[str]:
        for own in (self.iri, self.page, *self.also):
            start = own.partition("{}")[0].partition("://")[2] or own
            if "/" in start:
                yield from (f"{scheme}{start}" for scheme in _SCHEMES)
            else:
                yield f"{start}:"
        yield f"{self.name}:"


def _load() -> dict[str, Authority]:
    table = yaml.safe_load((files("kg.reading") / "authorities.yaml").read_bytes())
    return {name: Authority(name, **{**entry, "also": tuple(entry["also"])}) for name, entry in table.items()}


AUTHORITIES: Mapping[str, Authority] = MappingProxyType(_load())


def identify(text: str) -> tuple[Authority, str]:
    """Return the catalogue and the identifier that `text` means, as in `Q11256` or `viaf:102325430`.

    Raises IdentifierError for what fits no catalogue, and for a bare number that fits several.
    """
    found = [(authority, id_) for authority in AUTHORITIES.values() if (id_ := authority.read(text))]
    if len(found) == 1:
        return found[0]
    if found:
        meant = [f"{authority.name}:{id_}" for authority, id_ in found]
        raise IdentifierError(
            f"{text!r} could be in {len(found)} catalogues; write {' or '.join(meant)}", meant
        )
    examples = [f"{authority.name}:{authority.example}" for authority in AUTHORITIES.values()]
    raise IdentifierError(
        f"{text!r} is no identifier of a catalogue; write one as in {', '.join(examples)}", examples
    )


def named(iri: str) -> tuple[Authority, str] | None:
    """Return catalogue and identifier of the item that is called `iri` in RDF; None for any other IRI."""
    for authority in AUTHORITIES.values():
        identifier = authority.read(iri)
        if identifier and authority.iri_of(identifier) == iri:
            return authority, identifier
    return None
