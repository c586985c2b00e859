"""Ask the pool a query and make a table of the answer, with its sources and its limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.citation import Citation
from kg.errors import SizeLimitError
from kg.values import python
from server.lookup import Row
from server.model_context import sources
from server.model_context.desk import Desk, about, sourced
from server.model_context.shapes import Cell, Table
from server.model_context.sources import Found
from server.workers.messages import Answer, Request

ROWS, MOST = 50, 1_000  # rows shown, unless others are asked for, and at most
GRAPH = 256 << 10  # bytes of Turtle that are shown
_TYPES = {
    "solutions": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "text/turtle",
}
_UNTRACED = (
    "Rows without a source name no statement; ask `why` for an inferred triple, `describe` for a thing, "
    "or the saved query evidence-of-a-statement."
)


def table(desk: Desk, query: str, citation: Citation, limit: int, offset: int) -> Table:
    """Return the answer to `query`: of a table at most `limit` rows from `offset`, counted from 0.

    Raises what `Pool.answer` raises, and SizeLimitError for a graph of more than GRAPH bytes.
    """
    answer = desk.pool.answer(Request(query, _TYPES))  # type: ignore[arg-type]
    if answer.kind == "solutions":
        return _rows(desk, query, answer, citation, slice(offset, offset + limit))
    if answer.kind == "graph":
        return _other(query, citation, kind="graph", graph=_turtle(answer))
    return _other(query, citation, kind="boolean", boolean=b"true" in answer.body)


def _rows(desk: Desk, query: str, answer: Answer, citation: Citation, part: slice) -> Table:
    columns, rows = _read(answer.body)
    shown = rows[part]
    found = sources.of_rows(desk.pool, query, shown)
    behind = len(rows) - part.start - len(shown)
    more = f"{behind} more rows: ask with offset {part.stop}." if behind > 0 and shown else ""
    return Table(
        kind="solutions",
        query=query,
        columns=columns,
        rows=[{name: cell(row.get(name)) for name in columns} for row in shown],
        total_rows=len(rows),
        offset=part.start,
        truncated=behind > 0,
        boolean=None,
        graph=None,
        **about(citation),
        **sourced(found, more, _untraced(shown, found)),
    )


def _untraced(shown: Sequence[Row], found: Found) -> str:
    traced = {place for source in found.sources for place in source.rows}
    return _UNTRACED if len(traced) < len(shown) and len(found.sources) == found.total else ""


def _other(query: str, citation: Citation, **what: object) -> Table:
    empty = {"columns": [], "rows": [], "total_rows": 0, "offset": 0, "truncated": False}
    base = {"boolean": None, "graph": None}
    return Table.model_validate(
        {"query": query, **empty, **base, **what, **about(citation), **sourced(Found((), 0), _UNTRACED)}
    )


def _turtle(answer: Answer) -> str:
    if len(answer.body) > GRAPH:
        raise SizeLimitError(
            f"The graph takes {len(answer.body):,} bytes in Turtle, and {GRAPH:,} can be shown. "
            "Ask for less with LIMIT, or for rows with SELECT."
        )
    return answer.body.decode()


def _read(body: bytes) -> tuple[list[str], list[Row]]:
    solutions = parse_query_results(body, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - the kind was looked at
    columns = [variable.value for variable in solutions.variables]
    every = ({name: solution[name] for name in columns} for solution in solutions)
    return columns, [{name: term for name, term in row.items() if term is not None} for row in every]


def cell(term: object) -> Cell:
    """Return `term` as JSON has it: a number, a truth value, a text; a day or moment as in ISO 8601."""
    found = python(term)
    return found.isoformat() if isinstance(found, date) else found
