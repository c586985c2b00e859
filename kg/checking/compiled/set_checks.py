"""Checks of all values of a focus node together: languages, comparisons, counts of a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Set

from rdflib import SH, Graph
from rdflib.collection import Collection as List
from rdflib.term import Node

from kg.checking.compiled.shape_paths import Data
from kg.checking.compiled.value_checks import Check, before
from kg.inference.columns import term_values
from kg.inference.columns.query_expressions import term_text
from kg.inference.columns.statement_columns import is_literal

# Gives the values that break a rule, and None for each break that pySHACL tells without a value.
SetCheck = Callable[[str, Collection[str]], Iterable[str | None]]


def counted(conforms: Check, least: int | None, most: int | None) -> SetCheck:
    """Return the check of how many values conform to a shape."""

    def check(_: str, values: Collection[str]) -> Iterator[None]:
        count = sum(map(conforms, values))
        if (least is not None and count < least) or (most is not None and count > most):
            yield None

    return check


def closed(shapes: Graph, shape: Node) -> Set[str]:
    """Return the properties that a closed shape allows."""
    listed = shapes.value(shape, SH.ignoredProperties)
    paths = [shapes.value(inner, SH.path) for inner in shapes.objects(shape, SH.property)]
    ignored = list[Node]() if listed is None else list(List(shapes, listed))
    return {term_text(path) for path in (*ignored, *paths) if path is not None}


def _unique_languages(_: Node, __: Data) -> list[SetCheck]:
    def check(_: str, values: Collection[str]) -> Iterator[None]:
        if len(values) > 1:
            languages = Counter(
                term_values.literal(value)[1].lower() for value in values if is_literal(value)
            )
            yield from (None for language, count in languages.items() if language and count > 1)

    return [check]


def _has(given: Node, _: Data) -> list[SetCheck]:
    wanted = term_text(given)
    return [lambda _, values: () if wanted in values else (None,)]


def _less(given: Node, data: Data, *, equal: bool) -> list[SetCheck]:
    column = data.columns.column(term_text(given))

    def check(focus: str, values: Collection[str]) -> Iterator[str]:
        for other in column.get(focus, ()):
            yield from (value for value in values if not before(value, other, equal=equal))

    return [check]


def _less_than(given: Node, data: Data) -> list[SetCheck]:
    return _less(given, data, equal=False)


def _at_most(given: Node, data: Data) -> list[SetCheck]:
    return _less(given, data, equal=True)


def _equals(given: Node, data: Data) -> list[SetCheck]:
    column = data.columns.column(term_text(given))
    return [lambda focus, values: {*values} ^ {*column.get(focus, ())}]


def _disjoint(given: Node, data: Data) -> list[SetCheck]:
    column = data.columns.column(term_text(given))
    return [lambda focus, values: {*values} & {*column.get(focus, ())}]


SET_CHECKS: dict[Node, Callable[[Node, Data], list[SetCheck]]] = {
    SH.uniqueLang: _unique_languages,
    SH.hasValue: _has,
    SH.lessThan: _less_than,
    SH.lessThanOrEquals: _at_most,
    SH.equals: _equals,
    SH.disjoint: _disjoint,
}
