"""Statistics of a graph, from its sorted lines of N-Quads, with bounded memory.

They are those of `statistics.count`, which holds all quads. In sorted lines the same triple in several graphs
follows itself. Of each thing its classes are kept, for what points to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from operator import itemgetter

from kg.publishing.stores.line_facts import TYPE, Parts, subjects
from kg.store.statistics import Statistics

Lines = Callable[[], Iterable[bytes]]  # each call begins anew
Key = tuple[str, ...]

_TEXT = "<http://www.w3.org/2001/XMLSchema#string>"
_TAGGED = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"


def count(lines: Lines) -> Statistics:
    """Return the statistics of the graph in `lines`."""
    counts: dict[str, Counter[Key]] = {
        name: Counter()
        for name in ("triples", "graphs", "properties", "classes", "uses", "targets", "datatypes")
    }
    classes_of, known = dict[int, Key](), dict[Key, Key]()
    for subject, quads in subjects(lines()):
        classes = _count(counts, quads)
        if classes:
            classes_of[hash(subject)] = known.setdefault(classes, classes)
    for subject, quads in subjects(lines()):
        _count_targets(counts["targets"], classes_of.get(hash(subject), ()), quads, classes_of)
    return Statistics({name: dict(sorted(_bare(rows).items())) for name, rows in counts.items()})


def _count(counts: Mapping[str, Counter[Key]], quads: list[Parts]) -> Key:
    """Count the quads of one subject, without what points where, and return its classes."""
    counts["graphs"].update((graph,) for _, _, _, graph in quads if graph[0] == "<")
    pairs = [pair for pair, _ in groupby(quads, itemgetter(1, 2))]
    classes = tuple(target for name, target in pairs if name == TYPE and target[0] == "<")
    counts["triples"][()] += len(pairs)
    counts["properties"].update((name,) for name, _ in pairs)
    counts["classes"].update((class_,) for class_ in classes)
    for name, target in pairs:
        for class_ in classes:
            counts["uses"][class_, name] += 1
            if target[0] == '"':
                counts["datatypes"][class_, name, _datatype(target)] += 1
    return classes


def _count_targets(
    targets: Counter[Key], classes: Key, quads: list[Parts], classes_of: Mapping[int, Key]
) -> None:
    """Count the classes of that to which one subject of `classes` points."""
    for (name, target), _ in groupby(quads, itemgetter(1, 2)):
        if target[0] != '"' and (others := classes_of.get(hash(target))):
            targets.update((one, name, other) for one in classes for other in others)


def _bare(rows: Mapping[Key, int]) -> dict[Key, int]:
    """Return `rows` with IRIs without angle brackets."""
    return {tuple(part[1:-1] for part in key): number for key, number in rows.items()}


def _datatype(literal: str) -> str:
    """Return the IRI of the datatype of a literal of N-Quads, in angle brackets."""
    end = literal[literal.rindex('"') + 1 :]
    if end.startswith("^^"):
        return end[2:]
    return _TAGGED if end else _TEXT
