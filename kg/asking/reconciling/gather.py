"""Entities read from the graph by SPARQL: names, types and values of properties."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.asking.questions.choices import Ask
from kg.asking.reconciling import entities
from kg.asking.reconciling.entities import (
    PERSON,
    ROOTS,
    Entities,
    Entity,
    EntityProperty,
    EntityType,
    Value,
    prologue,
)
from kg.asking.reconciling.names import Name, variants
from kg.asking.reconciling.spelling import table_rows
from kg.namespaces import CG, SHIPPED, Namespaces
from kg.terms import value


def gather(ask: Ask, own: Namespaces = SHIPPED) -> Entities:
    """Return all entities of the graph on which `ask` runs SELECT queries; raises what `ask` raises.

    `own` has the namespaces of the collection.
    """
    types = read_types(ask)
    classes: dict[str, set[str]] = {}
    for thing, type_ in read_classes(ask, types, own):
        classes.setdefault(thing, set()).add(type_)
    names: dict[str, list[Name]] = {}
    for thing, name in read_names(ask, own):
        if thing in classes:
            names.setdefault(thing, []).append(name)
    things = {
        thing: entity(thing, classes[thing], names[thing], types)
        for thing in sorted(classes)
        if thing in names
    }
    labels = dict(read_labels(ask))
    known = entities.load_properties()
    making = ValueMaking(own, lambda thing: things[thing].label() if thing in things else None, labels.get)
    values = {key: _values(ask(row.query), row, things, making) for key, row in known.items()}
    return Entities(things, types, known, values, own)


def read_types(ask: Ask) -> dict[str, EntityType]:
    """Return the classes of the ontology by their names; raises what `ask` raises, as all here do."""
    query = (
        f"{prologue()}SELECT ?type ?label ?up {{ ?type a owl:Class ; rdfs:label ?label "
        "FILTER ISLITERAL(?label) OPTIONAL { ?type rdfs:subClassOf ?up FILTER ISIRI(?up) } }"
    )
    labels: dict[str, dict[str, str]] = {}
    broader: dict[str, set[str]] = {}
    for row in ask(query):
        name = local_part(value(row["type"]), CG)
        labels.setdefault(name, {})[row["label"].language or ""] = row["label"].value
        broader.setdefault(name, set()).add(local_part(_optional(row, "up"), CG))
    return {
        name: EntityType(name, own, tuple(sorted(broader[name] - {"", name})))
        for name, own in sorted(labels.items())
        if name
    }


def read_classes(ask: Ask, types: Collection[str], home: Namespaces) -> Iterator[tuple[str, str]]:
    """Yield the id of each thing with each of its `types`."""
    roots = " ".join(f"cg:{root}" for root in ROOTS)
    which = f"VALUES ?root {{ {roots} }} ?thing a ?root , ?type"
    query = f"{prologue()}SELECT DISTINCT ?thing ?type {{ {which} }}"
    for row in ask(query):
        thing, name = home.name(value(row["thing"])), local_part(value(row["type"]), CG)
        if thing and name in types:
            yield thing, name


def read_names(ask: Ask, home: Namespaces) -> Iterator[tuple[str, Name]]:
    """Yield the id of whatever has a name below `home`, with each name that the graph gives it."""
    for path, kind in table_rows("names.tsv"):
        query = f"{prologue()}SELECT DISTINCT ?thing ?name {{ ?thing {path} ?name FILTER ISLITERAL(?name) }}"
        for row in ask(query):
            thing, text = home.name(value(row["thing"])), row["name"].value.strip()
            if thing and text:
                yield thing, Name(text, row["name"].language or "", kind)


def read_labels(ask: Ask) -> Iterator[tuple[str, str]]:
    """Yield the IRI of each thing of a list with its English label."""
    which = '?thing skos:prefLabel ?label FILTER (lang(?label) = "en")'
    for row in ask(f"{prologue()}SELECT ?thing ?label {{ {which} }}"):
        yield value(row["thing"]), row["label"].value


def _narrow_first(names: Iterable[str], types: Mapping[str, EntityType]) -> tuple[str, ...]:
    """Return the types of a thing, first those that are not superclasses of others."""
    above = {up for name in names for up in types[name].broader}
    return tuple(sorted(names, key=lambda name: (name in above, name)))


def entity(
    thing: str, types: Iterable[str], names: Sequence[Name], known: Mapping[str, EntityType]
) -> Entity:
    """Return the thing with the names that the graph gives it, of which others are made."""
    ordered = _narrow_first(types, known)
    every = [other for name in names for other in variants(name, person=PERSON in ordered)]
    labels = {name.language: name.text for name in sorted(names, key=_order) if name.kind == "label"}
    return Entity(thing, ordered, labels, tuple(sorted(dict.fromkeys(every), key=_order)))


def _order(name: Name) -> tuple[str, str, str]:
    return name.kind, name.language, name.text


@dataclass(frozen=True)
class ValueMaking:
    """Makes values of terms.

    `own` returns the label of a thing of the graph by its id, and `label` that of what else has an IRI; both
    return None for what has none.
    """

    home: Namespaces
    own: Callable[[str], str | None]
    label: Callable[[str], str | None]

    def value(self, term: object, kind: EntityProperty) -> Value:
        """Return the value of the property `kind` that `term` is."""
        if isinstance(term, ox.Literal):
            return Value(term.value, datatype=term.datatype.value)
        iri = value(term)
        own = self.home.name(iri)
        text = self.own(own) if own else None
        if text is not None:
            return Value(text, thing=own)
        return Value(local_part(iri, kind.namespace) if kind.namespace else self.label(iri) or iri, iri=iri)


def _values(
    solutions: Iterable[Mapping[str, object]],
    kind: EntityProperty,
    things: Mapping[str, Entity],
    making: ValueMaking,
) -> dict[str, tuple[Value, ...]]:
    values: dict[str, set[Value]] = {}
    for row in solutions:
        thing = making.home.name(value(row["thing"]))
        if thing in things:
            values.setdefault(thing, set()).add(making.value(row["value"], kind))
    return {thing: tuple(sorted(own, key=_value_order)) for thing, own in values.items()}


def _value_order(value: Value) -> tuple[str, str, str, str]:
    return value.text, value.thing, value.iri, value.datatype


def _optional(row: Mapping[str, object], name: str) -> str:
    """Return the IRI of a variable, or an empty text if unbound: some rows lack its key, others have None."""
    try:
        term = row[name]
    except KeyError:
        return ""
    return "" if term is None else value(term)


def local_part(iri: str, namespace: str) -> str:
    """Return the rest of `iri` after `namespace`; an empty text if it does not begin with it."""
    return iri.removeprefix(namespace) if iri.startswith(namespace) else ""
