"""HTTP route `/statements`: the page of what its address chooses; other formats are the saved query's."""

from __future__ import annotations

import hashlib
from functools import partial

from flask import Flask, Response, redirect, render_template, request, url_for

from kg.asking.questions.citation import cite
from kg.asking.questions.filled_query import FilledQuery
from kg.publishing.stores import kept_answers
from kg.publishing.stores.statement_index import Counted
from server.engine.evaluation.query_request import QueryRequest
from server.pages.questions import answer_table
from server.pages.statements import choice as choices
from server.pages.statements import facets, found_statements
from server.pages.statements.choice import COUNTS, SHOWS, STATEMENTS, TABLE, Chosen
from server.pages.statements.counts import Counts
from server.pages.statements.found_statements import LINKED
from server.site import documents, pool_queries, reference_responses
from server.site.first_answers import FirstAnswers, in_time
from server.site.reference_responses import PageReference
from server.site.result_pages import CHOICES
from server.site.site import Site
from server.web import negotiation
from server.web.formats import HTML, SHORT_NAMES
from server.web.http_errors import NotAcceptableError, RequestError
from server.web.sparql_protocol import parameters

_ROWS_TYPE = "application/sparql-results+json"
_ENDINGS = {SHORT_NAMES[ending][0] or "": ending for ending, _ in CHOICES["solutions"]}


def register(app: Flask, site: Site, answers: FirstAnswers) -> None:
    """Add the route of the statements to `app`; a store may keep what they count with its `answers`."""
    pages = StatementPages(site, answers)
    app.add_url_rule("/statements", "statements", pages.show)


class StatementPages:
    """Answers requests for the statements of one site."""

    def __init__(self, site: Site, answers: FirstAnswers) -> None:
        self._site = site
        self._ask = partial(pool_queries.rows, site.pool)
        self._counts = Counts(site, answers)

    def show(self) -> Response:
        """Return the page, or a redirect: to the address without empty parameters, or to another format.

        Raises ParameterError for a value that there is not, and RequestError if an operator's own folder of
        queries lacks the questions.
        """
        if missing := {STATEMENTS, COUNTS} - self._site.queries.keys():
            raise RequestError(
                f"This page needs the saved query {' and '.join(sorted(missing))}.", "not-found"
            )
        given: dict[str, list[str]] = {}
        for name, text in parameters(request.query_string):
            given.setdefault(name, []).append(text)
        query = self._site.queries[STATEMENTS]
        chosen = choices.read(given, query)
        question = choices.filled(chosen, query, self._ask)
        chosen = choices.canonical(chosen, question)
        if other := self._other(given.get("format", [""])[0], chosen):
            return other
        if any(not text for several in given.values() for text in several):
            return _to(chosen.href(url_for("statements")))
        index = in_time(self._counts.index, None)
        text = self._render(chosen, question, late=index is None)
        return self._page(text) if index else documents.unfinished_html(text)

    def _other(self, name: str, chosen: Chosen) -> Response | None:
        """Return the redirect to the saved question if another format than a page is asked for.

        `name`, from `?format=`, overrides Accept. Raises RequestError for a format that there is not, and
        NotAcceptableError if none is acceptable.
        """
        if name:
            media_type = negotiation.choose(request.accept_mimetypes, name).get("solutions")
        else:
            media_type = negotiation.best(request.accept_mimetypes, (HTML, *_ENDINGS))
        if media_type == HTML:
            return None
        if media_type not in _ENDINGS:
            raise NotAcceptableError(f"The statements come as a page and as {', '.join(_ENDINGS.values())}.")
        return _to(Chosen(chosen.values).href(url_for("query", file=f"{STATEMENTS}.{_ENDINGS[media_type]}")))

    def _render(self, chosen: Chosen, question: FilledQuery, *, late: bool) -> str:
        """Return the page; one that is `late`, since the statements are not counted yet, has none of them."""
        path = url_for("statements")
        left = 0 if late else self._counts.left(chosen)
        count = _not_counted if late else self._counts.once()
        total = left.bit_count()
        listed = [] if late else self._counts.index().listed(left, chosen.offset, chosen.rows)
        body = self._rows(question, listed)
        table = answer_table.table(question.query, body, request.script_root, self._site.names)
        counted = (one for point in LINKED for one in count(chosen, point))
        known = found_statements.links(table, counted, request.script_root, self._site.names)
        view, drawn = found_statements.drawing(chosen.show, table, known)
        return render_template(
            "choice.html",
            choice=chosen,
            facets=facets.facets(chosen, question.query.parameters, count, path),
            statements=found_statements.statements(table, known) if chosen.show == TABLE else [],
            view=view,
            table=drawn,
            total=total,
            late=late,
            shows=[(show, chosen.shown(show).href(path)) for show in SHOWS],
            pages=_pages(chosen, total, path),
            text=choices.page_text(question.text, chosen),
            formats=[
                (label, Chosen(chosen.values).href(url_for("query", file=f"{STATEMENTS}.{ending}")))
                for ending, label in CHOICES["solutions"]
            ],
            question=Chosen(chosen.values).href(url_for("query", file=STATEMENTS)),
            cited=self._cited(question),
        )

    def _rows(self, question: FilledQuery, listed: list[str]) -> bytes:
        """Return the rows of the statements `listed` as SPARQL results in JSON; of none nothing is asked."""
        if not listed:
            return kept_answers.body_of((column.name for column in question.query.columns), ())
        text = choices.text_of(question.text, listed)
        return self._site.pool.answer(QueryRequest(text, {"solutions": _ROWS_TYPE})).body

    def _cited(self, question: FilledQuery) -> PageReference:
        citation = cite(question, self._site.data_version, about=self._site.about)
        address = Chosen(question.values).href(url_for("cite.query", name=STATEMENTS))
        return reference_responses.of_page(citation.reference, address)

    def _page(self, text: str) -> Response:
        """Return a response with a page and a weak entity tag, since its citation includes the date."""
        response = documents.fresh_html(text)
        response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32], weak=True)
        response.make_conditional(request)
        return response


def _not_counted(_chosen: Chosen, _point: str) -> list[Counted]:
    return []


def _pages(chosen: Chosen, total: int, path: str) -> dict[str, str]:
    """Return the addresses of the pages before and after, by relation."""
    found = {}
    if chosen.offset:
        found["prev"] = Chosen(chosen.values, chosen.show, max(0, chosen.offset - chosen.rows)).href(path)
    if chosen.offset + chosen.rows < total:
        found["next"] = Chosen(chosen.values, chosen.show, chosen.offset + chosen.rows).href(path)
    return found


def _to(address: str) -> Response:
    response = redirect(address, 303)
    assert isinstance(response, Response)  # noqa: S101 - the class of the application
    return response
