"""What the page of a thing tells first: answers to saved queries about it, in lines with their evidence.

Which queries, by class, is in `portraits.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml
from pyoxigraph import NamedNode

from kg.terms import expand, short
from server.site import pool_queries
from server.site.pool_queries import value
from server.site.site import Site

MOST = 15  # lines of a section; its question has them all
# Columns that say how far a line can be trusted, with the words before their value.
_ASIDES: Mapping[str, str] = MappingProxyType(
    {
        "teller": "says",
        "reporter": "says",
        "through": "through",
        "by": "by",
        "basis": "",
        "hedge": "hedged:",
        "condition": "on condition:",
        "certainty": "",
        "status": "event:",
        "open": "left open:",
    }
)
_USUAL = {"certainty": "certain", "basis": "not stated", "reading": "asserted"}  # goes without saying


@dataclass(frozen=True, slots=True)
class PortraitLine:
    """One row: `days` and `reading` may be empty, `asides` say how far it can be trusted."""

    days: str
    reading: str
    lead: str
    asides: tuple[str, ...]
    quotes: str
    statement: str


@dataclass(frozen=True, slots=True)
class PortraitSection:
    """The lines from one saved query, `total` in all; `value` is that of its parameter for the thing."""

    title: str
    question: str
    parameter: str
    value: str
    lines: tuple[PortraitLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """An entry of `portraits.yaml`."""

    of: str
    question: str
    parameter: str
    title: str
    lead: tuple[str, ...]
    days: tuple[str, ...]


def gather(site: Site, iri: str, classes: Iterable[str]) -> tuple[PortraitSection, ...]:
    """Return the sections for the thing `iri`, of the given classes, that have lines."""
    own = set(classes)
    sections = (_section(site, iri, plan) for plan in _plans() if plan.of in own)
    return tuple(section for section in sections if section is not None)


@cache
def _plans() -> tuple[_Plan, ...]:
    entries = yaml.safe_load((files("server") / "pages/things/portraits.yaml").read_text(encoding="utf-8"))
    return tuple(
        _Plan(
            expand(entry["class"]),
            entry["question"],
            entry["with"],
            entry["title"],
            tuple(entry["lead"]),
            tuple(entry.get("days", ())),
        )
        for entry in entries
    )


def _section(site: Site, iri: str, plan: _Plan) -> PortraitSection | None:
    rows = pool_queries.saved_rows(site.pool, site.queries, plan.question, **{plan.parameter: iri})
    if not rows:
        return None
    texts = [{name: value(term) for name, term in row.items()} for row in rows]
    lines = tuple(_line(row, plan) for row in texts[:MOST])
    return PortraitSection(
        plan.title, plan.question, plan.parameter, short(NamedNode(iri), site.names), lines, len(rows)
    )


def _line(row: Mapping[str, str], plan: _Plan) -> PortraitLine:
    told = {name: text for name, text in row.items() if text and text != _USUAL.get(name)}
    asides = (
        f"{words} {told[name]}".strip()
        for name, words in _ASIDES.items()
        if name in told and name not in plan.lead
    )
    return PortraitLine(
        _days([told[name] for name in plan.days if name in told]),
        told.get("reading", ""),
        " – ".join(told[name] for name in plan.lead if name in told),
        tuple(asides),
        told.get("quotes", ""),
        told.get("statement", ""),
    )


def _days(days: Sequence[str]) -> str:
    return " to ".join(dict.fromkeys(days))
