"""What the description of a graph tells, from its sorted lines of N-Quads, with bounded memory.

It is what `layers.found` returns, which holds all quads. In sorted lines the quads of one subject follow each
other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

import pyoxigraph as ox

from kg.inference.columns.statement_columns import parts
from kg.namespaces import CG, DCTERMS, RDF, is_inferred
from kg.reading.authorities import catalogue_item
from kg.store import dataset_summary
from kg.store.dataset_summary import Summary
from kg.store.layers import MATCHES, GraphFacts

Parts = tuple[str, str, str, str]  # subject, predicate, object, graph

TYPE = f"<{RDF.type}>"
_DATE, _CURATION = f"<{DCTERMS.date}>", f"<{CG.Curation}>"


def subjects(lines: Iterable[bytes]) -> Iterator[tuple[str, list[Parts]]]:
    """Yield each subject of sorted `lines` with its quads, as terms of N-Quads."""
    for subject, quads in groupby((parts(line.decode()) for line in lines), itemgetter(0)):
        yield subject, list(quads)


def found(lines: Iterable[bytes], things: str) -> GraphFacts:
    """Return what the description of the graph in `lines` tells; `things` is the namespace of its things."""
    facts = _Facts(things)
    for subject, quads in subjects(lines):
        facts.add(subject, quads)
    return facts.found()


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


@dataclass
class _Facts:
    """The facts, which `add` takes from one subject after the other."""

    things: str
    graphs: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    pointed: Counter[str] = field(default_factory=Counter)
    described: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    links: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, subject: str, quads: list[Parts]) -> None:
        """Take in the quads of one subject."""
        if self._is_thing(subject):
            self.described.add(subject)
        for _, name, target, graph in quads:
            self.graphs[graph] += 1
            self.names.add(name)
            if self._is_thing(target):
                self.pointed[target] += 1
        typed = [(target, graph) for _, name, target, graph in quads if name == TYPE and target[0] == "<"]
        self.names.update(target for target, _ in typed)
        if _CURATION in (target for target, _ in typed):
            self.dates |= {text(target) for _, name, target, _ in quads if name == _DATE}
        self._link(quads, [target[1:-1] for target, graph in typed if not is_inferred(graph[1:-1])])

    def found(self) -> GraphFacts:
        """Return what was found."""
        summary = Summary(
            frozenset(dataset_summary.namespaces(name[1:-1] for name in self.names)),
            dataset_summary.most_pointed_to(
                {iri[1:-1]: number for iri, number in self.pointed.items()},
                [iri[1:-1] for iri in self.described],
                self.things,
            ),
            sorted(self.dates),
        )
        graphs = {graph[1:-1]: number for graph, number in self.graphs.items() if graph[0] == "<"}
        return GraphFacts(graphs, summary, self.links)

    def _is_thing(self, term: str) -> bool:
        """Return whether `term` may be an example: a thing of a kind, and no part of one."""
        return term.startswith(self.things, 1) and term.count("/", len(self.things) + 1) == 1

    def _link(self, quads: list[Parts], stated: list[str]) -> None:
        """Count the links of one subject, by the last of the classes that records state."""
        for _, name, target, _ in quads if stated else ():
            if name[1:-1] in MATCHES and (item := catalogue_item(target[1:-1])):
                self.links[item[0].name, name[1:-1], stated[-1]] += 1


def text(literal: str) -> str:
    """Return the lexical form of a literal of N-Quads, and nothing for another term."""
    term = next(iter(ox.parse(f"<a:a> <a:a> {literal} .".encode(), ox.RdfFormat.N_TRIPLES))).object
    return term.value if isinstance(term, ox.Literal) else ""
