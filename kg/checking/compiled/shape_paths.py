"""Property paths and targets of shapes over columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.inference.columns.compiled_query import CompiledQuery
from kg.inference.columns.query_expressions import UncoveredError, term_text
from kg.inference.columns.statement_columns import TYPE, Column, Columns

Values = Callable[[str], Iterable[str]]
TARGETS = frozenset({SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf})


@dataclass
class Data:
    """The data that shapes look at: statements, and the class tree as class → its direct subclasses."""

    columns: Columns
    below: dict[str, set[str]]
    _instances: dict[str, Set[str]] = field(default_factory=dict)
    _values: dict[str, Set[str]] = field(default_factory=dict)
    _several: dict[str, Sequence[str]] = field(default_factory=dict)
    focus: dict[frozenset[tuple[Node, Node]], Set[str]] = field(default_factory=dict)  # by targets

    @classmethod
    def of(cls, columns: Columns, tree: Iterable[tuple[str, str]]) -> Data:
        """Return the data with a class tree, given as pairs of a class and a broader one."""
        below: dict[str, set[str]] = {}
        for one, broader in tree:
            below.setdefault(broader, set()).add(one)
        return cls(columns, below)

    @property
    def own(self) -> Columns:
        """Return the statements whose subjects may be focus nodes."""
        return self.columns

    @property
    def is_whole(self) -> bool:
        """Return whether these are all data, and not those of some documents."""
        return True

    def kinds(self, kind: str) -> set[str]:
        """Return a class and its subclasses."""
        seen, stack = {kind}, [kind]
        while stack:
            new = self.below.get(stack.pop(), set()) - seen
            seen |= new
            stack += new
        return seen

    def instances(self, kind: str) -> Set[str]:
        """Return the instances of a class and of its subclasses."""
        if kind not in self._instances:
            into = self.own.into(TYPE)
            self._instances[kind] = set[str]().union(*(into.get(one, ()) for one in self.kinds(kind)))
        return self._instances[kind]

    def has_class(self, kind: str) -> Callable[[str], bool]:
        """Return what tells whether a node is an instance of a class."""
        return self.instances(kind).__contains__

    def objects(self, predicate: str) -> Set[str]:
        """Return the objects of a property that may be focus nodes."""
        return self.values(predicate)

    def named(self, nodes: Iterable[str]) -> set[str]:
        """Return those of the nodes that a shape names that may be focus nodes."""
        return set(nodes)

    def asked(self, query: CompiledQuery) -> set[Any]:
        """Return the rows of a query whose `?this` may be focus nodes."""
        return query.rows((self.columns,))

    def subjects(self, predicate: str) -> Set[str]:
        """Return the subjects of a property."""
        return self.own.column(predicate).keys()

    def values(self, predicate: str) -> Set[str]:
        """Return the objects of a property, each once."""
        if predicate not in self._values:
            column = self.own.column(predicate)
            self._values[predicate] = {value for values in column.values() for value in values}
        return self._values[predicate]

    def several(self, predicate: str) -> Sequence[str]:
        """Return the subjects with more than one value of a property."""
        if predicate not in self._several:
            column = self.own.column(predicate)
            self._several[predicate] = [subject for subject, values in column.items() if len(values) > 1]
        return self._several[predicate]


def focus_nodes(shapes: Graph, shape: Node, data: Data) -> Set[str]:
    """Return the focus nodes of a shape by its targets (SHACL section 2.1.3)."""
    targets = frozenset((key, node) for key, node in shapes.predicate_objects(shape) if key in TARGETS)
    if targets not in data.focus:
        data.focus[targets] = _focus_nodes(shapes, shape, data)
    return data.focus[targets]


def _focus_nodes(shapes: Graph, shape: Node, data: Data) -> Set[str]:
    found = set[str]()
    for kind in shapes.objects(shape, SH.targetClass):
        found |= data.instances(term_text(kind))
    for name in shapes.objects(shape, SH.targetSubjectsOf):
        found |= data.subjects(term_text(name))
    for name in shapes.objects(shape, SH.targetObjectsOf):
        found |= data.objects(term_text(name))
    return found | data.named(map(term_text, shapes.objects(shape, SH.targetNode)))


def path_values(shapes: Graph, path: Node, data: Data) -> Values:
    """Return the function that gives the value nodes of a focus node; raises UncoveredError."""
    if isinstance(path, URIRef):
        column = data.columns.column(term_text(path))
        return lambda node: column.get(node, ())
    if (path, RDF.first, None) in shapes:
        return _sequence([path_values(shapes, part, data) for part in Collection(shapes, path)])
    inverse = shapes.value(path, SH.inversePath)
    if isinstance(inverse, URIRef):
        into = data.columns.into(term_text(inverse))
        return lambda node: into.get(node, ())
    alternatives = shapes.value(path, SH.alternativePath)
    if alternatives is not None:
        return _any([path_values(shapes, part, data) for part in Collection(shapes, alternatives)])
    again = shapes.value(path, SH.oneOrMorePath)
    if again is None:
        raise UncoveredError(
            "a path with other operators than sequence, inverse, alternative and one or more"
        )
    return _repeated(path_values(shapes, again, data))


def repeated_inverse(shapes: Graph, path: Node) -> Node | None:
    """Return the property of a path of one or more steps against its direction, else None."""
    again = shapes.value(path, SH.oneOrMorePath)
    return None if again is None else shapes.value(again, SH.inversePath)


def before_in_cycles(predicate: str, data: Data) -> Values:
    """Return what gives the nodes that lead to a node, if it may lie in a cycle of a property; else none.

    A shape that compares them with what the node leads to finds cycles, and without one nothing is walked.
    """
    into, left = data.columns.into(predicate), _after_cycles(data.columns.column(predicate))
    before = _repeated(lambda node: into.get(node, ()))
    return lambda node: before(node) if node in left else ()


def _after_cycles(column: Column) -> set[str]:
    """Return what is left when nodes to which nothing leads are taken away, again and again."""
    leading = Counter(target for targets in column.values() for target in targets)
    stack = [node for node in column if not leading[node]]
    while stack:
        for target in column.get(stack.pop(), ()):
            leading[target] -= 1
            if not leading[target]:
                stack.append(target)
    return {node for node, count in leading.items() if count}


def class_tree(triples: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return the pairs of class and broader class among triples."""
    above = f"<{RDFS.subClassOf}>"
    return [(one, broader) for one, predicate, broader in triples if predicate == above]


def quickly_filled(shapes: Graph, path: Node, data: Data) -> Set[str]:
    """Return nodes that surely have a value by this path; for sequences and longer paths none."""
    if isinstance(path, URIRef):
        return data.subjects(term_text(path))
    inverse = shapes.value(path, SH.inversePath)
    if isinstance(inverse, URIRef):
        return data.objects(term_text(inverse))
    alternatives = shapes.value(path, SH.alternativePath)
    if alternatives is None:
        return set()
    parts = Collection(shapes, alternatives)
    return set[str]().union(*(quickly_filled(shapes, part, data) for part in parts))


def _sequence(parts: Sequence[Values]) -> Values:
    def values(node: str) -> Iterable[str]:
        found = {node}
        for part in parts:
            found = {value for one in found for value in part(one)}
        return found

    return values


def _any(parts: Sequence[Values]) -> Values:
    def values(node: str) -> Iterable[str]:
        return {value for part in parts for value in part(node)}

    return values


def _repeated(part: Values) -> Values:
    def values(node: str) -> Iterable[str]:
        found, stack = set[str](), [node]
        while stack:
            new = set(part(stack.pop())) - found
            found |= new
            stack += new
        return found

    return values
