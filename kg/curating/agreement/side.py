"""One side of a comparison: the statements of a draft or of the records, with the words that they quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.curating.drafts import draft_reading
from kg.curating.drafts.curation_folders import RECORDS, CurationFolders
from kg.curating.drafts.draft_reading import DraftReading, kinds_below
from kg.namespaces import CG, OA
from kg.reading.ontology import RDF_TYPE
from kg.store.sparql import rows
from kg.terms import short, value

STANCES = ("favours", "opposes", "partlyOpposes", "uncommittedOn")
_KEYS = ("heldBy", "basis", "certainty", *STANCES)
_ANCHORS = f"""SELECT ?statement ?rendering ?passage ?start ?end WHERE {{
  ?statement <{CG.evidence}>|<{CG.basedOn}> ?anchor .
  ?anchor <{CG.inPassage}> ?passage ; <{OA.start}> ?start ; <{OA.end}> ?end .
  ?passage <{CG.passageOf}> ?rendering . FILTER (isNumeric(?start) && isNumeric(?end))
}} ORDER BY ?statement ?start"""
Span = tuple[str, int, int]  # rendering, start, end


@dataclass(frozen=True, slots=True)
class Quoted:
    """One statement: its path, its kind, whether it is an assertion, what it says, the spans of its quotes.

    `said` has the values of a key as records name them, sorted, as in `heldBy`.
    """

    record: str
    kind: str
    asserts: bool
    said: Mapping[str, tuple[str, ...]]
    spans: tuple[Span, ...]
    passages: tuple[str, ...]

    @property
    def stances(self) -> set[tuple[str, str, str]]:
        """Return holder, direction and issue of each stance."""
        return {
            (holder, direction, issue)
            for direction in STANCES
            for issue in self.said.get(direction, ())
            for holder in self.said.get("heldBy", ())
        }

    def characters(self) -> set[tuple[str, int]]:
        """Return the rendering and the place of each character that it quotes."""
        return {(rendering, n) for rendering, start, end in self.spans for n in range(start, end)}


def read(folders: CurationFolders, name: str) -> tuple[DraftReading, list[Quoted]]:
    """Return the records with the draft `name` and its statements that quote words, sorted by path.

    The name `records` stands for the records themselves. Raises DataError if they cannot be read together.
    """
    reading = draft_reading.read(folders, "" if name == RECORDS else name)
    own = frozenset(reading.records.things) if name == RECORDS else reading.proposed
    paths = set(map(reading.path, own))
    return reading, [quoted for quoted in _quoted(reading) if quoted.record in paths]


def _quoted(reading: DraftReading) -> list[Quoted]:
    spans: dict[str, list[Span]] = {}
    passages: dict[str, list[str]] = {}
    for row in rows(reading.store, _ANCHORS):
        statement = value(row["statement"])
        start, end = int(row["start"].value), int(row["end"].value)
        spans.setdefault(statement, []).append((value(row["rendering"]), start, end))
        passages.setdefault(statement, []).append(reading.path(value(row["passage"])))
    assertions = kinds_below(reading.schema, "Assertion")
    kinds = _kinds(reading)
    return [
        Quoted(
            record=reading.path(iri),
            kind=kinds[iri],
            asserts=kinds[iri] in assertions,
            said=_said(reading, iri),
            spans=tuple(spans[iri]),
            passages=tuple(dict.fromkeys(passages[iri])),
        )
        for iri in sorted(spans)
        if iri in kinds
    ]


def _kinds(reading: DraftReading) -> dict[str, str]:
    """Return the kind of each statement by its IRI."""
    known = kinds_below(reading.schema, "Statement")
    typed = ((value(q.subject), value(q.object).removeprefix(CG)) for q in _typed(reading.quads))
    return {iri: kind for iri, kind in typed if kind in known}


def _typed(quads: list[ox.Quad]) -> list[ox.Quad]:
    return [quad for quad in quads if quad.predicate.value == RDF_TYPE]


def _said(reading: DraftReading, iri: str) -> dict[str, tuple[str, ...]]:
    said, names = {}, reading.schema.names
    for key in _KEYS:
        quads = reading.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(f"{CG}{key}"), None)
        values = tuple(sorted(short(quad.object, names) for quad in quads))
        if values:
            said[key] = values
    return said
