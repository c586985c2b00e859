"""Annotations of drawn triples in RDF 1.2: the statements each is drawn from, with certainty and voice.

A drawn triple gets a reifier, a node that stands for its lowest proof (RDF 1.2 Concepts section 1.5). The
reifier has `prov:wasDerivedFrom` to each statement in the proof, and the certainties and voices of these.
Reifiers have names made from the triple, so that the graph has no blank nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.inference.proofs import Prover
from kg.inference.rules import Rule
from kg.namespaces import CG, PROV, RDF, VOID, XSD, is_inferred
from kg.reading.ontology import GENID, ONTOLOGY_GRAPH

MOST = 200_000  # drawn triples; 8,634 took 3 s
DRAWN = f"{GENID}drawn/"
_DIGITS = 20  # of a hash of 64; enough for billions of triples
_TYPE, _STATEMENT = ox.NamedNode(RDF.type), ox.NamedNode(CG.Statement)
_REIFIES, _DERIVED = ox.NamedNode(RDF.reifies), ox.NamedNode(PROV.wasDerivedFrom)
_CARRIED = (ox.NamedNode(CG.certainty), ox.NamedNode(CG.voice))
_COUNT = ox.NamedNode(VOID.triples)


def annotated(store: ox.Store, rules: Sequence[Rule], most: int = MOST) -> list[ox.Quad]:
    """Return the quads of `store` and the annotations of its drawn triples, in the graphs of these.

    The sizes of graphs that the metadata state are those with the annotations. Raises DataError if there
    are more than `most` drawn triples.
    """
    quads = list(store)
    new = list(made(store, rules, most))
    return [*_recounted(quads, new), *new]


def made(store: ox.Store, rules: Sequence[Rule], most: int = MOST) -> Iterator[ox.Quad]:
    """Yield the annotations of each drawn triple in `store`; a triple without a proof has none.

    Raises DataError if there are more than `most` drawn triples.
    """
    found = list(drawn(store))
    if len(found) > most:
        text = f"{len(found):,} triples are drawn, and {most:,} at most get a proof; use fewer records"
        raise DataError([Finding("inferred", 0, text)])
    prover = Prover(store, rules)
    for quad in found:
        yield from _about(store, prover, quad)


def drawn(store: ox.Store) -> Iterator[ox.Quad]:
    """Yield the drawn triples in `store`, with their graphs, and without annotations."""
    return (quad for quad in store if _is_drawn(quad))


def reifier(triple: ox.Triple) -> ox.NamedNode:
    """Return the name of the node that stands for the proof of `triple`."""
    return ox.NamedNode(DRAWN + hashlib.sha256(str(triple).encode()).hexdigest()[:_DIGITS])


def _is_drawn(quad: ox.Quad) -> bool:
    """Return whether `quad` is inferred, and not itself an annotation."""
    graph, subject = quad.graph_name, quad.subject
    inferred = isinstance(graph, ox.NamedNode) and is_inferred(graph.value)
    return inferred and not (isinstance(subject, ox.NamedNode) and subject.value.startswith(DRAWN))


def _about(store: ox.Store, prover: Prover, quad: ox.Quad) -> Iterator[ox.Quad]:
    step = prover.prove(quad.triple)
    if step is None:
        return
    leaves = [leaf.triple.subject for leaf in step.leaves() if leaf.graph != ONTOLOGY_GRAPH.value]
    node, graph = reifier(quad.triple), quad.graph_name
    yield ox.Quad(node, _REIFIES, quad.triple, graph)
    for source in _sources(store, (term for term in leaves if isinstance(term, ox.NamedNode))):
        yield ox.Quad(node, _DERIVED, source, graph)
        for property_ in _CARRIED:
            for carried in store.quads_for_pattern(source, property_, None):
                yield ox.Quad(node, property_, carried.object, graph)


def _sources(store: ox.Store, subjects: Iterable[ox.NamedNode]) -> list[ox.NamedNode]:
    """Return the statements that `subjects` are or belong to; if there are none, the records."""
    found = {_statement_or_record(store, subject) for subject in subjects}
    statements = {term for term in found if _is_statement(store, term)}
    return sorted(statements or found, key=str)


def _statement_or_record(store: ox.Store, subject: ox.NamedNode) -> ox.NamedNode:
    """Return `subject` if it is a statement, as an embedded claim is, else the record that has it."""
    return subject if _is_statement(store, subject) else ox.NamedNode(subject.value.partition("#")[0])


def _is_statement(store: ox.Store, term: ox.NamedNode) -> bool:
    return any(store.quads_for_pattern(term, _TYPE, _STATEMENT))


def _recounted(quads: Iterable[ox.Quad], new: Sequence[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield `quads` with the stated sizes of graphs increased by the number of `new` quads in each."""
    more: dict[object, set[ox.Quad]] = {}
    for quad in new:
        more.setdefault(quad.graph_name, set()).add(quad)
    for quad in quads:
        added = len(more.get(quad.subject, ()))
        stated = quad.object
        if added and quad.predicate == _COUNT and isinstance(stated, ox.Literal):
            size = ox.Literal(str(int(stated.value) + added), datatype=ox.NamedNode(XSD.integer))
            yield ox.Quad(quad.subject, _COUNT, size, quad.graph_name)
        else:
            yield quad
