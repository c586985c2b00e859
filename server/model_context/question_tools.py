"""MCP tools for queries: list_queries, run_query and sparql."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated

from pydantic import Field
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.asking.questions import grounds, sources
from kg.asking.questions.citation import Citation, cite
from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.grounds import Grounds
from kg.asking.questions.parameters import Parameter
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.questions.sources import RowSources
from kg.errors import CablegraphError, ParameterError, SizeLimitError, UnknownNameError
from kg.store import known_prefixes
from kg.terms import folded, python_value
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.model_context.answer_models import (
    Cell,
    GroundsModel,
    HintModel,
    ParameterModel,
    QueriesModel,
    QueryModel,
    TableModel,
)
from server.model_context.tool_context import ToolContext, answer_fields, source_fields, with_tool_errors
from server.site import pool_queries
from server.site.pool_queries import Row
from server.web.sparql_protocol import QUERY_LIMIT

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
Limit = Annotated[int, Field(ge=1, le=MOST, description="rows to show")]
Offset = Annotated[int, Field(ge=0, description="rows to skip")]
Values = Annotated[
    dict[str, str | int],
    Field(description="values of the parameters by name; a thing as actor:fidel-castro or as an IRI"),
]
Text = Annotated[
    str,
    Field(
        max_length=QUERY_LIMIT,
        description="SELECT, ASK, CONSTRUCT or DESCRIBE; the prefixes in `schema` need not be declared",
    ),
]


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
    return [HintModel.model_validate(hint.to_json()) for hint in answer.hints]


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


class QuestionTools:
    """The tools that run saved queries and SPARQL."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context

    @with_tool_errors
    def list_queries(
        self,
        words: Annotated[
            str, Field(max_length=200, description="words that must all occur; empty for all")
        ] = "",
        tag: Annotated[str, Field(max_length=100, description="only with this tag")] = "",
    ) -> QueriesModel:
        """List the saved queries: checked questions with parameters. Begin here.

        Words are searched in names, titles, questions, reasons and tags.
        """
        known = self._context.queries.values()
        tags = sorted({one for query in known for one in query.tags})
        if tag and tag not in tags:
            raise UnknownNameError("tag", tag, tags)
        matches = [query for query in known if _fits(query, words) and (not tag or tag in query.tags)]
        return QueriesModel(
            queries=[_query(query) for query in matches],
            total=len(self._context.queries),
            tags=tags,
            **answer_fields(self._context.citation("saved queries")),
        )

    @with_tool_errors
    def run_query(
        self,
        name: Annotated[str, Field(max_length=200, description="its name in list_queries")],
        parameters: Values | None = None,
        limit: Limit = ROWS,
        offset: Offset = 0,
    ) -> TableModel:
        """Run a saved query. The answer has its sources: statement, quoted words, passage, telegram."""
        queries = self._context.queries
        if name not in queries:
            raise UnknownNameError("saved query", name, queries)
        ask = partial(pool_queries.rows, self._context.pool)
        filled = fill_query(queries[name], parameters or {}, ask)
        citation = cite(filled, self._context.pool.version)
        return answer_table(self._context, filled.text, citation, slice(offset, offset + limit))

    @with_tool_errors
    def sparql(self, query: Text, limit: Limit = ROWS, offset: Offset = 0) -> TableModel:
        """Run your own SPARQL 1.1 query, read-only. Last resort: see `schema` and the README first.

        Without FROM the query sees all graphs. SERVICE is refused. Use ORDER BY for reliable paging.
        """
        if not query.strip():
            raise ParameterError("query must not be empty", "query")
        citation = self._context.citation("")
        return answer_table(self._context, query, citation, slice(offset, offset + limit), hints=True)


def _fits(query: SavedQuery, words: str) -> bool:
    text = folded(" ".join((query.name, query.title, query.question, query.why, *query.tags)))
    return all(word in text for word in folded(words).split())


def _query(query: SavedQuery) -> QueryModel:
    return QueryModel(
        name=query.name,
        title=query.title,
        question=query.question,
        why=query.why,
        tags=list(query.tags),
        parameters=[_parameter(parameter) for parameter in query.parameters],
    )


def _parameter(parameter: Parameter) -> ParameterModel:
    about = f"{parameter.about} {parameter.hint}".strip()
    return ParameterModel(
        name=parameter.name, type=parameter.type, default=parameter.default or None, about=about
    )
