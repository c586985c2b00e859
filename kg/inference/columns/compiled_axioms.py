"""The axioms of the ontology compiled to run over columns, by the rules of OWL 2 RL that owlrl applies.

Domains, ranges, classes, super-properties and symmetry read one statement each. Chains and transitivity
join statements, so they are written as patterns. Disjointness is looked for at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Protocol, TypeVar

from rdflib import OWL, RDF, RDFS
from rdflib.term import Node

from kg.inference.columns.compiled_query import CompiledQuery
from kg.inference.columns.query_expressions import UncoveredError
from kg.inference.columns.statement_columns import TYPE, Columns, Statement, is_literal
from kg.inference.rdflib_terms import Triple
from kg.reading.ontology import GENID

Clash = tuple[Statement, Statement]
Link = tuple[bool, str]
_T = TypeVar("_T")
_READ_ALONE = (RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDFS.subClassOf)
_COVERED = {*_READ_ALONE, OWL.propertyChainAxiom, OWL.propertyDisjointWith, OWL.disjointWith}
_KINDS = {OWL.SymmetricProperty, OWL.TransitiveProperty, OWL.AllDisjointClasses}


class New(Protocol):
    """New statements beside a closed context."""

    columns: Columns
    context: Columns

    def add(self, subject: str, predicate: str, target: str, /) -> bool:
        """Add a statement; return whether it is new."""
        ...

    def ask(self, query: CompiledQuery, /) -> set[Statement]:
        """Return what follows from the new statements."""
        ...


class Axioms:
    """The compiled axioms; raises UncoveredError if one is of another kind.

    `triples` are those that the reasoner reads, `active` those that are axioms by themselves.
    """

    def __init__(self, triples: Iterable[Triple], active: Iterable[Triple]) -> None:
        self._lists: dict[tuple[Node, Node], Node] = {(s, p): o for s, p, o in triples}
        self._above: dict[str, list[str]] = defaultdict(list)  # class -> its broader classes
        self._domains: dict[str, list[str]] = defaultdict(list)
        self._ranges: dict[str, list[str]] = defaultdict(list)
        self._wider: dict[Link, list[Link]] = defaultdict(list)  # property, or its inverse
        self._apart: list[tuple[str, str]] = []  # properties
        self._classes_apart: list[tuple[str, str]] = []
        self.joins: list[CompiledQuery] = []
        for axiom in active:
            self._take(*axiom)
        self._memo: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._drawn: dict[str, list[Link]] = {}
        self._given: dict[str, tuple[list[str], list[str]]] = {}
        self._ancestors = {kind: _reached(kind, self._above) for kind in self._above}

    def reads(self, predicate: str) -> bool:
        """Return whether an axiom reads the statements of a property."""
        joined = any(predicate in join.reads for join in self.joins)
        apart = any(predicate in pair for pair in self._apart)
        return (
            predicate == TYPE
            or joined
            or apart
            or bool(self._links(predicate) or any(self._kinds(predicate)))
        )

    def draws(self, predicate: str) -> bool:
        """Return whether an axiom draws statements of a property, beside the classes of things."""
        links = any(predicate in (name for _, name in wider) for wider in self._wider.values())
        return links or any(predicate in join.drawn for join in self.joins)

    def close(self, new: New) -> Iterator[Statement]:
        """Add to `new` what follows from it with its closed context; yield each statement that was added."""
        waiting = new.columns
        while waiting.out:
            drawn = [triple for triple in self._alone(waiting) if new.add(*triple)]
            yield from drawn
            found = {t for join in self.joins if _touches(join, new.columns) for t in new.ask(join)}
            joined = [triple for triple in sorted(found) if new.add(*triple)]
            yield from joined
            waiting = Columns(joined)

    def _alone(self, columns: Columns) -> Iterator[Statement]:
        """Yield what each statement draws by itself, and what that draws, to the end."""
        for predicate, column in [*columns.out.items()]:
            if predicate == TYPE:
                for subject, kinds in [*column.items()]:
                    yield from ((subject, TYPE, above) for kind in kinds for above in self.above(kind))
                continue
            for inverse, drawn in self._links(predicate):
                for subject, targets in [*column.items()]:
                    named = (target for target in targets if not is_literal(target))
                    yield from ((t, drawn, subject) if inverse else (subject, drawn, t) for t in named)
            domains, ranges = self._kinds(predicate)
            yield from ((subject, TYPE, kind) for kind in domains for subject in [*column])
            if ranges:
                values = {target for targets in column.values() for target in targets}
                yield from ((v, TYPE, kind) for v in values if not is_literal(v) for kind in ranges)

    def above(self, kind: str) -> Sequence[str]:
        """Return all broader classes of a class."""
        return self._ancestors.get(kind, ())

    def clashes(self, new: New) -> set[Clash]:
        """Return the statements that exclude each other, one of each pair new."""
        found = set(self._of_properties(new.columns, new.context))
        types = new.context.column(TYPE)
        for subject, named in new.columns.column(TYPE).items():
            kinds = (*named, *types[subject]) if subject in types else named
            if len(kinds) > 1:
                pairs = self._memo.get(kinds)
                if pairs is None:
                    pairs = self._memo[kinds] = self._excluded(kinds)
                found.update(((subject, TYPE, a), (subject, TYPE, b)) for a, b in pairs)
        return found

    def _of_properties(self, new: Columns, context: Columns) -> Iterator[Clash]:
        for one, other in self._apart:
            for subject in {*new.column(one), *new.column(other)}:
                values = (
                    {*new.column(p).get(subject, ()), *context.column(p).get(subject, ())}
                    for p in (one, other)
                )
                for value in set.intersection(*values):
                    yield (subject, one, value), (subject, other, value)

    def _excluded(self, kinds: Sequence[str]) -> list[tuple[str, str]]:
        held = {*kinds}
        return [(a, b) for a, b in dict.fromkeys(self._classes_apart) if a in held and b in held]

    def _links(self, predicate: str) -> list[Link]:
        """Return the properties that a statement draws, each with whether its ends change places."""
        if predicate not in self._drawn:
            self._drawn[predicate] = _reached((False, predicate), self._wider)
        return self._drawn[predicate]

    def _kinds(self, predicate: str) -> tuple[list[str], list[str]]:
        """Return the classes that a property gives to its subjects and to its objects."""
        if predicate not in self._given:
            ends = [set[str](), set[str]()]
            for inverse, name in ((False, predicate), *self._links(predicate)):
                for n, kinds in enumerate((self._domains.get(name, ()), self._ranges.get(name, ()))):
                    for kind in kinds:
                        ends[n != inverse] |= {kind, *self.above(kind)}
            self._given[predicate] = (sorted(ends[0]), sorted(ends[1]))
        return self._given[predicate]

    def _take(self, subject: Node, predicate: Node, target: Node) -> None:
        one, other = f"<{subject}>", f"<{target}>"
        if predicate == RDF.type and target in _KINDS:
            self._take_kind(subject, target, one)
        elif predicate == OWL.propertyChainAxiom:
            self.joins.append(self._chain(one, list(self._items(target))))
        elif predicate == RDFS.subClassOf:
            self._above[one].append(other)
        elif predicate in _COVERED:
            self._take_pair(predicate, one, other)
        # An anonymous inverse is a link of a chain, and draws nothing by itself.
        elif predicate != OWL.inverseOf or not str(subject).startswith(GENID):
            raise UncoveredError(f"the axiom {predicate} of {subject}")

    def _take_pair(self, predicate: Node, one: str, other: str) -> None:
        if predicate == RDFS.subPropertyOf:
            self._wider[False, one].append((False, other))
            self._wider[True, one].append((True, other))
        elif predicate == RDFS.domain:
            self._domains[one].append(other)
        elif predicate == RDFS.range:
            self._ranges[one].append(other)
        elif predicate == OWL.propertyDisjointWith:
            self._apart.append((one, other))
        else:
            self._classes_apart.append((one, other))

    def _take_kind(self, subject: Node, kind: Node, one: str) -> None:
        if kind == OWL.SymmetricProperty:
            self._wider[False, one].append((True, one))
            self._wider[True, one].append((False, one))
        elif kind == OWL.TransitiveProperty:
            self.joins.append(_join([f"?x0 {one} ?x1", f"?x1 {one} ?x2"], one, 2))
        else:
            members = [f"<{member}>" for member in self._items(self._lists[subject, OWL.members])]
            self._classes_apart += combinations(members, 2)

    def _items(self, cell: Node) -> Iterator[Node]:
        while cell != RDF.nil:
            yield self._lists[cell, RDF.first]
            cell = self._lists[cell, RDF.rest]

    def _chain(self, drawn: str, links: Sequence[Node]) -> CompiledQuery:
        patterns = []
        for n, link in enumerate(links):
            inverse = self._lists.get((link, OWL.inverseOf))
            patterns.append(f"?x{n + 1} <{inverse}> ?x{n}" if inverse else f"?x{n} <{link}> ?x{n + 1}")
        return _join(patterns, drawn, len(links))


def _join(patterns: Sequence[str], drawn: str, last: int) -> CompiledQuery:
    return CompiledQuery(f"CONSTRUCT {{ ?x0 {drawn} ?x{last} }} WHERE {{ {' . '.join(patterns)} }}")


def _reached(start: _T, steps: Mapping[_T, Sequence[_T]]) -> list[_T]:
    """Return what is reached from `start` in one or more steps, itself left out."""
    found, stack = dict[_T, None](), [start]
    while stack:
        for one in steps.get(stack.pop(), ()):
            if one not in found and one != start:
                found[one] = None
                stack.append(one)
    return list(found)


def _touches(query: CompiledQuery, columns: Columns) -> bool:
    return not columns.out.keys().isdisjoint(query.reads)
