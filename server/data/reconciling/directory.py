"""The things, types and properties of one state of the data, as both versions of the protocol write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.asking.reconciling.conditions import entity_id
from kg.asking.reconciling.entities import Entities, Entity, best_label
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import ReconciliationQuery
from kg.asking.reconciling.suggest import Suggester
from kg.errors import ParameterError
from kg.namespaces import ID
from server.web.http_errors import UnknownThingError

BATCH = 50  # queries at once; OpenRefine sends ten
# What the score of a candidate is made of.
FEATURES = {
    "name": "likeness of the name, 0 to 100",
    "type": "is of the type asked for",
    "properties": "share of the properties asked for that it has, 0 to 1",
}


@dataclass(frozen=True)
class Directory:
    """What answers for one state of the data, in `language`."""

    reconciler: Reconciler
    suggester: Suggester
    language: str

    @property
    def known(self) -> Entities:
        """Return all things, types, properties and values."""
        return self.reconciler.known

    def candidates(self, query: ReconciliationQuery, *, named: bool = False) -> list[dict[str, Any]]:
        """Return the candidates for `query`; with `named` their features have names (1.0 draft)."""
        return [
            {
                **self.entity(one.id),
                "score": one.score,
                "match": one.match,
                "features": [
                    {"id": key, **({"name": FEATURES[key]} if named else {}), "value": value}
                    for key, value in one.features.items()
                ],
            }
            for one in self.reconciler.reconcile(query)
        ]

    def thing(self, name: str) -> Entity:
        """Return the thing with this id or IRI; raises UnknownThingError."""
        own = entity_id(name)
        if own not in self.known.things:
            raise UnknownThingError(f"{ID}{own}")
        return self.known.things[own]

    def entity(self, name: str) -> dict[str, Any]:
        """Return a thing with name, description and types; raises UnknownThingError."""
        own = self.thing(name)
        return {
            "id": own.id,
            "name": own.label(self.language),
            "description": self.known.description(own, self.language),
            "type": [self.type(type_) for type_ in own.types],
        }

    def type(self, name: str) -> dict[str, str]:
        """Return a type with its name; raises ParameterError, with all types, for one that there is not."""
        known = self.known.types
        if name not in known:
            raise ParameterError(f"there is no type {name!r}; there are: {', '.join(known)}", "type", known)
        return {"id": name, "name": best_label(known[name].labels, self.language)}

    def property(self, name: str) -> dict[str, str]:
        """Return a property with its name; raises ParameterError for one that there is not."""
        known = self.known.properties
        if name not in known:
            wrong = f"there is no property {name!r}; there are: {', '.join(known)}"
            raise ParameterError(wrong, "properties", known)
        return {"id": name, "name": best_label(known[name].labels, self.language)}

    def suggested(self, kind: str, prefix: str, skip: int, limit: int) -> dict[str, Any]:
        """Return the suggestions of a kind (entity, type, property) for what somebody has typed."""
        if kind == "entity":
            things = self.suggester.things(prefix)[skip : skip + limit]
            return {"result": [_notable(self.entity(thing)) for thing in things]}
        if kind == "type":
            every = [self.type(name) for name in self.types()]
        else:
            every = [self.property(name) for name in self.known.properties]
        fitting = [one for one in every if _begins(one, prefix.casefold().strip())]
        return {"result": fitting[skip : skip + limit]}

    def types(self) -> list[str]:
        """Return the names of all types that things have, in order."""
        return sorted({type_ for thing in self.known.things.values() for type_ in thing.types})

    def proposed(self, type_: str, limit: int | None) -> dict[str, Any]:
        """Return the properties that things of a type have, or all things without a type."""
        if type_:
            self.type(type_)
        of_type = {thing.id for thing in self.known.things.values() if not type_ or type_ in thing.types}
        values = self.known.values.items()
        having = [self.property(key) for key, found in values if not of_type.isdisjoint(found)]
        more = {} if limit is None else {"limit": limit}
        return {"properties": having[:limit], "type": type_, **more}


def _notable(entity: Mapping[str, Any]) -> dict[str, Any]:
    return {"notable" if key == "type" else key: value for key, value in entity.items()}


def _begins(one: Mapping[str, str], typed: str) -> bool:
    """Return whether the id, or a word of the name, begins with what was typed."""
    return any(f" {typed}" in f" {text.casefold()}" for text in (one["id"], one["name"]))
