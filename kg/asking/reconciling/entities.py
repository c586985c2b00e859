"""Entities that names can stand for: their names, types and values of properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import yaml

from kg.asking.reconciling.names import Name, family_names
from kg.asking.reconciling.spelling import read_table
from kg.namespaces import PREFIXES, SHIPPED, Namespaces

# Classes whose instances are entities; instances of their subclasses are, too.
ROOTS = (
    "Person",
    "Body",
    "Group",
    "Actor",
    "State",
    "Place",
    "Office",
    "Event",
    "Document",
    "Issue",
    "Topic",
)
# Subject headings bear the names of what they are about, so they are candidates only where asked for.
HEADING = "Topic"
PERSON = "Person"
_LANGUAGES = ("en", "ru", "es", "")  # in this order where the requested language is missing


@dataclass(frozen=True, slots=True)
class EntityProperty:
    """One property: its SPARQL property path from the thing, and its label in each language.

    `namespace` is the part before the identifier in an IRI of another catalogue. `language` limits
    texts to one language. `describes` says whether its values help to distinguish namesakes.
    """

    id: str
    path: str
    labels: Mapping[str, str]
    namespace: str = ""
    language: str = ""
    describes: bool = False

    @property
    def query(self) -> str:
        """Return the SELECT query for ?thing and ?value."""
        only = f'FILTER (lang(?value) = "{self.language}")' if self.language else ""
        within = f'FILTER (STRSTARTS(STR(?value), "{self.namespace}"))' if self.namespace else ""
        return f"{prologue()}SELECT DISTINCT ?thing ?value {{ ?thing {self.path} ?value {only} {within} }}"


def load_properties() -> Mapping[str, EntityProperty]:
    """Return all properties by id, in the order of `properties.yaml`."""
    table = yaml.safe_load(read_table("properties.yaml"))
    return {
        key: EntityProperty(
            id=key,
            path=row["path"],
            labels=row["label"],
            namespace=row.get("namespace", ""),
            language=row.get("language", ""),
            describes=row.get("describes", False),
        )
        for key, row in table.items()
    }


def prologue() -> str:
    """Return the SPARQL declarations of all prefixes."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class EntityType:
    """A class: its local name in the ontology, its labels by language, and its superclasses."""

    id: str
    labels: Mapping[str, str]
    broader: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property: a text, number or date, or a thing of the graph.

    `text` is for people. `thing` is the id of a thing, `datatype` the datatype IRI of a literal, and
    `iri` the whole IRI of an item of another catalogue; each is empty where it does not apply.
    """

    text: str
    datatype: str = ""
    thing: str = ""
    iri: str = ""


@dataclass(frozen=True)
class Entity:
    """A thing that can be named: its id (path below `id/`), types, labels by language, and all names.

    The narrowest types come first.
    """

    id: str
    types: tuple[str, ...]
    labels: Mapping[str, str]
    names: tuple[Name, ...]

    @property
    def is_heading(self) -> bool:
        """Return whether the thing is a subject heading."""
        return HEADING in self.types

    @property
    def is_person(self) -> bool:
        """Return whether the thing is a person, with given and family names."""
        return PERSON in self.types

    @cached_property
    def families(self) -> frozenset[str] | None:
        """Return the family names of a person, in Latin letters; None for other things."""
        return family_names(self.names) if self.is_person else None

    def label(self, language: str = "en") -> str:
        """Return the label in `language`, or in another, or the id if there is none."""
        return best_label(self.labels, language) or self.id


@dataclass(frozen=True)
class Entities:
    """All things by id, all types, and the values by property and thing.

    `names` has the namespaces of the collection.
    """

    things: Mapping[str, Entity]
    types: Mapping[str, EntityType]
    properties: Mapping[str, EntityProperty]
    values: Mapping[str, Mapping[str, tuple[Value, ...]]] = field(repr=False)
    names: Namespaces = SHIPPED


def best_label(labels: Mapping[str, str], language: str) -> str:
    """Return the label in `language`, or in English, Russian, Spanish or any; empty if there is none."""
    preferred = [labels[tag] for tag in (language, *_LANGUAGES) if tag in labels]
    return preferred[0] if preferred else next(iter(sorted(labels.values())), "")
