"""A network as GraphML (http://graphml.graphdrawing.org/specification.html), as network tools read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kg.projections.network import Edge, Node

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
# What stands in attributes of GraphML's own, so that it needs no key.
_OWN = frozenset({"id", "source", "target"})
_TYPES = {"int": "int", "str": "string"}


def written(nodes: Sequence[Node], edges: Sequence[Edge], description: str) -> bytes:
    """Return a directed graph of `nodes` and `edges`; edges have names, so that parallel ones are kept."""
    root = Element("graphml", xmlns=NAMESPACE)
    SubElement(root, "desc").text = description
    _keys(root, "node", Node)
    _keys(root, "edge", Edge)
    graph = SubElement(root, "graph", id="actors", edgedefault="directed")
    for node in nodes:
        _data(SubElement(graph, "node", id=node.id), "node", node)
    for number, edge in enumerate(edges, 1):
        element = SubElement(graph, "edge", id=f"e{number}", source=edge.source, target=edge.target)
        _data(element, "edge", edge)
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _keys(root: Element, owner: str, kind: type[Node] | type[Edge]) -> None:
    for name, type_ in _attributes(kind):
        attributes = {
            "id": f"{owner}-{name}",
            "for": owner,
            "attr.name": name,
            "attr.type": _TYPES[type_],
        }
        SubElement(root, "key", attributes)


def _data(element: Element, owner: str, entry: Node | Edge) -> None:
    for name, _ in _attributes(type(entry)):
        if content := str(getattr(entry, name)):
            SubElement(element, "data", key=f"{owner}-{name}").text = content


def _attributes(kind: type[Node] | type[Edge]) -> Iterable[tuple[str, str]]:
    return [(field.name, str(field.type)) for field in fields(kind) if field.name not in _OWN]
