"""Counts of statements by point and value, from an index that is made once for each version of the data.

The index is made of parts of the saved query that counts: its choice, and its pattern for each point.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from pyoxigraph import NamedNode

from kg.errors import BusyError
from kg.publishing.stores.kept_questions import COUNTED, EVERY, counted, counting
from kg.terms import short
from server.engine.evaluation.query_request import QueryRequest
from server.pages.statements import statement_index
from server.pages.statements.choice import ANY, COUNTS, READING, Chosen
from server.pages.statements.statement_index import Counted, StatementIndex, Worth
from server.site import pool_queries
from server.site.first_answers import FirstAnswers
from server.site.pool_queries import value
from server.site.site import PerVersion, Site

KIND = "kind"
_PAGE = 100_000  # rows of one answer, which stays below the limit of its size
_NAMED = 400  # things whose names are asked for at once
_NAMES = (
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "SELECT ?one (MIN(?name) AS ?label) {{ {} ?one rdfs:label|skos:prefLabel ?name . "
    'FILTER (lang(?name) = "en") }} GROUP BY ?one'
)


class Counts:
    """The counts of one site."""

    def __init__(self, site: Site, answers: FirstAnswers | None = None) -> None:
        self._site, self._answers = site, answers
        self._ask = partial(pool_queries.rows, site.pool)
        self._index = PerVersion(self._made)

    def index(self) -> StatementIndex:
        """Return the index of the present data; raises what the pool raises, BusyError while it is made."""
        return self._index.get(self._site.data_version)

    def get(self, choice: Chosen, point: str) -> list[Counted]:
        """Return how many statements of `choice` have each value of `point`; raises what `index` raises."""
        index = self.index()
        return index.counts(self.left(choice), point)

    def left(self, choice: Chosen) -> int:
        """Return the statements of `choice` as bits."""
        default = self._reading_by_default()
        values = {READING: default, **choice.values}
        return self.index().chosen({p: v for p, v in values.items() if (p, v) != (READING, ANY)})

    def _reading_by_default(self) -> str:
        parameters = self._site.queries[COUNTS].parameters
        return next(one.default for one in parameters if one.name == READING)

    def _made(self) -> StatementIndex:
        queries = counting(self._site.queries)
        rows = list(self._part(EVERY, queries))
        order = statement_index.ordered(statement for statement, _, _ in rows)
        place = {statement: number for number, statement in enumerate(order)}
        held = {point: self._places(self._part(point, queries), place) for point in queries if point != EVERY}
        held[KIND] = self._places(((statement, kind) for statement, kind, _ in rows), place)
        held[READING] = self._places(((statement, meant) for statement, _, meant in rows), place)
        return StatementIndex(order, {point: self._worths(found) for point, found in held.items()})

    def _part(self, part: str, queries: Mapping[str, str]) -> Iterator[list[str]]:
        """Yield the rows of a part of the question, which a store may keep."""
        version = self._site.data_version
        kept = self._answers.kept(version) if self._answers else None
        answer = kept.answer(COUNTED, counted(part).given) if kept else None
        if answer is None:
            yield from self._rows(queries[part], version)
            return
        found = json.loads(answer.body)
        for row in found["results"]["bindings"]:
            yield [row[name]["value"] if name in row else "" for name in found["head"]["vars"]]

    def _places(self, rows: Iterable[Iterable[str]], place: Mapping[str, int]) -> dict[str, list[int]]:
        """Return the places of the statements that have each value."""
        found: dict[str, list[int]] = defaultdict(list)
        for statement, worth in rows:
            if statement in place and worth:
                found[worth].append(place[statement])
        return found

    def _worths(self, found: Mapping[str, Iterable[int]]) -> dict[str, Worth]:
        labels = self._labels([worth for worth in found if statement_index.is_name(worth)])
        made = {}
        for worth, places in found.items():
            iri = worth if statement_index.is_name(worth) else ""
            given = short(NamedNode(worth), self._site.names) if iri else worth
            made[given] = Worth(labels.get(worth, worth), iri, *statement_index.bits(places))
        return made

    def _labels(self, iris: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(iris), _NAMED):
            rows = self._ask(_NAMES.format(pool_queries.values("one", iris[start : start + _NAMED])))
            found |= {value(row["one"]): value(row["label"]) for row in rows}
        return found

    def _rows(self, query: str, version: str) -> Iterator[list[str]]:
        """Yield the rows of a SELECT, a part at a time; raises BusyError when the data change meanwhile."""
        for offset in range(0, 1 << 40, _PAGE):
            request = QueryRequest(f"{query}\nLIMIT {_PAGE} OFFSET {offset}", {"solutions": "text/csv"})
            answer = self._site.pool.answer(request)
            if answer.version not in ("", version):
                raise BusyError("The graph has just changed; try again in a moment.")
            _, *rows = csv.reader(io.StringIO(answer.body.decode(), newline=""))
            yield from rows
            if len(rows) < _PAGE:
                return
