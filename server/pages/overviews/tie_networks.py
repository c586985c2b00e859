"""The networks of documents and of actors: names in one column, ties as arcs beside it, and a table.

A name has its line, so names never overlap and read at every width; README.md has what was tried instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from server.site.pool_queries import Row, value

RELATIONS = "documents-and-their-relations"  # the saved query about documents
TIES_QUERY = "ties-between-actors"  # the saved query about actors
# Values of its parameter `tie`, the first by default.
TIES = ("disagrees with", "sends to", "addresses", "reports", "acts on", "speaks of")
_BOTH, _CERTAIN = "both ways", "certain"

LINE, WIDE = 48, 140  # of the drawing: height of a line, width, in SVG user units
_NEAR, _FARTHER = 18, 9  # how far an arc reaches out, and what each further line adds
_ROUNDS = 40  # passes over the order, at most
MOST_NODES, MOST_TIES = 40, 80


@dataclass(frozen=True, slots=True)
class TieStatement:
    """One row of the answer: a tie by one statement; `both` says that it has no direction."""

    source: str
    target: str
    name: str
    both: bool
    statement: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Arc:
    """All links between two nodes with the same name; `path` is SVG path data (SVG 2 section 9.3)."""

    source: str
    target: str
    name: str
    both: bool
    links: tuple[TieStatement, ...]
    path: str


@dataclass(frozen=True, slots=True)
class ArcDiagram:
    """Nodes from top to bottom as pairs of IRI and name, arcs, and how many of both are left out."""

    nodes: tuple[tuple[str, str], ...]
    arcs: tuple[Arc, ...]
    other_nodes: int
    other_arcs: int

    @property
    def height(self) -> int:
        """The height of the drawing, in SVG user units."""
        return LINE * len(self.nodes)

    @property
    def directed(self) -> bool:
        """Whether any tie has a direction."""
        return any(not arc.both for arc in self.arcs)


NO_TIES = ArcDiagram((), (), 0, 0)


def of_documents(rows: Iterable[Row]) -> ArcDiagram:
    """Return the network of documents."""
    names: dict[str, str] = {}
    links = []
    for row in rows:
        told = {key: value(term) for key, term in row.items()}
        one, other = told["documentId"], told["otherId"]
        names |= {one: told.get("document", one), other: told.get("other", other)}
        remark = _remark(told.get("voice", ""), told.get("hedge", ""), told.get("certainty", ""))
        links.append(TieStatement(one, other, told["relation"], False, told["statement"], remark))
    return diagram(links, names)


def of_actors(rows: Iterable[Row]) -> ArcDiagram:
    """Return the network of actors."""
    names: dict[str, str] = {}
    links = {}
    for row in rows:
        told = {key: value(term) for key, term in row.items()}
        one, other = told["source"], told["target"]
        names |= {one: told.get("who", one), other: told.get("whom", other)}
        remark = _remark(told.get("reporter", ""), "", told.get("certainty", ""))
        both = told["way"] == _BOTH
        # A statement that two telegrams attest has two rows.
        links[one, other, told["statement"]] = TieStatement(
            one, other, told["tie"], both, told["statement"], remark
        )
    return diagram(links.values(), names)


def diagram(links: Iterable[TieStatement], names: Mapping[str, str]) -> ArcDiagram:
    """Return the diagram of `links`; `names` has what each end is called. The heaviest nodes are kept."""
    grouped: dict[tuple[str, str, str], list[TieStatement]] = {}
    for link in links:
        ends = (link.source, link.target)
        one, other = sorted(ends, key=lambda end: (names.get(end, end), end)) if link.both else ends
        grouped.setdefault((one, other, link.name), []).append(link)
    weight = Counter(end for key in grouped for end in key[:2])
    heaviest = sorted(weight, key=lambda end: (-weight[end], names.get(end, end), end))
    kept = set(heaviest[:MOST_NODES])
    pairs = [key for key in grouped if key[0] in kept and key[1] in kept]
    order = ordered(heaviest[:MOST_NODES], [(one, other) for one, other, _ in pairs])
    place = {node: number for number, node in enumerate(order)}
    arcs = [_arc(key, grouped[key], place) for key in pairs[:MOST_TIES]]
    return ArcDiagram(
        tuple((node, names.get(node, node)) for node in order),
        tuple(sorted(arcs, key=lambda arc: (place[arc.source], place[arc.target], arc.name))),
        len(weight) - len(order),
        len(grouped) - len(arcs),
    )


def ordered(nodes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return `nodes` in an order with short arcs; it depends on nothing else.

    What is connected stands together. Then neighbours change places as long as the arcs get shorter.
    """
    order = [node for part in _components(nodes, pairs) for node in part]
    for _ in range(_ROUNDS):
        changed = False
        for upper in range(len(order) - 1):
            swapped = [*order[:upper], order[upper + 1], order[upper], *order[upper + 2 :]]
            if _length(swapped, pairs) < _length(order, pairs):
                order, changed = swapped, True
        if not changed:
            break
    return order


def _length(order: Sequence[str], pairs: Iterable[tuple[str, str]]) -> int:
    place = {node: number for number, node in enumerate(order)}
    return sum(abs(place[one] - place[other]) for one, other in pairs)


def _components(nodes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the connected parts, each from one node outwards, the largest first."""
    near: dict[str, list[str]] = {node: [] for node in nodes}
    for one, other in pairs:
        near[one].append(other)
        near[other].append(one)
    parts: list[list[str]] = []
    seen: set[str] = set()
    for start in sorted(nodes, key=lambda node: (len(near[node]), nodes.index(node))):
        part = [] if start in seen else [start]
        seen.update(part)
        for node in part:
            fresh = [other for other in dict.fromkeys(near[node]) if other not in seen]
            part += fresh
            seen.update(fresh)
        parts += [part] if part else []
    return sorted(parts, key=len, reverse=True)


def _arc(key: tuple[str, str, str], links: Sequence[TieStatement], place: Mapping[str, int]) -> Arc:
    source, target, name = key
    start, end = (LINE * place[node] + LINE // 2 for node in (source, target))
    # Ends lie a little apart, so that what comes in and what goes out are told from each other.
    shift = 5 if end > start else -5
    far = min(WIDE - 12, _NEAR + _FARTHER * abs(place[source] - place[target]))
    y1, y2 = start + shift, end - shift
    path = f"M{WIDE} {y1}C{WIDE - far * 4 // 3} {y1} {WIDE - far * 4 // 3} {y2} {WIDE - 2} {y2}"
    return Arc(source, target, name, all(link.both for link in links), tuple(links), path)


def _remark(source: str, hedge: str, certainty: str) -> str:
    """Return by whose word a tie is known and what limits it."""
    parts = (source, f"“{hedge}”" if hedge else "", "" if certainty == _CERTAIN else certainty)
    return ", ".join(filter(None, parts))
