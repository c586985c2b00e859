"""Comparison of two graphs: `changes(old, new)` returns a change report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.namespaces import PREFIXES
from kg.publishing.changes import standings
from kg.publishing.changes.change_report import (
    ChangeCount,
    ChangedLayer,
    ChangedLink,
    ChangedPosition,
    ChangedProperty,
    ChangedThing,
    ChangeKind,
    ChangeReport,
    Version,
)
from kg.publishing.changes.sides import TYPE, Side
from kg.publishing.changes.sides import side as side_of
from kg.publishing.changes.sides import thing as thing_of
from kg.publishing.changes.sides import words as words_for
from kg.publishing.tables import table_definition, table_rows
from kg.reading.ontology import local_name
from kg.resources import folder
from kg.store import nquads
from kg.terms import value

_MATCHES = tuple(PREFIXES["skos"] + name for name in ("exactMatch", "closeMatch"))
_Triples = Mapping[str, frozenset[ox.Triple]]


def changes(old: ox.Store, new: ox.Store) -> ChangeReport:
    """Return the complete report on what changed from `old` to `new`, in a fixed order.

    If one of the two has statements outside of named graphs, named graphs are ignored. Raises DataError
    for blank nodes.
    """
    before, after = side_of(old), side_of(new)
    layered = before.layered and after.layered
    if not layered:
        before, after = side_of(old, layers=False), side_of(new, layers=False)
    both = before.triples & after.triples
    turned = tuple(standings.standings(before, after))
    return ChangeReport(
        old=_version(before),
        new=_version(after),
        layers=tuple(_layers(before, after)) if layered else (),
        stated=ChangeCount(len(after.stated - before.triples), len(before.stated - after.triples)),
        inferred=ChangeCount(len(after.inferred - before.triples), len(before.inferred - after.triples)),
        now_stated=len(both & after.stated & before.inferred),
        now_inferred=len(both & after.inferred & before.stated),
        things=tuple(sorted(_things(before, after), key=lambda thing: (thing.inferred, thing.iri))),
        standings=turned,
        positions=tuple(_positions(before, after, {one.iri: one.after for one in turned})),
        links=tuple(sorted(_links(before, after), key=lambda link: (link.thing, link.item, link.kind))),
        retired=tuple(standings.retired(before, after)),
    )


def _version(side: Side) -> Version:
    return Version(nquads.version(nquads.serialize(side.quads, "nq")), len(side.quads))


def _layers(before: Side, after: Side) -> Iterator[ChangedLayer]:
    old, new = before.layers(), after.layers()
    added, removed = (
        side_of(one.quads - other.quads).layers() for one, other in ((after, before), (before, after))
    )
    for name in sorted({*old, *new}):
        yield ChangedLayer(name, old[name], new[name], ChangeCount(added[name], removed[name]))


def _things(before: Side, after: Side) -> Iterator[ChangedThing]:
    old, new = _by_thing(before.triples), _by_thing(after.triples)
    for iri in {*old, *new}:
        was, now = old.get(iri, frozenset()), new.get(iri, frozenset())
        if was != now:
            kind = (
                ChangeKind.CHANGED if was and now else ChangeKind.APPEARED if now else ChangeKind.DISAPPEARED
            )
            yield ChangedThing(
                iri=iri,
                label=words_for(ox.NamedNode(iri), (after, before)),
                classes=_classes(iri, now or was),
                kind=kind,
                statements=len(now or was),
                properties=tuple(_properties(iri, was, now, (after, before))) if was and now else (),
            )


def _by_thing(triples: Iterable[ox.Triple]) -> _Triples:
    things: dict[str, set[ox.Triple]] = defaultdict(set)
    for triple in triples:
        things[thing_of(triple.subject)].add(triple)
    things.pop("", None)
    return {iri: frozenset(own) for iri, own in things.items()}


def _classes(iri: str, triples: Iterable[ox.Triple]) -> tuple[str, ...]:
    types = (t for t in triples if t.predicate.value == TYPE and value(t.subject) == iri)
    return tuple(sorted(local_name(value(triple.object)) for triple in types))


def _properties(
    iri: str, was: frozenset[ox.Triple], now: frozenset[ox.Triple], sides: tuple[Side, Side]
) -> Iterator[ChangedProperty]:
    after, before = sides
    lost, gained = was - now, now - was
    places = {(value(t.subject), t.predicate.value) for t in lost | gained}
    for subject, predicate in sorted(places):
        old_and_new = [
            frozenset(t for t in triples if (value(t.subject), t.predicate.value) == (subject, predicate))
            for triples in (lost, gained)
        ]
        yield ChangedProperty(
            part=subject.removeprefix(iri).lstrip("#"),
            label=words_for(ox.NamedNode(predicate), sides),
            before=_values(old_and_new[0], sides),
            after=_values(old_and_new[1], sides),
            inferred=old_and_new[0] <= before.inferred and old_and_new[1] <= after.inferred,
        )


def _values(triples: Iterable[ox.Triple], sides: tuple[Side, Side]) -> tuple[str, ...]:
    return tuple(sorted(words_for(triple.object, sides) for triple in triples))


def _positions(before: Side, after: Side, turned: Mapping[str, str]) -> Iterator[ChangedPosition]:
    """Yield the positions that differ; `turned` says what those are that are asserted no longer."""
    text = (folder("queries") / "tables" / "positions.rq").read_text(encoding="utf-8")
    table = table_definition.parse("positions", text)
    was, now = (
        {row["position"]: row for row in table_rows.fill_one(one.store(), table).dicts()}
        for one in (before, after)
    )
    for iri in sorted({*was, *now}):
        if was.get(iri) != now.get(iri):
            gone = turned.get(iri, "") if iri not in now else ""
            yield _position(iri, was.get(iri), now.get(iri), gone)


def _position(
    iri: str, was: Mapping[str, str] | None, now: Mapping[str, str] | None, instead: str
) -> ChangedPosition:
    shown = now or was or {}
    pairs = {name: ((was or {}).get(name, ""), (now or {}).get(name, "")) for name in shown}
    return ChangedPosition(
        iri=iri,
        holder=shown["holder_name"],
        issue=shown["issue_name"],
        kind=ChangeKind.CHANGED if was and now else ChangeKind.APPEARED if now else ChangeKind.DISAPPEARED,
        columns={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
        now=instead,
    )


def _links(before: Side, after: Side) -> Iterator[ChangedLink]:
    for kind, one, other in ((ChangeKind.APPEARED, after, before), (ChangeKind.DISAPPEARED, before, after)):
        for triple in one.triples - other.triples:
            if triple.predicate.value in _MATCHES and value(triple.subject).startswith(after.names.id):
                yield ChangedLink(
                    thing=value(triple.subject),
                    label=words_for(triple.subject, (after, before)),
                    relation=triple.predicate.value.removeprefix(PREFIXES["skos"]),
                    item=value(triple.object),
                    kind=kind,
                )
