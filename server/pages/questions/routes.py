"""HTTP routes of the saved queries: the list, and a page or an answer in every format for each."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from urllib.parse import urljoin

from flask import Flask, Response, redirect, request, url_for

from kg.asking.citing.reference_formats import FORMATS
from kg.asking.questions import query_triples
from kg.asking.questions.citation import cite
from kg.store.statistics import StatisticsOf
from kg.terms import Suggest, no_names
from server.engine.evaluation.query_request import QueryAnswer
from server.http.layers import observers
from server.pages.questions import paging, question_list, question_page, question_request, text_tables
from server.pages.questions.question_answers import ROWS_TYPE, QuestionAnswers
from server.pages.questions.question_request import ENDINGS, QuestionRequest
from server.pages.questions.views import PLAIN
from server.site import answer_grounds, documents, made_names, reference_responses
from server.site.first_answers import FirstAnswers
from server.site.other_services import options
from server.site.reference_responses import PageReference
from server.site.site import Site
from server.web import negotiation
from server.web.formats import GRAPHS, HTML, JSON, OFFERS, RESULTS
from server.web.negotiation import Types
from server.web.response_headers import link

ROWS = 200  # of an HTML page, unless the request has a limit
_MARKDOWN, _SPARQL = "text/markdown", "application/sparql-query"
_OTHER = "The list of saved queries comes as json and as html."
_NO_ANSWER = QueryAnswer(b'{"head": {"vars": []}, "results": {"bindings": []}}', "solutions", ROWS_TYPE)
_TYPES: Types = MappingProxyType({kind: types[0] for kind, types in OFFERS.items()})  # of an answer not sent


def register(
    app: Flask,
    site: Site,
    near_words: Suggest = no_names,
    answers: FirstAnswers | None = None,
    statistics: StatisticsOf = lambda _: None,
) -> None:
    """Add the routes of the saved queries to `app`.

    `near_words` returns words of the graph that are spelt like those of a text. A store may keep some of the
    `answers`. `statistics` returns the counts of a data version.
    """
    queries = SavedQueries(site, QuestionAnswers(site, near_words, answers, statistics))
    app.add_url_rule("/queries/", "queries", queries.list_all)
    app.add_url_rule("/queries.json", "queries.json", lambda: queries.list_all("json"))
    app.add_url_rule("/queries/<file>", "query", queries.answer)
    app.add_url_rule("/cite/queries/<name>", "cite.query", queries.cite)
    app.add_url_rule("/queries/<name>/grounds", "query.grounds", queries.grounds)
    app.add_url_rule("/queries/<name>/hints", "query.hints", queries.hints)


class SavedQueries:
    """Answers requests for the saved queries of one site."""

    def __init__(self, site: Site, answers: QuestionAnswers) -> None:
        self._site, self._answers = site, answers

    def list_all(self, ending: str = "") -> Response:
        """Return the list of all queries, or of those that match `?q=` and `?tag=`, as a page or in JSON.

        For RDF the response is a redirect to the description of all.
        """
        if not ending and _wants_rdf((JSON, HTML)):
            return _to_description()
        media_type = documents.requested_page_or_json(ending or request.args.get("format", ""), _OTHER)
        words, tag = (request.args.get(key, "") for key in ("q", "tag"))
        if media_type == HTML:
            return self._page(question_page.render_list(self._site.queries.values(), words, tag))
        matches = question_list.matching(self._site.queries.values(), words, tag)
        return documents.json(
            self._site,
            question_list.content(
                matches, self._site.services, request.script_root, self._site.about.licence
            ),
        )

    def answer(self, file: str) -> Response:
        """Return the response for the query `file`, whose ending may name the format.

        The page of a query that calls a service that is not allowed has no answer. Raises what
        `question_request.read` raises, and ServiceRefusedError for such a query in another format.
        """
        requested = self._requested(file)
        text = request.environ[observers.QUERY] = requested.question.text
        if requested.ending == "rq":
            return self._with_links(documents.response(self._site, text.encode(), _SPARQL), requested)
        if not requested.ending and _wants_rdf((*RESULTS, HTML)) and not _returns_graph(text):
            return self._with_links(_to_description(requested.question.query.name), requested)
        wanted = "json" if requested.ending == "md" else requested.ending
        types = dict(negotiation.choose(request.accept_mimetypes, wanted))
        if types.get("solutions") == HTML and self._site.services.missing(requested.question.query):
            return self._with_links(self._page(self._render(requested, _NO_ANSWER, None)), requested)
        self._site.services.require(requested.question.query)
        if requested.ending == "md":
            del types["graph"]  # a table cannot be made from JSON-LD
        if types.get("solutions") == HTML:
            if first := self._answers.first_values(requested):
                own = replace(requested, given=first)
                return self._with_links(_see_other(own.href(request.script_root + request.path)), own)
            requested = self._answers.on_a_page(requested, ROWS)
        answer, total = self._answers.evaluate(requested, types)
        return self._with_links(
            self._negotiated(requested, answer, types[answer.kind], total), requested, total
        )

    def grounds(self, name: str) -> Response:
        """Return in JSON what the rows of the answer to the query `name` rest on."""
        requested = self._required(name)
        is_table = paging.pageable(requested.question.text)
        answer = self._answers.with_grounds(requested, _TYPES) if is_table else _NO_ANSWER
        return answer_grounds.response(self._site, answer)

    def hints(self, name: str) -> Response:
        """Return in JSON why the answer to the query `name` is empty, if it is."""
        requested = self._required(name)
        found = [hint.to_json() for hint in self._answers.hints(requested, self._answers.size(requested))]
        return documents.json(self._site, {"hints": found}, end="\n")

    def cite(self, name: str) -> Response:
        """Return the citation of the answer to the query `name` in the requested format."""
        form = reference_responses.chosen()
        requested = self._requested(name, tuple(FORMATS))
        return reference_responses.response(self._cited(requested).reference, form)

    def _required(self, name: str) -> QuestionRequest:
        """Return the present request for the query `name`, which must not call services that are refused."""
        requested = self._requested(name)
        self._site.services.require(requested.question.query)
        return requested

    def _requested(self, file: str, endings: tuple[str, ...] = ENDINGS) -> QuestionRequest:
        """Return the present request for the query `file`; raises what `question_request.read` raises."""
        return question_request.read(self._site.queries, file, self._answers.ask, endings, self._site.names)

    def _negotiated(
        self, requested: QuestionRequest, answer: QueryAnswer, media_type: str, total: int | None
    ) -> Response:
        found = answer_grounds.count(self._site.pool, answer)
        if media_type == HTML:
            return self._page(self._render(requested, answer, total, str(found)))
        about, why = (
            requested.beside(url_for(end, name=requested.question.query.name))
            for end in ("query.grounds", "query.hints")
        )
        if requested.ending == "md" and answer.kind != "graph":
            body, media_type = text_tables.markdown_table(answer.body, self._site.names).encode(), _MARKDOWN
        else:
            links = [
                self._site.about.licence,
                *([about] if found.statements else [why] if total == 0 else []),
            ]
            body = answer_grounds.with_links(
                answer.body, media_type, [urljoin(request.host_url, one) for one in links]
            )
        response = documents.response(self._site, body, media_type)
        if answer.volatile:
            response.headers["Cache-Control"] = "no-store"
        answer_grounds.add(response, found, about, self._site.names)
        if total == 0:
            link(response, why, "help", JSON, "why the answer is empty")
        return response

    def _render(
        self, requested: QuestionRequest, answer: QueryAnswer, total: int | None, grounds: str = ""
    ) -> str:
        """Return the HTML page that shows `answer`, which rests on `grounds`."""
        query, path = requested.question.query, request.script_root + request.path
        content = question_page.QuestionContent(
            requested.question,
            answer,
            total,
            self._cited(requested, answer.version),
            question_page.fields(query, requested.question.values, self._answers.ask),
            requested.view,
            {name: requested.href(path, view=name) for name in (query.show, PLAIN) if name != requested.view},
            options(self._site.services.missing(query)),
            grounds,
            self._answers.hints(requested, total),
            partial(made_names.of, self._site.pool),
            requested.matches,
        )
        links = {relation: requested.href(path, page) for relation, page in requested.page.others(total or 0)}
        address = f"{request.url_root}queries/{query.name}"
        return question_page.render(
            content, links, requested.suffix, request.script_root, address, self._site.names
        )

    def _cited(self, requested: QuestionRequest, version: str = "") -> PageReference:
        """Return the citation of the requested answer, from the present data without a `version`."""
        citation = cite(requested.question, version or self._site.data_version, about=self._site.about)
        address = url_for("cite.query", name=requested.question.query.name) + requested.suffix
        return reference_responses.of_page(citation.reference, address)

    def _page(self, text: str) -> Response:
        """Return a response with a page and a weak entity tag, since its citation includes the date."""
        response = documents.fresh_html(text)
        response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32], weak=True)
        response.make_conditional(request)
        return response

    def _with_links(
        self, response: Response, requested: QuestionRequest, total: int | None = None
    ) -> Response:
        """Return `response` with links to other pages, the number of rows, and cite-as (RFC 8574)."""
        address = cite(requested.question, "", about=self._site.about).address
        path = request.script_root + request.path
        response.headers.add("Link", f'<{address}>; rel="cite-as"')
        link(response, _description(requested.question.query.name), "describedby", "text/turtle")
        if total is not None:
            response.headers["X-Total-Count"] = str(total)
            response.headers.add("Access-Control-Expose-Headers", "X-Total-Count")
            for relation, page in requested.page.others(total):
                response.headers.add("Link", f'<{requested.href(path, page)}>; rel="{relation}"')
        return response


def _wants_rdf(others: tuple[str, ...]) -> bool:
    """Return whether the present request prefers an RDF syntax to `others`, and names no format."""
    if request.args.get("format"):
        return False
    return negotiation.best(request.accept_mimetypes, (*others, *GRAPHS)) in GRAPHS


def _returns_graph(text: str) -> bool:
    return query_triples.form(text) in ("CONSTRUCT", "DESCRIBE")


def _description(name: str = "") -> str:
    """Return the address of the description of the query `name` in RDF, by default of all queries."""
    return f"{request.script_root}/.well-known/sparql-examples{f'?query={name}' if name else ''}"


def _to_description(name: str = "") -> Response:
    return _see_other(_description(name))


def _see_other(address: str) -> Response:
    response = redirect(address, 303)
    assert isinstance(response, Response)  # noqa: S101 - the class of the application
    return response
