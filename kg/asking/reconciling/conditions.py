"""Index of property values, to find the things that fulfil a condition of a reconciliation query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from kg.asking.reconciling.entities import Entities, Value
from kg.asking.reconciling.identifier_forms import catalogue_iris, entity_id
from kg.asking.reconciling.reconciliation_query import Condition
from kg.asking.reconciling.spelling import latin_letters
from kg.namespaces import PREFIXES

_DATES = tuple(f"{PREFIXES['xsd']}{name}" for name in ("dateTime", "date"))
_PARTS = (4, 7, 10)  # characters of YYYY, YYYY-MM and YYYY-MM-DD
_NONE: frozenset[str] = frozenset()


def _letter_form(text: str) -> tuple[str, ...]:
    """Return the form that all spellings of `text` share, with a mark that no other form begins with."""
    letters = latin_letters(text)
    return (f"~{letters}",) if letters else ()


class PropertyIndex:
    """Index of things by their values: by text, IRI, id, year, month or day, or a name of the value."""

    def __init__(self, things: Entities) -> None:
        self._things = things

    @cached_property
    def _by_form(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        index: dict[str, dict[str, set[str]]] = {}
        for name, values in self._things.values.items():
            forms = index.setdefault(name, {})
            for thing, own in values.items():
                for form in {form for value in own for form in self._forms(value)}:
                    forms.setdefault(form, set()).add(thing)
        return {name: {form: frozenset(own) for form, own in forms.items()} for name, forms in index.items()}

    def _forms(self, value: Value) -> Iterator[str]:
        yield value.text
        yield from _letter_form(value.text)
        if value.iri:
            yield value.iri
        if value.datatype in _DATES:
            yield from (value.text[:end] for end in _PARTS)
        if value.thing:
            yield value.thing
            names = self._things.things[value.thing].names
            yield from (form for name in names for form in _letter_form(name.text))

    def of(self, condition: Condition) -> Fulfilment:
        """Return which things fulfil `condition` and which do not."""
        sets = [self._with(condition.property, wanted) for wanted in condition.values]
        some = _NONE.union(*sets)
        every = frozenset(self._things.values.get(condition.property, ()))
        if condition.quantifier == "none":
            return Fulfilment(every - some, some, absent=True)
        fulfilling = some.intersection(*sets) if condition.quantifier == "all" else some
        return Fulfilment(fulfilling, every - fulfilling, absent=None)

    def _with(self, name: str, wanted: str) -> frozenset[str]:
        forms = self._by_form.get(name, {})
        wanted_forms = (
            wanted,
            entity_id(wanted, self._things.names),
            *catalogue_iris(wanted),
            *_letter_form(wanted),
        )
        return _NONE.union(*(forms.get(form, _NONE) for form in wanted_forms))


class Fulfilment:
    """Things that fulfil a condition, and things that do not; `absent` is the result for all others."""

    def __init__(self, yes: frozenset[str], no: frozenset[str], *, absent: bool | None) -> None:
        self.yes, self._no, self._absent = yes, no, absent

    def __getitem__(self, thing: str) -> bool | None:
        """Return whether `thing` fulfils the condition, or None if the graph has no value for it."""
        if thing in self.yes:
            return True
        return False if thing in self._no else self._absent
