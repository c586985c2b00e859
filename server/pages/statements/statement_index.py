"""Which statement has which value at each point, as numbers whose bits stand for statements.

A choice is an intersection of such numbers, and a count the number of bits that are left. So a page takes the
same few milliseconds whatever is chosen, and the work that grows with the collection is done once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_ARCHIVE = "/archive"
_NUMBER = re.compile(r"-([0-9])/")


@dataclass(frozen=True, slots=True)
class Counted:
    """One value at one point: as the address has it, its name, its IRI if a thing, and how often it is."""

    point: str
    value: str
    label: str
    iri: str
    count: int


@dataclass(frozen=True, slots=True)
class Worth:
    """One value: its name, its IRI if it is a thing, and its statements as bits from the place `start` on."""

    label: str
    iri: str
    start: int
    bits: int


@dataclass(frozen=True, slots=True)
class StatementIndex:
    """Statements in the order of the page, and the values of each point by what the address writes."""

    order: Sequence[str] = ()
    points: Mapping[str, Mapping[str, Worth]] = field(default_factory=dict)

    def chosen(self, values: Mapping[str, str]) -> int:
        """Return the bits of the statements that have all `values`, given by point."""
        left = (1 << len(self.order)) - 1
        for point, value in values.items():
            worth = self.points.get(point, {}).get(value)
            left &= worth.bits << worth.start if worth else 0
        return left

    def counts(self, left: int, point: str) -> list[Counted]:
        """Return how many of the statements `left` have each value of `point`, the most frequent first."""
        found = (
            Counted(point, value, worth.label, worth.iri, ((left >> worth.start) & worth.bits).bit_count())
            for value, worth in self.points.get(point, {}).items()
        )
        some = [one for one in found if one.count]
        return sorted(some, key=lambda one: (-one.count, one.label, one.iri or one.value))

    def listed(self, left: int, offset: int, most: int) -> list[str]:
        """Return at most `most` of the statements `left`, in order, after the first `offset` of them."""
        places = (place for place, bit in enumerate(reversed(f"{left:b}")) if bit == "1")
        chosen = []
        for number, place in enumerate(places):
            if number >= offset + most:
                break
            if number >= offset:
                chosen.append(self.order[place])
        return chosen


def ordered(statements: Iterable[str]) -> list[str]:
    """Return `statements`, IRIs, in the order of the saved query: its ORDER BY says the same."""
    return sorted(statements, key=lambda iri: (_ARCHIVE in iri, _NUMBER.sub(r"-0\1/", iri), iri))


def bits(places: Iterable[int]) -> tuple[int, int]:
    """Return the least of `places`, and a number with a bit for each, from that place on."""
    known = sorted(set(places))
    start, last = known[0], known[-1]
    field_ = bytearray((last - start) // 8 + 1)
    for place in known:
        field_[(place - start) // 8] |= 1 << (place - start) % 8
    return start, int.from_bytes(field_, "little")


def is_name(worth: str) -> bool:
    """Return whether a counted value is the IRI of a thing, and no text."""
    return "://" in worth
