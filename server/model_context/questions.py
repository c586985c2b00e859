"""Tools for questions: the saved queries, and SPARQL."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import Field

from kg.citation import cite
from kg.errors import ParameterError, UnknownNameError
from kg.parameters import Parameter as Described
from kg.questions import question
from kg.saved import SavedQuery
from server import lookup
from server.model_context import asking
from server.model_context.desk import Desk, about, telling
from server.model_context.shapes import Parameter, Queries, Query, Table
from server.model_context.words import folded
from server.protocol import QUERY_LIMIT

Limit = Annotated[int, Field(ge=1, le=asking.MOST, description="rows to show")]
Offset = Annotated[int, Field(ge=0, description="rows to leave out first")]
Values = Annotated[
    dict[str, str | int],
    Field(description="values of the parameters by name; things as actor:fidel-castro or as whole IRI"),
]
Text = Annotated[
    str,
    Field(
        max_length=QUERY_LIMIT,
        description="SELECT, ASK, CONSTRUCT or DESCRIBE; declare the prefixes that you use",
    ),
]


class Questions:
    """The tools that ask what others, or the caller, have written down."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @telling
    def list_queries(
        self,
        words: Annotated[
            str, Field(max_length=200, description="words that all must occur; empty for all")
        ] = "",
        tag: Annotated[str, Field(max_length=100, description="only with this tag")] = "",
    ) -> Queries:
        """List the saved queries: checked questions with parameters. Begin here.

        Words are looked for in names, titles, questions and reasons.
        """
        known = self._desk.queries.values()
        tags = sorted({one for query in known for one in query.tags})
        if tag and tag not in tags:
            raise UnknownNameError("tag", tag, tags)
        found = [query for query in known if _fits(query, words) and (not tag or tag in query.tags)]
        return Queries(
            queries=[_told(query) for query in found],
            total=len(self._desk.queries),
            tags=tags,
            **about(self._desk.titled("saved queries")),
        )

    @telling
    def run_query(
        self,
        name: Annotated[str, Field(max_length=200, description="its name in list_queries")],
        parameters: Values | None = None,
        limit: Limit = asking.ROWS,
        offset: Offset = 0,
    ) -> Table:
        """Ask a saved query. The answer names its sources: statement, quoted words, passage, telegram."""
        queries = self._desk.queries
        if name not in queries:
            raise UnknownNameError("saved query", name, queries)
        ask = partial(lookup.rows, self._desk.pool)
        asked = question(queries[name], parameters or {}, ask)
        return asking.table(self._desk, asked.text, cite(asked, self._desk.pool.version), limit, offset)

    @telling
    def sparql(self, query: Text, limit: Limit = asking.ROWS, offset: Offset = 0) -> Table:
        """Ask a query of your own in SPARQL 1.1; read-only. Last resort: see `schema` and the README first.

        Without FROM all graphs are asked together. SERVICE is refused. ORDER BY makes pages reliable.
        """
        if not query.strip():
            raise ParameterError("query: it is empty", "query")
        return asking.table(self._desk, query, self._desk.titled(""), limit, offset)


def _fits(query: SavedQuery, words: str) -> bool:
    text = folded(" ".join((query.name, query.title, query.question, query.why, *query.tags)))
    return all(word in text for word in folded(words).split())


def _told(query: SavedQuery) -> Query:
    return Query(
        name=query.name,
        title=query.title,
        question=query.question,
        why=query.why,
        tags=list(query.tags),
        parameters=[_parameter(parameter) for parameter in query.parameters],
    )


def _parameter(parameter: Described) -> Parameter:
    about = f"{parameter.about} {parameter.hint}".strip()
    return Parameter(name=parameter.name, type=parameter.type, default=parameter.default or None, about=about)
