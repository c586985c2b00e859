"""Contradictions met by the reasoner, as findings with the source lines of the records behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF, RDFS

from kg.errors import ContradictionError, Finding
from kg.inference.proofs import ProofStep, Prover
from kg.reading.ontology import local_name
from kg.reading.record_set import Records, SourceLine

# owlrl reports contradictions as sentences only; these match its sentences for the axioms that we use.
_PROPERTIES = re.compile(r"Erroneous usage of disjoint properties (\S+) and (\S+) on (\S+) and (\S+)")
_CLASSES = re.compile(r"Disjoint classes (\S+) and (\S+) have a common individual (\S+)")

# Pair of terms -> what to do. Nothing is drawn from a Reading, nor from what another than the speaker tells.
_PARTICIPATION = "correct one of the two, or write the one that you do not adopt as a Reading"
_ADVICE: Mapping[frozenset[str], str] = {
    frozenset({"absentFrom", "tookPartIn"}): _PARTICIPATION,
    frozenset({"spokeAt", "silentAt"}): _PARTICIPATION,
    frozenset(
        {"favours", "opposes"}
    ): "a position takes one side; write two positions, or `partlyOpposes` alone",
}
_DEFAULT_ADVICE = "correct the type of one record, or the reference that gives it another type"

# The keys whose lines show a contradiction best, in this order.
_KEYS = ("mode", "partlyOpposes", "opposes", "favours", "voicedAt", "value")
_KEY_RANK = {key: n for n, key in enumerate(_KEYS)}


@dataclass(frozen=True)
class Clash:
    """Two triples that exclude each other, each with its proof from the records."""

    one: ProofStep
    other: ProofStep


def clashes(messages: Iterable[str], prover: Prover) -> list[Clash]:
    """Return the clashes of owlrl's `messages`, sorted; raises ValueError for any other message."""
    pairs = [_triples(message) for message in sorted(messages)]
    return [
        Clash(*(prover.prove(triple) or ProofStep(triple, "unknown") for triple in pair)) for pair in pairs
    ]


def _triples(message: str) -> tuple[ox.Triple, ox.Triple]:
    if match := _PROPERTIES.fullmatch(message):
        first, second, subject, value = (ox.NamedNode(iri) for iri in match.groups())
        return ox.Triple(subject, first, value), ox.Triple(subject, second, value)
    if match := _CLASSES.fullmatch(message):
        first, second, subject = (ox.NamedNode(iri) for iri in match.groups())
        kind = ox.NamedNode(str(RDF.type))
        return ox.Triple(subject, kind, first), ox.Triple(subject, kind, second)
    raise ValueError(message)


def refuse(clashes: Iterable[Clash], store: ox.Store, records: Records) -> None:
    """Raise ContradictionError if there are clashes, with findings at the records on both sides."""
    findings = {finding for clash in clashes for finding in _findings(clash, store, records)}
    if findings:
        raise ContradictionError(findings)


def _findings(clash: Clash, store: ox.Store, records: Records) -> Iterator[Finding]:
    places = [place for step in (clash.one, clash.other) if (place := _place(step, records))]
    text = _text(clash, store)
    for n, place in enumerate(places):
        other = "".join(f" (see {p.file}:{p.line})" for m, p in enumerate(places) if m != n and p != place)
        yield Finding(place.file, place.line, f"{text}{other}")
    if not places:
        yield Finding("records", 0, text)


def _text(clash: Clash, store: ox.Store) -> str:
    one, other = clash.one.triple, clash.other.triple
    is_type = one.predicate.value == str(RDF.type)
    terms = [local_name(_iri(t.object if is_type else t.predicate)) for t in (one, other)]
    advice = _ADVICE.get(frozenset(terms), _DEFAULT_ADVICE)
    what = f"{_label(one.subject, store)} cannot be both {terms[0]} and {terms[1]}"
    return f"{what}{'' if is_type else f' {_label(one.object, store)}'}; {advice}"


def _label(thing: object, store: ox.Store) -> str:
    """Return the name of `thing` in records, with its English label if it has one."""
    pattern = f'<{_iri(thing)}> <{RDFS.label}> ?label FILTER (LANG(?label) = "en")'
    query = f"SELECT ?label WHERE {{ {pattern} }} ORDER BY ?label"
    rows = store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (the query is a SELECT)
    name = _iri(thing).rpartition("/id/")[2]
    return next((f"{name} ({row['label'].value})" for row in rows), name)


def _place(step: ProofStep, records: Records) -> SourceLine | None:
    """Return the source line of the stated triple behind `step` that shows the contradiction best."""
    written = [leaf.triple for leaf in step.leaves() if _iri(leaf.triple.subject) in records.things]
    if not written:
        return None
    best = min(written, key=lambda t: _KEY_RANK.get(local_name(t.predicate.value), len(_KEY_RANK)))
    return records.place(_iri(best.subject), local_name(best.predicate.value), _iri(best.object))


def _iri(term: object) -> str:
    return str(term).removeprefix("<").removesuffix(">")
