"""The network view of an answer: a layered drawing of nodes and edges in SVG, and a list.

The layout is that of Sugiyama, Tagawa and Toda (1981) in its simplest form. A node is one column right of
the farthest node that points to it; a column is ordered by the mean position of these neighbours. An edge
that closes a cycle is ignored. The layout depends only on the rows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from server.pages.questions.answer_table import AnswerTable, Detail, shared, without
from server.site.cells import Cell

_BOX, _GAP, _HIGH, _STEP, _EDGE = 250, 190, 46, 64, 12  # of the drawing, in SVG user units
BOTH = "both ways"  # what a tie without a direction has in the column with the role `way`
_LINE, _LONGEST_LABEL = 31, 24  # characters
_APART = (150, 15)  # least distance of two labels, horizontal and vertical


@dataclass(frozen=True, slots=True)
class Tie:
    """One row: the label of a tie between two nodes, the other columns, and whether it has no direction."""

    label: Cell
    details: tuple[Detail, ...]
    both: bool = False


@dataclass(frozen=True, slots=True)
class NetworkNode:
    """One node: its cell, its name in one or two lines, and the upper left corner of its box."""

    cell: Cell
    name: tuple[str, ...]
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class NetworkEdge:
    """The ties from one node to another, as one line from (x1, y1) to (x2, y2).

    The centre of its `label` is at `at`; a label that is too long for the drawing is empty.
    """

    source: NetworkNode
    target: NetworkNode
    ties: tuple[Tie, ...]
    label: str
    x1: int
    y1: int
    x2: int
    y2: int
    at: tuple[int, int] = (0, 0)

    @property
    def both(self) -> bool:
        """Whether none of the ties has a direction."""
        return all(tie.both for tie in self.ties)

    @property
    def path(self) -> str:
        """The line as SVG path data (SVG 2 section 9.3): a curve with horizontal ends."""
        bend = max(40, abs(self.x2 - self.x1) // 2)
        return (
            f"M{self.x1} {self.y1}C{self.x1 + bend} {self.y1} {self.x2 - bend} {self.y2} {self.x2} {self.y2}"
        )


@dataclass(frozen=True, slots=True)
class Network:
    """The drawing; `common` is the label of all ties if they share one, and then no edge has a label.

    `details` are those that all ties share.
    """

    width: int
    height: int
    box: tuple[int, int]
    nodes: tuple[NetworkNode, ...]
    edges: tuple[NetworkEdge, ...]
    common: str
    details: tuple[Detail, ...]


def network(table: AnswerTable) -> Network:
    """Return the network of `table`, whose columns must have the roles source, target and label."""
    source, target, label = table.places(("source", "target", "label"))
    way = table.place("way")
    common_details = shared([tuple(table.rest(row)) for row in table.rows])
    cells: dict[str, Cell] = {}
    ties: dict[tuple[str, str], list[Tie]] = {}
    for row in table.rows:
        ends = (row.cells[source], row.cells[target])
        if all(end.text for end in ends):
            cells |= {_name(end): end for end in ends if _name(end) not in cells}
            between = ties.setdefault((_name(ends[0]), _name(ends[1])), [])
            both = way is not None and row.cells[way].text == BOTH
            between.append(Tie(row.cells[label], without(tuple(table.rest(row)), common_details), both))
    nodes = _nodes(cells, columns(list(cells), list(ties)))
    labels = {tie.label.text for group in ties.values() for tie in group}
    common = labels.pop() if len(labels) == 1 else ""
    edges = _with_label_positions(
        [_edge(nodes[a], nodes[b], group, common) for (a, b), group in ties.items()]
    )
    width = max((node.x for node in nodes.values()), default=0) + _BOX + _EDGE
    height = max((node.y for node in nodes.values()), default=0) + _HIGH + _EDGE
    return Network(width, height, (_BOX, _HIGH), tuple(nodes.values()), edges, common, common_details)


def columns(names: Sequence[str], ties: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return `names` in columns from left to right, each from top to bottom."""
    depth = dict.fromkeys(names, 0)
    forward = _without_cycles(names, ties)
    for _ in names:  # a path is no longer than this
        for a, b in forward:
            depth[b] = max(depth[b], depth[a] + 1)
    for a in set(depth) - {b for _, b in forward}:  # a start node goes next to its nearest target
        depth[a] = min((depth[b] for start, b in forward if start == a), default=1) - 1
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in names:
        layers[depth[name]].append(name)
    height: dict[str, int] = {}
    for column in layers:
        column.sort(key=lambda name: _mean_height(name, forward, height))
        height |= {name: place for place, name in enumerate(column)}
    return layers


def _without_cycles(names: Iterable[str], ties: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return `ties` without those that close a cycle, in the same order."""
    kept: list[tuple[str, str]] = []
    reached: dict[str, set[str]] = {name: {name} for name in names}  # from each node, itself among them
    for a, b in ties:
        if a in reached[b]:
            continue
        kept.append((a, b))
        for ends in reached.values():
            if a in ends:
                ends.update(reached[b])
    return kept


def _mean_height(name: str, ties: Iterable[tuple[str, str]], height: Mapping[str, int]) -> float:
    """Return the mean height of the nodes that point to `name`, or 0 if there is none."""
    heights = [height[a] for a, b in ties if b == name and a in height]
    return sum(heights) / len(heights) if heights else 0


def _nodes(cells: Mapping[str, Cell], layers: Sequence[Sequence[str]]) -> dict[str, NetworkNode]:
    tallest = max(map(len, layers), default=0)
    nodes = {}
    for place, column in enumerate(layers):
        above = (tallest - len(column)) * _STEP // 2
        for row, name in enumerate(column):
            x, y = _EDGE + place * (_BOX + _GAP), _EDGE + above + row * _STEP
            lines = textwrap.wrap(cells[name].text, _LINE, max_lines=2, placeholder="…")
            nodes[name] = NetworkNode(cells[name], tuple(lines), x, y)
    return nodes


def _with_label_positions(edges: Iterable[NetworkEdge]) -> tuple[NetworkEdge, ...]:
    """Return `edges` with a position for each label, such that no two labels overlap."""
    beside, below = _APART
    taken: list[tuple[int, int]] = []
    positioned = []
    for edge in edges:
        x, y = (edge.x1 + edge.x2) // 2, (edge.y1 + edge.y2) // 2 - 4
        while edge.label and any(abs(x - left) < beside and abs(y - top) < below for left, top in taken):
            y += below
        taken += [(x, y)] if edge.label else []
        positioned.append(replace(edge, at=(x, y)))
    return tuple(positioned)


def _edge(source: NetworkNode, target: NetworkNode, ties: Sequence[Tie], common: str) -> NetworkEdge:
    label = ties[0].label.text if len(ties) == 1 else f"{len(ties)} times"
    redundant = len(ties) == 1 and bool(common)
    middle = _HIGH // 2
    return NetworkEdge(
        *(source, target, tuple(ties), "" if redundant or len(label) > _LONGEST_LABEL else label),
        *(source.x + _BOX, source.y + middle, target.x, target.y + middle),
    )


def _name(cell: Cell) -> str:
    return cell.full or cell.text
