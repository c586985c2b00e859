"""Patterns of a query as operations over columns, with a place in a row for each of its terms."""

from __future__ import annotations

from functools import partial
from typing import Any

from rdflib.paths import AlternativePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Node, URIRef, Variable

from kg.inference.columns.query_expressions import (
    Expressions,
    Function,
    UncoveredError,
    term_text,
    variables,
)
from kg.inference.columns.query_steps import (
    Bind,
    Operation,
    Optional,
    RowFilter,
    Rows,
    SubQuery,
    Union,
    chained,
)
from kg.inference.columns.triple_patterns import RESERVED, Places, TriplePattern


class QueryTerms:
    """The terms of a query by their places. `reads` are the properties of its patterns."""

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self._places: dict[object, int] = {}
        self._template: list[Any] = [None] * RESERVED
        self._constants: set[int] = set()
        self._depth = 0
        self._patterns: dict[tuple[int, tuple[str, ...], int], int] = {}  # and how deep in EXISTS

    @property
    def patterns(self) -> list[tuple[TriplePattern, int]]:
        """Return all triple patterns, each with how deep it stands in EXISTS or OPTIONAL."""
        return [(TriplePattern(*ends), depth) for ends, depth in self._patterns.items()]

    def constant(self, place: int) -> str | None:
        """Return the term of a place that holds a constant."""
        return self._template[place] if place in self._constants else None

    def place(self, term: Node) -> int:
        """Return the place of a variable or constant in a row."""
        key = term if isinstance(term, Variable | BNode) else term_text(term)
        if key not in self._places:
            self._places[key] = len(self._template)
            self._template.append(None if isinstance(term, Variable | BNode) else key)
            if not isinstance(term, Variable | BNode):
                self._constants.add(self._places[key])
        return self._places[key]

    def _linear(self, node: CompValue) -> list[Operation]:
        """Return the operations of a group in their order; patterns and filters are put in order later."""
        maker = getattr(self, f"_{node.name.lower()}", None) if isinstance(node, CompValue) else None
        if maker is None:
            raise UncoveredError(f"the pattern {getattr(node, 'name', node)}")
        made: list[Operation] = maker(node)
        return made

    def _bgp(self, node: CompValue) -> list[Operation]:
        return [self._pattern(*triple) for triple in node.triples]

    def _pattern(self, subject: Node, predicate: Any, target: Node) -> TriplePattern:
        ends = self.place(subject), self.place(target)
        if ends[0] == ends[1]:
            raise UncoveredError("a pattern with one variable twice")
        if isinstance(predicate, Variable):
            return TriplePattern(ends[0], (), ends[1], self.place(predicate))
        names = predicate.args if isinstance(predicate, AlternativePath) else [predicate]
        if not all(isinstance(name, URIRef) for name in names):
            raise UncoveredError(f"the path {predicate.n3()}")
        properties = tuple(term_text(name) for name in names if isinstance(name, URIRef))
        self._note(ends[0], properties, ends[1])
        return TriplePattern(ends[0], properties, ends[1])

    def _note(self, subject: int, properties: tuple[str, ...], target: int) -> None:
        self.reads |= {*properties}
        key = (subject, properties, target)
        self._patterns[key] = min(self._depth, self._patterns.get(key, self._depth))

    def _join(self, node: CompValue) -> list[Operation]:
        return [*self._linear(node.p1), *self._linear(node.p2)]

    def _filter(self, node: CompValue) -> list[Operation]:
        tests = [part for part in _conjuncts(node.expr) if not _is_true(part)]
        operations, left = self._linear(node.p), list[Any]()
        for test in tests:
            operations, used = self._restricted(operations, test)
            left += [] if used else [test]
        return [*operations, *(self._condition(test) for test in left)]

    def _restricted(self, operations: list[Operation], test: Any) -> tuple[list[Operation], bool]:
        """Return the operations with the properties that FILTER (?p IN (…)) gives a variable property."""
        if getattr(test, "op", "") != "IN" or not isinstance(test.expr, Variable):
            return operations, False
        place, used = self.place(test.expr), False
        for n, one in enumerate(operations):
            if isinstance(one, TriplePattern) and one.predicate == place:
                names = tuple(map(term_text, test.other))
                operations[n], used = TriplePattern(one.subject, names, one.target, place), True
                self._note(one.subject, names, one.target)
        return operations, used

    def _condition(self, test: Any) -> RowFilter:
        return RowFilter(self._places_of(test), partial(self._compiled, test))

    def _extend(self, node: CompValue) -> list[Operation]:
        bind = Bind(self.place(node.var), self._places_of(node.expr), partial(self._compiled, node.expr))
        return [*self._linear(node.p), bind]

    def _compiled(self, node: Any, bound: Places) -> Function:
        """Return the function of an expression where some places have values."""
        return Expressions(self.place, partial(self._exists, bound)).compiled(node)

    def _tomultiset(self, node: CompValue) -> list[Operation]:
        if node.p.name != "values":
            return [self._sub_query(node.p)]
        names = list(dict.fromkeys(name for row in node.p.res for name in row))
        if any(row.get(name, "UNDEF") == "UNDEF" for row in node.p.res for name in names):
            raise UncoveredError("VALUES with UNDEF")
        rows = [tuple(term_text(row[name]) for name in names) for row in node.p.res]
        return [Rows(tuple(map(self.place, names)), tuple(rows))]

    def _leftjoin(self, node: CompValue) -> list[Operation]:
        self._depth += 1
        inner = self._linear(node.p2)
        self._depth -= 1
        inner += [] if _is_true(node.expr) else [self._condition(node.expr)]
        return [*self._linear(node.p1), Optional(tuple(inner), frozenset(self._constants))]

    def _union(self, node: CompValue) -> list[Operation]:
        branches = tuple(tuple(self._linear(part)) for part in (node.p1, node.p2))
        return [Union(branches, frozenset(self._constants))]

    def _sub_query(self, node: CompValue) -> SubQuery:
        """Return `SELECT ?group (MIN(?text) AS ?least) … GROUP BY ?group`; no other is covered."""
        names, join = dict[Any, Any](), node.p
        while join.name == "Extend":
            names[join.expr] = join.var
            join = join.p
        if join.name != "AggregateJoin" or join.p.name != "Group" or len(join.p.expr or ()) != 1:
            raise UncoveredError("a sub-query other than MIN by one group")
        (group,) = join.p.expr
        least = [one for one in join.A if one.name == "Aggregate_Min"]
        if len(least) != 1 or len(join.A) != 2 or not isinstance(least[0].vars, Variable):
            raise UncoveredError("a sub-query with other aggregates than one MIN")
        inner = tuple(self._linear(join.p.p))
        places = (self.place(group), self.place(least[0].vars), self.place(names[least[0].res]))
        return SubQuery(inner, *places, frozenset(self._constants))

    def _exists(self, bound: Places, graph: CompValue) -> Function:
        group = translateGroupGraphPattern(graph) if graph.name.startswith("GroupGraph") else graph
        self._depth += 1
        operations = self._linear(group)
        step = chained(operations, bound, frozenset(self._constants), lambda _: True)
        self._depth -= 1
        return step

    def _places_of(self, node: object) -> Places:
        return frozenset(self.place(name) for name in variables(node))


def _conjuncts(expression: Any) -> list[Any]:
    if isinstance(expression, CompValue) and expression.name == "ConditionalAndExpression":
        return [expression.expr, *expression.other]
    return [expression]


def _is_true(expression: Any) -> bool:
    return getattr(expression, "name", "") == "TrueFilter"
