"""SHACL validation of records, graph, ontology and saved queries, as findings with file and line.

The folders of shapes are `stated` (closed shapes, on records before inference), `graph` (across records,
after inference), `ontology` (on our own terms) and `queries` (on the saved queries).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources.abc import Traversable

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import BNode, Literal, Node

from kg.checking import sparql_constraints
from kg.errors import Finding
from kg.inference.rdflib_terms import Triple, to_rdflib
from kg.reading.ontology import Ontology, local_name, parse_turtle
from kg.reading.record_set import Records, SourceLine
from kg.resources import SHAPE_FOLDERS, listed

FOLDERS = SHAPE_FOLDERS
SEVERITY: dict[Node | None, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


def load(folder: Traversable) -> dict[str, Graph]:
    """Return the prepared shapes of each folder as one graph; raises DataError if a file is not Turtle."""
    return {name: prepare(read(folder / name)) for name in FOLDERS}


def read(folder: Traversable) -> Graph:
    """Return the shapes of one folder as they are written; raises DataError if a file is not Turtle."""
    graph = Graph()
    for file in listed(folder, ".ttl"):
        parse_turtle(file)  # raises DataError with file and line
        for triple in _triples(file.read_text(encoding="utf-8")):
            graph.add(triple)
    return graph


@lru_cache(maxsize=512)  # the shapes are the same in most builds, and rdflib's parser is slow
def _triples(text: str) -> tuple[Triple, ...]:
    return tuple(Graph().parse(data=text, format="turtle"))


def prepare(shapes: Graph) -> Graph:
    """Return shapes that find the same as `shapes` in less time.

    pySHACL visits each `sh:property` of a node shape once per focus node, but a shape with targets of
    its own once for all of them. So each property shape takes over the targets of its node shapes. A
    closed shape then allows the paths of these property shapes by `sh:ignoredProperties`. Likewise the
    query of a SPARQL-based constraint is asked once for all focus nodes.
    """
    result = Graph()
    for triple in shapes:
        result.add(triple)
    for node in set(shapes.subjects(SH.property)):
        targets = [(key, value) for key in _TARGETS for value in shapes.objects(node, key)]
        if targets:  # without targets it is part of another shape, for example in its sh:or
            _take_over(result, node, targets)
    sparql_constraints.set_aside(result)
    return result


def _take_over(shapes: Graph, node: Node, targets: Iterable[tuple[Node, Node]]) -> None:
    properties = list(shapes.objects(node, SH.property))
    ignored = shapes.value(node, SH.ignoredProperties)
    if ignored is not None:  # in a new list, since several shapes may share the one that is written
        paths = [shapes.value(inner, SH.path) for inner in properties]
        allowed = [*Collection(shapes, ignored), *(path for path in paths if isinstance(path, URIRef))]
        shapes.set((node, SH.ignoredProperties, Collection(shapes, BNode(), allowed).uri))
    for inner in properties:
        for key, value in targets:
            shapes.add((inner, key, value))
        shapes.remove((node, SH.property, inner))


def data_graph(triples: Iterable[ox.Triple], schema: Ontology) -> Graph:
    """Return `triples` as an rdflib graph, with the class hierarchy that `sh:class` and targets need."""
    graph = Graph()
    tree = (t for t in schema.triples if t.predicate.value == str(RDFS.subClassOf))
    with quiet():
        for triple in (*triples, *tree):
            graph.add(_comparable(triple))
    return graph


def _comparable(triple: ox.Triple) -> tuple[Node, Node, Node]:
    """Return `triple` in rdflib's terms, with plain text in place of a literal that cannot be compared.

    pySHACL stops with an error if it compares `many` or `NaN` with 5, or an instant with offset with one
    without. Plain text it reports as a wrong datatype and as not comparable.
    """
    subject, predicate, target = to_rdflib(triple)
    return subject, predicate, comparable(target) if isinstance(target, Literal) else target


def comparable(literal: Literal) -> Literal:
    """Return a literal, or plain text in its place if it cannot be compared."""
    return Literal(str(literal)) if literal.ill_typed or _has_no_order(literal) else literal


def _has_no_order(literal: Literal) -> bool:
    """Return whether Python's reader takes `literal` for a value, and it is none or has no order.

    Python reads numbers with spaces or a line end around them; its patterns do not see a line end either.
    """
    value = literal.value
    if isinstance(value, datetime):
        return value.tzinfo is None
    if isinstance(value, Decimal) and value.is_nan():
        return True
    return isinstance(value, int | Decimal) and str(literal) != str(literal).strip()


def validate(data: Graph, shapes: Graph, records: Records, schema: Ontology) -> list[Finding]:
    """Return the findings of the shapes, sorted by file and line; an empty list if the data conforms."""
    with quiet():
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", meta_shacl=False)
    assert isinstance(report, Graph)  # noqa: S101 (pyshacl returns bytes only when asked for them)
    results = report.subjects(RDF.type, SH.ValidationResult)
    findings = {_finding(report, result, records, schema) for result in results}
    return sorted(findings | _found_once(data, shapes, records, schema))


def _found_once(data: Graph, shapes: Graph, records: Records, schema: Ontology) -> set[Finding]:
    """Return the findings of the SPARQL-based constraints of prepared shapes."""
    findings = set()
    for found in sparql_constraints.violations(data, shapes):
        message = str(shapes.value(found.shape, SH.message))
        severity = SEVERITY[shapes.value(found.shape, SH.severity, default=SH.Violation)]
        line = place(found.focus, schema.key_of.get(str(found.path)), found.value, records)
        findings.add(Finding(line.file, line.line, message, severity))
    return findings


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each literal such as `many`^^xsd:decimal, in this block.

    A shape reports the same in one line, with file and line.
    """
    logger = logging.getLogger("rdflib.term")

    def mute(_: logging.LogRecord) -> bool:
        return False

    logger.addFilter(mute)
    try:
        yield
    finally:
        logger.removeFilter(mute)


def _finding(report: Graph, result: Node, records: Records, schema: Ontology) -> Finding:
    path = str(report.value(result, SH.resultPath))
    key = schema.key_of.get(path)
    line = place(report.value(result, SH.focusNode), key, report.value(result, SH.value), records)
    message = str(report.value(result, SH.resultMessage))
    if report.value(result, SH.sourceConstraintComponent) == SH.ClosedConstraintComponent:
        message = f"{message}: {key or local_name(path)}"
    severity = SEVERITY[report.value(result, SH.resultSeverity)]
    return Finding(line.file, line.line, message, severity)


def place(focus: object, key: str | None, value: object, records: Records) -> SourceLine:
    """Return the line of the records that a finding is about, or the focus node where no record is known."""
    written = None if value is None else str(value)
    return records.place(str(focus), key, written) or SourceLine(str(focus), 0)
