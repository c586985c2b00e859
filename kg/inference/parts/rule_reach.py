"""How far a rule reaches: whether it joins statements of several documents, and which of them it reads.

A rule whose pattern nowhere meets a statement that joins documents draws nothing across them that was not
drawn of one document already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from kg.inference.columns.graph_closing import CompiledRule
from kg.inference.columns.statement_columns import Columns, Statement
from kg.inference.columns.triple_patterns import TriplePattern
from kg.inference.parts.borders import Homes
from kg.inference.parts.stored_parts import UnsplittableError

Choice = tuple[str, ...]  # properties of which a thing must have one
Placed = tuple[TriplePattern, int]  # with how deep it stands in EXISTS or OPTIONAL
Constant = Callable[[int], str | None]


class RuleReach:
    """What the pattern of a rule asks of things; raises UnsplittableError for a pattern with UNION."""

    def __init__(self, rule: CompiledRule) -> None:
        query = rule.pattern
        if query.has_branches:
            raise UnsplittableError(f"the rule {rule.name}, which has UNION,")
        self.rule, self.drawn = rule, query.drawn
        self.reads = {predicate for pattern, _ in query.patterns for predicate in pattern.predicates}
        self._needed = [one.predicates for one, depth in query.patterns if not depth]
        self._told = [(one.predicates, query.constant(one.target)) for one, _ in query.patterns]
        self.stars = list(_stars(query.patterns, query.constant))
        self._joined = list(_joined(query.patterns, query.constant))
        self.is_apart = _is_apart([one for one, _ in query.patterns], query.constant)

    def reads_statement(self, statement: Statement) -> bool:
        """Return whether a pattern may match a statement."""
        _, predicate, target = statement
        return any(predicate in names and term in (None, target) for names, term in self._told)

    def asks_first(self, predicate: str) -> bool:
        """Return whether a thing must have a property for a variable of the rule."""
        return any(predicate in choice for star in self.stars for choice in star)

    def can_draw(self, predicates: Set[str]) -> bool:
        """Return whether data with some properties have all that the pattern needs."""
        return not any(map(predicates.isdisjoint, self._needed))

    def leaves(self, name: str, columns: Columns, homes: Homes) -> bool:
        """Return whether a statement of a document may be joined with those of another."""
        inner, document = f"{homes.start}{name}/", homes.document(name)
        for predicate, is_met in self._joined:
            for targets in columns.column(predicate).values():
                for target in targets:
                    if target.startswith(inner) or target == document:
                        continue
                    if is_met or target.startswith(homes.start):
                        return True
        return False

    def enters(self, columns: Columns, homes: Homes) -> bool:
        """Return whether a statement beside documents leads into one, where it is joined."""
        names = (predicate for predicate, _ in self._joined)
        found = (t for p in names for targets in columns.column(p).values() for t in targets)
        return any(target.startswith(homes.start) for target in found)


@dataclass
class Projection:
    """The statements of all documents that a rule may read: of things that one of its variables may be."""

    reach: RuleReach
    columns: Columns = field(default_factory=Columns)
    forced: set[str] = field(default_factory=set)  # things that several documents tell of

    def take(self, columns: Columns) -> None:
        """Take what the rule may read of a document."""
        things = set[str]()
        for star in self.reach.stars:
            held = (set[str]().union(*map(columns.column, choice)) for choice in star)
            first = next(held)
            for other in held:
                if not first:
                    break
                first &= other
            things |= first
        self.take_things(things, columns)
        for predicate in self.reach.drawn:
            for subject, targets in columns.column(predicate).items():
                self._add(subject, predicate, targets)

    def take_things(self, things: Iterable[str], columns: Columns) -> None:
        """Take what the rule may read of some things."""
        read = [(predicate, columns.column(predicate)) for predicate in self.reach.reads]
        for thing in things:
            for predicate, column in read:
                if thing in column:
                    self._add(thing, predicate, column[thing])

    def _add(self, subject: str, predicate: str, targets: Iterable[str]) -> None:
        for target in targets:
            self.columns.add(subject, predicate, target)


def _stars(patterns: Sequence[Placed], constant: Constant) -> Iterator[list[Choice]]:
    """Yield for each variable that is a subject what it must have; within EXISTS, each pattern by itself."""
    outermost: dict[int, int] = {}
    for one, depth in patterns:
        outermost[one.subject] = min(depth, outermost.get(one.subject, depth))
    stars: dict[int, dict[Choice, None]] = defaultdict(dict)
    for one, depth in patterns:
        if not depth:
            stars[one.subject][one.predicates] = None
    for one, depth in patterns:
        if depth and one.subject not in stars and depth == outermost[one.subject]:
            yield [one.predicates]
    yield from (list(star) for place, star in stars.items() if constant(place) is None)


def _joined(patterns: Sequence[Placed], constant: Constant) -> Iterator[tuple[str, bool]]:
    """Yield the properties to whose objects more is joined, each with whether by other objects."""
    places = Counter(place for one, _ in patterns for place in (one.subject, one.target))
    met = Counter(one.target for one, _ in patterns)
    found: dict[str, bool] = {}
    for one, _ in patterns:
        if constant(one.target) is None and places[one.target] > 1:
            for predicate in one.predicates:
                found[predicate] = found.get(predicate, False) or met[one.target] > 1
    yield from found.items()


def _is_apart(patterns: Sequence[TriplePattern], constant: Constant) -> bool:
    """Return whether nothing but a filter joins some of the patterns."""
    groups = [{place for place in (one.subject, one.target) if constant(place) is None} for one in patterns]
    while len(groups) > 1:
        first, *rest = groups
        joined = [group for group in rest if group & first]
        if not joined:
            return True
        groups = [first.union(*joined), *(group for group in rest if not group & first)]
    return False
