"""Responses to errors: problem documents (RFC 9457) in the format that the client accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, g, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import get_current_url

from kg.errors import CablegraphError, QuerySyntaxError, SizeLimitError
from server.engine.evaluation import syntax_errors
from server.engine.evaluation.query_request import Limits
from server.http.layers import observers
from server.pages.search.ways_on import WaysOn, words_alone
from server.site import result_pages
from server.site.site import Site
from server.web import problems
from server.web.formats import HTML, content_type, json_text
from server.web.handling import Reply
from server.web.http_errors import ServerFaultError
from server.web.negotiation import best
from server.web.sparql_protocol import BODY_LIMIT, URI_LIMIT

NOT_FOUND = HTTPStatus.NOT_FOUND
DUMPS = "dumps/"  # path of the files for download, below the address of the service


def register(app: Flask, site: Site, ways_on: Callable[[str], WaysOn] = words_alone) -> None:
    """Make `app` respond to each error with its problem document (RFC 9457).

    `ways_on` returns what the page of an address that is not there leads on to.
    """
    limits = limits_of(site.pool.limits)

    def respond(error: CablegraphError | HTTPException) -> Response:
        if isinstance(error, ServerFaultError):
            app.logger.error("request %s: %s", g.request_id, error)
        reply = problem(error, request.environ, g.request_id, limits, lambda: ways_on(request.path))
        return Response(reply.body, reply.status, reply.fields)

    app.register_error_handler(CablegraphError, respond)
    app.register_error_handler(HTTPException, respond)


def limits_of(limits: Limits) -> dict[str, float]:
    """Return the limits, in seconds or bytes, by the names of the problems that exceed them."""
    return {
        "query-timeout": limits.timeout,
        "query-memory": limits.memory,
        "result-too-large": limits.result,
        "body-too-large": BODY_LIMIT,
        "uri-too-long": URI_LIMIT,
    }


def problem(
    error: CablegraphError | HTTPException,
    environ: WSGIEnvironment,
    request_id: str,
    limits: Mapping[str, float],
    ways_on: Callable[[], WaysOn] | None = None,
) -> Reply:
    """Return the response to a request for `error`; a page needs the context of a request in Flask.

    `limits` maps names of problems to the limit exceeded, in seconds or bytes. `ways_on` is for the page.
    """
    document = problems.document(error, f"urn:uuid:{request_id}", limits)
    query = environ.get(observers.QUERY)
    if isinstance(error, SizeLimitError):
        document["dumps"] = get_current_url(environ, root_only=True) + DUMPS
    excerpt = _excerpt(error, query)
    if excerpt:
        document["excerpt"] = excerpt
    media_type = problem_type(environ.get("HTTP_ACCEPT", ""))
    if media_type == HTML:
        missing = document["status"] == NOT_FOUND
        ways = ways_on() if missing and ways_on else None
        text = result_pages.problem_page(document, excerpt, query, ways)
    else:
        text = _text(document, media_type, excerpt)
    fields = {
        "Content-Type": content_type(media_type),
        "Cache-Control": "no-store",
        **problems.headers(error),
    }
    return Reply(document["status"], list(fields.items()), text.encode())


def problem_type(accept: str) -> str:
    """Return the media type of a problem document for that Accept: JSON unless another is preferred."""
    return best(parse_accept_header(accept, MIMEAccept), problems.MEDIA_TYPES) or problems.MEDIA_TYPES[0]


def _text(document: dict[str, Any], media_type: str, excerpt: str) -> str:
    if media_type == "text/plain":
        parts = [document["title"], document["detail"], excerpt, document["type"]]
        return "\n\n".join(part for part in parts if part) + "\n"
    return json_text(document) + "\n"


def _excerpt(error: Exception, query: str | None) -> str:
    if isinstance(error, QuerySyntaxError) and query:
        return syntax_errors.excerpt(query, error.line, error.column)
    return ""
