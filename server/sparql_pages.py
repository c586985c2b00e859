"""`/sparql` in Flask: pages with answers, the form, the service description; and answers, in threads."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, request
from werkzeug.datastructures import Headers

from server.answer_details import page_reference
from server.data.describing.routes import Catalogue
from server.engine.evaluation.query_request import QueryAnswer
from server.pages.results import result_views
from server.pages.results.result_views import Result
from server.site import answer_grounds, documents, result_pages, result_rows
from server.site.result_rows import Shown
from server.sparql_endpoint import PATHS, UNDERSTANDS_QUERY, Endpoint, Prepared
from server.web.formats import HTML
from server.web.handling import Reply
from server.web.sparql_protocol import METHODS, Operation


def register(app: Flask, endpoint: Endpoint, about: Catalogue) -> None:
    """Give `app` the addresses of `endpoint`; `about` describes the service if there is no query."""
    for rule in PATHS:
        app.add_url_rule(
            rule,
            f"sparql{rule}",
            lambda: _sparql(endpoint, about),
            methods=METHODS,
            provide_automatic_options=False,
        )


def _sparql(endpoint: Endpoint, about: Catalogue) -> Response:
    prepared = endpoint.prepare(request.environ)
    if isinstance(prepared, Prepared):
        return _answer(endpoint, prepared)
    return _response(prepared) if prepared else _no_query(endpoint, about)


def _answer(endpoint: Endpoint, prepared: Prepared) -> Response:
    site = endpoint.site
    began = time.perf_counter()
    answer = site.services.answer(prepared.request, request.remote_addr or "")
    seconds = time.perf_counter() - began
    if prepared.types[answer.kind] != HTML:
        return _response(prepared.reply(answer))
    page = documents.fresh_html(
        result_pages.result_page(
            prepared.requested,
            answer,
            request.script_root + request.path,
            request.script_root,
            str(answer_grounds.count(site.pool, answer)),
            names=site.names,
            cited=page_reference(prepared.requested, answer.version or site.first_version, site.about),
            shown=_shown(endpoint, prepared.requested, answer, seconds),
        )
    )
    page.headers.extend(prepared.links(answer))
    return page


def _response(reply: Reply) -> Response:
    response = Response(reply.body, reply.status)
    response.headers = Headers(reply.fields)  # with no default beside them
    return response


def _shown(endpoint: Endpoint, requested: Operation, answer: QueryAnswer, seconds: float) -> Shown:
    """Return what the page shows of `answer`: its rows in order, labels, and the view that is asked for."""
    if answer.kind == "boolean":
        return Shown(seconds=seconds)
    site, order = endpoint.site, request.args.get("sort", "")
    result = _result(requested, answer, order)
    name = result_views.wanted(result, requested.view)
    labels = result_rows.labels(site.pool, result.rows[: result_pages.ROWS])
    views = result_views.ResultViews(request.script_root, site.names, labels)
    pivot = views.pivot(result, name, request.args, answer)
    return Shown(result.columns, result.rows, order, labels, seconds, pivot)


def _result(requested: Operation, answer: QueryAnswer, order: str) -> Result:
    """Return `answer` as rows in `order`, with what its other views are asked with."""
    page = result_pages.page_address(requested, request.script_root + request.path)
    kept = [*parse_qsl(urlencode(requested.parameters(), doseq=True)), ("format", "html")]
    if answer.kind == "graph":
        rows = result_rows.ordered(result_views.of_graph(answer.body), order)
        return Result(result_views.GRAPH, rows, page, kept, is_graph=True)
    document = json.loads(answer.body)
    rows = result_rows.ordered(document["results"]["bindings"], order)
    return Result(document["head"]["vars"], rows, page, kept)


def _no_query(endpoint: Endpoint, about: Catalogue) -> Response:
    """Return the response to a request without a query: the form, or the service description."""
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    saved = endpoint.site.queries.get(request.args.get("example", ""))
    response = (
        documents.fresh_html(result_pages.start_page(about.service.names, saved))
        if media_type == HTML
        else about.service_description(media_type)
    )
    response.headers.add(*UNDERSTANDS_QUERY)
    return response
