"""Whether a thing fulfils a condition on one of its properties."""

from __future__ import annotations

import re

from kg.namespaces import BASE, ID, PREFIXES
from kg.reconciling.folding import squashed
from kg.reconciling.queries import Condition
from kg.reconciling.things import Things, Value

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T.*)?)?)?")
_DATES = tuple(f"{PREFIXES['xsd']}{name}" for name in ("dateTime", "date"))


def own_id(text: str) -> str:
    """Return the id of a thing that `text` may mean: an id, an IRI below `id/`, or `actor:…`."""
    if text.startswith(BASE):
        return text.removeprefix(ID)
    kind, colon, rest = text.partition(":")
    return f"{kind}/{rest}" if colon and PREFIXES.get(kind, "").startswith(ID) else text


def fulfils(things: Things, thing: str, condition: Condition) -> bool | None:
    """Return whether `thing` fulfils `condition`; None where the graph has no value of the property."""
    values = things.of(thing, condition.property)
    hits = [any(_is(things, found, wanted) for found in values) for wanted in condition.values]
    if condition.quantifier == "none":
        return not any(hits)
    if not values:
        return None
    return all(hits) if condition.quantifier == "all" else any(hits)


def _is(things: Things, found: Value, wanted: str) -> bool:
    if wanted in (found.text, found.iri) or (found.thing and own_id(wanted) == found.thing):
        return True
    if found.datatype in _DATES and _DATE.fullmatch(wanted):
        return found.text.startswith(wanted)
    if found.thing:
        return any(squashed(wanted) == name.squashed for name in things.things[found.thing].names)
    return squashed(wanted) == squashed(found.text) != ""
