"""The saved queries over HTTP: a list, a page for each, its answer in every format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from kg import saved
from kg.citation import cite
from kg.errors import BusyError, ParameterError, UnknownNameError
from kg.namespaces import BASE
from kg.parameters import RESERVED
from kg.questions import Question, question
from kg.saved import SavedQuery
from server import documents, lookup, markdown, negotiation, observing, paging, query_list, query_page
from server.formats import HTML, SHORT_NAMES, behind, content_type
from server.messages import Answer, Request
from server.negotiation import Types
from server.paging import Page
from server.protocol import parameters
from server.refusals import NotAcceptableError, RequestError, UnknownThingError

if TYPE_CHECKING:
    from server.site import Site

ENDINGS = (*SHORT_NAMES, "md", "rq")
ROWS = 200  # on a page for people, unless they ask for another number
_JSON, _MARKDOWN, _SPARQL = "application/json", "text/markdown", "application/sparql-query"
_RESULTS = "application/sparql-results+json"
_ATTEMPTS = 3  # to count the rows of an answer before the data change under it


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a saved query; `given` are the values that the client wrote, `ending` the format."""

    question: Question
    given: Mapping[str, str]
    page: Page
    ending: str


def register(app: Flask, site: Site) -> None:
    """Give `app` the addresses of the saved queries."""
    queries = SavedQueries(site)
    app.add_url_rule("/queries/", "queries", queries.all)
    app.add_url_rule("/queries.json", "queries.json", lambda: queries.all("json"))
    app.add_url_rule("/queries/<file>", "query", queries.one)


class SavedQueries:
    """Answers requests for the saved queries of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @cached_property
    def known(self) -> Mapping[str, SavedQuery]:
        """Return the saved queries by name; they come with the code and do not change under it."""
        return saved.load(self._site.queries)

    def all(self, ending: str = "") -> Response:
        """Return the list of all queries, as a page or in JSON."""
        form = ending or request.args.get("format", "")
        offers = {"json": _JSON, "html": HTML}
        media_type = offers.get(form) if form else negotiation.best(request.accept_mimetypes, (_JSON, HTML))
        if media_type is None:
            raise NotAcceptableError("The list of saved queries comes as json and as html.")
        if media_type == HTML:
            return self._page(query_page.listed(self.known.values()))
        body = query_list.written(self.known.values(), request.script_root)
        return documents.finished(self._site, body, _JSON)

    def one(self, file: str) -> Response:
        """Return the answer to the query in `file`, whose ending may name the format.

        Raises UnknownThingError, with near names, and ParameterError, which says what is allowed.
        """
        asked = self._asked(file)
        text = g.query = request.environ[observing.QUERY] = asked.question.text
        if asked.ending == "rq":
            return self._linked(documents.finished(self._site, text.encode(), _SPARQL), asked)
        wanted = "json" if asked.ending == "md" else asked.ending
        types = dict(negotiation.choose(request.accept_mimetypes, wanted))
        if asked.ending == "md":
            del types["graph"]  # of JSON-LD no table can be made
        if types.get("solutions") == HTML:
            asked = replace(asked, page=_for_people(asked))
        answer, total = self._answer(asked, types)
        return self._linked(self._written(asked, answer, types[answer.kind], total), asked, total)

    def _asked(self, file: str) -> Asked:
        name, _, ending = file.partition(".")
        given = _given()
        ending = ending or given.get("format", "")
        if ending not in (*ENDINGS, ""):
            raise RequestError(
                f"There is no format {ending!r}; there are: {', '.join(ENDINGS)}.",
                "not-found" if "." in file else "bad-request",
            )
        values = {key: value for key, value in given.items() if key not in RESERVED and value}
        unknown = {key: "" for key in given if key not in RESERVED}  # an empty one must exist, too
        asked = question(self._known(name), unknown | values, partial(lookup.rows, self._site.pool))
        page = paging.page(given)
        if page != Page() and not paging.pageable(asked.text):
            raise ParameterError("limit and offset are for tables, and this query gives none", "limit")
        return Asked(asked, values, page, ending)

    def _known(self, name: str) -> SavedQuery:
        if name in self.known:
            return self.known[name]
        near = UnknownNameError("saved query", name, self.known).near
        raise UnknownThingError(f"{BASE}queries/{name}", tuple(f"{BASE}queries/{other}" for other in near))

    def _answer(self, asked: Asked, types: Types) -> tuple[Answer, int | None]:
        """Return the answer and the number of rows that it has, or would have without a page."""
        text = asked.question.text
        wanted = {kind: behind(kind, media_type) for kind, media_type in types.items()}
        for _ in range(_ATTEMPTS):
            answer = self._site.services.answer(Request(text + asked.page.clause, wanted))
            if answer.kind != "solutions":
                return answer, None
            count = self._site.services.answer(Request(paging.counting(text), {"solutions": _RESULTS}))
            if count.version == answer.version:
                return answer, paging.total(count.body)
        raise BusyError("The graph changes again and again; ask in a moment.")

    def _written(self, asked: Asked, answer: Answer, media_type: str, total: int | None) -> Response:
        if media_type == HTML:
            citation = cite(asked.question, answer.version or self._site.data_version)
            fields = query_page.fields(
                asked.question.query, asked.question.values, partial(lookup.rows, self._site.pool)
            )
            shown = query_page.Shown(asked.question, answer, total, str(citation), fields)
            links = {relation: _href(asked, page) for relation, page in asked.page.others(total or 0)}
            return self._page(query_page.render(shown, links, _suffix(asked.given), request.script_root))
        if asked.ending == "md" and answer.kind != "graph":
            return documents.finished(self._site, markdown.table(answer.body).encode(), _MARKDOWN)
        response = documents.finished(self._site, answer.body, media_type)
        if answer.volatile:
            response.headers["Cache-Control"] = "no-store"
        return response

    def _page(self, text: str) -> Response:
        """Return a page; its tag is weak, since the day in its footnote is no part of the answer."""
        response = Response(text, headers={"Content-Type": content_type(HTML), "Cache-Control": "no-cache"})
        response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32], weak=True)
        response.make_conditional(request)
        return response

    def _linked(self, response: Response, asked: Asked, total: int | None = None) -> Response:
        """Return `response` with its other pages, its number of rows and how it is cited (RFC 8574)."""
        address = cite(asked.question, "").address
        response.headers.add("Link", f'<{address}>; rel="cite-as"')
        if total is not None:
            response.headers["X-Total-Count"] = str(total)
            response.headers.add("Access-Control-Expose-Headers", "X-Total-Count")
            for relation, page in asked.page.others(total):
                response.headers.add("Link", f'<{_href(asked, page)}>; rel="{relation}"')
        return response


def _given() -> dict[str, str]:
    """Return the parameters of the present request; raises ParameterError for one that is given twice."""
    given: dict[str, str] = {}
    for name, value in parameters(request.query_string):
        if name in given:
            raise ParameterError(f"{name} is given twice; ask twice instead", name)
        given[name] = value
    return given


def _for_people(asked: Asked) -> Page:
    if asked.page.limit or not paging.pageable(asked.question.text):
        return asked.page
    return replace(asked.page, limit=ROWS)


def _href(asked: Asked, page: Page) -> str:
    """Return the address of another page of the same answer, in the same format."""
    own = {"format": request.args["format"]} if request.args.get("format") else {}
    bounds = {"limit": page.limit, "offset": page.offset}
    return f"{request.script_root}{request.path}?{urlencode({**asked.given, **own, **bounds})}"


def _suffix(given: Mapping[str, str]) -> str:
    return f"?{urlencode(given)}" if given else ""
