"""Change report as Markdown, for people, with bounded lists and full totals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyoxigraph as ox

from kg.publishing.changes.change_report import (
    ChangedLink,
    ChangedPosition,
    ChangedProperty,
    ChangedStanding,
    ChangedThing,
    ChangeKind,
    ChangeReport,
    RetiredTerm,
)
from kg.terms import short

_LONGEST = 200  # characters of one value
_PROPERTIES = 30  # properties of one thing
_VALUES = 8  # values of one property on one side
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def write(report: ChangeReport, limit: int = 50) -> bytes:
    """Return the report as Markdown in UTF-8, with at most `limit` entries in each list."""
    return ("\n".join(_lines(report, limit)) + "\n").encode()


def _lines(report: ChangeReport, limit: int) -> Iterator[str]:
    yield from ("# What changed", "")
    yield f"From `{report.old.version}` ({report.old.statements:,} statements)"
    yield f"to `{report.new.version}` ({report.new.statements:,} statements)."
    yield ""
    if report.empty:
        yield "Nothing changed: the two graphs are the same."
        return
    yield from _totals(report)
    yield from _list("Terms of the ontology that were retired", report.retired, limit, _retired)
    yield from _list(
        "Statements that are asserted no longer, or only now", report.standings, limit, _standing
    )
    for kind, title in (
        (ChangeKind.APPEARED, "Things that appeared"),
        (ChangeKind.DISAPPEARED, "Things that disappeared"),
        (ChangeKind.CHANGED, "Things that changed"),
    ):
        yield from _list(title, report.of(kind), limit, _thing)
    yield from _list("Positions", report.positions, limit, _position)
    yield from _list("Links to other catalogues", report.links, limit, _link)


def _totals(report: ChangeReport) -> Iterator[str]:
    yield from ("| statements | before | after | added | removed |", "|---|--:|--:|--:|--:|")
    for layer in report.layers:
        counts = (layer.before, layer.after, layer.changed.added, layer.changed.removed)
        yield f"| {layer.name} | {' | '.join(f'{count:,}' for count in counts)} |"
    if report.layers:
        for name, count in (("all that is stated", report.stated), ("all that is inferred", report.inferred)):
            yield f"| {name} | | | {count.added:,} | {count.removed:,} |"
        yield ""
        yield f"Inferred before and stated now: {report.now_stated:,}."
        yield f"Stated before and inferred now: {report.now_inferred:,}."
    else:
        yield f"| all | | | {report.stated.added:,} | {report.stated.removed:,} |"
        yield ""
        yield "One of the two has no named graphs, so nothing tells what is stated from what is inferred,"
        yield "and the two hashes above are those of the triples alone, not data versions."
    yield ""


def _list(
    title: str, entries: Sequence[Any], limit: int, lines: Callable[[Any], Iterator[str]]
) -> Iterator[str]:
    yield f"## {title}: {len(entries):,}"
    yield ""
    for entry in entries[:limit]:
        yield from lines(entry)
    if len(entries) > limit:
        yield f"- … and {len(entries) - limit:,} more"
    if entries:
        yield ""


def _thing(thing: ChangedThing) -> Iterator[str]:
    kinds = f", {', '.join(thing.classes)}" if thing.classes else ""
    inferred = ", only by inference" if thing.inferred else ""
    yield f"- **{_text(thing.label)}** ({_name(thing.iri)}{kinds}; {thing.statements:,} statements{inferred})"
    for one in thing.properties[:_PROPERTIES]:
        yield f"  - {_property(one)}"
    if len(thing.properties) > _PROPERTIES:
        yield f"  - … and {len(thing.properties) - _PROPERTIES:,} more properties"


def _property(one: ChangedProperty) -> str:
    part = f"{one.part}, " if one.part else ""
    inferred = " (inferred)" if one.inferred else ""
    return f"{part}{_text(one.label)}{inferred}: {_values(one.before)} → {_values(one.after)}"


def _position(position: ChangedPosition) -> Iterator[str]:
    kind = f"{position.kind}; now: {_text(position.now)}" if position.now else position.kind
    yield f"- **{_text(position.holder)}** on {_text(position.issue)}: {kind} ({_name(position.iri)})"
    for name, (before, after) in position.columns.items():
        pair = (_values((text,) if text else ()) for text in (before, after))
        yield f"  - {name.replace('_', ' ')}: {' → '.join(pair)}"


def _retired(term: RetiredTerm) -> Iterator[str]:
    instead = f"use {', '.join(map(_text, term.successors))}" if term.successors else "it has no successor"
    yield f"- **{_text(term.label)}** ({_name(term.iri)}): {instead}"


def _standing(one: ChangedStanding) -> Iterator[str]:
    yield f"- **{_text(one.label)}** ({_name(one.iri)})"
    yield f"  - {_values((one.before,))} → {_values((one.after,))}"


def _link(link: ChangedLink) -> Iterator[str]:
    verb = "added" if link.kind is ChangeKind.APPEARED else "removed"
    yield f"- {verb}: **{_text(link.label)}** {link.relation} <{link.item}>"


def _values(values: Sequence[str]) -> str:
    shown = "; ".join(f"“{_text(text)}”" for text in values[:_VALUES])
    more = f" … and {len(values) - _VALUES:,} more" if len(values) > _VALUES else ""
    return f"{shown}{more}" if values else "nothing"


def _text(text: str) -> str:
    """Return `text` for one line of Markdown: shortened, with special characters escaped."""
    flat = " ".join(text.split())
    cut = flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
    return _SPECIAL.sub(r"\\\1", cut)


def _name(iri: str) -> str:
    return f"`{short(ox.NamedNode(iri))}`"
