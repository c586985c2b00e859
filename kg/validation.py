"""SHACL findings as `file:line: message`.

Shapes run in three places, named by their folder: `stated` before inference, on what records say
(closed shapes); `graph` after it, across records; `ontology` on our own terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.abc import Traversable

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from kg.errors import Finding
from kg.inference import to_rdflib
from kg.reading import Place, Records
from kg.schema import Schema, local_name, parse_turtle

FOLDERS = ("stated", "graph", "ontology")
_SEVERITY = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


def load(folder: Traversable) -> dict[str, Graph]:
    """Return the shapes of each folder as one graph; raises DataError for what is not Turtle."""
    return {name: _graph(folder / name) for name in FOLDERS}


def _graph(folder: Traversable) -> Graph:
    graph = Graph()
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".ttl")), key=lambda f: f.name):
        parse_turtle(file)  # for its error message with file and line
        graph.parse(data=file.read_text(encoding="utf-8"), format="turtle")
    return graph


def data_graph(triples: Iterable[ox.Triple], schema: Schema) -> Graph:
    """Return `triples` as an rdflib graph, with the class tree that `sh:class` and targets need."""
    graph = Graph()
    tree = (t for t in schema.triples if t.predicate.value == str(RDFS.subClassOf))
    for triple in (*triples, *tree):
        graph.add(to_rdflib(triple))
    return graph


def validate(data: Graph, shapes: Graph, records: Records, schema: Schema) -> list[Finding]:
    """Return what the shapes find, sorted by file and line; an empty list means that data conforms."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False)
    assert isinstance(report, Graph)  # noqa: S101 (pyshacl returns bytes only when asked for them)
    found = {_finding(report, node, records, schema) for node in report.subjects(RDF.type, SH.ValidationResult)}
    return sorted(found)


def _finding(report: Graph, result: Node, records: Records, schema: Schema) -> Finding:
    focus = str(report.value(result, SH.focusNode))
    path = report.value(result, SH.resultPath)
    value = report.value(result, SH.value)
    place = _place(focus, path, value, records, schema)
    message = str(report.value(result, SH.resultMessage))
    if isinstance(path, URIRef) and report.value(result, SH.sourceConstraintComponent) == SH.ClosedConstraintComponent:
        message = f"{message}: {schema.key_of.get(str(path), local_name(str(path)))}"
    severity = _SEVERITY[report.value(result, SH.resultSeverity)]
    if place is None:
        return Finding(focus, 0, message, severity)
    return Finding(place.file, place.line, message, severity)


def _place(focus: str, path: Node | None, value: Node | None, records: Records, schema: Schema) -> Place | None:
    key = schema.key_of.get(str(path)) if isinstance(path, URIRef) else None
    return records.place(focus, key, None if value is None else str(value))
