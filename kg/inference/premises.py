"""Backward matching of OWL and CONSTRUCT rules, from a conclusion to its possible premises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.inference.rules import Rule
from kg.namespaces import CG

Pattern = Sequence[str]

_GENERATED = "/.well-known/genid/"


class Readable(Protocol):
    """The two methods of a pyoxigraph Store that proofs use; a stand-in may implement them."""

    def quads_for_pattern(
        self,
        subject: ox.NamedNode | ox.BlankNode | ox.Triple | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None,  # noqa: A002 - the engine's name
        graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """Return the quads that match the pattern; None matches every term."""

    def query(
        self, query: str, *, use_default_graph_as_union: bool = False
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Return the answer to a query."""


@dataclass(frozen=True)
class PremiseCandidate:
    """A rule, its explanation in words, and premises in the store that lead to the conclusion."""

    rule: str
    reason: str
    premises: tuple[ox.Triple, ...]


# Rule name, explanation, whether the conclusion is a type, premise patterns. S, P and O are the terms of
# the conclusion; the variables are bound by the store, from left to right.
_TYPE, _SAME = f"<{RDF.type}>", f"<{OWL.equivalentClass}>"
_OWL = (
    ("prp-spo1", "a narrower property holds", False, ("S ?q O", f"?q <{RDFS.subPropertyOf}> P")),
    ("prp-symp", "the property holds both ways", False, (f"P {_TYPE} <{OWL.SymmetricProperty}>", "O P S")),
    ("prp-trp", "the property carries over", False,
     (f"P {_TYPE} <{OWL.TransitiveProperty}>", "S P ?y", "?y P O")),
    ("prp-inv1", "the inverse holds", False, (f"?q <{OWL.inverseOf}> P", "O ?q S")),
    ("prp-inv2", "the inverse holds", False, (f"P <{OWL.inverseOf}> ?q", "O ?q S")),
    ("cls-hv1", "all of the class have this value", False,
     (f"?r <{OWL.hasValue}> O", f"?r <{OWL.onProperty}> P", f"?c {_SAME} ?r", f"S {_TYPE} ?c")),
    ("cax-sco", "a narrower class holds", True, (f"S {_TYPE} ?c", f"?c <{RDFS.subClassOf}> O")),
    ("cax-eqc1", "the classes are the same", True, (f"S {_TYPE} ?c", f"?c {_SAME} O")),
    ("cax-eqc2", "the classes are the same", True, (f"S {_TYPE} ?c", f"O {_SAME} ?c")),
    ("cls-hv2", "whatever has this value is in the class", True,
     (f"O {_SAME} ?r", f"?r <{OWL.onProperty}> ?q", f"?r <{OWL.hasValue}> ?v", "S ?q ?v")),
    ("cls-svf2", "whatever has this property is in the class", True,
     (f"O {_SAME} ?r", f"?r <{OWL.onProperty}> ?q", f"?r <{OWL.someValuesFrom}> <{OWL.Thing}>", "S ?q ?y")),
    ("prp-dom", "only such things have this property", True, ("S ?q ?y", f"?q <{RDFS.domain}> O")),
    ("prp-rng", "the property leads only to such things", True, (f"?q <{RDFS.range}> O", "?y ?q S")),
)  # fmt: skip


class Premises:
    """Finds premises in one store under the ontology it holds and a list of CONSTRUCT rules."""

    def __init__(self, store: Readable, rules: Sequence[Rule]) -> None:
        self.store = store
        self._heads = [_Head(rule, pattern, body) for rule in rules for pattern, body in _patterns(rule)]
        self._predicates = {head: head.predicates(store) for head in self._heads}

    def of(self, triple: ox.Triple) -> Iterator[PremiseCandidate]:
        """Yield the rules and premises in the store that lead to `triple`, always in the same order."""
        yield from self._owl(triple)
        yield from self._chains(triple)
        for head in self._heads:
            if triple.predicate.value in self._predicates[head]:
                yield from head.candidates(self.store, triple)

    def _owl(self, triple: ox.Triple) -> Iterator[PremiseCandidate]:
        is_type = triple.predicate.value == str(RDF.type)
        ends = {"S": str(triple.subject), "P": str(triple.predicate), "O": str(triple.object)}
        for name, reason, about_type, patterns in _OWL:
            if about_type == is_type:
                filled = [[ends.get(part, part) for part in pattern.split(" ")] for pattern in patterns]
                yield from (
                    PremiseCandidate(name, reason, _named_only(match)) for match in self._match(filled, {})
                )

    def _chains(self, triple: ox.Triple) -> Iterator[PremiseCandidate]:
        """Yield the matches of property chains (prp-spo2), anonymous inverses included."""
        for axiom in self._triples((str(triple.predicate), f"<{OWL.propertyChainAxiom}>", "?list")):
            patterns = []
            links = list(self._list(str(axiom.object)))
            for n, link in enumerate(links):
                left = str(triple.subject) if n == 0 else f"?x{n}"
                right = str(triple.object) if n == len(links) - 1 else f"?x{n + 1}"
                inverse = self._triples((link, f"<{OWL.inverseOf}>", "?property"))
                patterns.append([right, str(inverse[0].object), left] if inverse else [left, link, right])
            for match in self._match(patterns, {}):
                yield PremiseCandidate("prp-spo2", "the properties form a chain", _named_only(match))

    def _list(self, cell: str) -> Iterator[str]:
        while cell != f"<{RDF.nil}>":
            yield str(self._triples((cell, f"<{RDF.first}>", "?item"))[0].object)
            cell = str(self._triples((cell, f"<{RDF.rest}>", "?rest"))[0].object)

    def _match(self, patterns: Sequence[Pattern], bound: Mapping[str, str]) -> Iterator[list[ox.Triple]]:
        """Yield the triples that match all `patterns` together."""
        if not patterns:
            yield []
            return
        filled = [bound.get(part, part) for part in patterns[0]]
        for triple in self._triples(filled):
            more = dict(zip(filled, map(str, triple), strict=True))
            yield from ([triple, *rest] for rest in self._match(patterns[1:], {**bound, **more}))

    def _triples(self, pattern: Pattern) -> list[ox.Triple]:
        if pattern[0].startswith('"'):
            return []
        subject, predicate = (None if part.startswith("?") else _node(part) for part in pattern[:2])
        target = None if pattern[2].startswith("?") else _term(pattern[2])
        triples = {quad.triple for quad in self.store.quads_for_pattern(subject, predicate, target, None)}
        return sorted(triples, key=str)


