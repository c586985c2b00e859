"""Answers to reconciliation queries: what may be meant with its score, and whether one thing surely is.

A match is a candidate of at least SURE, if no other thing comes within MARGIN of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from kg.asking.questions.choices import Ask
from kg.asking.reconciling import gather
from kg.asking.reconciling.conditions import Holders, Holding, own_id
from kg.asking.reconciling.entities import Entities
from kg.asking.reconciling.lexicon import Lexicon
from kg.asking.reconciling.names import family_names
from kg.asking.reconciling.reconciliation_query import Candidate, ReconciliationQuery, check
from kg.asking.reconciling.score import Written, compare
from kg.namespaces import ID

SURE, MARGIN = 85.0, 5.0
_LEAST = 40.0  # below, a candidate helps nobody
_DENIED, _WRONG_TYPE = 20.0, 10.0  # what a condition that fails costs, and a type that is only preferred
_FOUND = 100.0
_LOOKED_AT = 1_000  # things with a property, when no name is asked for
WIKIDATA = "wikidata"  # the property with this id


@dataclass(frozen=True)
class Reconciler:
    """Answers queries for the things of one state of the graph; may be asked from any thread."""

    known: Entities

    @classmethod
    def over(cls, ask: Ask) -> Reconciler:
        """Return the reconciler of the graph that `ask` asks."""
        found = cls(gather.gather(ask))
        found._prepare()
        return found

    def _prepare(self) -> None:
        """Make now, and not at the first question, what takes time."""
        for _ in (self.lexicon, self._families, self._identifiers):
            pass

    @cached_property
    def lexicon(self) -> Lexicon:
        """Return all names, to be found by their words."""
        return Lexicon(self.known.things)

    @cached_property
    def holders(self) -> Holders:
        """Return what tells which things have which values."""
        return Holders(self.known)

    @cached_property
    def _families(self) -> Mapping[str, frozenset[str]]:
        people = (thing for thing in self.known.things.values() if thing.is_person)
        return {person.id: family_names(person.names) for person in people}

    @cached_property
    def _identifiers(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for about in self.known.properties.values():
            if about.namespace:
                for thing, values in self.known.values[about.id].items():
                    for identifier in values:
                        found.setdefault(identifier.text, set()).add(thing)
                        found.setdefault(identifier.iri, set()).add(thing)
        return {identifier: frozenset(things) for identifier, things in found.items()}

    def reconcile(self, query: ReconciliationQuery) -> list[Candidate]:
        """Return the candidates for `query`, the best first; equal scores in the order of their ids.

        Raises ParameterError for a query that cannot be answered.
        """
        check(query, self.known.types, self.known.properties)
        holdings = [self.holders.of(condition) for condition in query.conditions]
        named = self._named(query.name) if query.name.strip() else _having(holdings)
        scored = [self._weighed(query, holdings, thing, score) for thing, score in named.items()]
        best = sorted((c for c in scored if c and c.score >= _LEAST), key=lambda c: (-c.score, c.id))
        return _decided(best)[: query.limit]

    def _named(self, name: str) -> dict[str, float]:
        """Return the score of each thing by its names."""
        found = dict.fromkeys(self.identified(name), _FOUND)
        written = Written.of(name)
        for thing, number in self.lexicon.near(written):
            one = self.known.things[thing].names[number]
            score = compare(written, one, self._families.get(thing))
            found[thing] = max(found.get(thing, 0.0), score)
        return found

    def identified(self, text: str) -> frozenset[str]:
        """Return the ids of the things of which `text` is the id, the IRI, or an identifier elsewhere."""
        own = own_id(text.strip())
        if own in self.known.things:
            return frozenset({own})
        return self._identifiers.get(text.strip(), frozenset())

    def _weighed(
        self, query: ReconciliationQuery, holdings: Sequence[Holding], thing: str, score: float
    ) -> Candidate | None:
        fits = self._fits(query, self.known.things[thing].types)
        if query.types and not fits and not query.prefer_types:
            return None
        met = [holding[thing] for holding in holdings]
        if any(c.required and not ok for c, ok in zip(query.conditions, met, strict=True)):
            return None
        features: dict[str, float | bool] = {"name": round(score, 1)} if query.name.strip() else {}
        if query.types:
            features["type"] = fits
        if query.conditions:
            features["properties"] = round(sum(ok is True for ok in met) / len(met), 2)
        weighed = self._with_conditions(query, met, score)
        weighed -= _WRONG_TYPE if query.types and not fits else 0
        return Candidate(thing, round(max(weighed, 0.0), 1), False, features)

    def _with_conditions(self, query: ReconciliationQuery, met: Sequence[bool | None], score: float) -> float:
        if not query.name.strip():
            return score
        for condition, ok in zip(query.conditions, met, strict=True):
            if ok and self.known.properties[condition.property].namespace and condition.quantifier != "none":
                return _FOUND  # an identifier says more than any name
            if ok is not None:
                score = (score + _FOUND) / 2 if ok else score - _DENIED
        return score

    def _fits(self, query: ReconciliationQuery, types: Sequence[str]) -> bool:
        own = [wanted in types for wanted in query.types]
        return all(own) if query.all_types else any(own)


def _having(holdings: Sequence[Holding]) -> dict[str, float]:
    """Return the things that fulfil most conditions, for a query without a name."""
    count = Counter(thing for holding in holdings for thing in holding.yes)
    most = nsmallest(_LOOKED_AT, ((-found, thing) for thing, found in count.items()))
    return {thing: -found * _FOUND / len(holdings) for found, thing in most}


def _decided(candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates with the decision about the first of them."""
    if not candidates or candidates[0].score < SURE:
        return candidates
    first, *others = candidates
    if others and others[0].score > first.score - MARGIN:
        return candidates
    return [Candidate(first.id, first.score, True, first.features), *others]


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """A thing that a name may stand for.

    `id` is its name below `iri`'s namespace, `score` from 0 to 100, `match` whether it is surely
    the one; `wikidata` is its number there, empty if the graph links none or several.
    """

    id: str
    name: str
    score: float
    match: bool
    types: tuple[str, ...]
    description: str
    wikidata: str

    @property
    def iri(self) -> str:
        """Return the IRI of the thing."""
        return f"{ID}{self.id}"


def found_entity(things: Entities, candidate: Candidate, language: str = "en") -> FoundEntity:
    """Return `candidate` with its name and description in `language`, where there are."""
    thing = things.things[candidate.id]
    numbers = things.of(thing.id, WIKIDATA)
    return FoundEntity(
        id=thing.id,
        name=thing.label(language),
        score=candidate.score,
        match=candidate.match,
        types=thing.types,
        description=things.description(thing, language),
        wikidata=numbers[0].text if len(numbers) == 1 else "",
    )
