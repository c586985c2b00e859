"""A picture of one event: who stood where, silence and absence included, each with the quoted words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kg.namespaces import CG, PREFIXES
from server.site.pool_queries import Row, value

STANCES = "stances-at-an-event"  # the saved query that has the rows
FEWEST = 3  # who must have a part in an event for a picture of it
# The event of whose participants most is told that a list of names would not tell.
EVENT = f"""
SELECT ?event (SAMPLE(?label) AS ?name) (COUNT(DISTINCT ?who) AS ?n) {{
  ?part a <{CG}Participation> ; <{CG}atEvent> ?event ; <{CG}participant> ?who ; <{CG}mode> ?mode .
  ?event <{PREFIXES["rdfs"]}label> ?label FILTER (lang(?label) = "en")
  VALUES ?mode {{ <{PREFIXES["mode"]}silent> <{PREFIXES["mode"]}absent> <{PREFIXES["mode"]}spoke> }}
}} GROUP BY ?event HAVING (COUNT(DISTINCT ?who) >= {FEWEST}) ORDER BY DESC(?n) ?event LIMIT 1"""
# The values of the column `where` with the sign of each, from the left to the right of the picture.
_SIGNS: Mapping[str, str] = MappingProxyType(
    {"for": "●", "partly against": "◐", "against": "✕", "undecided": "○", "silent": "–", "absent": "∅"}
)
_ASSERTED, _CERTAIN, _THERE = "asserted", "certain", ("there", "not there")


@dataclass(frozen=True, slots=True)
class PersonAt:
    """One person at his place.

    `matter` is the issue of the stance, empty for silence and absence; `remarks` say what limits it, `other`
    that it is only a possible reading.
    """

    name: str
    actor: str
    statement: str
    matter: str
    quotes: str
    remarks: tuple[str, ...]
    other: bool


@dataclass(frozen=True, slots=True)
class StanceGroup:
    """Those who stood at one place of the picture."""

    where: str
    sign: str
    people: tuple[PersonAt, ...]


@dataclass(frozen=True, slots=True)
class EventPicture:
    """The groups of one event; `tellers` are all by whose account it is."""

    event: str
    name: str
    groups: tuple[StanceGroup, ...]
    tellers: tuple[str, ...]


def picture(event: str, name: str, rows: Sequence[Row]) -> EventPicture | None:
    """Return the picture of the event with the IRI `event`, or None if nobody stood anywhere."""
    told = [{key: value(term) for key, term in row.items()} for row in rows]
    groups = (
        StanceGroup(where, sign, _people(row for row in told if row["where"] == where))
        for where, sign in _SIGNS.items()
    )
    shown = tuple(group for group in groups if group.people)
    tellers = tuple(sorted({row["teller"] for row in told if "teller" in row}))
    return EventPicture(event, name, shown, tellers) if shown else None


def _people(rows: Iterable[Mapping[str, str]]) -> tuple[PersonAt, ...]:
    """Return the people of one place, possible readings last."""
    return tuple(sorted(map(_person, rows), key=lambda one: one.other))


def _person(row: Mapping[str, str]) -> PersonAt:
    hedge = f"“{row['hedge']}”" if row.get("hedge") else ""
    usual = {_CERTAIN, *_THERE, ""}
    remarks = tuple(
        text for text in (row.get("place", ""), row.get("certainty", ""), hedge) if text not in usual
    )
    return PersonAt(
        row.get("name", row["actor"]),
        row["actor"],
        row["statement"],
        row.get("matter", ""),
        row.get("quotes", ""),
        remarks,
        row["reading"] != _ASSERTED,
    )
