"""Which statement has which value at each point, as numbers whose bits stand for statements.

A choice is an intersection of such numbers, and a count the number of bits that are left. So a page takes the
same few milliseconds whatever is chosen, and the work that grows with the collection is done once.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from pyoxigraph import NamedNode

from kg.asking.questions.choices import Ask
from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import SHIPPED, Namespaces
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.kept_questions import COUNTED, EVERY, counted, counting, hash_of
from kg.terms import short, value

Rows = Iterable[Sequence[str]]
KIND, READING = "kind", "reading"
_NAMED = 400  # things whose names are asked for at once
_NAMES = (
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "SELECT ?one (MIN(?name) AS ?label) {{ {} ?one rdfs:label|skos:prefLabel ?name . "
    'FILTER (lang(?name) = "en") }} GROUP BY ?one'
)
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

    def count(self, every: bytes) -> int:
        """Return how many of its statements are among `every`, as bits from the lowest byte on.

        Only the bytes from its first to its last statement are looked at, few for most values.
        """
        end = self.start + self.bits.bit_length()
        some = int.from_bytes(every[self.start // 8 : (end + 7) // 8], "little")
        return ((some >> self.start % 8) & self.bits).bit_count()


@dataclass(frozen=True, slots=True)
class StatementIndex:
    """Statements in the order of the page, and the values of each point by what the address writes."""

    order: Sequence[str] = ()
    points: Mapping[str, Mapping[str, Worth]] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the index as a store keeps it."""
        points = {
            point: [(text, one.label, one.iri, one.start, f"{one.bits:x}") for text, one in worths.items()]
            for point, worths in self.points.items()
        }
        return zlib.compress(json.dumps([list(self.order), points], ensure_ascii=False).encode())

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the index that `to_bytes` wrote."""
        order, points = json.loads(zlib.decompress(content))
        return cls(
            order,
            {
                point: {
                    text: Worth(label, iri, start, int(bits_, 16))
                    for text, label, iri, start, bits_ in worths
                }
                for point, worths in points.items()
            },
        )

    def chosen(self, values: Mapping[str, str]) -> int:
        """Return the bits of the statements that have all `values`, given by point."""
        left = (1 << len(self.order)) - 1
        for point, text in values.items():
            worth = self.points.get(point, {}).get(text)
            left &= worth.bits << worth.start if worth else 0
        return left

    def counts(self, left: int, point: str) -> list[Counted]:
        """Return how many of the statements `left` have each value of `point`, the most frequent first."""
        every = left.to_bytes(len(self.order) // 8 + 1, "little")
        found = (
            (-worth.count(every), worth.label, worth.iri or text, text, worth.iri)
            for text, worth in self.points.get(point, {}).items()
        )
        some = sorted(one for one in found if one[0])
        return [Counted(point, text, label, iri, -negative) for negative, label, _, text, iri in some]

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


def name_of(queries: Mapping[str, SavedQuery]) -> str:
    """Return the name under which a store keeps the index that the counting query of `queries` makes."""
    return f"statements {hash_of(queries[COUNTED].text)}"


def gather(
    queries: Mapping[str, SavedQuery],
    rows: Callable[[str], Rows],
    labels: Callable[[Sequence[str]], Mapping[str, str]],
    names: Namespaces = SHIPPED,
) -> StatementIndex:
    """Return the index that the parts of the counting query of `queries` make.

    `rows` returns the rows of a part, `labels` the names of things by IRI; `names` has the namespaces of the
    collection.
    """
    every = list(rows(EVERY))
    order = ordered(statement for statement, _, _ in every)
    place = {statement: number for number, statement in enumerate(order)}
    held = {point: _places(rows(point), place) for point in counting(queries) if point != EVERY}
    held[KIND] = _places(((statement, kind) for statement, kind, _ in every), place)
    held[READING] = _places(((statement, meant) for statement, _, meant in every), place)
    return StatementIndex(order, {point: _worths(found, labels, names) for point, found in held.items()})


def of_parts(
    file: KeptAnswers, queries: Mapping[str, SavedQuery], ask: Ask, names: Namespaces
) -> StatementIndex | None:
    """Return the index that the parts in `file` make, None if one is not kept; `ask` gives the names."""
    parts = counting(queries)
    if not parts or any(file.answer(COUNTED, counted(part).given, 0) is None for part in parts):
        return None
    return gather(queries, partial(kept_rows, file), partial(labels, ask=ask), names)


def kept_rows(file: KeptAnswers, part: str) -> Iterator[list[str]]:
    """Yield the rows of a part of the counting query that `file` keeps; none if it keeps none."""
    answer = file.answer(COUNTED, counted(part).given)
    found = json.loads(answer.body) if answer else {"head": {"vars": []}, "results": {"bindings": []}}
    for row in found["results"]["bindings"]:
        yield [row[name]["value"] if name in row else "" for name in found["head"]["vars"]]


def labels(iris: Sequence[str], ask: Ask) -> dict[str, str]:
    """Return the English names of things by IRI, as `ask` finds them, so many at once."""
    found: dict[str, str] = {}
    for start in range(0, len(iris), _NAMED):
        some = " ".join(str(NamedNode(iri)) for iri in iris[start : start + _NAMED])
        rows = ask(_NAMES.format(f"VALUES ?one {{ {some} }}"))
        found |= {value(row["one"]): value(row["label"]) for row in rows}
    return found


def _places(rows: Rows, place: Mapping[str, int]) -> dict[str, list[int]]:
    """Return the places of the statements that have each value."""
    found: dict[str, list[int]] = defaultdict(list)
    for statement, worth in rows:
        if statement in place and worth:
            found[worth].append(place[statement])
    return found


def _worths(
    found: Mapping[str, Iterable[int]],
    labels: Callable[[Sequence[str]], Mapping[str, str]],
    names: Namespaces,
) -> dict[str, Worth]:
    named = labels([worth for worth in found if is_name(worth)])
    made = {}
    for worth, places in found.items():
        iri = worth if is_name(worth) else ""
        given = short(NamedNode(worth), names) if iri else worth
        made[given] = Worth(named.get(worth, worth), iri, *bits(places))
    return made


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
