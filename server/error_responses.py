"""Responses to errors: problem documents (RFC 9457) in the format that the client accepts."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from kg.errors import CablegraphError, QuerySyntaxError, SizeLimitError
from server.engine.evaluation import syntax_errors
from server.site import result_pages
from server.site.site import Site
from server.web import problems
from server.web.formats import HTML, content_type, json_text
from server.web.http_errors import ServerFaultError
from server.web.negotiation import best
from server.web.sparql_protocol import BODY_LIMIT, URI_LIMIT

DUMPS = "dumps/"  # path of the files for download, below the address of the service


def register(app: Flask, site: Site) -> None:
    """Make `app` respond to each error with its problem document (RFC 9457)."""
    limits = {
        "query-timeout": site.pool.limits.timeout,
        "query-memory": site.pool.limits.memory,
        "result-too-large": site.pool.limits.result,
        "body-too-large": BODY_LIMIT,
        "uri-too-long": URI_LIMIT,
    }

    def respond(error: CablegraphError | HTTPException) -> Response:
        if isinstance(error, ServerFaultError):
            app.logger.error("request %s: %s", g.request_id, error)
        return problem_response(error, limits)

    app.register_error_handler(CablegraphError, respond)
    app.register_error_handler(HTTPException, respond)


def problem_response(error: CablegraphError | HTTPException, limits: dict[str, float]) -> Response:
    """Return the response to the present request for `error`; JSON unless the client prefers another.

    `limits` maps names of problems to the limit exceeded, in seconds or bytes.
    """
    document = problems.document(error, f"urn:uuid:{g.request_id}", limits)
    if isinstance(error, SizeLimitError):
        document["dumps"] = request.url_root + DUMPS
    excerpt = _excerpt(error)
    if excerpt:
        document["excerpt"] = excerpt
    media_type = best(request.accept_mimetypes, problems.MEDIA_TYPES) or problems.MEDIA_TYPES[0]
    response = Response(_body(document, media_type, excerpt), document["status"], problems.headers(error))
    response.headers["Content-Type"] = content_type(media_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def _body(document: dict[str, Any], media_type: str, excerpt: str) -> str:
    if media_type == HTML:
        return result_pages.problem_page(document, excerpt, g.get("query"))
    if media_type == "text/plain":
        parts = [document["title"], document["detail"], excerpt, document["type"]]
        return "\n\n".join(part for part in parts if part) + "\n"
    return json_text(document) + "\n"


def _excerpt(error: Exception) -> str:
    if isinstance(error, QuerySyntaxError) and g.get("query"):
        return syntax_errors.excerpt(g.query, error.line, error.column)
    return ""
