"""The context of all MCP tools: pool, saved queries, counts; fields of answers and tool errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from mcp.server.mcpserver.exceptions import ToolError

from kg.asking.questions.citation import Citation, today
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.questions.sources import MOST, RowSources
from kg.errors import CablegraphError
from kg.reading.collection.description import Description
from kg.store.layers import OURS
from kg.store.statistics import NOT_COUNTED, Statistics
from server.engine.workers.pool import Pool
from server.site import pool_queries
from server.site.pool_queries import Row
from server.web import problems
from server.web.http_errors import ServerFaultError
from server.web.problem_types import PROBLEMS

SECONDS = 3.0  # for each query for sources
Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")


@dataclass(frozen=True, slots=True)
class ToolContext:
    """The graph behind `pool`, the saved queries by name, the counts, and the index file of the build.

    `about` describes the collection.
    """

    pool: Pool
    queries: Mapping[str, SavedQuery]
    statistics: Statistics = NOT_COUNTED
    index: Path | None = None
    about: Description = OURS

    def ask(self, query: str) -> list[Row]:
        """Return the rows of a query for sources, which has less time than an answer."""
        return pool_queries.rows(self.pool, query, SECONDS)

    def citation(self, title: str, query: str = "") -> Citation:
        """Return the citation of an answer without a saved query; `query` is the caller's SPARQL."""
        asked = {"query": query} if query else {}
        return Citation(self.pool.version, today(), title=title, asked=asked, about=self.about)


def answer_fields(citation: Citation) -> dict[str, Any]:
    """Return the fields of `AnswerModel`: data version, citation, licence."""
    return {"data_version": citation.version, "citation": str(citation), "licence": citation.about.licence}


def source_fields(traced: RowSources, *notes: str) -> dict[str, Any]:
    """Return the fields that `SourcedModel` adds; `notes` are sentences, and empty ones are left out."""
    cut = f"{len(traced.sources)} of {traced.total} sources are shown." if traced.total > MOST else ""
    return {
        "sources": list(map(asdict, traced.sources)),
        "total_sources": traced.total,
        "note": " ".join(note for note in (*notes, cut, traced.problem) if note),
    }


def with_tool_errors(tool: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
    """Return `tool` with each CablegraphError raised as ToolError: what is wrong, what to write instead.

    A fault of the server has no reason in its message, as over HTTP.
    """

    @wraps(tool)
    def call(*args: Parameters.args, **named: Parameters.kwargs) -> Returned:
        try:
            return tool(*args, **named)
        except CablegraphError as error:
            raise ToolError(message(error)) from error

    return call


def message(error: CablegraphError) -> str:
    """Return the message of `error` for a model, with the address that explains its kind."""
    name = problems.name_of(error)
    if isinstance(error, ServerFaultError):
        return PROBLEMS[name].about
    explained = name != problems.name_of(CablegraphError())
    return f"{error} ({problems.TYPES}{name})" if explained else str(error)
