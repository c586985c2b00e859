"""The prefixes with which so many names begin that a suggestion cannot look through them: the best of each.

They are kept once for all prefixes with which the same names begin, under the longest of these.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice, takewhile

from kg.asking.reconciling.index.name_parts import END, packed, unpacked
from kg.asking.reconciling.index.thing_table import Rows

FIRST = 10_000  # things that are kept of such a prefix
MANY = 10_000  # names; a prefix with twice as many is certainly one of these, one with fewer is none
_BEST = """
SELECT thing FROM tail WHERE text >= ? AND text < ?
GROUP BY thing ORDER BY MIN(heading), MIN(rank), thing LIMIT ? OFFSET ?
"""


def write_begun(base: sqlite3.Connection, many: int = MANY, first: int = FIRST) -> None:
    """Write the best things for each prefix with which `many` names begin or more, in order: the `first`."""
    for prefix in sorted({_longest(base, prefix) for prefix in _frequent(base, many)}):
        best = base.execute(_BEST, (*span(prefix), first, 0)).fetchall()
        base.execute("INSERT INTO begun VALUES (?, ?)", (prefix, packed([thing for (thing,) in best])))


def best(rows: Rows, typed: str, most: int, skip: int = 0) -> list[int]:
    """Return the numbers of `most` things of which a name has `typed` at a word, the best first.

    The first `skip` of them are left out.
    """
    kept = rows(
        "SELECT things FROM begun WHERE prefix >= ? AND prefix < ? ORDER BY prefix LIMIT 1", *span(typed)
    )
    for (content,) in kept:
        found = unpacked(content)
        if len(found) >= skip + most:
            return list(found[skip : skip + most])
    return [thing for (thing,) in rows(_BEST, *span(typed), most, skip)]


def span(prefix: str) -> tuple[str, str]:
    """Return between which texts all are that begin with `prefix`, the second left out."""
    return prefix, prefix + END


def _frequent(base: sqlite3.Connection, many: int) -> set[str]:
    """Return all prefixes of which two names lie so far apart, and those that have twice as many names."""
    tails = base.cursor().execute("SELECT text FROM tail ORDER BY text")
    found: set[str] = set()
    before = ""
    for tail in _each(tails, many):
        shared = _shared(before, tail)
        found.update(shared[:end] for end in range(1, len(shared) + 1))
        before = tail
    return found


def _each(tails: sqlite3.Cursor, many: int) -> Iterator[str]:
    """Yield one in so `many` of the tails."""
    return (tail for (tail,) in islice(tails, 0, None, many))


def _longest(base: sqlite3.Connection, prefix: str) -> str:
    """Return the longest prefix with which the same names begin."""
    ends = [
        base.execute(f"SELECT text FROM tail WHERE {which} LIMIT 1", (end,)).fetchone()[0]  # noqa: S608 - ours
        for which, end in zip(
            ("text >= ? ORDER BY text", "text < ? ORDER BY text DESC"), span(prefix), strict=True
        )
    ]
    return _shared(*ends)


def _shared(one: str, other: str) -> str:
    """Return with what both texts begin."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return one[: sum(1 for _ in same)]
