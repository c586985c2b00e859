"""Shapes compiled to checks over columns; what is not covered raises UncoveredError, shape by shape.

A shape with targets runs for all its focus nodes at once: values are checked once each, and missing ones are
found by the difference of sets. A shape within another one is asked for one node.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import partial

from rdflib import RDF, SH, Graph, URIRef
from rdflib import Literal as Text
from rdflib.collection import Collection as List
from rdflib.term import Node

from kg.checking.compiled.set_checks import SET_CHECKS, SetCheck, closed, counted
from kg.checking.compiled.shape_paths import (
    TARGETS,
    Data,
    Values,
    before_in_cycles,
    path_values,
    quickly_filled,
    repeated_inverse,
)
from kg.checking.compiled.value_checks import VALUE_PARAMETERS, Check, value_check
from kg.inference.columns.query_expressions import UncoveredError, term_text
from kg.inference.columns.statement_columns import Column

_SILENT = {
    SH.name,
    SH.message,
    SH.severity,
    SH.path,
    SH.qualifiedMinCount,
    SH.qualifiedMaxCount,
    SH.ignoredProperties,
}
_FILLED = {SH.minCount, SH.hasValue, SH.equals, SH.qualifiedMinCount}  # notice that there is no value


@dataclass(frozen=True, slots=True)
class Breach:
    """A focus node, with property and value where they are known; `closed` of what is not allowed."""

    focus: str
    path: str = ""
    value: str | None = None
    closed: bool = False


@dataclass
class Shape:
    """One compiled shape."""

    node: Node
    values: Callable[[str], Iterable[str]]
    path: Node | None
    checks: list[Check] = field(default_factory=list)
    set_checks: list[SetCheck] = field(default_factory=list)
    inner: list[Shape] = field(default_factory=list)  # of sh:property
    closed_to: Set[str] | None = None
    least: int = 0
    most: int | None = None
    notices_none: bool = False

    def conforms(self, node: str) -> bool:
        """Return whether a node conforms to the shape."""
        values = set(self.values(node))
        if len(values) < self.least or (self.most is not None and len(values) > self.most):
            return False
        if not all(check(value) for check in self.checks for value in values):
            return False
        if any(True for check in self.set_checks for _ in check(node, values)):
            return False
        return all(shape.conforms(value) for shape in self.inner for value in values)

    def found(self, focus: Set[str], data: Data, filled: Set[str]) -> Iterator[Breach]:
        """Yield the violations of focus nodes; `filled` are some that surely have a value."""
        if self.closed_to is not None:
            yield from closed_violations(self.closed_to, focus, data)
        if isinstance(self.path, URIRef):
            yield from self._of_column(focus, data)
            return
        if self.least == 1 and not (self.checks or self.set_checks or self.inner or self.most is not None):
            focus = focus - filled
        for node in focus:
            yield from self._of_node(node, set(self.values(node)))

    def _of_node(self, node: str, values: Collection[str]) -> Iterator[Breach]:
        if len(values) < self.least or (self.most is not None and len(values) > self.most):
            yield Breach(node)
        for check in self.checks:
            yield from (Breach(node, value=value) for value in values if not check(value))
        for many in self.set_checks:
            yield from (Breach(node, value=value) for value in many(node, values))
        for shape in self.inner:
            for value in values:
                yield from shape._of_node(value, set(shape.values(value)))

    def _of_column(self, focus: Set[str], data: Data) -> Iterator[Breach]:
        path = term_text(self.path) if self.path is not None else ""
        column, told = data.columns.column(path), partial(Breach, path=path)
        for check in self.checks:
            bad = {value for value in data.values(path) if not check(value)}
            if bad:
                yield from (told(f, value=v) for f in focus & column.keys() for v in column[f] if v in bad)
        yield from map(told, self._miscounted(focus, column, data.several(path)))
        for many in self.set_checks:
            nodes = focus if self.notices_none else focus & column.keys()
            yield from (told(f, value=v) for f in nodes for v in many(f, column.get(f, ())))
        for shape in self.inner:
            for node in focus & column.keys():
                for value in column[node]:
                    yield from shape._of_node(value, set(shape.values(value)))

    def _miscounted(self, focus: Set[str], column: Column, several: Iterable[str]) -> Iterator[str]:
        if self.least == 1:
            yield from focus - column.keys()
        elif self.least:
            yield from (f for f in focus if len(column.get(f, ())) < self.least)
        if self.most is not None:
            most, filled = self.most, several if self.most else column
            yield from (f for f in filled if len(column[f]) > most and f in focus)


def closed_violations(allowed: Set[str], focus: Set[str], data: Data) -> Iterator[Breach]:
    """Yield the statements of focus nodes with properties that a closed shape does not allow."""
    for predicate, column in data.columns.out.items():
        if predicate not in allowed:
            for node in focus & column.keys():
                yield from (Breach(node, predicate, value, closed=True) for value in column[node])


class Compiler:
    """Compiles the shapes of one graph over data."""

    def __init__(self, shapes: Graph, data: Data) -> None:
        self.shapes, self.data = shapes, data

    def compiled(self, node: Node) -> Shape:
        """Return a shape with all that it holds."""
        path = self.shapes.value(node, SH.path)
        shape = Shape(node, self._values(node, path), path)
        for parameter, given in self.shapes.predicate_objects(node):
            if parameter not in TARGETS | _SILENT and str(parameter).startswith(str(SH)):
                self._take(shape, URIRef(str(parameter)), given)
            shape.notices_none |= parameter in _FILLED
        return shape

    def _values(self, node: Node, path: Node | None) -> Values:
        """Return the function that gives the value nodes of a focus node of a shape."""
        if path is None:
            return lambda one: (one,)
        asked = {*self.shapes.predicates(node)} - TARGETS - _SILENT - {RDF.type}
        apart = self.shapes.value(node, SH.disjoint)
        is_alone = asked == {SH.disjoint}
        if (
            self.data.is_whole
            and apart is not None
            and is_alone
            and apart == repeated_inverse(self.shapes, path)
        ):
            return before_in_cycles(term_text(apart), self.data)
        return path_values(self.shapes, path, self.data)

    def filled(self, shape: Shape) -> Set[str]:
        """Return nodes that surely have a value by the path of a shape."""
        return quickly_filled(self.shapes, shape.path, self.data) if shape.path is not None else set()

    def _take(self, shape: Shape, parameter: URIRef, given: Node) -> None:
        if parameter in VALUE_PARAMETERS:
            shape.checks.append(value_check(self.shapes, parameter, given, self.data))
        elif parameter in SET_CHECKS:
            shape.set_checks += SET_CHECKS[parameter](given, self.data)
        elif parameter == SH.minCount:
            shape.least = int(str(given))
        elif parameter == SH.maxCount:
            shape.most = int(str(given))
        elif parameter == SH.property:
            shape.inner.append(self.compiled(given))
        elif parameter == SH.closed:
            self._close(shape, given)
        elif parameter == SH.qualifiedValueShape:
            shape.set_checks.append(self._qualified(shape.node, given))
        else:
            shape.checks.append(self._logical(parameter, given))

    def _logical(self, parameter: URIRef, given: Node) -> Check:
        if parameter == SH["not"]:
            inner = self.compiled(given)
            return lambda node: not inner.conforms(node)
        if parameter not in {SH["or"], SH.xone, SH["and"]}:
            raise UncoveredError(f"the parameter {parameter}")
        parts = [self.compiled(part) for part in List(self.shapes, given)]
        if parameter == SH["or"]:
            return lambda node: any(part.conforms(node) for part in parts)
        if parameter == SH["and"]:
            return lambda node: all(part.conforms(node) for part in parts)
        return lambda node: sum(part.conforms(node) for part in parts) == 1

    def _qualified(self, node: Node, given: Node) -> SetCheck:
        counts = [self.shapes.value(node, key) for key in (SH.qualifiedMinCount, SH.qualifiedMaxCount)]
        least, most = (None if count is None else int(str(count)) for count in counts)
        return counted(self.compiled(given).conforms, least, most)

    def _close(self, shape: Shape, given: Node) -> None:
        if given != Text(True):
            raise UncoveredError("sh:closed other than true")
        shape.closed_to = closed(self.shapes, shape.node)
        if shape.path is not None:
            raise UncoveredError("a closed property shape")
