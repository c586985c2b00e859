"""What the graph says about one thing: statements, parts, evidence, what points to it, by SPARQL.

Everything is bounded; where a bound cuts, the result says so or has the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import CG, PREFIXES, Namespaces
from kg.store import unasserted
from kg.store.unasserted import Unasserted
from server.engine.workers.pool import Pool
from server.pages.things import pointing
from server.pages.things.pointing import Pointing
from server.site import made_names, pool_queries
from server.site.cells import EXACT, NAMES
from server.site.pool_queries import Row, value

MOST_STATEMENTS = 2000  # of the thing, its parts and its evidence
_MOST_QUOTES = 1000  # of what points to it
_DEPTH = 4  # levels of parts that belong to a thing
EVIDENCE, BASED_ON = f"{CG}evidence", f"{CG}basedOn"
IN_PASSAGE, VOICE = f"{CG}inPassage", f"{CG}voice"
TYPE = f"{PREFIXES['rdf']}type"
# A statement once for each named graph that has it, and once if only the default graph has it.
_IN_GRAPHS = "{ GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?h { ?s ?p ?o } } }"
Labels = Mapping[str, tuple[Triple, ...]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, and whether it is inferred only: in inferred graphs and no others."""

    triple: Triple
    inferred: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """The statements about a thing; `complete` is False if it has more statements than these.

    `unasserted` has, by IRI, those among the thing, its parts and its neighbours that no passage asserts,
    `made` the names that are made for those that have none.
    """

    iri: str
    statements: tuple[Statement, ...]
    complete: bool
    pointing: tuple[Pointing, ...]
    quotes: tuple[Triple, ...]  # the evidence of what points to it
    neighbours: Labels
    unasserted: Mapping[str, Unasserted]
    made: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def classes(self) -> set[str]:
        """Return the IRIs of the classes of the thing, stated and inferred."""
        types = (s.triple for s in self.statements if s.triple.predicate.value == TYPE)
        return {value(t.object) for t in types if value(t.subject) == self.iri}

    def triples(self) -> Iterator[Triple]:
        """Yield all of it as triples with canonical names."""
        yield from (statement.triple for statement in self.statements)
        for way in self.pointing:
            for subject in way.subjects:
                yield Triple(NamedNode(subject), NamedNode(way.predicate), NamedNode(self.iri))
        yield from self.quotes
        for known in self.neighbours.values():
            yield from known


def gather(pool: Pool, iri: str) -> Thing | None:
    """Return the thing `iri`; None if the graph says nothing about it and nothing points to it."""
    rows = pool_queries.rows(pool, _statements_query(iri, pool.names))
    statements = _statements(rows[:MOST_STATEMENTS])
    ways = pointing.gather(pool, iri)
    if not statements and not ways:
        return None
    quotes = _quotes(pool, {subject for way in ways for subject in way.subjects})
    triples = (*(statement.triple for statement in statements), *quotes)
    near = {node for triple in triples for node in _nodes(triple)}
    near |= {node for way in ways for node in (way.predicate, *way.subjects)}
    neighbours = _neighbours(pool, near)
    voices = {value(t.object) for known in neighbours.values() for t in known if t.predicate.value == VOICE}
    complete = len(rows) <= MOST_STATEMENTS
    names = {**_neighbours(pool, voices - near), **neighbours}
    said = unasserted.read(partial(pool_queries.rows, pool), sorted(near | {iri}))
    made = made_names.of(pool, sorted(_unnamed(pool.names.id, near | {iri}, names)))
    return Thing(iri, statements, complete, ways, quotes, names, said, made)


def _unnamed(home: str, iris: Iterable[str], names: Labels) -> Iterator[str]:
    """Yield those of `iris` below `home` that have no name, parts and quotes left out."""
    for iri in iris:
        named = any(triple.predicate.value in NAMES for triple in names.get(iri, ()))
        if iri.startswith(home) and "#" not in iri and not named:
            yield iri


def _statements_query(iri: str, names: Namespaces) -> str:
    """Return the query for the statements of a thing and of what belongs to it; ?said is 1, or 0 if inferred.

    What belongs to it is reached from it: its parts, whose names begin with its own and `#`, and its
    evidence, which may be part of another record.
    """
    part = Literal(f"{iri}#")
    ways = [f"BIND({NamedNode(iri)} AS ?s)"]  # Virtuoso finds no rows in a branch of VALUES alone
    for depth in range(1, _DEPTH + 1):
        nodes = [str(NamedNode(iri)), *(f"?n{step}" for step in range(1, depth)), "?s"]
        ways.append(
            " ".join(
                f"{nodes[step]} ?p{step} {nodes[step + 1]} . FILTER(ISIRI({nodes[step + 1]}) && "
                f"(STRSTARTS(STR({nodes[step + 1]}), {part}) || ?p{step} = <{EVIDENCE}>))"
                for step in range(depth)
            )
        )
    union = " UNION ".join(f"{{ {way} }}" for way in ways)
    inferred = " || ".join(f"STRSTARTS(STR(?g), {Literal(f'{base}graph/inferred/')})" for base in names.bases)
    stated = f"IF(BOUND(?g) && ({inferred}), 0, 1)"
    return (
        f"SELECT ?s ?p ?o (MAX(?one) AS ?said) {{ {{ SELECT DISTINCT ?s {{ {union} }} }} {_IN_GRAPHS} "
        f"BIND({stated} AS ?one) }} GROUP BY ?s ?p ?o LIMIT {MOST_STATEMENTS + 1}"
    )


def _statements(rows: Iterable[Row]) -> tuple[Statement, ...]:
    statements = [
        Statement(
            Triple(NamedNode(value(row["s"])), NamedNode(value(row["p"])), row["o"]),
            value(row["said"]) == "0",
        )
        for row in rows
    ]
    return tuple(sorted(statements, key=lambda statement: str(statement.triple)))


def _quotes(pool: Pool, subjects: set[str]) -> tuple[Triple, ...]:
    """Return the evidence of `subjects`: the quoted words and their passages."""
    if not subjects:
        return ()
    evidence, passage = f"?s <{EVIDENCE}> ?e . ?e <{EXACT}> ?words", f"?e <{IN_PASSAGE}> ?passage"
    which = f"{pool_queries.values('s', sorted(subjects))} {evidence} OPTIONAL {{ {passage} }}"
    query = f"CONSTRUCT {{ {evidence} . {passage} }} WHERE {{ {which} }} LIMIT {_MOST_QUOTES}"
    return tuple(sorted(set(pool_queries.triples(pool, query)), key=str))


def _nodes(triple: Triple) -> Iterator[str]:
    return (node.value for node in triple if isinstance(node, NamedNode))


def _neighbours(pool: Pool, iris: set[str]) -> Labels:
    """Return the triples with the names of each of `iris` and its voice."""
    if not iris:
        return {}
    # One UNION branch for each property: with two VALUES blocks the engine would scan all statements.
    ways = " UNION ".join(f"{{ ?x <{name}> ?o BIND(<{name}> AS ?p) }}" for name in (*NAMES, VOICE))
    query = f"SELECT ?x ?p ?o {{ {pool_queries.values('x', sorted(iris))} {{ {ways} }} }}"
    known: dict[str, list[Triple]] = {}
    for row in pool_queries.rows(pool, query):
        node, predicate = NamedNode(value(row["x"])), NamedNode(value(row["p"]))
        known.setdefault(node.value, []).append(Triple(node, predicate, row["o"]))
    return {node: tuple(sorted(triples, key=str)) for node, triples in known.items()}
