"""Triple patterns compiled to steps that fill a row and call the next step for each match.

The first places of a row are not variables: ALL holds the columns that patterns read, FIRST those that the
first pattern reads, KEPT what a run keeps, and FOUND the results. A step returns whether to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.inference.columns.query_expressions import Row, UncoveredError

ALL, FIRST, KEPT, FOUND = range(4)
RESERVED = 4
Step = Callable[[Row], bool]
Places = frozenset[int]


@dataclass(frozen=True, eq=False)
class TriplePattern:
    """A triple pattern: places of subject and object, properties, and the place of a variable property."""

    subject: int
    predicates: tuple[str, ...]
    target: int
    predicate: int = -1

    needs: Places = frozenset()

    @property
    def ends(self) -> Places:
        """Return the places of subject and object."""
        return frozenset({self.subject, self.target})

    @property
    def binds(self) -> Places:
        """Return the places that have values after it."""
        return self.ends | ({self.predicate} if self.predicate >= 0 else frozenset())

    def cost(self, bound: Places, constants: Places) -> tuple[int, int]:
        """Return how much this pattern may find, where some places have values: less is better."""
        known = bound | constants
        free = (self.subject not in known) * 2 + (self.target not in known)
        by_variable = bool(self.ends & bound)
        return (free + (0 if by_variable else 4), len(self.predicates))

    def step(self, bound: Places, following: Step, source: int = ALL) -> Step:
        """Return the step that finds the matches, where the places in `bound` have values."""
        if not self.predicates:
            raise UncoveredError("a variable property without FILTER (?p IN (…))")
        steps = [self._step(predicate, bound, following, source) for predicate in self.predicates]
        if self.predicate < 0 and len(steps) == 1:
            return steps[0]
        return _each(self.predicate, self.predicates, steps)

    def _step(self, predicate: str, bound: Places, following: Step, source: int) -> Step:
        by_subject, by_target = self.subject in bound, self.target in bound
        if by_subject and by_target:
            return _checked(self, predicate, following, source)
        if by_subject:
            return _of_subject(self, predicate, following, source)
        if by_target:
            return _of_target(self, predicate, following, source)
        return _all(self, predicate, following, source)


def ordered(
    patterns: Sequence[TriplePattern], bound: Places, constants: Places, first: TriplePattern | None = None
) -> list[TriplePattern]:
    """Return the patterns in an order in which each is joined to what is known before it."""
    left, order = list(patterns), list[TriplePattern]()
    while left:
        best = first if first is not None and not order else min(left, key=lambda p: p.cost(bound, constants))
        left.remove(best)
        order.append(best)
        bound |= best.binds
    return order


def _each(place: int, predicates: Sequence[str], steps: Sequence[Step]) -> Step:
    pairs = tuple(zip(predicates, steps, strict=True))

    def step(row: Row) -> bool:
        for predicate, inner in pairs:
            if place >= 0:
                row[place] = predicate
            if inner(row):
                return True
        return False

    return step


def _checked(pattern: TriplePattern, predicate: str, following: Step, source: int) -> Step:
    subject, target = pattern.subject, pattern.target

    def step(row: Row) -> bool:
        one, other = row[subject], row[target]
        for columns in row[source]:
            column = columns.out.get(predicate)
            if column and other in column.get(one, ()):
                return following(row)
        return False

    return step


def _of_subject(pattern: TriplePattern, predicate: str, following: Step, source: int) -> Step:
    subject, target = pattern.subject, pattern.target

    def step(row: Row) -> bool:
        one = row[subject]
        for columns in row[source]:
            column = columns.out.get(predicate)
            if column:
                for other in column.get(one, ()):
                    row[target] = other
                    if following(row):
                        return True
        return False

    return step


def _of_target(pattern: TriplePattern, predicate: str, following: Step, source: int) -> Step:
    subject, target = pattern.subject, pattern.target

    def step(row: Row) -> bool:
        other = row[target]
        for columns in row[source]:
            if predicate in columns.out:
                for one in columns.into(predicate).get(other, ()):
                    row[subject] = one
                    if following(row):
                        return True
        return False

    return step


def _all(pattern: TriplePattern, predicate: str, following: Step, source: int) -> Step:
    subject, target = pattern.subject, pattern.target

    def step(row: Row) -> bool:
        for columns in row[source]:
            for one, others in columns.out.get(predicate, {}).items():
                row[subject] = one
                for other in others:
                    row[target] = other
                    if following(row):
                        return True
        return False

    return step
