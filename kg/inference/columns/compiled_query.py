"""Queries of SPARQL compiled to steps over columns; what is not covered raises UncoveredError.

Covered are basic graph patterns, FILTER with EXISTS, BIND, VALUES, OPTIONAL, UNION, `a|b`, and sub-queries
with MIN by group. The whole pattern runs over one graph; or, for what a document adds to a context, it
starts from each statement of the document (`from_new`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from rdflib.paths import AlternativePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Node, URIRef, Variable

from kg.inference.columns.query_expressions import (
    Expressions,
    Function,
    Row,
    UncoveredError,
    algebra_of,
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
from kg.inference.columns.statement_columns import TYPE, Columns
from kg.inference.columns.triple_patterns import ALL, FIRST, FOUND, RESERVED, Places, Step, TriplePattern
from kg.namespaces import CG

# Properties that a program starts from, whether from all new statements, and the program.
Start = tuple[tuple[str, ...], bool, Step]
# Properties that most subjects have: patterns start rather from others.
_COMMON = frozenset({TYPE, f"<{CG.certainty}>", f"<{CG.voice}>"})


class CompiledQuery:
    """A SELECT or CONSTRUCT query. `reads` are the properties of its patterns."""

    def __init__(self, text: str, prefixes: Iterable[tuple[str, str]] = ()) -> None:
        head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes)
        algebra = algebra_of(head + text)
        self.reads: set[str] = set()
        self.names: list[str] = []  # of the variables that a SELECT gives
        self._places: dict[object, int] = {}
        self._template: list[Any] = [None] * RESERVED
        self._constants: set[int] = set()
        self._depth = 0
        self._patterns: dict[tuple[int, tuple[str, ...], int], int] = {}  # and how deep in EXISTS
        self._operations = self._linear(_body(algebra))
        self._outputs = self._output(algebra)
        self._whole = self._program(self._operations, None, ALL)
        self._starts = list(self._from_new())

    @property
    def patterns(self) -> list[tuple[TriplePattern, int]]:
        """Return all triple patterns, each with how deep it stands in EXISTS or OPTIONAL."""
        return [(TriplePattern(*ends), depth) for ends, depth in self._patterns.items()]

    @property
    def drawn(self) -> set[str]:
        """Return the properties that a CONSTRUCT draws; raises UncoveredError if one is a variable."""
        names = {self._template[predicate] for _, predicate, _ in self._outputs}
        if None in names:
            raise UncoveredError("a rule that draws a variable property")
        return names

    @property
    def has_branches(self) -> bool:
        """Return whether there is a UNION."""
        return any(isinstance(one, Union) for one in self._operations)

    def constant(self, place: int) -> str | None:
        """Return the term of a place that holds a constant."""
        return self._template[place] if place in self._constants else None

    def rows_from(self, name: str, first: Columns, columns: Sequence[Columns]) -> set[Any]:
        """Return the rows whose variable `name` is a subject in `first`; raises UncoveredError.

        All else is looked up in `columns`, from what is known.
        """
        place = self._places.get(Variable(name))
        patterns = [p for p in self._operations if isinstance(p, TriplePattern) and p.subject == place]
        if not patterns:
            raise UncoveredError(f"a query whose ?{name} is no subject")
        start = min(patterns, key=lambda one: not _COMMON.isdisjoint(one.predicates))
        return self._run(self._program(self._operations, start, FIRST), columns, (first,))

    def place(self, term: Node) -> int:
        """Return the place of a variable or constant in a row."""
        key = term if isinstance(term, Variable | BNode) else term_text(term)
        if key not in self._places:
            self._places[key] = len(self._template)
            self._template.append(None if isinstance(term, Variable | BNode) else key)
            if not isinstance(term, Variable | BNode):
                self._constants.add(self._places[key])
        return self._places[key]

    def rows(self, columns: Sequence[Columns]) -> set[Any]:
        """Return what the query finds: triples, or the values of its variables."""
        return self._run(self._whole, columns, columns)

    def from_new(self, new: Columns, again: Columns, context: Columns) -> set[Any]:
        """Return what follows from `new` statements with those of a context, and from no others.

        `again` holds those new statements whose subjects have statements in the context as well.
        """
        found = set[Any]() if self._starts else self.rows((new, context))
        for predicates, every, step in self._needed_starts(context):
            first = new if every else again
            if not first.out.keys().isdisjoint(predicates):
                found |= self._run(step, (new, context), (first,))
        return found

    def _needed_starts(self, context: Columns) -> Sequence[Start]:
        """Return one start if the context has nothing that it reads, for then all begins there; else all."""
        alone = (s for s in self._starts if s[1] and context.out.keys().isdisjoint(s[0]))
        only = next(alone, None)
        return self._starts if only is None else [only]

    def _run(self, step: Step, columns: Sequence[Columns], first: Sequence[Columns]) -> set[Any]:
        row = [*self._template]
        row[:RESERVED] = [columns, first, {}, found := set[Any]()]
        step(row)
        return found

    def _program(self, operations: Sequence[Operation], first: TriplePattern | None, source: int) -> Step:
        outputs = self._outputs

        def found(row: Row) -> bool:
            for output in outputs:
                row[FOUND].add(tuple([row[place] for place in output]))
            return False

        return chained(operations, frozenset(), frozenset(self._constants), found, first, source)

    def _from_new(self) -> Iterable[Start]:
        """Yield the programs that start from new statements; none if there are parts that are no triples.

        All statements of an own subject are new, so of each subject one pattern is enough to start from,
        and the others are for subjects that the context has too.
        """
        patterns = [one for one in self._operations if isinstance(one, TriplePattern)]
        if any(isinstance(one, Rows | Union | Optional | SubQuery) for one in self._operations):
            return
        seen: set[int] = set()
        for pattern in sorted(patterns, key=lambda one: not _COMMON.isdisjoint(one.predicates)):
            every = pattern.subject not in seen
            seen.add(pattern.subject)
            yield pattern.predicates, every, self._program(self._operations, pattern, FIRST)

    def _output(self, algebra: CompValue) -> list[tuple[int, ...]]:
        if algebra.name == "ConstructQuery":
            return [tuple(map(self.place, triple)) for triple in algebra.template]
        self.names = [str(name) for name in algebra.PV]
        return [tuple(map(self.place, algebra.PV))]

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


def _body(algebra: Any) -> Any:
    """Return the pattern of a query, without the choice of its variables."""
    node = algebra.p
    while node.name in {"Project", "Distinct"}:
        node = node.p
    return node


def _conjuncts(expression: Any) -> list[Any]:
    if isinstance(expression, CompValue) and expression.name == "ConditionalAndExpression":
        return [expression.expr, *expression.other]
    return [expression]


def _is_true(expression: Any) -> bool:
    return getattr(expression, "name", "") == "TrueFilter"
