"""Hints on triple patterns: one that matches nothing by itself, and two that no thing fits together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg.asking.hints.hint import Hint, hint_at
from kg.asking.hints.lookups import Lookups
from kg.asking.hints.term_names import written
from kg.asking.hints.value_hints import shown
from kg.asking.query_parts.paths import Pattern, Slot
from kg.asking.query_parts.query_reader import QueryParts

_PROPERTIES = 3  # shown instead of one
_CANDIDATES = 500  # things that fit a pattern; of more nothing is said


@dataclass(frozen=True, slots=True)
class PatternHints:
    """The hints on the patterns of the `query` that is read into `parts`.

    `explained` are the IRIs and literals on which there is a hint already, `misspelt` are namespaces.
    """

    query: str
    parts: QueryParts
    lookups: Lookups
    explained: frozenset[str]
    misspelt: tuple[str, ...] = ()

    def all(self) -> Iterator[Hint]:
        """Yield the hints: on patterns that match nothing, or if there are none on pairs of patterns."""
        graphs = (*self.parts.graphs, *self.parts.named)
        if any(map(self._is_explained, graphs)):
            return
        needed = [pattern for pattern in self.parts.patterns if pattern.needed]
        empty = [pattern for pattern in needed if not self.lookups.matches(pattern)]
        for pattern in empty:
            if not any(map(self._is_explained, (*pattern.slots, pattern.graph))):
                yield self._alone(pattern, needed)
        if not empty:
            yield from self._pairs(needed)

    def _is_explained(self, slot: Slot | None) -> bool:
        if isinstance(slot, ox.NamedNode):
            return slot.value in self.explained or slot.value.startswith(self.misspelt)
        return str(slot) in self.explained

    def _alone(self, pattern: Pattern, needed: list[Pattern]) -> Hint:
        message = f"nothing matches {text(pattern)} by itself"
        predicate = pattern.predicate
        if isinstance(predicate, ox.NamedNode) and not self.lookups.used(predicate):
            message = f"no triple has the property {written(predicate.value)}"
            return hint_at(self.query, pattern.start, "nothing-matches", message)
        if self._is_reversed(pattern):
            near = [f"^{slot_text(predicate)}"]
            message += f"; it is written the other way round, as {near[0]}"
        else:
            near = self._leading_there(pattern, needed)
            message += _leads(near, pattern)
        return hint_at(self.query, pattern.start, "nothing-matches", message, near)

    def _is_reversed(self, pattern: Pattern) -> bool:
        if isinstance(pattern.object, ox.Literal):
            return False
        return self.lookups.matches(pattern, subject=pattern.object, object=pattern.subject)

    def _leading_there(self, pattern: Pattern, needed: list[Pattern]) -> list[str]:
        """Return the properties by which what fits the other patterns leads to the object of `pattern`."""
        if isinstance(pattern.object, str) or not isinstance(pattern.subject, str):
            return []
        others = [
            other
            for other in needed
            if other is not pattern and other.subject == pattern.subject and other.joins(pattern)
        ]
        found = (
            quad.predicate.value
            for quad in islice(self.lookups.triples(pattern, predicate="p"), _CANDIDATES)
            if isinstance(quad.subject, ox.NamedNode)
            and all(self.lookups.matches(other, subject=quad.subject) for other in others)
        )
        return _most_common(found)

    def _pairs(self, patterns: list[Pattern]) -> Iterator[Hint]:
        by_variable: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            for slot in (pattern.subject, pattern.object):
                if isinstance(slot, str) and _place(pattern, slot):
                    by_variable.setdefault(slot, []).append(pattern)
        for variable, around in by_variable.items():
            if len(around) > 1:
                yield from islice(self._on(variable, around), 1)

    def _on(self, variable: str, around: list[Pattern]) -> Iterator[Hint]:
        """Yield a hint for each two of the patterns `around` a variable that share no value of it."""
        found = [(self._candidates(variable, pattern), pattern) for pattern in around]
        few = sorted(((c, p) for c, p in found if c is not None), key=lambda pair: len(pair[0]))
        for candidates, first in few:
            for second in around:
                if (
                    second is not first
                    and first.joins(second)
                    and not self._any(candidates, variable, second)
                ):
                    yield self._pair(variable, candidates, first, second)

    def _candidates(self, variable: str, pattern: Pattern) -> list[ox.NamedNode | ox.Literal] | None:
        """Return the values of `variable` that `pattern` allows; None if there are many."""
        place = _place(pattern, variable)
        found: dict[ox.NamedNode | ox.Literal, None] = {}
        for quad in self.lookups.triples(pattern):
            value = getattr(quad, place)
            if isinstance(value, ox.NamedNode | ox.Literal):
                found[value] = None
            if len(found) > _CANDIDATES:
                return None
        return list(found)

    def _any(self, candidates: list[ox.NamedNode | ox.Literal], variable: str, pattern: Pattern) -> bool:
        place = _place(pattern, variable)
        return any(self.lookups.matches(pattern, **{place: value}) for value in candidates)

    def _pair(
        self, variable: str, candidates: list[ox.NamedNode | ox.Literal], first: Pattern, second: Pattern
    ) -> Hint:
        near = self._other_properties(variable, candidates, second)
        what = "nothing" if variable.startswith(" ") else f"no ?{variable}"
        line = self.query[: first.start].count("\n") + 1
        message = f"{what} fits both {text(first)} (line {line}) and {text(second)}"
        message += _leads(near, second)
        return hint_at(self.query, second.start, "nothing-fits-both", message, near)

    def _other_properties(
        self, variable: str, candidates: list[ox.NamedNode | ox.Literal], pattern: Pattern
    ) -> list[str]:
        """Return the properties by which `candidates` lead to the object of `pattern`, likeliest first."""
        if pattern.subject != variable or isinstance(pattern.object, str):
            return []
        return _most_common(
            quad.predicate.value
            for value in candidates
            for quad in self.lookups.triples(pattern, subject=value, predicate="p")
        )


def _place(pattern: Pattern, variable: str) -> str:
    """Return the place of `variable` in `pattern`; empty if it has none, two, or that of the property."""
    places = [name for name in ("subject", "object") if getattr(pattern, name) == variable]
    return places[0] if len(places) == 1 and pattern.predicate != variable else ""


def _most_common(predicates: Iterable[str]) -> list[str]:
    """Return the most common of `predicates`, as they are written in SPARQL."""
    found = Counter(predicates)
    return [written(iri) for iri in sorted(found, key=lambda iri: (-found[iri], iri))[:_PROPERTIES]]


def _leads(properties: list[str], pattern: Pattern) -> str:
    names = " or ".join(properties)
    return f"; there it is {names} that leads to {slot_text(pattern.object)}" if names else ""


def text(pattern: Pattern) -> str:
    """Return a pattern as it is written in SPARQL; `[]` stands for what has no name in the query."""
    subject, predicate, target = map(slot_text, pattern.slots)
    return f"{subject} {'a' if predicate == 'rdf:type' else predicate} {target}"


def slot_text(slot: Slot) -> str:
    """Return a term or variable as it is written in SPARQL."""
    if isinstance(slot, str):
        return "[]" if slot.startswith(" ") else f"?{slot}"
    return shown(slot) if isinstance(slot, ox.Literal) else written(slot.value)
