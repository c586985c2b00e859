"""The operations of a group of patterns, put in order and chained into one step.

Filters and BIND run as soon as what they read is known; patterns come in the order of
`triple_patterns.ordered`, and what else a group has comes after them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from kg.inference.columns import term_values
from kg.inference.columns.query_expressions import Function, Row, UncoveredError
from kg.inference.columns.triple_patterns import ALL, KEPT, Places, Step, TriplePattern, ordered


@dataclass(frozen=True, eq=False)
class RowFilter:
    """A filter: the places that it reads, and what makes its test where some places have values."""

    needs: Places
    make: Callable[[Places], Function]
    binds: Places = frozenset()

    def step(self, bound: Places, following: Step) -> Step:
        """Return the step that goes on where the filter holds."""
        function = self.make(bound)
        return lambda row: function(row) is True and following(row)


@dataclass(frozen=True, eq=False)
class Bind:
    """BIND: a place gets the value of an expression."""

    place: int
    needs: Places
    make: Callable[[Places], Function]

    @property
    def binds(self) -> Places:
        """Return the place that gets a value."""
        return frozenset({self.place})

    def step(self, bound: Places, following: Step) -> Step:
        """Return the step that fills the place."""
        function, place = self.make(bound), self.place

        def step(row: Row) -> bool:
            row[place] = function(row)
            return following(row)

        return step


@dataclass(frozen=True, eq=False)
class Rows:
    """VALUES: rows of constants for some places."""

    places: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    needs: Places = frozenset()

    @property
    def binds(self) -> Places:
        """Return the places that get values."""
        return frozenset(self.places)

    def step(self, bound: Places, following: Step) -> Step:
        """Return the step that goes on with each row that agrees with what is known."""
        checked = [(n, place) for n, place in enumerate(self.places) if place in bound]
        filled = [(n, place) for n, place in enumerate(self.places) if place not in bound]

        def step(row: Row) -> bool:
            for values in self.rows:
                if all(row[place] == values[n] for n, place in checked):
                    for n, place in filled:
                        row[place] = values[n]
                    if following(row):
                        return True
            return False

        return step


@dataclass(frozen=True, eq=False)
class Optional:
    """OPTIONAL: places that may stay without a value."""

    inner: tuple[Operation, ...]
    constants: Places
    needs: Places = frozenset()

    @property
    def binds(self) -> Places:
        """Return the places that may get values."""
        return bound_by(self.inner)

    def step(self, bound: Places, following: Step) -> Step:
        """Return the step that goes on with each match, or once without."""
        found, empty = [False], sorted(self.binds - bound)

        def matched(row: Row) -> bool:
            found[0] = True
            return following(row)

        inner = chained(self.inner, bound, self.constants, matched)

        def step(row: Row) -> bool:
            found[0] = False
            if inner(row):
                return True
            for place in () if found[0] else empty:
                row[place] = None
            return not found[0] and following(row)

        return step


@dataclass(frozen=True, eq=False)
class Union:
    """UNION: the matches of each branch."""

    branches: tuple[tuple[Operation, ...], ...]
    constants: Places
    needs: Places = frozenset()

    @property
    def binds(self) -> Places:
        """Return the places that a branch may fill."""
        return frozenset(chain.from_iterable(map(bound_by, self.branches)))

    def step(self, bound: Places, following: Step) -> Step:
        """Return the step that goes through all branches."""
        steps = [chained(branch, bound, self.constants, following) for branch in self.branches]
        empty = [sorted(self.binds - bound_by(branch) - bound) for branch in self.branches]

        def step(row: Row) -> bool:
            for inner, places in zip(steps, empty, strict=True):
                for place in places:
                    row[place] = None
                if inner(row):
                    return True
            return False

        return step


@dataclass(frozen=True, eq=False)
class SubQuery:
    """A sub-query with the least text of each group, asked once a run."""

    inner: tuple[Operation, ...]
    group: int
    text: int
    least: int
    constants: Places
    needs: Places = frozenset()

    @property
    def binds(self) -> Places:
        """Return the places of the group and of its least text."""
        return frozenset({self.group, self.least})

    def step(self, bound: Places, following: Step) -> Step:
        """Return the step that goes on with the group's least text."""
        if self.group not in bound:
            raise UncoveredError("a sub-query whose group is not known outside")
        table, known = self._table(), self.least in bound

        def step(row: Row) -> bool:
            if id(self) not in row[KEPT]:
                row[KEPT][id(self)] = table(row)
            least = row[KEPT][id(self)].get(row[self.group])
            if least is None or (known and row[self.least] != least):
                return False
            row[self.least] = least
            return following(row)

        return step

    def _table(self) -> Callable[[Row], dict[str, str]]:
        texts: dict[str, str] = {}

        def found(row: Row) -> bool:
            if (text := row[self.text]) is not None:
                texts[row[self.group]] = min(texts.get(row[self.group], text), text, key=term_values.text)
            return False

        inner = chained(self.inner, frozenset(), self.constants, found)

        def table(row: Row) -> dict[str, str]:
            texts.clear()
            inner([*row])
            return dict(texts)

        return table


Operation = TriplePattern | RowFilter | Bind | Rows | Optional | Union | SubQuery


def bound_by(operations: Sequence[Operation]) -> Places:
    """Return the places that operations may fill."""
    return frozenset(chain.from_iterable(one.binds for one in operations))


def chained(
    operations: Sequence[Operation],
    bound: Places,
    constants: Places,
    following: Step,
    first: TriplePattern | None = None,
    source: int = ALL,
) -> Step:
    """Return the step that runs all operations; `first` is the pattern to begin with, reading `source`."""
    # A pattern that only a constant joins may match half of the data, so constants do not count as joined.
    bound -= constants
    before, step = bound, following
    order = list[tuple[Operation, Places]]()
    for one in _in_order(operations, bound, constants, first):
        order.append((one, before | constants))
        before |= one.binds
    for one, known in reversed(order):
        if isinstance(one, TriplePattern):
            step = one.step(known, step, source if one is first else ALL)
        else:
            step = one.step(known, step)
    return step


def _in_order(
    operations: Sequence[Operation], bound: Places, constants: Places, first: TriplePattern | None
) -> Iterator[Operation]:
    possible = bound | bound_by(operations)
    patterns = ordered([one for one in operations if isinstance(one, TriplePattern)], bound, constants, first)
    waiting = [one for one in operations if isinstance(one, RowFilter | Bind)]
    others = [one for one in operations if not isinstance(one, TriplePattern | RowFilter | Bind)]
    for one in (None, *patterns, *others):
        if one is not None:
            yield one
            bound |= one.binds
        while ready := next((w for w in waiting if w.needs & possible <= bound), None):
            waiting.remove(ready)
            yield ready
            bound |= ready.binds
    if waiting:
        raise UncoveredError("a filter on what is not known")
