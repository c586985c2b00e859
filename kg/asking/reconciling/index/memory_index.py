"""All things of a graph in memory: for graphs that are read whole, and for commands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from kg.asking.questions.choices import Ask
from kg.asking.reconciling.conditions import value_forms
from kg.asking.reconciling.entities import Entities, Entity, Value
from kg.asking.reconciling.gather import gather
from kg.asking.reconciling.index.name_parts import END, by_label, parts_of, tails_of
from kg.asking.reconciling.known_things import COMMON, MOST, KnownThings
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.suggest import called
from kg.namespaces import SHIPPED, Namespaces

_NONE: tuple[int, ...] = ()


class MemoryIndex(KnownThings):
    """All things of `entities`, whose words are indexed at once and the rest when it is asked for."""

    def __init__(self, entities: Entities) -> None:
        self.types, self.properties, self.names = entities.types, entities.properties, entities.names
        self._things, self._values = entities.things, entities.values
        self._ids = sorted(entities.things)
        self._numbers = {thing: number for number, thing in enumerate(self._ids)}
        self._named: list[tuple[str, int]] = []
        self._by_word: dict[str, list[int]] = {}
        self._by_sound: dict[str, set[str]] = {}
        self._whole: dict[str, list[int]] = {}
        self._forms: dict[str, Mapping[str, frozenset[int]]] = {}
        for thing in self._ids:
            self._add(entities.things[thing])
        self.size = len(self._named)

    def _add(self, thing: Entity) -> None:
        for place, name in enumerate(thing.names):
            number, parts = len(self._named), parts_of(name)
            self._named.append((thing.id, place))
            self._whole.setdefault(parts.letters, []).append(number)
            for word in parts.words:
                self._by_word.setdefault(word, []).append(number)
            for sounds, word in parts.sounds:
                self._by_sound.setdefault(sounds, set()).add(word)

    @property
    def things(self) -> Mapping[str, Entity]:
        """Return all things by their ids."""
        return self._things

    def of(self, thing: str, property_id: str) -> tuple[Value, ...]:
        """Return the values of a property of a thing; an empty tuple if there are none."""
        return self._values.get(property_id, {}).get(thing, ())

    @cached_property
    def words(self) -> Sequence[str]:
        """Return all words of names in order."""
        return sorted(self._by_word)

    def count(self, word: str) -> int:
        """Return how many names have `word`."""
        return len(self._by_word.get(word, ()))

    def entries(self, word: str) -> Sequence[int]:
        """Return the numbers of the names with `word`; none for more than COMMON."""
        return self._by_word.get(word, _NONE) if self.count(word) <= COMMON else _NONE

    def sounding(self, sounds: str) -> Collection[str]:
        """Return the words that may sound so."""
        return self._by_sound.get(sounds, ())

    def spelt(self, letters: str) -> Sequence[int]:
        """Return the numbers of the first names with these letters."""
        return self._whole.get(letters, _NONE)[:MOST]

    def name(self, number: int) -> tuple[str, int]:
        """Return the thing of a name, and which of its names it is."""
        return self._named[number]

    def number(self, thing: str) -> int:
        """Return the number of a thing."""
        return self._numbers[thing]

    def id_of(self, number: int) -> str:
        """Return the id of a thing."""
        return self._ids[number]

    def holders(self, property_id: str) -> Collection[int]:
        """Return the things that have a value of a property."""
        return frozenset(map(self.number, self._values.get(property_id, ())))

    def having(self, property_id: str, form: str) -> Collection[int]:
        """Return the things with a value of which `form` is a form."""
        if property_id not in self._forms:
            self._forms[property_id] = self._forms_of(property_id)
        return self._forms[property_id].get(form, _NONE)

    def _forms_of(self, property_id: str) -> Mapping[str, frozenset[int]]:
        found: dict[str, set[int]] = {}
        for thing, values in self._values.get(property_id, {}).items():
            for value in values:
                for form in value_forms(value, self._things.get(value.thing)):
                    found.setdefault(form, set()).add(self.number(thing))
        return {form: frozenset(own) for form, own in found.items()}

    @cached_property
    def _tails(self) -> list[tuple[str, int, str]]:
        every = self._things.values()
        return sorted((tail, rank, thing.id) for thing in every for tail, rank in tails_of(thing))

    def completed(self, typed: str, most: int, skip: int = 0) -> list[str]:
        """Return the things with a name in which `typed` begins at a word, the best first."""
        ranked: dict[str, int] = {}
        low, high = bisect_left(self._tails, (typed,)), bisect_left(self._tails, (typed + END,))
        for _, rank, thing in self._tails[low:high]:
            ranked[thing] = min(rank, ranked.get(thing, rank))
        every = sorted(ranked, key=lambda thing: (self._things[thing].is_heading, ranked[thing], thing))
        return every[skip : skip + most]

    def by_name(self, most: int, skip: int = 0) -> list[str]:
        """Return things by name."""
        return self._by_name[skip : skip + most]

    @cached_property
    def _by_name(self) -> list[str]:
        return [thing.id for thing in sorted(self._things.values(), key=by_label)]

    def used_types(self) -> Collection[str]:
        """Return the types that things have."""
        return {type_ for thing in self._things.values() for type_ in thing.types}

    def properties_of(self, type_: str) -> Collection[str]:
        """Return the properties that things of a type have."""
        of_type = {thing.id for thing in self._things.values() if not type_ or type_ in thing.types}
        return {key for key, things in self._values.items() if not of_type.isdisjoint(things)}

    def shared_types(self, property_id: str) -> Collection[str]:
        """Return the types that all values of a property have, if all of them are things."""
        values = [value for own in self._values.get(property_id, {}).values() for value in own]
        types = [set(self._things[value.thing].types) for value in values if value.thing]
        return set.intersection(*types) if types and len(types) == len(values) else ()


def reconciler(entities: Entities) -> Reconciler:
    """Return a reconciler for the things of `entities`."""
    return Reconciler(MemoryIndex(entities))


def over(ask: Ask, names: Namespaces = SHIPPED) -> Reconciler:
    """Return a reconciler for the graph on which `ask` runs SELECT queries; raises what `ask` raises.

    `names` has the namespaces of the collection. The things are all read into memory.
    """
    return reconciler(gather(ask, names))


def things_called(
    ask: Ask, text: str, names: Namespaces = SHIPPED, known: KnownThings | None = None
) -> list[str]:
    """Return the names of the things of a graph that `text` may stand for, as `called` does.

    Unless they are `known` they are all read, as `over` does: this is for messages, not for many texts.
    """
    return called(Reconciler(known) if known else over(ask, names), text)
