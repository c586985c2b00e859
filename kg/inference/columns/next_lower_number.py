"""The program `next-lower-number`: which document has the next lower number of a series, by sorting.

It finds what the pattern of the rule finds that names it. A query compares each two numbers of a series and
looks for a third between them, which grows with the cube; sorted numbers grow as their number does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate, product

from kg.inference.columns import term_values
from kg.inference.columns.statement_columns import Columns, Statement
from kg.namespaces import CG, ID

Placed = tuple[Decimal, str]  # a number, and its document
_SURE = frozenset({f"<{ID}certainty/certain>", f"<{ID}certainty/probable>"})
_LATER = f"<{CG}laterThan>"


@dataclass
class _Series:
    """The numbers of one series: upper bounds, lower bounds, and both of those that may lie between."""

    ends: list[Placed] = field(default_factory=list)
    starts: list[Placed] = field(default_factory=list)
    spans: list[tuple[Decimal, Decimal]] = field(default_factory=list)  # end, start

    def next_lower(self) -> Iterator[tuple[str, str]]:
        """Yield each document with those between whose number and its own there is none."""
        ends, spans = sorted(self.ends), sorted(self.spans)
        # Of all numbers that end before a place, the highest start: what ends before it has one above.
        highest = list(accumulate((start for _, start in spans), max))
        for start, document in self.starts:
            stop = bisect_left(ends, (start, ""))
            below = bisect_left(spans, start, key=lambda span: span[0])
            first = bisect_left(ends, (highest[below - 1], "")) if below else 0
            yield from ((document, other) for _, other in ends[first:stop] if other != document)


class NextLowerNumber:
    """Finds for each document of a series the one with the next lower number, as a query does."""

    def rows(self, columns: Sequence[Columns]) -> set[Statement]:
        """Return which document is later than which other one."""
        series = defaultdict[str, _Series](_Series)
        directed = set[str]().union(*(one.column(f"<{CG}seriesFrom>") for one in columns))
        unclear = set[str]().union(*(one.into(f"<{CG}alternative>") for one in columns))
        numbers = set[str]().union(*(one.column(f"<{CG}numberOf>") for one in columns))
        for number in numbers - unclear:
            of = _Number(number, columns)
            for name in of.values("inSeries") & directed if of.values("certainty") & _SURE else ():
                of.add_to(series[name])
        return {(one, _LATER, other) for own in series.values() for one, other in own.next_lower()}

    def from_new(self, new: Columns, _: Columns, context: Columns) -> set[Statement]:
        """Return what follows from new statements with a context; other numbers are not looked for."""
        return self.rows((new, context))


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of a document, in statements."""

    name: str
    columns: Sequence[Columns]

    def values(self, name: str) -> Set[str]:
        """Return the values of a property."""
        return {value for one in self.columns for value in one.column(f"<{CG}{name}>").get(self.name, ())}

    def bounds(self, name: str) -> list[Decimal]:
        """Return the values of a property that are numbers."""
        found = map(term_values.value, self.values(name))
        return [value for value in found if isinstance(value, Decimal) and value.is_finite()]

    def add_to(self, series: _Series) -> None:
        """Add the number to its series."""
        documents, starts, ends = self.values("numberOf"), self.bounds("numberFrom"), self.bounds("numberTo")
        series.starts += product(starts, documents)
        series.ends += product(ends, documents)
        series.spans += product(ends, starts)