@dataclass(frozen=True)
class _Head:
    """One triple pattern of a CONSTRUCT template, with the patterns of its rule's WHERE."""

    rule: Rule
    pattern: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]

    def predicates(self, store: Readable) -> frozenset[str]:
        """Return the predicates that this pattern of the template can have."""
        predicate = self.pattern[1]
        if not predicate.startswith("?"):
            return frozenset({predicate[1:-1]})
        rows = self._rows(store, f"SELECT DISTINCT {predicate} WHERE {{ {self.rule.body} }}")
        return frozenset(row[predicate[1:]].value for row in rows)

    def candidates(self, store: Readable, triple: ox.Triple) -> Iterator[PremiseCandidate]:
        """Yield the ways in which the rule infers `triple`."""
        bound = dict(zip(self.pattern, map(str, triple), strict=True))
        free = {part: value for part, value in bound.items() if part.startswith("?")}
        if any(part != value for part, value in bound.items() if part not in free):
            return
        # What the body itself computes can be compared only after it (SPARQL 1.1, 18.2.4.4).
        computed = {part for part in free if f"AS {part})" in self.rule.body}
        given = _values({part: value for part, value in free.items() if part not in computed})
        after = _values({part: value for part, value in free.items() if part in computed})
        rows = self._rows(store, f"SELECT * WHERE {{ {given} {self.rule.body} {after} }}")
        for row in sorted(rows, key=lambda row: (-_best_dates(store, row), str(row))):
            yield PremiseCandidate(
                self.rule.name, self.rule.title, tuple(_filled(part, row) for part in self.body)
            )

    def _rows(self, store: Readable, query: str) -> ox.QuerySolutions:
        prefixes = self.rule.text[: self.rule.text.index("CONSTRUCT")]
        result = store.query(prefixes + query, use_default_graph_as_union=True)
        assert isinstance(result, ox.QuerySolutions)  # noqa: S101 (the query is a SELECT)
        return result


def _best_dates(store: Readable, row: ox.QuerySolution) -> int:
    """Return how many terms of `row` are the best date of a thing: a proof from these comes first."""
    best = ox.NamedNode(str(CG.bestDate))
    found = (term for term in row if isinstance(term, ox.NamedNode))
    return sum(any(store.quads_for_pattern(None, best, term, None)) for term in found)


def _patterns(rule: Rule) -> Iterator[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """Yield each pattern of the template with the patterns of the WHERE.

    Patterns in NOT EXISTS or in a sub-query are left out: they are conditions on the whole graph, not
    premises.
    """
    query = translateQuery(parseQuery(rule.text)).algebra
    body: list[tuple[str, ...]] = []
    stack: list[object] = [query.p]
    while stack:
        node = stack.pop()
        if isinstance(node, CompValue) and node.name != "ToMultiSet":
            if node.name == "BGP":
                body += [tuple(_text(term) for term in pattern) for pattern in node.triples]
            stack += [value for key, value in node.items() if key != "expr"]
    yield from ((tuple(_text(term) for term in pattern), tuple(sorted(body))) for pattern in query.template)


def _values(bound: Mapping[str, str]) -> str:
    """Return the VALUES block that binds variables to terms; no text if there are none."""
    return f"VALUES ({' '.join(bound)}) {{ ({' '.join(bound.values())}) }}" if bound else ""


def _text(term: object) -> str:
    return f"?{term}" if isinstance(term, Variable) else f"<{term}>"


def _filled(pattern: Pattern, row: ox.QuerySolution) -> ox.Triple:
    subject, predicate, target = (row[part[1:]] if part.startswith("?") else _node(part) for part in pattern)
    return ox.Triple(subject, predicate, target)


def _named_only(premises: Sequence[ox.Triple]) -> tuple[ox.Triple, ...]:
    """Return the premises without those about OWL restrictions and lists, which have generated IRIs."""
    return tuple(t for t in premises if not any(_GENERATED in str(term) for term in t))


def _node(text: str) -> ox.NamedNode:
    """Return the node of an IRI in angle brackets."""
    return ox.NamedNode(text[1:-1])


def _term(text: str) -> ox.NamedNode | ox.Literal:
    """Return the term of a text in N-Triples syntax."""
    if text.startswith("<"):
        return _node(text)
    quad = next(iter(ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.N_TRIPLES)))
    assert isinstance(quad.object, ox.Literal)  # noqa: S101 (a text in quotation marks is one)
    return quad.object
