"""Validation of documents that lie on disk, some at a time, with the findings of all data together.

Focus nodes of a step are the things of its documents. What a shape follows from them beyond these documents
is looked up. A shape that needs all data at once is recognised, and raises UnsplittableError.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rdflib import SH, Graph
from rdflib.term import Node

from kg.checking import shacl, sparql_constraints
from kg.checking.compiled.compiled_shapes import Compiler
from kg.checking.compiled.compiled_validation import Validator
from kg.checking.compiled.shape_paths import TARGETS, Data, repeated_inverse
from kg.errors import Finding
from kg.inference.columns.compiled_query import CompiledQuery
from kg.inference.columns.query_expressions import UncoveredError, term_text
from kg.inference.columns.statement_columns import TYPE, Columns, is_literal
from kg.inference.parts.part_looks import Look
from kg.inference.parts.part_views import PartView
from kg.inference.parts.stored_parts import UnsplittableError
from kg.reading.ontology import Ontology
from kg.reading.record_set import Records


@dataclass
class PartData(Data):
    """The things of some documents as focus nodes; `columns` is a view that answers for all others.

    By the names of these documents and by other things, `look` finds what leads to them.
    """

    look: Look = field(kw_only=True)

    @property
    def view(self) -> PartView:
        """Return the view of the documents."""
        return self.look.view

    @property
    def own(self) -> Columns:
        """Return the statements about things of the documents."""
        return self.view.own

    @property
    def is_whole(self) -> bool:
        """Return that other documents lie elsewhere."""
        return False

    def has_class(self, kind: str) -> Callable[[str], bool]:
        """Return what tells whether a node, wherever it lies, is an instance of a class."""
        own, kinds, types = self.instances(kind), self.kinds(kind), self.view.column(TYPE)

        def check(node: str) -> bool:
            return node in own or (not is_literal(node) and not kinds.isdisjoint(types.get(node, ())))

        return check

    def objects(self, predicate: str) -> Set[str]:
        """Return the objects of a property, wherever it is stated, that lie in the documents, and texts."""
        elsewhere = self.view.outside.objects(predicate, self.look.homes, self.look.things)
        return {v for v in (*self.values(predicate), *elsewhere) if is_literal(v) or self.view.is_own(v)}

    def named(self, nodes: Iterable[str]) -> set[str]:
        """Return the nodes that lie in the documents."""
        return {node for node in nodes if self.view.is_own(node)}

    def asked(self, query: CompiledQuery) -> set[Any]:
        """Return the rows whose `?this` lies in the documents."""
        return query.rows_from("this", self.own, (self.view,))


class _Recorder(Columns):
    """Columns that hold nothing, and keep which properties are followed from object to subject."""

    __slots__ = ("followed",)

    def __init__(self) -> None:
        super().__init__()
        self.followed: set[str] = set()

    def into(self, predicate: str) -> Mapping[str, list[str]]:
        """Return nothing, and keep the property."""
        self.followed.add(predicate)
        return {}


@dataclass
class PartValidation:
    """What the shapes of one folder find, part by part."""

    shapes: Graph
    schema: Ontology
    found: set[Finding] = field(default_factory=set)

    @cached_property
    def validator(self) -> Validator:
        """Return the validator of the shapes."""
        return Validator(self.shapes, self.schema)

    @cached_property
    def chains(self) -> dict[Node, str]:
        """Return the shapes that look for cycles of one property alone, and that property."""
        found = {}
        for node in self.validator.with_targets():
            path, apart = self.shapes.value(node, SH.path), self.shapes.value(node, SH.disjoint)
            targets = {key: term for key, term in self.shapes.predicate_objects(node) if key in TARGETS}
            is_alone = (
                targets == {SH.targetSubjectsOf: apart} and (node, SH.property, None) not in self.shapes
            )
            if path is None or apart is None or not is_alone:
                continue
            if apart == repeated_inverse(self.shapes, path):
                found[node] = term_text(apart)
        return found

    @cached_property
    def inverse(self) -> frozenset[str]:
        """Return the properties that shapes follow from object to subject.

        Raises UnsplittableError if a shape or a query is not covered, for pySHACL has to see all.
        """
        recorder = _Recorder()
        compiler = Compiler(self.shapes, _RecordedData(recorder, {}))
        try:
            for node in self.validator.with_targets():
                if node not in self.chains:
                    compiler.compiled(node)
            queries = [
                self.validator.query(constraint)
                for constraint in self.shapes.objects(None, sparql_constraints.ASKED_ONCE)
            ]
        except UncoveredError as error:
            raise UnsplittableError(str(error)) from None
        objects = {term_text(term) for term in self.shapes.objects(None, SH.targetObjectsOf)}
        return frozenset(recorder.followed | objects).union(*map(_followed, queries))

    def look(self, look: Look) -> None:
        """Find what the shapes find of the things of some documents; raises UnsplittableError."""
        data = PartData(look.view, {}, look=look)
        data.below = Data.of(Columns(), self.validator.tree()).below
        self._add(data, self.chains)

    def look_along(self, columns: Columns) -> None:
        """Find the cycles of properties of which all statements are given."""
        others = {node for node in self.validator.with_targets() if node not in self.chains}
        if self.chains:
            self._add(Data.of(columns, ()), others, queries=False)

    def _add(self, data: Data, left_out: Iterable[Node], *, queries: bool = True) -> None:
        with shacl.quiet():
            results = self.validator.results_in(data, {*left_out}, with_queries=queries)
            self.found.update(self.validator.finding(result, Records()) for result in results)
        if self.validator.left:
            shape, why = next(iter(self.validator.left.items()))
            raise UnsplittableError(f"{why} of {shape}")


class _RecordedData(Data):
    """Data that are asked for nothing but the properties that paths follow."""

    @property
    def is_whole(self) -> bool:
        """Return that cycles are looked for step by step."""
        return False

    def has_class(self, kind: str) -> Callable[[str], bool]:  # noqa: ARG002 - asked of no node
        """Return that nothing is an instance of anything."""
        return lambda _: False


def _followed(query: CompiledQuery) -> set[str]:
    """Return the properties of a query to whose objects something else is joined."""
    patterns = [one for one, _ in query.patterns]
    places = Counter(place for one in patterns for place in (one.subject, one.target))
    joined = (one for one in patterns if query.constant(one.target) is None and places[one.target] > 1)
    return {predicate for one in joined for predicate in one.predicates}
