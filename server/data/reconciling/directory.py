"""The things, types and properties of one data version, in the JSON of both reconciliation APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kg.asking.reconciling.entities import Entity, best_label
from kg.asking.reconciling.identifier_forms import entity_id
from kg.asking.reconciling.known_things import KnownThings
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import ReconciliationQuery
from kg.asking.reconciling.suggest import Suggester
from kg.errors import ParameterError
from kg.errors import unknown as unknown_name
from server.web.http_errors import UnknownThingError

BATCH = 50  # queries at once; OpenRefine sends ten
# The features that the score of a candidate is computed from.
FEATURES = {
    "name": "likeness of the name, 0 to 100",
    "type": "is of the type asked for",
    "properties": "share of the properties asked for that it has, 0 to 1",
}


@dataclass(frozen=True)
class Directory:
    """Lookup of things, types and properties in one data version, with names in `language`."""

    reconciler: Reconciler
    suggester: Suggester
    language: str

    @property
    def known(self) -> KnownThings:
        """All things, types, properties and values."""
        return self.reconciler.known

    def candidates(self, query: ReconciliationQuery, *, named: bool = False) -> list[dict[str, Any]]:
        """Return the candidates for `query`; `named` gives their features names (1.0 draft)."""
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

    def answer(self, query: ReconciliationQuery | ParameterError, key: str) -> dict[str, Any]:
        """Return the candidates for one query of a batch under `key`; if it is wrong, a warning."""
        if isinstance(query, ParameterError):
            return {key: [], "warning": str(query)}
        try:
            asked, warnings = self._with_known(query)
            candidates = self.candidates(asked, named=key == "candidates") if asked else []
        except ParameterError as error:
            candidates, warnings = [], [str(error)]
        return {key: candidates, **({"warning": "; ".join(warnings)} if warnings else {})}

    def _with_known(self, query: ReconciliationQuery) -> tuple[ReconciliationQuery | None, list[str]]:
        """Return `query` without unknown types and properties, and a warning for each.

        It is None if one of these is required, since nothing can have it.
        """
        types = [name for name in query.types if name not in self.known.types]
        wrong = [one for one in query.conditions if one.property not in self.known.properties]
        known_types, known_properties = list(self.known.types), list(self.known.properties)
        warnings = [unknown_name("type", name, known_types) for name in types]
        names = sorted({one.property for one in wrong})
        warnings += [unknown_name("property", name, known_properties) for name in names]
        kept = tuple(name for name in query.types if name not in types)
        strict = bool(types) and not query.prefer_types and (query.all_types or not kept)
        if strict or any(one.required for one in wrong):
            return None, warnings
        conditions = tuple(one for one in query.conditions if one not in wrong)
        return replace(query, types=kept, conditions=conditions), warnings

    def thing(self, name: str) -> Entity:
        """Return the thing with this id or IRI; raises UnknownThingError."""
        own = entity_id(name, self.known.names)
        if own not in self.known.things:
            raise UnknownThingError(self.known.names.thing(own))
        return self.known.things[own]

    def entity(self, name: str) -> dict[str, Any]:
        """Return the thing `name` with its label, description and types; raises UnknownThingError."""
        own = self.thing(name)
        return {
            "id": own.id,
            "name": own.label(self.language),
            "description": self.known.description(own, self.language),
            "type": [self.type(type_) for type_ in own.types],
        }

    def type(self, name: str) -> dict[str, str]:
        """Return the type `name` with its label; raises ParameterError, with all types, if there is none."""
        known = self.known.types
        if name not in known:
            raise ParameterError(
                f"there is no type called {name!r}; there are: {', '.join(known)}", "type", known
            )
        return {"id": name, "name": best_label(known[name].labels, self.language)}

    def property(self, name: str) -> dict[str, str]:
        """Return the property `name` with its label; raises ParameterError, with all, if there is none."""
        known = self.known.properties
        if name not in known:
            wrong = f"there is no property called {name!r}; there are: {', '.join(known)}"
            raise ParameterError(wrong, "properties", known)
        return {"id": name, "name": best_label(known[name].labels, self.language)}

    def suggestions(self, kind: str, prefix: str, skip: int, limit: int) -> dict[str, Any]:
        """Return the suggestions of `kind` (entity, type, property) whose id or name begins with `prefix`."""
        if kind == "entity":
            things = self.suggester.things(prefix, limit, skip)
            return {"result": [_notable(self.entity(thing)) for thing in things]}
        if kind == "type":
            every = [self.type(name) for name in self.types()]
        else:
            every = [self.property(name) for name in self.known.properties]
        matches = [one for one in every if _begins(one, prefix.casefold().strip())]
        return {"result": matches[skip : skip + limit]}

    def types(self) -> list[str]:
        """Return the names of all types that things have, in order."""
        return sorted(self.known.used_types())

    def proposals(self, type_: str, limit: int | None) -> dict[str, Any]:
        """Return the properties that things of `type_` have; of all things if it is empty."""
        if type_:
            self.type(type_)
        held = self.known.properties_of(type_)
        used = [self.property(key) for key in self.known.properties if key in held]
        more = {} if limit is None else {"limit": limit}
        return {"properties": used[:limit], "type": type_, **more}


def _notable(entity: Mapping[str, Any]) -> dict[str, Any]:
    return {"notable" if key == "type" else key: value for key, value in entity.items()}


def _begins(one: Mapping[str, str], typed: str) -> bool:
    """Return whether the id, or a word of the name, begins with `typed`."""
    return any(f" {typed}" in f" {text.casefold()}" for text in (one["id"], one["name"]))
