"""SPARQL-based constraints of shapes (SHACL section 5), asked once for all focus nodes.

pySHACL asks the query of a constraint once for each focus node, which takes longer than all other checks
together. A query that finds its own targets gives the same with one call. So such constraints are set aside
in the prepared shapes, under a property that pySHACL does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import SH, Graph, URIRef
from rdflib.query import ResultRow
from rdflib.term import Node

from kg.namespaces import BASE

ASKED_ONCE = URIRef(f"{BASE}shape#askedOnce")


@dataclass(frozen=True, slots=True)
class Violation:
    """One row of a query: the shape, the focus node, and the path and value where the query gives them."""

    shape: Node
    focus: Node
    path: Node | None
    value: Node | None


def set_aside(shapes: Graph) -> None:
    """Put the constraints of `shapes` where `violations` finds them and pySHACL does not."""
    for shape, constraint in list(shapes.subject_objects(SH.sparql)):
        shapes.remove((shape, SH.sparql, constraint))
        shapes.add((shape, ASKED_ONCE, constraint))


def violations(data: Graph, shapes: Graph) -> Iterator[Violation]:
    """Yield what the constraints that were set aside in `shapes` find in `data`."""
    for shape, constraint in shapes.subject_objects(ASKED_ONCE):
        text = str(shapes.value(constraint, SH.select))
        for row in data.query(text, initNs=prefixes(shapes, constraint)):
            assert isinstance(row, ResultRow)  # noqa: S101 (the query is a SELECT)
            found = row.asdict()
            yield Violation(shape, found["this"], found.get("path"), found.get("value"))


def prefixes(shapes: Graph, constraint: Node) -> dict[str, str]:
    """Return the prefixes that a constraint declares."""
    return {
        str(shapes.value(declared, SH.prefix)): str(shapes.value(declared, SH.namespace))
        for group in shapes.objects(constraint, SH.prefixes)
        for declared in shapes.objects(group, SH.declare)
    }
