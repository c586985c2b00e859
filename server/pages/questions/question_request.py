"""Requests for a saved query, parsed and checked: parameter values, page, view and format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import request

from kg.asking.questions import query_triples
from kg.asking.questions.choices import Ask
from kg.asking.questions.filled_query import FilledQuery, fill_query
from kg.asking.questions.parameters import RESERVED
from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import ParameterError, near
from kg.namespaces import SHIPPED, Namespaces
from server.pages.questions import paging, views
from server.pages.questions.paging import Page
from server.web.formats import SHORT_NAMES
from server.web.http_errors import RequestError, UnknownThingError
from server.web.sparql_protocol import parameters

ENDINGS = (*SHORT_NAMES, "md", "rq")


@dataclass(frozen=True, slots=True)
class QuestionRequest:
    """A request for a saved query; `given` are the values as the client sent them, `ending` the format.

    Of a query that returns a graph, the graph is made of the first `matches` of its pattern, or of all.
    """

    question: FilledQuery
    given: Mapping[str, str]
    page: Page
    ending: str
    view: str
    matches: int | None = None

    @property
    def suffix(self) -> str:
        """The query string with the given values, with its question mark; empty without any."""
        return f"?{urlencode(self.given)}" if self.given else ""

    def for_a_page(self, rows: int, matches: int | None = None) -> QuestionRequest:
        """Return the same request for a page of so many `rows`, unless it has bounds, or can have none.

        A graph is then made of so many `matches`, by default of all.
        """
        query = self.question.query
        if self.page.limit or query.services:
            return self
        if not paging.pageable(self.question.text):
            graph = query_triples.form(self.question.text) == "CONSTRUCT"
            return (
                replace(self, matches=matches)
                if graph and self.question.text.rstrip().endswith("}")
                else self
            )
        return replace(self, page=replace(self.page, limit=rows))

    def href(self, path: str, page: Page | None = None, view: str = "") -> str:
        """Return the address at `path` of another page or view of the same answer, in the same format."""
        own = {key: request.args[key] for key in ("format", "view") if request.args.get(key)}
        own |= {"view": view} if view else {}
        bounds = {"limit": page.limit, "offset": page.offset} if page else {}
        return f"{path}?{urlencode({**self.given, **own, **bounds})}"

    def beside(self, path: str) -> str:
        """Return the address at `path` of something about the rows of this answer."""
        page = {"limit": self.page.limit, "offset": self.page.offset or None}
        values = {**self.given, **{name: bound for name, bound in page.items() if bound is not None}}
        return f"{path}?{urlencode(values)}" if values else path


def read(
    known: Mapping[str, SavedQuery],
    file: str,
    ask: Ask,
    endings: tuple[str, ...] = ENDINGS,
    names: Namespaces = SHIPPED,
) -> QuestionRequest:
    """Return the present request for the query `file`, whose ending may name the format.

    `endings` are the formats that there are, `ask` queries the graph with the namespaces `names`. Raises
    UnknownThingError, with similar names, RequestError for an unknown format, and ParameterError, which says
    what is allowed.
    """
    name, _, ending = file.partition(".")
    given = _parameters()
    ending = ending or given.get("format", "")
    if ending not in (*endings, ""):
        raise RequestError(
            f"There is no format called {ending!r}; there are: {', '.join(endings)}.",
            "not-found" if "." in file else "bad-request",
        )
    query = _known(known, name, names)
    values = {key: value for key, value in given.items() if key not in RESERVED and value}
    unknown = {key: "" for key in given if key not in RESERVED}  # a parameter without a value must exist, too
    filled = fill_query(query, unknown | values, ask)
    page = paging.page(given)
    if page != Page() and not paging.pageable(filled.text):
        raise ParameterError(
            "limit and offset are for tables, but this query does not return one; leave them out",
            "limit",
        )
    return QuestionRequest(filled, values, page, ending, views.choose(query, given.get("view", "")))


def _known(known: Mapping[str, SavedQuery], name: str, names: Namespaces) -> SavedQuery:
    if name in known:
        return known[name]
    likely = near(name, sorted(known))
    raise UnknownThingError(names.queries + name, tuple(names.queries + other for other in likely))


def _parameters() -> dict[str, str]:
    """Return the parameters of the present request; raises ParameterError for a repeated one."""
    given: dict[str, str] = {}
    for name, value in parameters(request.query_string):
        if name in given:
            raise ParameterError(f"{name} is given twice; send one request for each value", name)
        given[name] = value
    return given
