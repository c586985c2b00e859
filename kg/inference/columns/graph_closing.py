"""Closure of many documents over columns: the same quads as `kg.inference.closure`, in linear time.

Each document is closed by itself with what is shared, so documents can be closed in any process. What several
documents say together is closed at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from kg.inference.columns.compiled_axioms import Axioms, Clash
from kg.inference.columns.compiled_query import CompiledQuery
from kg.inference.columns.next_lower_number import NextLowerNumber
from kg.inference.columns.query_expressions import UncoveredError
from kg.inference.columns.statement_columns import TYPE, Columns, Statement, is_literal
from kg.inference.rules import STAGES, Rule, of_stage
from kg.namespaces import CG, Namespaces

_OURS = f"<{CG}"


class Query(Protocol):
    """What finds the statements that a rule draws: its compiled pattern, or a program that finds the same."""

    def rows(self, columns: Sequence[Columns], /) -> set[Statement]:
        """Return what follows from all statements."""
        ...

    def from_new(self, new: Columns, again: Columns, context: Columns, /) -> set[Statement]:
        """Return what follows from new statements with a context."""
        ...


# By the name that a rule gives in its header.
PROGRAMS: Mapping[str, Callable[[], Query]] = {"next-lower-number": NextLowerNumber}


class Seen(Protocol):
    """All data together, as rules and axioms across documents ask for it."""

    @property
    def between(self) -> Columns:
        """Return what axioms read and joins two things that documents share."""
        ...

    def rows(self, rule: CompiledRule, /) -> set[Statement]:
        """Return what a rule draws from all data."""
        ...

    def add(self, subject: str, predicate: str, target: str, /) -> bool:
        """Add a statement; return whether it is new."""
        ...

    def add_joined(self, subject: str, predicate: str, target: str, /) -> bool:
        """Add what axioms have put into `between` just now; return whether it is new elsewhere."""
        ...


@dataclass(frozen=True)
class SeenWhole:
    """All data in memory; `others` are read by rules alone, as the ontology is."""

    data: Columns
    others: Sequence[Columns]
    between: Columns

    def rows(self, rule: CompiledRule) -> set[Statement]:
        """Return what a rule draws from all data."""
        return rule.query.rows((self.data, *self.others))

    def add(self, subject: str, predicate: str, target: str) -> bool:
        """Add a statement; return whether it is new."""
        known = any(one.holds(subject, predicate, target) for one in self.others)
        return not known and self.data.add(subject, predicate, target)

    add_joined = add  # `data` holds nothing that is in `between` alone


class NewColumns:
    """Statements of a document beside those of a context; `again` holds those whose subjects both have."""

    __slots__ = ("again", "columns", "context", "known")

    def __init__(self, columns: Columns, context: Columns, known: Set[str]) -> None:
        self.columns, self.context, self.known = columns, context, known
        self.again = Columns()
        for predicate, column in columns.out.items():
            for subject in column.keys() & known:
                for target in column[subject]:
                    self.again.add(subject, predicate, target)

    def add(self, subject: str, predicate: str, target: str) -> bool:
        """Add a statement; return whether neither the document nor the context holds it."""
        is_new = not self.context.holds(subject, predicate, target) and self.columns.add(
            subject, predicate, target
        )
        if is_new and subject in self.known:
            self.again.add(subject, predicate, target)
        return is_new

    def ask(self, query: Query) -> set[Statement]:
        """Return what follows from the statements of the document with the context, and from no others."""
        return query.from_new(self.columns, self.again, self.context)


@dataclass
class Closed:
    """What was drawn, in order, and the statements that exclude each other."""

    drawn: list[Statement] = field(default_factory=list)
    clashes: set[Clash] = field(default_factory=set)


@dataclass(frozen=True)
class CompiledRule:
    """A rule: its query, and the terms of ours that it reads."""

    name: str
    query: Query
    reads: frozenset[str]
    pattern: CompiledQuery  # of a program too, which finds the same


@dataclass(frozen=True)
class Closing:
    """Axioms and rules, compiled for one collection."""

    axioms: Axioms
    stages: dict[str, list[CompiledRule]]
    names: Namespaces

    @classmethod
    def of(cls, axioms: Axioms, rules: Sequence[Rule], names: Namespaces) -> Closing:
        """Return the closing of a collection; raises UncoveredError if a rule is not covered."""
        # What joins several collections is drawn when they are read together, not of the documents of one.
        return cls(axioms, {s: [_compiled(rule) for rule in of_stage(rules, s)] for s in STAGES[:3]}, names)

    def document(self, new: NewColumns) -> Closed:
        """Close the statements of a document with its context; `new` then holds what was drawn as well."""

        def add(triples: Iterable[Statement]) -> list[Statement]:
            return [triple for triple in triples if new.add(*triple)]

        def ask(rule: CompiledRule) -> Iterable[Statement]:
            return self._may_draw(new.ask(rule.query))

        closed = Closed(_applied(self.stages["before"], ask, add))
        drawn = list(self.axioms.close(new))
        closed.drawn += filter(self.is_wanted, drawn)
        closed.clashes = self.axioms.clashes(new)
        # What is needed to draw others, and not wanted by itself, is not left to the rules.
        new.columns.remove(t for t in drawn if not self.is_wanted(t))
        closed.drawn += _applied(self.stages["after"], ask, add)
        return closed

    def across(self, seen: Seen) -> Closed:
        """Close what all documents together say of what they share; `seen` then holds what was drawn."""
        rules, closed = [*self.stages["after"], *self.stages["across"]], Closed()
        between = seen.between

        def take(triples: Iterable[Statement], add: Callable[[str, str, str], bool]) -> list[Statement]:
            added = [t for t in triples if add(*t)]
            closed.drawn.extend(added)
            for triple in filter(self.is_between, added):
                between.add(*triple)
            return added

        def ask(rule: CompiledRule) -> Iterable[Statement]:
            return self._may_draw(seen.rows(rule))

        def by_rules(triples: Iterable[Statement]) -> list[Statement]:
            return take(triples, seen.add)

        _applied(rules, ask, by_rules)
        alone = NewColumns(between, Columns(), frozenset())
        while new := take(filter(self.is_wanted, list(self.axioms.close(alone))), seen.add_joined):
            if not _applied(_readers(rules, new), ask, by_rules):
                break
        closed.clashes = self.axioms.clashes(alone)
        return closed

    def between(self, data: Columns, left_out: Set[str]) -> Iterator[Statement]:
        """Yield what axioms read and joins two things that documents share, `left_out` being no subjects."""
        for predicate in filter(self.axioms.reads, data.out):
            for subject, targets in data.column(predicate).items():
                if subject not in left_out and self._is_shared(subject):
                    yield from ((subject, predicate, target) for target in targets if self._is_shared(target))

    def is_wanted(self, triple: Statement) -> bool:
        """Return whether a statement uses our term about our thing, and joins it to another resource."""
        subject, predicate, target = triple
        named = target if predicate == TYPE else predicate
        ours = named.startswith(_OURS) and self.names.names(subject[1:])
        return ours and subject != target and not is_literal(target)

    def _may_draw(self, triples: Iterable[Statement]) -> Iterator[Statement]:
        """Yield what a rule may draw, which may also be a literal value."""
        for triple in sorted(triples):
            subject, predicate, target = triple
            if is_literal(target):
                if predicate.startswith(_OURS) and self.names.names(subject[1:]):
                    yield triple
            elif self.is_wanted(triple):
                yield triple

    def is_between(self, triple: Statement) -> bool:
        """Return whether a statement joins two things that documents share."""
        return self._is_shared(triple[0]) and self._is_shared(triple[2])

    def _is_shared(self, term: str) -> bool:
        """Return whether a term is an IRI that is not below a telegram's; a telegram itself is shared."""
        start = self._start
        return term[0] == "<" and not (term.startswith(start) and "/" in term[len(start) :])

    @cached_property
    def _start(self) -> str:
        return f"<{self.names.id}telegram/"


def _compiled(rule: Rule) -> CompiledRule:
    reads = frozenset(f"{_OURS}{name}>" for name in rule.reads)
    pattern = CompiledQuery(rule.text)
    if not rule.program:
        return CompiledRule(rule.name, pattern, reads, pattern)
    if rule.program not in PROGRAMS:
        raise UncoveredError(f"the program {rule.program} of the rule {rule.name}")
    return CompiledRule(rule.name, PROGRAMS[rule.program](), reads, pattern)


def _applied(
    rules: Sequence[CompiledRule],
    ask: Callable[[CompiledRule], Iterable[Statement]],
    add: Callable[[Iterable[Statement]], list[Statement]],
) -> list[Statement]:
    """Apply rules, then those that read what is new, until nothing new follows; return all that was drawn."""
    drawn, waiting = list[Statement](), rules
    while waiting:
        new = [triple for rule in waiting for triple in add(ask(rule))]
        drawn += new
        waiting = _readers(rules, new)
    return drawn


def _readers(rules: Sequence[CompiledRule], new: Iterable[Statement]) -> list[CompiledRule]:
    terms = {term for triple in new for term in triple[1:]}
    return [rule for rule in rules if not terms.isdisjoint(rule.reads)]
