"""MCP tools for queries: list_queries, run_query and sparql."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import Field

from kg.asking.questions import question_hints
from kg.asking.questions.citation import cite
from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.parameters import Parameter
from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import ParameterError, UnknownNameError
from kg.terms import Suggest, folded, no_names
from server.model_context.answer_models import (
    ParameterModel,
    QueriesModel,
    QueryModel,
    TableModel,
)
from server.model_context.answer_tables import MOST, ROWS, answer_table, hint_model
from server.model_context.tool_context import ToolContext, answer_fields, with_tool_errors
from server.site import pool_queries
from server.web.sparql_protocol import QUERY_LIMIT

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


class QuestionTools:
    """The tools that run saved queries and SPARQL."""

    def __init__(self, context: ToolContext, near: Suggest = no_names) -> None:
        self._context, self._near = context, near

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
        """Run a saved query. The answer has its sources: statement, quoted words, passage, telegram.

        An empty answer has `hints`: which value of a parameter no row has, and others with rows.
        """
        queries = self._context.queries
        if name not in queries:
            raise UnknownNameError("saved query", name, queries)
        ask = partial(pool_queries.rows, self._context.pool)
        filled = fill_query(queries[name], parameters or {}, ask)
        citation = cite(filled, self._context.pool.version, about=self._context.about)
        table = answer_table(self._context, filled.text, citation, slice(offset, offset + limit))
        if table.kind != "solutions" or table.total_rows:
            return table
        names = self._context.pool.names
        hints = question_hints.on_empty(filled, self._context.ask, self._near, names)
        return table.model_copy(update={"hints": list(map(hint_model, hints))})

    @with_tool_errors
    def sparql(self, query: Text, limit: Limit = ROWS, offset: Offset = 0) -> TableModel:
        """Run your own SPARQL 1.1 query, read-only. Last resort: see `schema` and the README first.

        Without FROM the query sees all graphs. SERVICE is refused. Use ORDER BY for reliable paging.
        """
        if not query.strip():
            raise ParameterError("query must not be empty", "query")
        citation = self._context.citation("", query)
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
