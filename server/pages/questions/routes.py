"""The saved queries over HTTP: a list, a page for each, its answer in every format."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flask import Flask, Response, g, request

from kg.asking.questions.citation import cite
from kg.errors import BusyError
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.http.layers import observers
from server.pages.questions import paging, question_list, question_page, question_request, text_tables
from server.pages.questions.paging import Page
from server.pages.questions.question_request import QuestionRequest
from server.pages.questions.views import PLAIN
from server.site import documents, pool_queries
from server.site.site import Site
from server.web import negotiation
from server.web.formats import HTML, worker_type
from server.web.negotiation import Types

ROWS = 200  # on a page for people, unless they ask for another number
_MARKDOWN, _SPARQL = "text/markdown", "application/sparql-query"
_OTHER = "The list of saved queries comes as json and as html."
_RESULTS = "application/sparql-results+json"
_ATTEMPTS = 3  # to count the rows of an answer before the data change under it


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

    def all(self, ending: str = "") -> Response:
        """Return the list of all queries, or of those with `?q=` and `?tag=`, as a page or in JSON."""
        media_type = documents.requested_page_or_json(ending or request.args.get("format", ""), _OTHER)
        words, tag = (request.args.get(key, "") for key in ("q", "tag"))
        if media_type == HTML:
            return self._page(question_page.listed(self._site.queries.values(), words, tag))
        found = question_list.matching(self._site.queries.values(), words, tag)
        return documents.json(self._site, question_list.content(found, request.script_root))

    def one(self, file: str) -> Response:
        """Return the answer to the query in `file`, whose ending may name the format.

        Raises what `query_request.read` raises, and ServiceRefusedError where the query asks a
        service that is not allowed.
        """
        asked = question_request.read(self._site.queries, file, self._ask)
        text = g.query = request.environ[observers.QUERY] = asked.question.text
        if asked.ending == "rq":
            return self._linked(documents.response(self._site, text.encode(), _SPARQL), asked)
        self._site.services.require(asked.question.query)
        wanted = "json" if asked.ending == "md" else asked.ending
        types = dict(negotiation.choose(request.accept_mimetypes, wanted))
        if asked.ending == "md":
            del types["graph"]  # of JSON-LD no table can be made
        if types.get("solutions") == HTML:
            asked = replace(asked, page=_for_people(asked))
        answer, total = self._answer(asked, types)
        return self._linked(self._written(asked, answer, types[answer.kind], total), asked, total)

    def _ask(self, query: str) -> list[pool_queries.Row]:
        return pool_queries.rows(self._site.pool, query)

    def _answer(self, asked: QuestionRequest, types: Types) -> tuple[QueryAnswer, int | None]:
        """Return the answer and the number of rows that it has, or would have without a page."""
        text = asked.question.text
        wanted = {kind: worker_type(kind, media_type) for kind, media_type in types.items()}
        for _ in range(_ATTEMPTS):
            answer = self._site.services.answer(QueryRequest(text + asked.page.clause, wanted))
            if answer.kind != "solutions":
                return answer, None
            if asked.question.query.services:  # another service is asked once, not twice
                return answer, paging.size(answer) if asked.page == Page() else None
            count = self._site.services.answer(QueryRequest(paging.counting(text), {"solutions": _RESULTS}))
            if count.version == answer.version:
                return answer, paging.total(count.body)
        raise BusyError("The graph changes again and again; ask in a moment.")

    def _written(
        self, asked: QuestionRequest, answer: QueryAnswer, media_type: str, total: int | None
    ) -> Response:
        if media_type == HTML:
            return self._page(self._shown(asked, answer, total))
        if asked.ending == "md" and answer.kind != "graph":
            return documents.response(self._site, text_tables.markdown_table(answer.body).encode(), _MARKDOWN)
        response = documents.response(self._site, answer.body, media_type)
        if answer.volatile:
            response.headers["Cache-Control"] = "no-store"
        return response

    def _shown(self, asked: QuestionRequest, answer: QueryAnswer, total: int | None) -> str:
        """Return the page that shows `answer` to people."""
        query, path = asked.question.query, request.script_root + request.path
        shown = question_page.Shown(
            asked.question,
            answer,
            total,
            str(cite(asked.question, answer.version or self._site.data_version)),
            question_page.fields(query, asked.question.values, self._ask),
            asked.view,
            {name: asked.href(path, view=name) for name in (query.show, PLAIN) if name != asked.view},
        )
        links = {relation: asked.href(path, page) for relation, page in asked.page.others(total or 0)}
        address = f"{request.url_root}queries/{query.name}"
        return question_page.render(shown, links, asked.suffix, request.script_root, address)

    def _page(self, text: str) -> Response:
        """Return a page; its tag is weak, since the day in its footnote is no part of the answer."""
        response = documents.fresh_html(text)
        response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32], weak=True)
        response.make_conditional(request)
        return response

    def _linked(self, response: Response, asked: QuestionRequest, total: int | None = None) -> Response:
        """Return `response` with its other pages, its number of rows and how it is cited (RFC 8574)."""
        address, path = cite(asked.question, "").address, request.script_root + request.path
        response.headers.add("Link", f'<{address}>; rel="cite-as"')
        if total is not None:
            response.headers["X-Total-Count"] = str(total)
            response.headers.add("Access-Control-Expose-Headers", "X-Total-Count")
            for relation, page in asked.page.others(total):
                response.headers.add("Link", f'<{asked.href(path, page)}>; rel="{relation}"')
        return response


def _for_people(asked: QuestionRequest) -> Page:
    if asked.page.limit or asked.question.query.services or not paging.pageable(asked.question.text):
        return asked.page
    return replace(asked.page, limit=ROWS)
