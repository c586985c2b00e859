"""Which things fulfil a condition of a query, by the forms in which people write its values."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kg.asking.reconciling.entities import Entity, Value
from kg.asking.reconciling.identifier_forms import LETTERS, catalogue_iris, entity_id
from kg.asking.reconciling.known_things import KnownThings
from kg.asking.reconciling.reconciliation_query import Condition
from kg.asking.reconciling.spelling import latin_letters
from kg.namespaces import PREFIXES

_DATES = tuple(f"{PREFIXES['xsd']}{name}" for name in ("dateTime", "date"))
_PARTS = (4, 7, 10)  # characters of YYYY, YYYY-MM and YYYY-MM-DD


def value_forms(value: Value, thing: Entity | None) -> Iterator[str]:
    """Yield the forms of `value`: text, IRI or id; year, month and day; the letters of its text and names.

    `thing` is the thing of the graph that it is, if it is one.
    """
    yield value.text
    yield from _letter_form(value.text)
    if value.iri:
        yield value.iri
    if value.datatype in _DATES:
        yield from (value.text[:end] for end in _PARTS)
    if thing:
        yield thing.id
        yield from (form for name in thing.names for form in _letter_form(name.text))


def _letter_form(text: str) -> tuple[str, ...]:
    """Return the form that all spellings of `text` share, with a mark that no other form begins with."""
    letters = latin_letters(text)
    return (f"{LETTERS}{letters}",) if letters else ()


def fulfilment(known: KnownThings, condition: Condition) -> Fulfilment:
    """Return which things fulfil `condition` and which do not."""
    sets = [_with(known, condition.property, wanted) for wanted in condition.values]
    some = frozenset[int]().union(*sets)
    every = frozenset(known.holders(condition.property))
    if condition.quantifier == "none":
        return Fulfilment(every - some, some, absent=True)
    fulfilling = some.intersection(*sets) if condition.quantifier == "all" else some
    return Fulfilment(fulfilling, every - fulfilling, absent=None)


def _with(known: KnownThings, name: str, wanted: str) -> frozenset[int]:
    forms = (wanted, entity_id(wanted, known.names), *catalogue_iris(wanted), *_letter_form(wanted))
    return frozenset[int]().union(*(known.having(name, form) for form in dict.fromkeys(forms)))


class Fulfilment:
    """Things that fulfil a condition, and things that do not, by their numbers.

    `absent` is the result for all others.
    """

    def __init__(self, yes: Collection[int], no: Collection[int], *, absent: bool | None) -> None:
        self.yes, self._no, self._absent = yes, no, absent

    def __getitem__(self, thing: int) -> bool | None:
        """Return whether `thing` fulfils the condition, or None if the graph has no value for it."""
        if thing in self.yes:
            return True
        return False if thing in self._no else self._absent
