"""Queries of SPARQL compiled to steps over columns; what is not covered raises UncoveredError.

Covered are basic graph patterns, FILTER with EXISTS, BIND, VALUES, OPTIONAL, UNION, `a|b`, and sub-queries
with MIN by group. The whole pattern runs over one graph; or, for what a document adds to a context, it
starts from each statement of the document (`from_new`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from kg.inference.columns.query_expressions import Row, UncoveredError, algebra_of
from kg.inference.columns.query_patterns import QueryTerms
from kg.inference.columns.query_steps import Operation, Optional, Rows, SubQuery, Union, chained
from kg.inference.columns.statement_columns import TYPE, Columns
from kg.inference.columns.triple_patterns import ALL, FIRST, FOUND, RESERVED, Step, TriplePattern
from kg.namespaces import CG

# Properties that a program starts from, whether from all new statements, and the program.
Start = tuple[tuple[str, ...], bool, Step]
# Properties that most subjects have: patterns start rather from others.
_COMMON = frozenset({TYPE, f"<{CG.certainty}>", f"<{CG.voice}>"})


class CompiledQuery(QueryTerms):
    """A SELECT or CONSTRUCT query. `reads` are the properties of its patterns."""

    def __init__(self, text: str, prefixes: Iterable[tuple[str, str]] = ()) -> None:
        head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes)
        algebra = algebra_of(head + text)
        super().__init__()
        self.names: list[str] = []  # of the variables that a SELECT gives
        self._operations = self._linear(_body(algebra))
        self._outputs = self._output(algebra)
        self._whole = self._program(self._operations, None, ALL)
        self._starts = list(self._from_new())

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


def _body(algebra: Any) -> Any:
    """Return the pattern of a query, without the choice of its variables."""
    node = algebra.p
    while node.name in {"Project", "Distinct"}:
        node = node.p
    return node
