"""Validation of columns by compiled shapes, with the results that pySHACL gives.

A shape that is not covered is left to pySHACL, and `Validator.left` says which and why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib import SH, Graph
from rdflib.term import Node

from kg.checking import shacl, sparql_constraints
from kg.checking.compiled.compiled_shapes import Breach, Compiler
from kg.checking.compiled.shape_paths import TARGETS, Data, class_tree, focus_nodes
from kg.errors import Finding
from kg.inference.columns import term_values
from kg.inference.columns.compiled_query import CompiledQuery
from kg.inference.columns.query_expressions import UncoveredError
from kg.inference.columns.statement_columns import Columns, statement
from kg.reading.ontology import Ontology, local_name
from kg.reading.record_set import Records


@dataclass(frozen=True, slots=True)
class ToldBreach:
    """A violation with the message and the severity of its shape."""

    violation: Breach
    message: str
    severity: str


@dataclass
class Validator:
    """Finds what prepared shapes (`kg.checking.shacl.load`) find in columns."""

    shapes: Graph
    schema: Ontology
    left: dict[Node, str] = field(default_factory=dict)  # shapes that are not covered
    _compiled: dict[Node, CompiledQuery] = field(default_factory=dict)

    def results(self, columns: Columns) -> Iterator[ToldBreach]:
        """Yield what the shapes find; `left` then holds those that are not covered."""
        yield from self.results_in(Data.of(columns, self.tree()))

    def tree(self) -> list[tuple[str, str]]:
        """Return the pairs of class and broader class that data are asked with."""
        return class_tree(map(statement, self.schema.triples))

    def results_in(
        self, data: Data, left_out: Collection[Node] = (), *, with_queries: bool = True
    ) -> Iterator[ToldBreach]:
        """Yield what the shapes find in prepared data, some shapes or all queries being left out."""
        compiler = Compiler(self.shapes, data)
        for node in self.with_targets():
            if node in left_out:
                continue
            try:
                found = self._found(node, compiler)
            except UncoveredError as error:
                self.left[node] = str(error)
                continue
            yield from self._told(node, found)
        for node, constraint in self._queries() if with_queries else ():
            try:
                query = self.query(constraint)
            except UncoveredError as error:
                self.left[constraint] = str(error)
                continue
            yield from self._told(node, _asked(query, data))

    def findings(
        self, columns: Columns, records: Records, say: Callable[[str], None] = lambda _: None
    ) -> list[Finding]:
        """Return the findings, sorted by file and line.

        Shapes that are not covered are left to pySHACL; `say` tells each.
        """
        with shacl.quiet():
            found = {self.finding(result, records) for result in self.results(columns)}
        for shape, why in self.left.items():
            say(f"pySHACL validates {shape} for all quads, which takes long: {why} is not compiled")
        if self.left:
            found |= self._by_pyshacl(columns, records)
        return sorted(found)

    def with_targets(self) -> list[Node]:
        """Return the shapes that have targets."""
        return sorted({node for key in TARGETS for node in self.shapes.subjects(key)}, key=str)

    def _found(self, node: Node, compiler: Compiler) -> Iterable[Breach]:
        shape = compiler.compiled(node)
        focus = focus_nodes(self.shapes, node, compiler.data)
        return shape.found(focus, compiler.data, compiler.filled(shape))

    def _queries(self) -> list[tuple[Node, Node]]:
        return list(self.shapes.subject_objects(sparql_constraints.ASKED_ONCE))

    def query(self, constraint: Node) -> CompiledQuery:
        """Return the query of a SPARQL-based constraint; raises UncoveredError."""
        if constraint not in self._compiled:
            prefixes = sparql_constraints.prefixes(self.shapes, constraint).items()
            self._compiled[constraint] = CompiledQuery(
                str(self.shapes.value(constraint, SH.select)), prefixes
            )
        return self._compiled[constraint]

    def _told(self, node: Node, found: Iterable[Breach]) -> Iterator[ToldBreach]:
        message = str(self.shapes.value(node, SH.message))
        severity = shacl.SEVERITY[self.shapes.value(node, SH.severity, default=SH.Violation)]
        yield from (ToldBreach(violation, message, severity) for violation in found)

    def finding(self, result: ToldBreach, records: Records) -> Finding:
        """Return a violation as a finding, with its line where records are known."""
        found = result.violation
        path = found.path[1:-1]
        key = self.schema.key_of.get(path)
        value = None if found.value is None else term_values.text(found.value)
        place = shacl.place(found.focus[1:-1], key, value, records)
        message = f"{result.message}: {key or local_name(path)}" if found.closed else result.message
        return Finding(place.file, place.line, message, result.severity)

    def _by_pyshacl(self, columns: Columns, records: Records) -> set[Finding]:
        """Return what pySHACL finds by the shapes that are not covered."""
        shapes = Graph()
        for triple in self.shapes:
            shapes.add(triple)
        for node in self.with_targets():
            if node not in self.left:
                for key in TARGETS:
                    shapes.remove((node, key, None))
        for node, constraint in self.shapes.subject_objects(sparql_constraints.ASKED_ONCE):
            if constraint not in self.left:
                shapes.remove((node, sparql_constraints.ASKED_ONCE, constraint))
        lines = "".join(f"{s} {p} {o} .\n" for s, p, o in columns)
        triples = (quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES))
        data = shacl.data_graph(triples, self.schema)
        return set(shacl.validate(data, shapes, records, self.schema))


def _asked(query: CompiledQuery, data: Data) -> Iterator[Breach]:
    places = {str(name): n for n, name in enumerate(query.names)}
    for row in data.asked(query):
        values = {name: row[n] for name, n in places.items()}
        yield Breach(values["this"], values.get("path") or "", values.get("value"))
