"""Facts and statistics of a graph, from its sorted lines of N-Quads, with bounded memory.

They are those of `layers.found` and `statistics.count`, which hold all quads. In sorted lines the quads of
one subject follow each other, and so does the same triple in several graphs. Of each thing its classes are
kept, for what points to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from kg.inference.columns.statement_columns import parts
from kg.namespaces import RDF
from kg.store import dataset_summary
from kg.store.dataset_summary import GraphFacts
from kg.store.statistics import Statistics

Lines = Callable[[], Iterable[bytes]]  # each call begins anew
Key = tuple[str, ...]
Parts = tuple[str, str, str, str]  # subject, predicate, object, graph

TYPE = f"<{RDF.type}>"
_TEXT = "<http://www.w3.org/2001/XMLSchema#string>"
_TAGGED = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"


def subjects(lines: Iterable[bytes]) -> Iterator[tuple[str, list[Parts]]]:
    """Yield each subject of sorted `lines` with its quads, as terms of N-Quads."""
    for subject, quads in groupby((parts(line.decode()) for line in lines), itemgetter(0)):
        yield subject, list(quads)


def found(lines: Iterable[bytes], things: str) -> GraphFacts:
    """Return what the description of the graph in `lines` tells; `things` is the namespace of its things."""
    return dataset_summary.facts((parts(line.decode()) for line in lines), things)


def things(lines: Iterable[bytes], homes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the things with a class in sorted `lines`, each with its folder, as `…/id/actor/`.

    `homes` are the namespaces of things. What is below a thing, as a passage of a telegram, is a part of it.
    """
    starts, last = tuple(f"<{home}".encode() for home in homes), b""
    for line in lines:
        subject, name, _ = line.split(b" ", 2)
        if subject == last or name != TYPE.encode() or not subject.startswith(starts):
            continue
        last, iri = subject, subject[1:-1].decode()
        home = next(home for home in homes if iri.startswith(home))
        folder, slash, thing = iri.removeprefix(home).partition("/")
        if folder and slash and "/" not in thing and "#" not in thing:
            yield f"{home}{folder}/", iri


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
