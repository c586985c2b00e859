"""Entities read from the graph by SPARQL: names, types and values of properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
    types = _types(ask)
    classes = _classes(ask, types, own)
    names = _names(ask, classes, own)
    things = {
        thing: _thing(thing, _narrow_first(classes[thing], types), names[thing])
        for thing in sorted(classes)
        if thing in names
    }
    labels = _labels(ask)
    known = entities.load_properties()
    values = {key: _values(ask(row.query), row, things, labels, own) for key, row in known.items()}
    return Entities(things, types, known, values, own)


def _types(ask: Ask) -> dict[str, EntityType]:
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


def _classes(ask: Ask, types: Mapping[str, EntityType], home: Namespaces) -> dict[str, set[str]]:
    roots = " ".join(f"cg:{root}" for root in ROOTS)
    which = f"VALUES ?root {{ {roots} }} ?thing a ?root , ?type"
    query = f"{prologue()}SELECT DISTINCT ?thing ?type {{ {which} }}"
    classes: dict[str, set[str]] = {}
    for row in ask(query):
        thing, name = home.name(value(row["thing"])), local_part(value(row["type"]), CG)
        if thing and name in types:
            classes.setdefault(thing, set()).add(name)
    return classes


def _names(ask: Ask, classes: Mapping[str, set[str]], home: Namespaces) -> dict[str, list[Name]]:
    names: dict[str, list[Name]] = {}
    for path, kind in table_rows("names.tsv"):
        query = f"{prologue()}SELECT DISTINCT ?thing ?name {{ ?thing {path} ?name FILTER ISLITERAL(?name) }}"
        for row in ask(query):
            thing, text = home.name(value(row["thing"])), row["name"].value.strip()
            if thing in classes and text:
                names.setdefault(thing, []).append(Name(text, row["name"].language or "", kind))
    return names


def _narrow_first(names: Iterable[str], types: Mapping[str, EntityType]) -> tuple[str, ...]:
    """Return the types of a thing, first those that are not superclasses of others."""
    above = {up for name in names for up in types[name].broader}
    return tuple(sorted(names, key=lambda name: (name in above, name)))


def _thing(thing: str, types: tuple[str, ...], names: list[Name]) -> Entity:
    person = PERSON in types
    every = [other for name in names for other in variants(name, person=person)]
    labels = {name.language: name.text for name in sorted(names, key=_order) if name.kind == "label"}
    return Entity(thing, types, labels, tuple(sorted(dict.fromkeys(every), key=_order)))


def _order(name: Name) -> tuple[str, str, str]:
    return name.kind, name.language, name.text


def _labels(ask: Ask) -> dict[str, str]:
    which = '?thing skos:prefLabel ?label FILTER (lang(?label) = "en")'
    query = f"{prologue()}SELECT ?thing ?label {{ {which} }}"
    return {value(row["thing"]): row["label"].value for row in ask(query)}


def _values(
    solutions: Iterable[Mapping[str, object]],
    kind: EntityProperty,
    things: Mapping[str, Entity],
    labels: Mapping[str, str],
    home: Namespaces,
) -> dict[str, tuple[Value, ...]]:
    values: dict[str, set[Value]] = {}
    for row in solutions:
        thing = home.name(value(row["thing"]))
        if thing in things:
            values.setdefault(thing, set()).add(_value(row["value"], kind, things, labels, home))
    return {thing: tuple(sorted(own, key=_value_order)) for thing, own in values.items()}


def _value(
    term: object,
    kind: EntityProperty,
    things: Mapping[str, Entity],
    labels: Mapping[str, str],
    home: Namespaces,
) -> Value:
    if isinstance(term, ox.Literal):
        return Value(term.value, datatype=term.datatype.value)
    iri = value(term)
    own = home.name(iri)
    if own in things:
        return Value(things[own].label(), thing=own)
    return Value(local_part(iri, kind.namespace) if kind.namespace else labels.get(iri, iri), iri=iri)


def _value_order(value: Value) -> tuple[str, str, str]:
    return value.text, value.thing, value.iri


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
