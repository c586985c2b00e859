"""Match rules backwards: from a conclusion to the premises that could have led to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.rules import Rule

Candidate = tuple[str, list[ox.Triple]]

# Rule name -> (what the conclusion must look like, premise patterns). S, P and O are the terms of the
# conclusion; other letters are variables that the store fills.
_TYPE = f"<{RDF.type}>"
_OWL: tuple[tuple[str, bool, tuple[str, ...]], ...] = (
    ("prp-spo1", False, (f"?q <{RDFS.subPropertyOf}> P", "S ?q O")),
    ("prp-symp", False, (f"P {_TYPE} <{OWL.SymmetricProperty}>", "O P S")),
    ("prp-trp", False, (f"P {_TYPE} <{OWL.TransitiveProperty}>", "S P ?y", "?y P O")),
    ("cax-sco", True, (f"?c <{RDFS.subClassOf}> O", f"S {_TYPE} ?c")),
    ("cls-hv2", True, (f"O <{OWL.equivalentClass}> ?r", f"?r <{OWL.onProperty}> ?q", f"?r <{OWL.hasValue}> ?v", "S ?q ?v")),
    ("cls-svf1", True, (f"O <{OWL.equivalentClass}> ?r", f"?r <{OWL.onProperty}> ?q", f"?r <{OWL.someValuesFrom}> ?c", "S ?q ?y")),
    ("prp-dom", True, (f"?q <{RDFS.domain}> O", "S ?q ?y")),
    ("prp-rng", True, (f"?q <{RDFS.range}> O", "?y ?q S")),
)  # fmt: skip


class Premises:
    """Finds premises in one store under the ontology it holds and a list of CONSTRUCT rules."""

    def __init__(self, store: ox.Store, rules: Sequence[Rule]) -> None:
        self.store = store
        self.rules = [(rule, *_patterns(rule)) for rule in rules]

    def of(self, triple: ox.Triple) -> Iterator[Candidate]:
        """Yield rule names with premises that hold in the store and lead to `triple`."""
        yield from self._owl(triple)
        yield from self._chains(triple)
        for rule, head, body in self.rules:
            yield from self._construct(rule, head, body, triple)

    def _owl(self, triple: ox.Triple) -> Iterator[Candidate]:
        is_type = triple.predicate.value == str(RDF.type)
        ends = {"S": str(triple.subject), "P": str(triple.predicate), "O": str(triple.object)}
        for name, about_type, patterns in _OWL:
            if about_type == is_type:
                filled = [" ".join(ends.get(part, part) for part in pattern.split(" ")) for pattern in patterns]
                yield from ((name, found) for found in self._match(filled))

    def _chains(self, triple: ox.Triple) -> Iterator[Candidate]:
        """Yield the matches of property chains (prp-spo2), anonymous inverses included."""
        axioms = self.store.quads_for_pattern(triple.predicate, _node(OWL.propertyChainAxiom), None, None)
        for axiom in sorted(axioms, key=str):
            patterns = []
            links = list(self._list(axiom.object))
            for n, link in enumerate(links):
                left = str(triple.subject) if n == 0 else f"?x{n}"
                right = str(triple.object) if n == len(links) - 1 else f"?x{n + 1}"
                inverse = next(self.store.quads_for_pattern(link, _node(OWL.inverseOf), None, None), None)
                patterns.append(f"{right} {inverse.object} {left}" if inverse else f"{left} {link} {right}")
            yield from (("prp-spo2", found) for found in self._match(patterns))

    def _list(self, cell: ox.NamedNode) -> Iterator[ox.NamedNode]:
        while cell.value != str(RDF.nil):
            yield next(self.store.quads_for_pattern(cell, _node(RDF.first), None, None)).object
            cell = next(self.store.quads_for_pattern(cell, _node(RDF.rest), None, None)).object

    def _match(self, patterns: Sequence[str]) -> Iterator[list[ox.Triple]]:
        rows = self.store.query(f"SELECT * WHERE {{ {' . '.join(patterns)} }}", use_default_graph_as_union=True)
        names = [v.value for v in rows.variables]
        for row in sorted(rows, key=str):
            bound = {f"?{name}": str(row[name]) for name in names}
            yield [_triple([bound.get(part, part) for part in pattern.split(" ")]) for pattern in patterns]

    def _construct(
        self, rule: Rule, head: Sequence[tuple[str, ...]], body: Sequence[tuple[str, ...]], triple: ox.Triple
    ) -> Iterator[Candidate]:
        for pattern in head:
            bound = dict(zip(pattern, map(str, triple), strict=True))
            if any(not part.startswith("?") and part != value for part, value in bound.items()):
                continue
            free = {part: value for part, value in bound.items() if part.startswith("?")}
            values = f"VALUES ({' '.join(free)}) {{ ({' '.join(free.values())}) }}"
            start = rule.text.index("CONSTRUCT")
            query = f"{rule.text[:start]} SELECT * WHERE {{ {values} {rule.body} }}"
            for row in sorted(self.store.query(query, use_default_graph_as_union=True), key=str):
                yield rule.name, [_filled(part, row) for part in body]


def _patterns(rule: Rule) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Return the triple patterns of head and body; those under NOT EXISTS are no premises."""
    query = translateQuery(parseQuery(rule.text)).algebra
    body: list[tuple[str, ...]] = []
    stack: list[object] = [query.p]
    while stack:
        node = stack.pop()
        if isinstance(node, CompValue):
            if node.name == "BGP":
                body += [tuple(_text(term) for term in pattern) for pattern in node.triples]
            stack += [value for key, value in node.items() if key != "expr"]
    return [tuple(_text(term) for term in pattern) for pattern in query.template], sorted(body)


def _text(term: object) -> str:
    return f"?{term}" if isinstance(term, Variable) else f"<{term}>"


def _filled(pattern: Sequence[str], row: ox.QuerySolution) -> ox.Triple:
    return _triple([str(row[part[1:]]) if part.startswith("?") else part for part in pattern])


def _triple(parts: Sequence[str]) -> ox.Triple:
    """Return the triple that three N-Triples terms make."""
    return next(iter(ox.parse(f"{' '.join(parts)} .", ox.RdfFormat.N_TRIPLES))).triple


def _node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))
