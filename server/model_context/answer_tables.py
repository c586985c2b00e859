"""Answers of queries as MCP tools give them: rows with their sources, a truth value or a graph."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.asking.hints.hint import Hint
from kg.asking.questions import grounds, sources
from kg.asking.questions.citation import Citation
from kg.asking.questions.grounds import Grounds
from kg.asking.questions.sources import RowSources
from kg.errors import CablegraphError, SizeLimitError
from kg.store import known_prefixes
from kg.terms import python_value
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.model_context.answer_models import (
    Cell,
    GroundsModel,
    HintModel,
    TableModel,
)
from server.model_context.tool_context import ToolContext, answer_fields, source_fields
from server.site.pool_queries import Row

ROWS, MOST = 50, 1_000  # rows shown by default, and at most
GRAPH = 256 << 10  # bytes of Turtle that are shown
_TYPES = {
    "solutions": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "text/turtle",
}
_UNTRACED = (
    "Rows without a source name no statement; use `why` for an inferred triple, `describe` for a thing, "
    "or the saved query evidence-of-a-statement."
)


def answer_table(
    context: ToolContext, query: str, citation: Citation, part: slice, *, hints: bool = False
) -> TableModel:
    """Return the answer to `query`, with `hints` if it is the caller's own; a table has the rows of `part`.

    Raises what `Pool.answer` raises, and SizeLimitError for a graph of more than GRAPH bytes.
    """
    answer = context.pool.answer(QueryRequest(query, _TYPES, hints=hints))  # type: ignore[arg-type]
    if answer.kind == "solutions":
        return _rows(context, query, answer, citation, part)
    if answer.kind == "graph":
        return _other(query, citation, answer, kind="graph", graph=_turtle(answer))
    return _other(query, citation, answer, kind="boolean", boolean=b"true" in answer.body)


def _hints(answer: QueryAnswer) -> list[HintModel]:
    return list(map(hint_model, answer.hints))


def hint_model(hint: Hint) -> HintModel:
    """Return a hint as a model."""
    return HintModel.model_validate(hint.to_json())


def _rows(
    context: ToolContext, query: str, answer: QueryAnswer, citation: Citation, part: slice
) -> TableModel:
    columns, rows = _read(answer.body)
    shown = rows[part]
    traced = sources.of_rows(context.ask, known_prefixes.complete(query), shown)
    behind = len(rows) - part.start - len(shown)
    more = f"{behind} more rows: use offset {part.stop}." if behind > 0 and shown else ""
    return TableModel(
        kind="solutions",
        query=query,
        columns=columns,
        rows=[{name: cell(row.get(name)) for name in columns} for row in shown],
        total_rows=len(rows),
        offset=part.start,
        truncated=behind > 0,
        boolean=None,
        graph=None,
        hints=_hints(answer),
        grounds=_grounds(context, shown),
        **answer_fields(citation),
        **source_fields(traced, more, _untraced(shown, traced)),
    )


def _grounds(context: ToolContext, shown: Sequence[Row]) -> GroundsModel:
    """Return what the rows `shown` rest on; nothing if it cannot be read in time."""
    text = "\n".join(str(term) for row in shown for term in row.values())
    try:
        found = grounds.count(context.ask, grounds.named(text))
    except CablegraphError:  # the answer itself is complete and useful
        found = Grounds()
    return GroundsModel.model_validate(found.to_json())


def _untraced(shown: Sequence[Row], found: RowSources) -> str:
    traced = {place for source in found.sources for place in source.rows}
    return _UNTRACED if len(traced) < len(shown) and len(found.sources) == found.total else ""


def _other(query: str, citation: Citation, answer: QueryAnswer, **what: object) -> TableModel:
    empty = {"columns": [], "rows": [], "total_rows": 0, "offset": 0, "truncated": False}
    base = {"boolean": None, "graph": None}
    return TableModel.model_validate(
        {
            "query": query,
            "hints": _hints(answer),
            "grounds": Grounds().to_json(),
            **empty,
            **base,
            **what,
            **answer_fields(citation),
            **source_fields(RowSources((), 0), _UNTRACED),
        }
    )


def _turtle(answer: QueryAnswer) -> str:
    if len(answer.body) > GRAPH:
        raise SizeLimitError(
            f"The graph takes {len(answer.body):,} bytes in Turtle, at most {GRAPH:,} can be shown. "
            "Use LIMIT, or SELECT for rows."
        )
    return answer.body.decode()


def _read(body: bytes) -> tuple[list[str], list[Row]]:
    solutions = parse_query_results(body, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - the kind was checked
    columns = [variable.value for variable in solutions.variables]
    every = ({name: solution[name] for name in columns} for solution in solutions)
    return columns, [{name: term for name, term in row.items() if term is not None} for row in every]


def cell(term: object) -> Cell:
    """Return `term` as a JSON value: a number, a boolean or a string; dates and times in ISO 8601."""
    plain = python_value(term)
    return plain.isoformat() if isinstance(plain, date) else plain
