"""Measures of agreement: units of a text, Cohen's kappa over them, pairs of assertions on the same words."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

from kg.curating.agreement.side import Quoted, Span

_HALF = 0.5  # of the shorter quotation, which two assertions on the same words share at least


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a text that both read: a sentence where the text is there, else a passage."""

    place: Span

    def touches(self, quoted: Quoted) -> bool:
        """Return whether a statement quotes words of this stretch."""
        rendering, low, high = self.place
        return any(r == rendering and start < high and end > low for r, start, end in quoted.spans)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two assertions on the same words, and how far their quotes overlap (Jaccard index of characters)."""

    first: Quoted
    second: Quoted
    overlap: float


def kappa(first: Collection[Hashable], second: Collection[Hashable], cases: int) -> float | None:
    """Return Cohen's kappa of two choices among `cases` cases, each a collection of the chosen ones.

    Agreement beyond chance, (observed - expected) / (1 - expected), where the expected agreement is that of
    two who choose as often as these, independently (J. Cohen, A Coefficient of Agreement for Nominal Scales,
    Educational and Psychological Measurement 20, 1960, 37-46). None where chance alone would agree wholly.
    """
    if not cases:
        return None
    a, b = len(set(first)) / cases, len(set(second)) / cases
    expected = a * b + (1 - a) * (1 - b)
    at_once = observed(first, second, cases)
    return None if expected == 1 or at_once is None else (at_once - expected) / (1 - expected)


def observed(first: Collection[Hashable], second: Collection[Hashable], cases: int) -> float | None:
    """Return the share of cases in which two choices are the same; None without cases."""
    return 1 - len(set(first) ^ set(second)) / cases if cases else None


def kinds_in(units: Sequence[Unit], statements: Iterable[Quoted]) -> set[tuple[Unit, str]]:
    """Return each pair of unit and kind of which there is a statement."""
    return {(unit, quoted.kind) for quoted in statements for unit in units if unit.touches(quoted)}


def same_words(first: Sequence[Quoted], second: Sequence[Quoted]) -> list[Pair]:
    """Return pairs of assertions whose quotes share more than half of the shorter; each is in one pair.

    Those that share most are paired first; of equals, those of one kind and holder.
    """
    places = {quoted.record: quoted.characters() for quoted in (*first, *second)}
    candidates = []
    for one in first:
        for other in second:
            a, b = places[one.record], places[other.record]
            shared = len(a & b)
            if shared > _HALF * min(len(a), len(b)):
                alike = (one.kind == other.kind) + (one.said.get("heldBy") == other.said.get("heldBy"))
                candidates.append((shared / len(a | b), alike, one, other))
    candidates.sort(key=lambda c: (-c[0], -c[1], c[2].record, c[3].record))
    return list(_disjoint(candidates))


def _disjoint(candidates: Iterable[tuple[float, int, Quoted, Quoted]]) -> Iterable[Pair]:
    taken = set[tuple[int, str]]()
    for overlap, _, one, other in candidates:
        names = {(1, one.record), (2, other.record)}
        if not names & taken:
            taken |= names
            yield Pair(one, other, overlap)


def share(pairs: Sequence[Pair], key: str) -> float | None:
    """Return the share of pairs whose two assertions have the same kind, or the same values of a key."""
    if not pairs:
        return None
    return sum(of(pair.first, key) == of(pair.second, key) for pair in pairs) / len(pairs)


def of(quoted: Quoted, key: str) -> tuple[str, ...]:
    """Return the values of a key of a statement; of `kind` its kind."""
    return (quoted.kind,) if key == "kind" else quoted.said.get(key, ())


def mean(numbers: Sequence[float]) -> float | None:
    """Return the mean of numbers; None without any."""
    return sum(numbers) / len(numbers) if numbers else None
