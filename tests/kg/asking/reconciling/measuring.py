"""Precision and recall of a column of spellings whose things are known."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name, and the things that it may stand for: one, several (ambiguous) or none."""

    name: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """How many names were matched, how many of them rightly, and how many have one right thing."""

    matched: int
    right: int
    possible: int

    @property
    def precision(self) -> float:
        return self.right / self.matched

    @property
    def recall(self) -> float:
        return self.right / self.possible

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f} ({self.right} of {self.matched}), "
            f"recall {self.recall:.3f} ({self.right} of {self.possible})"
        )


def column(file: str) -> list[Spelling]:
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        return [Spelling(row["name"], tuple(row["expected"].split())) for row in csv.DictReader(lines)]


def measure(spellings: Iterable[Spelling], matches: Iterable[str]) -> Measure:
    """Compare what was matched, empty for nothing, with what is right."""
    pairs = list(zip(spellings, matches, strict=True))
    return Measure(
        matched=sum(bool(match) for _, match in pairs),
        right=sum((match,) == spelling.expected for spelling, match in pairs),
        possible=sum(len(spelling.expected) == 1 for spelling, _ in pairs),
    )
