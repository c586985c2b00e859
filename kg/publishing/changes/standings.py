"""Statements that passages assert no longer, or assert now, and terms of the ontology that were retired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import pyoxigraph as ox

from kg.namespaces import CG, PREFIXES
from kg.publishing.changes.change_report import ChangedStanding, RetiredTerm
from kg.publishing.changes.sides import TYPE, Side, words
from kg.store import unasserted
from kg.store.sparql import rows
from kg.terms import value

_HELD, _DEPRECATED = str(CG.heldBy), f"{PREFIXES['owl']}deprecated"
_REPLACED = f"{PREFIXES['dcterms']}isReplacedBy"
_STATEMENT = str(CG.Statement)
_TRUE = frozenset({"true", "1"})


def standings(before: Side, after: Side) -> Iterator[ChangedStanding]:
    """Yield the statements of both sides that only one of them asserts, in the order of their IRIs."""
    open_before, open_after = _unasserted(before), _unasserted(after)
    if open_before == open_after:
        return
    kinds_before, kinds_after = _kinds(before), _kinds(after)
    for iri in sorted((open_before.keys() ^ open_after.keys()) & kinds_before.keys() & kinds_after.keys()):
        yield ChangedStanding(
            iri=iri,
            label=words(ox.NamedNode(iri), (after, before)),
            before=open_before.get(iri) or _asserted(iri, kinds_before, before, after),
            after=open_after.get(iri) or _asserted(iri, kinds_after, after, before),
        )


def retired(before: Side, after: Side) -> Iterator[RetiredTerm]:
    """Yield the terms that only `after` calls deprecated, with their successors, in the order of IRIs."""
    for iri in sorted(_deprecated(after) - _deprecated(before)):
        successors = sorted(
            words(triple.object, (after, before))
            for triple in after.triples
            if value(triple.subject) == iri and triple.predicate.value == _REPLACED
        )
        yield RetiredTerm(iri, words(ox.NamedNode(iri), (after, before)), tuple(successors))


def _unasserted(side: Side) -> dict[str, str]:
    """Return a sentence for each statement that no passage asserts; one with a holder is asserted.

    Proposed texts of earlier versions were held by who proposed them.
    """
    found = unasserted.read(partial(rows, side.store()))
    held = {value(t.subject) for t in side.triples if t.predicate.value == _HELD}
    return {iri: one.sentence for iri, one in found.items() if iri not in held}


def _kinds(side: Side) -> Mapping[str, list[str]]:
    """Return the classes that records give to each thing; all classes, if nothing tells what is stated."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for triple in side.stated:
        if triple.predicate.value == TYPE:
            kinds[value(triple.subject)].append(value(triple.object))
    return kinds


def _asserted(iri: str, kinds: Mapping[str, Iterable[str]], side: Side, other: Side) -> str:
    """Return the kinds and the holders of an asserted statement in words."""
    names = [words(ox.NamedNode(kind), (side, other)) for kind in kinds[iri] if kind != _STATEMENT]
    holders = [
        words(triple.object, (side, other))
        for triple in side.triples
        if value(triple.subject) == iri and triple.predicate.value == _HELD
    ]
    held = f", held by {', '.join(sorted(holders))}" if holders else ""
    return f"asserted: {', '.join(sorted(names))}{held}"


def _deprecated(side: Side) -> set[str]:
    return {
        value(triple.subject)
        for triple in side.triples
        if triple.predicate.value == _DEPRECATED and value(triple.object) in _TRUE
    }
