"""What the data set says of itself beside its graphs: description, publisher, date, vocabularies, examples.

The terms are those of VoID (https://www.w3.org/TR/void/ section 2) and Dublin Core.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

import pyoxigraph as ox

from kg.inference.columns.statement_columns import parts
from kg.namespaces import CG, DCTERMS, FOAF, PREFIXES, RDF, THINGS, VOID, XSD, is_inferred
from kg.reading.authorities import catalogue_item

DESCRIPTION = (
    "What diplomatic telegrams say: who holds, reported, did or withheld what, according to whom, how the "
    "reporter knows it and in which quoted words; rival readings, ascribed claims and proposed texts apart "
    "from what passages assert; and what follows by ontology and rules, in graphs of its own. A statement is "
    "what a passage says, not a fact."
)
# Names in https://www.w3.org/ns/formats/ of the syntaxes in which the data come.
_FORMATS = ("Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML")
Terms = tuple[str, str, str, str]  # subject, predicate, object and graph in N-Quads syntax
MATCHES = {f"{PREFIXES['skos']}{name}": name for name in ("exactMatch", "closeMatch")}
_TYPE, _DATE, _CURATION = f"<{RDF.type}>", f"<{DCTERMS.date}>", f"<{CG.Curation}>"
_NAMESPACE = re.compile(r".*[/#]")


@dataclass(frozen=True, slots=True)
class Summary:
    """What is looked up in all quads of a data set: vocabularies, examples, days of curations."""

    vocabularies: frozenset[str]
    examples: Sequence[str]
    dates: Sequence[str]


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What a description tells of the quads of a data set.

    `counts` has the number of statements by graph, `links` the number of links by catalogue, property and
    class of the thing.
    """

    counts: Mapping[str, int]
    summary: Summary
    links: Mapping[tuple[str, str, str], int]


def facts(quads: Iterable[Terms], things: str) -> GraphFacts:
    """Return what the description of sorted `quads` tells; `things` is the namespace of their things.

    The quads of one subject follow each other.
    """
    facts = _Facts(things)
    for subject, own in groupby(quads, itemgetter(0)):
        facts.add(subject, list(own))
    return facts.found()


def facts_of_lines(lines: Iterable[bytes], things: str) -> GraphFacts:
    """Return what `facts` does, of sorted lines of N-Quads."""
    return facts((parts(line.decode()) for line in lines), things)


def triples(found: Summary, dataset: str, publisher: str) -> Iterator[ox.Triple]:
    """Yield the description of `dataset` with the summary `found`; `publisher` is the name of a project."""
    agent = f"{dataset}#publisher"
    yield _triple(dataset, f"{DCTERMS}description", ox.Literal(DESCRIPTION, language="en"))
    yield _triple(dataset, DCTERMS.publisher, ox.NamedNode(agent))
    yield _triple(agent, RDF.type, ox.NamedNode(FOAF.Project))
    yield _triple(agent, FOAF.name, ox.Literal(publisher, language="en"))
    for date in sorted(found.dates)[-1:]:
        yield _triple(dataset, DCTERMS.modified, ox.Literal(date, datatype=ox.NamedNode(XSD.date)))
    for name in _FORMATS:
        yield _triple(dataset, VOID.feature, ox.NamedNode(f"http://www.w3.org/ns/formats/{name}"))
    for space in sorted(found.vocabularies):
        yield _triple(dataset, VOID.vocabulary, ox.NamedNode(space))
    for thing in found.examples:
        yield _triple(dataset, VOID.exampleResource, ox.NamedNode(thing))


def namespaces(names: Iterable[str]) -> set[str]:
    """Return the namespaces of the IRIs `names`, up to the last slash or number sign."""
    return {found[0] for name in names if (found := _NAMESPACE.match(name))}


def most_pointed_to(pointed: Mapping[str, int], described: Iterable[str], things: str) -> list[str]:
    """Return for each kind of thing the one of `described` with the most in `pointed`.

    Among equals it is the first by name.
    """
    found = []
    for kind in THINGS:
        start = f"{things}{kind}/"
        own = [iri for iri in described if iri.startswith(start) and "/" not in iri[len(start) :]]
        found += [min(own, key=lambda iri: (-pointed.get(iri, 0), iri))] if own else []
    return found


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

    def add(self, subject: str, quads: Sequence[Terms]) -> None:
        """Take in the quads of one subject."""
        if self._is_thing(subject):
            self.described.add(subject)
        for _, name, target, graph in quads:
            self.graphs[graph] += 1
            self.names.add(name)
            if self._is_thing(target):
                self.pointed[target] += 1
        typed = [(target, graph) for _, name, target, graph in quads if name == _TYPE and target[0] == "<"]
        self.names.update(target for target, _ in typed)
        if _CURATION in (target for target, _ in typed):
            self.dates |= {_text(target) for _, name, target, _ in quads if name == _DATE}
        self._link(quads, [target[1:-1] for target, graph in typed if not is_inferred(graph[1:-1])])

    def found(self) -> GraphFacts:
        """Return what was found."""
        summary = Summary(
            frozenset(namespaces(name[1:-1] for name in self.names)),
            most_pointed_to(
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

    def _link(self, quads: Sequence[Terms], stated: list[str]) -> None:
        """Count the links of one subject, by the last of the classes that records state."""
        for _, name, target, _ in quads if stated else ():
            if name[1:-1] in MATCHES and (item := catalogue_item(target[1:-1])):
                self.links[item[0].name, name[1:-1], stated[-1]] += 1


def _text(literal: str) -> str:
    """Return the lexical form of a literal of N-Quads, and nothing for another term."""
    term = next(iter(ox.parse(f"<a:a> <a:a> {literal} .".encode(), ox.RdfFormat.N_TRIPLES))).object
    return term.value if isinstance(term, ox.Literal) else ""


def _triple(subject: str, predicate: str, target: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), target)
