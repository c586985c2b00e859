"""Network of actors and the ties between them, as CSV and GraphML (http://graphml.graphdrawing.org/).

It is made by the saved queries `who-is-who` and `ties-between-actors`.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pyoxigraph as ox

from kg.asking.questions.parameters import fill
from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import DataError, Finding
from kg.reading.characters import wrong_character
from kg.store.sparql import rows
from kg.terms import value

# The values of the parameter `tie` of the saved query that tell what somebody does. Who acts on whom may be
# denied, foreseen or advised, which an edge cannot say.
TIES = ("addresses", "disagrees with", "reports", "sends to", "speaks of")
NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
# Fields that are attributes of GraphML itself, and need no key.
_BUILT_IN = frozenset({"id", "source", "target"})
_TYPES = {"int": "int", "str": "string"}


@dataclass(frozen=True, slots=True)
class ActorNode:
    """One actor; `wikidata` is the IRI of its item, empty if there is no exact match."""

    id: str
    label: str
    kind: str
    wikidata: str


@dataclass(frozen=True, slots=True)
class ActorEdge:
    """One tie of one kind in one telegram.

    `weight` is the number of its statements; `evidence` has their IRIs, separated by spaces.
    """

    source: str
    target: str
    kind: str
    weight: int
    telegram: str
    evidence: str


def nodes(store: ox.Store, query: SavedQuery) -> list[ActorNode]:
    """Return all actors in the order of `query`."""
    return [
        ActorNode(value(row["actor"]), value(row["name"]), value(row["kind"]), _optional(row["wikidata"]))
        for row in rows(store, query.text)
    ]


def edges(store: ox.Store, query: SavedQuery) -> list[ActorEdge]:
    """Return all ties, with one edge for the ties of one kind in one telegram between two actors."""
    ties: defaultdict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for source, target, kind, telegram, statement in _ties(store, query):
        ties[source, target, kind, telegram].add(statement)
    return [
        ActorEdge(source, target, kind, len(statements), telegram, " ".join(sorted(statements)))
        for (source, target, kind, telegram), statements in sorted(ties.items())
    ]


def _ties(store: ox.Store, query: SavedQuery) -> Iterator[tuple[str, ...]]:
    for tie in TIES:
        for row in rows(store, fill(query.text, {"tie": ox.Literal(tie)})):
            yield tuple(_optional(row[name]) for name in ("source", "target", "tie", "telegram", "statement"))


def _optional(term: object) -> str:
    return "" if term is None else value(term)


def table(entries: Sequence[ActorNode] | Sequence[ActorEdge], columns: Iterable[str]) -> bytes:
    """Return `entries` as CSV (RFC 4180, UTF-8) with the headings `columns`, one for each field."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(astuple(entry) for entry in entries)
    return text.getvalue().encode()


def columns(kind: type[ActorNode] | type[ActorEdge]) -> tuple[str, ...]:
    """Return the headings of the columns as Gephi expects them: its own names have a capital."""
    gephi = {"id": "Id", "label": "Label", "source": "Source", "target": "Target", "weight": "Weight"}
    return tuple(gephi.get(field.name, field.name) for field in fields(kind))


def graphml(nodes: Sequence[ActorNode], edges: Sequence[ActorEdge], description: str) -> bytes:
    """Return a directed graph as GraphML; edges have ids, so that readers keep parallel ones.

    Raises DataError if a text has a character that XML cannot hold.
    """
    root = Element("graphml", xmlns=NAMESPACE)
    SubElement(root, "desc").text = description
    _keys(root, "node", ActorNode)
    _keys(root, "edge", ActorEdge)
    graph = SubElement(root, "graph", id="actors", edgedefault="directed")
    for node in nodes:
        _data(SubElement(graph, "node", id=node.id), "node", node)
    for number, edge in enumerate(edges, 1):
        element = SubElement(graph, "edge", id=f"e{number}", source=edge.source, target=edge.target)
        _data(element, "edge", edge)
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    if problem := wrong_character("a text of the network", content.decode()):
        raise DataError([Finding("actors.graphml", 0, problem)])
    return content.replace(b"\r", b"&#xD;") + b"\n"


def _keys(root: Element, owner: str, kind: type[ActorNode] | type[ActorEdge]) -> None:
    for name, type_ in _attributes(kind):
        attributes = {
            "id": f"{owner}-{name}",
            "for": owner,
            "attr.name": name,
            "attr.type": _TYPES[type_],
        }
        SubElement(root, "key", attributes)


def _data(element: Element, owner: str, entry: ActorNode | ActorEdge) -> None:
    for name, _ in _attributes(type(entry)):
        if content := str(getattr(entry, name)):
            SubElement(element, "data", key=f"{owner}-{name}").text = content


def _attributes(kind: type[ActorNode] | type[ActorEdge]) -> Iterable[tuple[str, str]]:
    return [(field.name, str(field.type)) for field in fields(kind) if field.name not in _BUILT_IN]
