"""Statistics of a graph: counts of its triples, classes and properties, and of their combinations.

They are kept beside the graph, not in it: the data version is a hash of the graph, and downloaded files
stay the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import PREFIXES

Counts = Mapping[tuple[str, ...], int]

# The keys of the counts are, in this order: (); (graph,); (property,); (class,); (class, property);
# (class, property, class of the object); (class, property, datatype of the object).
_NAMES = ("triples", "graphs", "properties", "classes", "uses", "targets", "datatypes")
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts by name, each sorted by key; `missing` names the counts that were not made and are empty.

    `triples`, `properties`, `classes`, `uses`, `targets` and `datatypes` are of the union of all graphs:
    a triple that is in several graphs counts once.
    """

    counts: Mapping[str, Counts]
    missing: tuple[str, ...] = ()


StatisticsOf = Callable[[str], Statistics | None]  # by data version
NOT_COUNTED = Statistics({name: {} for name in _NAMES}, _NAMES)


def count(quads: Iterable[ox.Quad]) -> Statistics:
    """Return the statistics of the graph of `quads`; a repeated quad counts once."""
    graphs: dict[object, set[ox.Triple]] = defaultdict(set)
    triples: set[ox.Triple] = set()
    for quad in quads:
        triple = quad.triple  # made anew at each call
        graphs[quad.graph_name].add(triple)
        triples.add(triple)
    classes: dict[object, list[str]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            classes[triple.subject].append(triple.object.value)
    counts: Mapping[str, Counts] = {
        "triples": {(): len(triples)} if triples else {},
        "graphs": {(g.value,): len(held) for g, held in graphs.items() if isinstance(g, ox.NamedNode)},
        "properties": Counter((triple.predicate.value,) for triple in triples),
        "classes": Counter((class_,) for own in classes.values() for class_ in own),
        **_uses(triples, classes),
    }
    return Statistics({name: dict(sorted(counts[name].items())) for name in _NAMES})


def _uses(triples: Iterable[ox.Triple], classes: Mapping[object, list[str]]) -> dict[str, Counts]:
    """Return the counts by class and property; `classes` maps each thing to its classes."""
    uses: Counter[tuple[str, ...]] = Counter()
    targets: Counter[tuple[str, ...]] = Counter()
    datatypes: Counter[tuple[str, ...]] = Counter()
    for triple in triples:
        for class_ in classes.get(triple.subject, ()):
            use = (class_, triple.predicate.value)
            uses[use] += 1
            if isinstance(triple.object, ox.Literal):
                datatypes[*use, triple.object.datatype.value] += 1
            for target in classes.get(triple.object, ()):
                targets[*use, target] += 1
    return {"uses": uses, "targets": targets, "datatypes": datatypes}


def to_json(statistics: Statistics) -> bytes:
    """Return `statistics` as JSON, with a list of rows for each name; the same bytes for the same counts."""
    rows = {
        name: [[*key, number] for key, number in sorted(statistics.counts[name].items())] for name in _NAMES
    }
    return f"{json.dumps(rows, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def from_json(content: bytes) -> Statistics:
    """Return the statistics that `to_json` wrote."""
    rows = json.loads(content)
    return Statistics({name: {tuple(key): number for *key, number in rows[name]} for name in _NAMES})
