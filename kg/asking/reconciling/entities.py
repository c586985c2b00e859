"""The things that names can stand for: names, types, and values of properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from kg.asking.reconciling.names import Name
from kg.asking.reconciling.spelling import read
from kg.namespaces import PREFIXES

# The classes whose instances can be named; their subclasses belong to them.
ROOTS = ("Person", "Body", "Collective", "Actor", "State", "Place", "Office", "Event", "Document", "Issue")
PERSON = "Person"
_LANGUAGES = ("en", "ru", "es", "")  # the first that there is, where the wanted one is missing


@dataclass(frozen=True, slots=True)
class EntityProperty:
    """One property: its path in SPARQL from the thing, and what it is called in each language.

    `namespace` is what IRIs lose that are identifiers elsewhere; `language` is that of texts;
    `describes` tells whether its values help to tell namesakes apart.
    """

    id: str
    path: str
    labels: Mapping[str, str]
    namespace: str = ""
    language: str = ""
    describes: bool = False

    @property
    def query(self) -> str:
        """Return the SELECT for ?thing and ?value."""
        only = f'FILTER (lang(?value) = "{self.language}")' if self.language else ""
        within = f'FILTER (STRSTARTS(STR(?value), "{self.namespace}"))' if self.namespace else ""
        return f"{prologue()}SELECT DISTINCT ?thing ?value {{ ?thing {self.path} ?value {only} {within} }}"


def load_properties() -> Mapping[str, EntityProperty]:
    """Return all properties by id, in the order of the table."""
    table = yaml.safe_load(read("properties.yaml"))
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
    """Return the declarations of all prefixes."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class EntityType:
    """A class of things: its name in the ontology, what it is called, and the classes above it."""

    id: str
    labels: Mapping[str, str]
    broader: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property: a text, number or date, or a thing of the graph.

    `text` is what to show, `thing` the id of the thing, `datatype` the IRI of the datatype of a
    literal, `iri` the whole IRI of what is elsewhere.
    """

    text: str
    datatype: str = ""
    thing: str = ""
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that can be named: its id (below `id/`), types, labels by language, and all its names.

    The narrowest of its types come first.
    """

    id: str
    types: tuple[str, ...]
    labels: Mapping[str, str]
    names: tuple[Name, ...]

    @property
    def is_person(self) -> bool:
        """Return whether the thing is a person, whose names have parts of their own."""
        return PERSON in self.types

    def label(self, language: str = "en") -> str:
        """Return what the thing is called in `language`, or else in another."""
        return best(self.labels, language) or self.id


@dataclass(frozen=True)
class Entities:
    """All things by id, all types, and the values by property and thing."""

    things: Mapping[str, Entity]
    types: Mapping[str, EntityType]
    properties: Mapping[str, EntityProperty]
    values: Mapping[str, Mapping[str, tuple[Value, ...]]] = field(repr=False)

    def of(self, thing: str, property_id: str) -> tuple[Value, ...]:
        """Return the values of a property of a thing, none if either is unknown."""
        return self.values.get(property_id, {}).get(thing, ())

    def description(self, thing: Entity, language: str = "en") -> str:
        """Return what helps to tell `thing` from its namesakes: its narrowest types, office, place."""
        above = {up for name in thing.types for up in self.types[name].broader}
        parts = [best(self.types[name].labels, language) for name in thing.types if name not in above]
        for about in self.properties.values():
            if about.describes:
                parts += [self.shown(found, language) for found in self.of(thing.id, about.id)]
        return "; ".join(dict.fromkeys(part for part in parts if part))

    def shown(self, found: Value, language: str = "en") -> str:
        """Return the text of a value in `language`."""
        thing = self.things.get(found.thing)
        return thing.label(language) if thing else found.text


def best(labels: Mapping[str, str], language: str) -> str:
    """Return the label in `language`, or the first there is; empty if there is none."""
    found = [labels[tag] for tag in (language, *_LANGUAGES) if tag in labels]
    return found[0] if found else next(iter(sorted(labels.values())), "")
