"""Change report: what differs between two versions: layers, things, standings, positions, links, terms.

It is complete; the modules that write it may shorten its lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """Way in which a thing, position or link differs between the versions."""

    APPEARED = "appeared"
    DISAPPEARED = "disappeared"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """Number of statements that were added, and number of those that were removed."""

    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class ChangedLayer:
    """One named graph: its name, its statements before and after, and how many differ."""

    name: str
    before: int
    after: int
    changed: ChangeCount


@dataclass(frozen=True, slots=True)
class ChangedProperty:
    """One property of a thing: the values that it lost and gained, as texts for people, sorted.

    `part` is the nested record with the property, such as `evidence/1`, or empty for the thing itself.
    If `inferred` is true, no record states any of these values.
    """

    part: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    inferred: bool


@dataclass(frozen=True, slots=True)
class ChangedThing:
    """One thing that appeared, disappeared or changed, with its label and the names of its classes.

    `statements` is their number in the new version, or in the old one if the thing disappeared; nested
    records are included. `properties` is empty unless the thing changed.
    """

    iri: str
    label: str
    classes: tuple[str, ...]
    kind: ChangeKind
    statements: int
    properties: tuple[ChangedProperty, ...] = ()

    @property
    def inferred(self) -> bool:
        """Return whether all changed properties are inferred."""
        return bool(self.properties) and all(one.inferred for one in self.properties)


@dataclass(frozen=True, slots=True)
class ChangedPosition:
    """One position that appeared, disappeared or changed.

    `columns` maps a column of the table `positions` to its cells before and after. It has the cells that
    differ, which are all cells that are not empty if the position appeared or disappeared. `now` says what
    a position is that disappeared because no passage asserts it any more; otherwise it is empty.
    """

    iri: str
    holder: str
    issue: str
    kind: ChangeKind
    columns: dict[str, tuple[str, str]]
    now: str = ""


@dataclass(frozen=True, slots=True)
class ChangedStanding:
    """A statement that only one of the versions asserts, with what it is in each, in words."""

    iri: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RetiredTerm:
    """A term of the ontology that the new version calls deprecated, with the names of its successors."""

    iri: str
    label: str
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedLink:
    """A link to another catalogue that was added (appeared) or removed (disappeared)."""

    thing: str
    label: str
    relation: str
    item: str
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two graphs: its data version and the number of its statements.

    If named graphs are ignored, `version` is the SHA-256 of the sorted triples.
    """

    version: str
    statements: int


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """Changes from the version `old` to the version `new`.

    `layers` is empty if one of the two has no named graphs. Stated and inferred triples cannot be
    distinguished then, and all count as stated. `stated` and `inferred` count triples that were added or
    removed. `now_stated` counts triples of both versions that were inferred and are stated now,
    `now_inferred` the reverse.
    """

    old: Version
    new: Version
    layers: tuple[ChangedLayer, ...]
    stated: ChangeCount
    inferred: ChangeCount
    now_stated: int
    now_inferred: int
    things: tuple[ChangedThing, ...]
    standings: tuple[ChangedStanding, ...]
    positions: tuple[ChangedPosition, ...]
    links: tuple[ChangedLink, ...]
    retired: tuple[RetiredTerm, ...]

    @property
    def empty(self) -> bool:
        """Return whether the two graphs are the same."""
        return self.old == self.new

    def of(self, kind: ChangeKind) -> tuple[ChangedThing, ...]:
        """Return the things that differ in the way `kind`."""
        return tuple(thing for thing in self.things if thing.kind is kind)
