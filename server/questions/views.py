"""Show the answer of a saved query as its header says: as a table, a timeline, a network or a matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kg.errors import ParameterError
from kg.saved import SavedQuery
from server.questions.answer_table import Table
from server.questions.matrix import Matrix, matrix
from server.questions.network import Network, network
from server.questions.timeline import Timeline, timeline

PLAIN = "table"
MOST = 500  # rows; more of them make no drawing that anybody reads


@dataclass(frozen=True, slots=True)
class View:
    """One view of an answer: its name, and what its template needs beside the table."""

    name: str
    shown: Timeline | Network | Matrix | None


_MAKERS: Mapping[str, Callable[[Table], Timeline | Network | Matrix | None]] = MappingProxyType(
    {PLAIN: lambda _: None, "timeline": timeline, "network": network, "matrix": matrix}
)


def wanted(query: SavedQuery, given: str) -> str:
    """Return the name of the view of `query` that the parameter `view` asks for, its own if it is empty.

    Raises ParameterError for a view that the query has not.
    """
    known = offered(query)
    if given and given not in known:
        raise ParameterError(f"view: {query.name} can be seen as {' and '.join(known)}", "view", known)
    return given or query.show


def offered(query: SavedQuery) -> tuple[str, ...]:
    """Return the names of the views of `query`, its own first."""
    return tuple(dict.fromkeys((query.show, PLAIN)))


def view(name: str, table: Table) -> View:
    """Return the view of that `name` of `table`, whose columns have the roles it needs.

    A table of more rows than MOST stays a table.
    """
    name = name if len(table.rows) <= MOST else PLAIN
    return View(name, _MAKERS[name](table))
