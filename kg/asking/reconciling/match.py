"""Reconciler: candidates for a name with their scores, and whether one of them is certainly meant.

A match is a candidate of at least SURE, if no other thing comes within MARGIN of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from kg.asking.reconciling.conditions import Fulfilment, fulfilment
from kg.asking.reconciling.entities import HEADING
from kg.asking.reconciling.identifier_forms import identified
from kg.asking.reconciling.known_things import KnownThings
from kg.asking.reconciling.lexicon import Lexicon
from kg.asking.reconciling.reconciliation_query import LONGEST, Candidate, ReconciliationQuery, check
from kg.asking.reconciling.score import TypedName, compare

SURE, MARGIN = 85.0, 5.0
_LEAST = 40.0  # candidates below are left out
_UNFULFILLED, _WRONG_TYPE = 20.0, 10.0  # deducted for a condition that fails, and for a preferred type
_IDENTIFIED = 100.0
_MOST_HOLDERS = 1_000  # things that are considered when a query has conditions and no name
WIKIDATA = "wikidata"  # id of a property


@dataclass(frozen=True)
class Reconciler:
    """Finds candidates for reconciliation queries in one state of the graph; safe in all threads."""

    known: KnownThings

    @cached_property
    def lexicon(self) -> Lexicon:
        """Return what finds names by their words."""
        return Lexicon(self.known)

    def reconcile(self, query: ReconciliationQuery) -> list[Candidate]:
        """Return the candidates for `query`, the best first; equal scores in the order of their ids.

        There are none for a query that asks for nothing, as a blank cell does, or for a name that is longer
        than any. Raises ParameterError if `query` is not valid.
        """
        check(query, self.known.types, self.known.properties)
        if len(query.name) > LONGEST or not (query.name.strip() or query.conditions):
            return []
        fulfilments = [fulfilment(self.known, condition) for condition in query.conditions]
        named = query.name.strip()
        scores = self._name_scores(query.name) if named else self._condition_scores(fulfilments)
        candidates = [self._candidate(query, fulfilments, thing, score) for thing, score in scores.items()]
        best = sorted((c for c in candidates if c and c.score >= _LEAST), key=lambda c: (-c.score, c.id))
        return _with_match(best)[: query.limit]

    def _name_scores(self, name: str) -> dict[str, float]:
        """Return the score of each thing whose names are near `name`."""
        scores = dict.fromkeys(identified(self.known, name), _IDENTIFIED)
        typed = TypedName.of(name)
        for thing, number in self.lexicon.near(typed):
            entity = self.known.things[thing]
            score = compare(typed, entity.names[number], entity.families)
            scores[thing] = max(scores.get(thing, 0.0), score)
        return scores

    def _condition_scores(self, fulfilments: Sequence[Fulfilment]) -> dict[str, float]:
        """Return the scores of the things that fulfil most conditions, for a query without a name."""
        counts = Counter(thing for fulfilled in fulfilments for thing in fulfilled.yes)
        most = nsmallest(_MOST_HOLDERS, ((-count, thing) for thing, count in counts.items()))
        return {
            self.known.id_of(thing): -negative * _IDENTIFIED / len(fulfilments) for negative, thing in most
        }

    def _candidate(
        self, query: ReconciliationQuery, fulfilments: Sequence[Fulfilment], thing: str, score: float
    ) -> Candidate | None:
        """Return `thing` with its score, or None if a type or a required condition excludes it."""
        entity = self.known.things[thing]
        fits = self._fits(query, entity.types)
        if query.types and not fits and not query.prefer_types:
            return None
        if entity.is_heading and HEADING not in query.types:
            return None
        number = self.known.number(thing) if fulfilments else 0
        met = [fulfilled[number] for fulfilled in fulfilments]
        if any(c.required and not ok for c, ok in zip(query.conditions, met, strict=True)):
            return None
        features: dict[str, float | bool] = {"name": round(score, 1)} if query.name.strip() else {}
        if query.types:
            features["type"] = fits
        if query.conditions:
            features["properties"] = round(sum(ok is True for ok in met) / len(met), 2)
        score = self._with_conditions(query, met, score)
        score -= _WRONG_TYPE if query.types and not fits else 0
        return Candidate(thing, round(max(score, 0.0), 1), False, features)

    def _with_conditions(self, query: ReconciliationQuery, met: Sequence[bool | None], score: float) -> float:
        if not query.name.strip():
            return score
        for condition, ok in zip(query.conditions, met, strict=True):
            if ok and self.known.properties[condition.property].namespace and condition.quantifier != "none":
                return _IDENTIFIED  # an identifier is better evidence than any name
            if ok is not None:
                score = (score + _IDENTIFIED) / 2 if ok else score - _UNFULFILLED
        return score

    def _fits(self, query: ReconciliationQuery, types: Sequence[str]) -> bool:
        fits = [wanted in types for wanted in query.types]
        return all(fits) if query.all_types else any(fits)


def _with_match(candidates: list[Candidate]) -> list[Candidate]:
    """Return `candidates`, the best first, with `match` set on the first if it is certainly meant."""
    if not candidates or candidates[0].score < SURE:
        return candidates
    first, *others = candidates
    if others and others[0].score > first.score - MARGIN:
        return candidates
    return [Candidate(first.id, first.score, True, first.features), *others]


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """A thing that a name may stand for.

    `id` is its path below `id/`, `iri` its IRI, `score` is from 0 to 100, and `match` says whether it
    is certainly the one. `wikidata` is its identifier there, empty if the graph has none or several.
    """

    id: str
    name: str
    score: float
    match: bool
    types: tuple[str, ...]
    description: str
    wikidata: str
    iri: str


def found_entity(things: KnownThings, candidate: Candidate, language: str = "en") -> FoundEntity:
    """Return `candidate` with its name and description in `language`, or in another if there is none."""
    thing = things.things[candidate.id]
    identifiers = things.of(thing.id, WIKIDATA)
    return FoundEntity(
        id=thing.id,
        name=thing.label(language),
        score=candidate.score,
        match=candidate.match,
        types=thing.types,
        description=things.description(thing, language),
        wikidata=identifiers[0].text if len(identifiers) == 1 else "",
        iri=things.names.thing(thing.id),
    )
