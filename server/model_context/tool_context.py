"""What all tools work with: the pool, the saved queries, and how an answer says where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from mcp.server.mcpserver.exceptions import ToolError

from kg.asking.questions.citation import Citation, today
from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import CablegraphError
from kg.store.layers import LICENCE
from kg.store.statistics import NOT_COUNTED, Statistics
from server.engine.workers.pool import Pool
from server.model_context.sources import MOST, RowSources
from server.web import problems
from server.web.http_errors import ServerFaultError

Given = ParamSpec("Given")
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class ToolContext:
    """The graph behind `pool`, the saved queries by name, and the counts of the graph."""

    pool: Pool
    queries: Mapping[str, SavedQuery]
    statistics: Statistics = NOT_COUNTED

    def titled(self, title: str) -> Citation:
        """Return how an answer is cited that no saved query gave; an empty title for own SPARQL."""
        return Citation(self.pool.version, today(), title=title)


def about(citation: Citation) -> dict[str, Any]:
    """Return the fields of `shapes.Answer`: data version, footnote, licence."""
    return {"data_version": citation.version, "citation": str(citation), "licence": LICENCE}


def sourced(found: RowSources, *notes: str) -> dict[str, Any]:
    """Return the fields of `shapes.Sourced`; `notes` are sentences, of which empty ones are left out."""
    cut = f"{len(found.sources)} of {found.total} sources are shown." if found.total > MOST else ""
    return {
        "sources": list(found.sources),
        "total_sources": found.total,
        "note": " ".join(note for note in (*notes, cut, found.problem) if note),
    }


def telling(tool: Callable[Given, Told]) -> Callable[Given, Told]:
    """Return `tool` with each error of ours told as a tool error: what is wrong and what to write instead.

    What broke on this side is told without its reason, as over HTTP.
    """

    @wraps(tool)
    def told(*args: Given.args, **given: Given.kwargs) -> Told:
        try:
            return tool(*args, **given)
        except CablegraphError as error:
            raise ToolError(message(error)) from error

    return told


def message(error: CablegraphError) -> str:
    """Return what a model is told about `error`, and where its kind is explained."""
    name = problems.name_of(error)
    if isinstance(error, ServerFaultError):
        return problems.PROBLEMS[name].about
    explained = name != problems.name_of(CablegraphError())
    return f"{error} ({problems.TYPES}{name})" if explained else str(error)
