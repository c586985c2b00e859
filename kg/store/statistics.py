"""Statistics of a graph: counts of its triples, classes and properties, and of their combinations.

They are kept beside the graph, not in it: the data version is a hash of the graph, and downloaded files
stay the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox

from kg.inference.columns.statement_columns import TYPE, parts
from kg.namespaces import RDF, XSD

Terms = tuple[str, str, str, str]  # subject, predicate, object and graph in N-Quads syntax
Names = tuple[str, ...]
Counts = Mapping[tuple[str, ...], int]

# The keys of the counts are, in this order: (); (graph,); (property,); (class,); (class, property);
# (class, property, class of the object); (class, property, datatype of the object).
_NAMES = ("triples", "graphs", "properties", "classes", "uses", "targets", "datatypes")


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts by name, each sorted by key; `missing` names the counts that were not made and are empty.

    `triples`, `properties`, `classes`, `uses`, `targets` and `datatypes` are of the union of all graphs:
    a triple that is in several graphs counts once.
    """

    counts: Mapping[str, Counts]
    missing: tuple[str, ...] = ()

    @property
    def statements(self) -> int:
        """The number of all triples, 0 if they were not counted."""
        return sum(self.counts["triples"].values())


StatisticsOf = Callable[[str], Statistics | None]  # by data version
NOT_COUNTED = Statistics({name: {} for name in _NAMES}, _NAMES)


def count(quads: Iterable[ox.Quad]) -> Statistics:
    """Return the statistics of the graph of `quads`; a repeated quad counts once."""
    terms = {(str(q.subject), str(q.predicate), str(q.object), str(q.graph_name)) for q in quads}
    return _counted(partial(iter, sorted(terms)))


def count_lines(lines: Callable[[], Iterable[bytes]]) -> Statistics:
    """Return the statistics of the graph in sorted lines of N-Quads, none of them repeated.

    `lines` is called twice. Of each thing only its classes are kept in memory.
    """
    return _counted(lambda: (parts(line.decode()) for line in lines()))


def _counted(quads: Callable[[], Iterator[Terms]]) -> Statistics:
    """Return the statistics of `quads`, in which the same triple in several graphs follows itself."""
    graphs, classes, known = Counter[Names](), dict[int, Names](), dict[Names, Names]()
    for subject, name, target, graph in quads():
        graphs[graph,] += 1
        if name == TYPE and target[0] == "<" and target[1] != "<":
            own = classes.get(hash(subject), ())  # a hash takes a quarter of the memory of a name
            if target not in own:
                wider = (*own, target)
                classes[hash(subject)] = known.setdefault(wider, wider)
    kinds, last = Counter[tuple[Names, str, str | Names]](), ("", "", "")
    for subject, name, target, _ in quads():
        if last != (triple := (subject, name, target)):
            kind = _datatype(target) if target[0] == '"' else classes.get(hash(target), ())
            kinds[classes.get(hash(subject), ()), name, kind] += 1
        last = triple
    properties = Counter[Names]()
    for (_, name, _), number in kinds.items():
        properties[name,] += number
    counts: Mapping[str, Counts] = {
        "triples": {(): kinds.total()} if kinds else {},
        "graphs": {key: number for key, number in graphs.items() if key[0][0] == "<"},
        "properties": properties,
        "classes": Counter((class_,) for own in classes.values() for class_ in own),
        **_uses(kinds),
    }
    return Statistics({name: dict(sorted(_bare(counts[name]).items())) for name in _NAMES})


def _uses(kinds: Mapping[tuple[Names, str, str | Names], int]) -> dict[str, Counts]:
    """Return the counts by class and property."""
    uses: Counter[tuple[str, ...]] = Counter()
    targets: Counter[tuple[str, ...]] = Counter()
    datatypes: Counter[tuple[str, ...]] = Counter()
    for (classes, name, kind), number in kinds.items():
        for class_ in classes:
            uses[class_, name] += number
            if isinstance(kind, str):
                datatypes[class_, name, kind] += number
            else:
                for target in kind:
                    targets[class_, name, target] += number
    return {"uses": uses, "targets": targets, "datatypes": datatypes}


def _bare(rows: Counts) -> dict[tuple[str, ...], int]:
    """Return `rows` with IRIs without angle brackets."""
    return {tuple(part[1:-1] for part in key): number for key, number in rows.items()}


def _datatype(literal: str) -> str:
    """Return the IRI of the datatype of a literal of N-Quads, in angle brackets."""
    end = literal[literal.rindex('"') + 1 :]
    if end.startswith("^^"):
        return end[2:]
    return f"<{RDF}{'dirLangString' if '--' in end else 'langString'}>" if end else f"<{XSD.string}>"


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
