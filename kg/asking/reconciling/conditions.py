"""Which things fulfil a condition on one of their properties, looked up by every form of its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from kg.asking.reconciling.entities import Entities, Value
from kg.asking.reconciling.reconciliation_query import Condition
from kg.asking.reconciling.spelling import squashed
from kg.namespaces import BASE, ID, PREFIXES

_DATES = tuple(f"{PREFIXES['xsd']}{name}" for name in ("dateTime", "date"))
_PARTS = (4, 7, 10)  # signs of a year, of a month with it, of a day
_NONE: frozenset[str] = frozenset()


def own_id(text: str) -> str:
    """Return the id of a thing that `text` may mean: an id, an IRI below `id/`, or `actor:…`."""
    if text.startswith(BASE):
        return text.removeprefix(ID)
    kind, colon, rest = text.partition(":")
    return f"{kind}/{rest}" if colon and PREFIXES.get(kind, "").startswith(ID) else text


def _plain(text: str) -> tuple[str, ...]:
    """Return the form that all spellings of a text share, marked so that it is never taken for a text."""
    letters = squashed(text)
    return (f"~{letters}",) if letters else ()


class Holders:
    """Tells which things have a value: by its text, IRI, id, day or year, or a name of the thing it is."""

    def __init__(self, things: Entities) -> None:
        self._things = things

    @cached_property
    def _by_form(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        found: dict[str, dict[str, set[str]]] = {}
        for name, values in self._things.values.items():
            forms = found.setdefault(name, {})
            for thing, own in values.items():
                for form in {form for value in own for form in self._forms(value)}:
                    forms.setdefault(form, set()).add(thing)
        return {name: {form: frozenset(own) for form, own in forms.items()} for name, forms in found.items()}

    def _forms(self, found: Value) -> Iterator[str]:
        yield found.text
        yield from _plain(found.text)
        if found.iri:
            yield found.iri
        if found.datatype in _DATES:
            yield from (found.text[:end] for end in _PARTS)
        if found.thing:
            yield found.thing
            names = self._things.things[found.thing].names
            yield from (form for name in names for form in _plain(name.text))

    def of(self, condition: Condition) -> Holding:
        """Return which things fulfil `condition`."""
        sets = [self._with(condition.property, wanted) for wanted in condition.values]
        some = _NONE.union(*sets)
        every = frozenset(self._things.values.get(condition.property, ()))
        if condition.quantifier == "none":
            return Holding(every - some, some, absent=True)
        fulfilling = some.intersection(*sets) if condition.quantifier == "all" else some
        return Holding(fulfilling, every - fulfilling, absent=None)

    def _with(self, name: str, wanted: str) -> frozenset[str]:
        forms = self._by_form.get(name, {})
        ways = (wanted, own_id(wanted), *_plain(wanted))
        return _NONE.union(*(forms.get(way, _NONE) for way in ways))


class Holding:
    """The things that fulfil a condition, and those that do not; `absent` is for those without a value."""

    def __init__(self, yes: frozenset[str], no: frozenset[str], *, absent: bool | None) -> None:
        self.yes, self._no, self._absent = yes, no, absent

    def __getitem__(self, thing: str) -> bool | None:
        """Return whether `thing` fulfils the condition; None where the graph does not know."""
        if thing in self.yes:
            return True
        return False if thing in self._no else self._absent
