"""Header fields of every response: request ID, security, CORS, links; and its compression."""

from __future__ import annotations

import uuid
from functools import lru_cache

from flask import Flask, Response, g, request, url_for

from kg.store.layers import LICENCE
from server.web import negotiation, request_target
from server.web.http_errors import RequestError
from server.web.sparql_protocol import METHODS, URI_LIMIT

COMPRESS_ABOVE = 1000  # bytes; compressing a shorter body costs more than it saves

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Query, Accept-Ranges, Allow, Content-Disposition, "
    "Content-Range, ETag, Link, Retry-After, X-Request-ID",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Range, Range, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}


_PREFIXES = 16  # that a proxy may send and whose links are kept; beyond, the least recently used is dropped


def register(app: Flask) -> None:
    """Make `app` give every request an ID and every response its header fields."""
    app.before_request(_begin)
    app.after_request(_finish)


def coding() -> str:
    """Return the content coding of a large response to the present request."""
    return negotiation.best_coding(request.accept_encodings)


def _begin() -> None:
    g.request_id = request_id(request.headers.get("X-Request-ID", ""))
    request_target.refuse_wrong(request.environ)
    if len(request.environ.get("PATH_INFO", "")) + len(request.query_string) > URI_LIMIT:
        raise RequestError(
            f"Path and parameters are longer than {URI_LIMIT:,} bytes; send the query by POST.",
            "uri-too-long",
        )


def request_id(given: str) -> str:
    """Return the ID that a proxy sent if it is a UUID, and so safe in a log; else a new one."""
    try:
        return str(uuid.UUID(given) if given else uuid.uuid4())
    except ValueError:
        return str(uuid.uuid4())


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # a page that may be framed has set its own
    if request.method == "OPTIONS":  # CORS preflight (Fetch section 3.2)
        for name, value in PREFLIGHT.items():
            response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = g.request_id
    if "Vary" in response.headers:
        response.vary.update(("Accept", "Accept-Encoding"))
    else:
        response.headers["Vary"] = "Accept, Accept-Encoding"
    if _is_worth_compressing(response) and (chosen := coding()) != negotiation.IDENTITY:
        response.set_data(negotiation.CODINGS[chosen](response.get_data()))
        response.content_encoding = chosen
    return response


def _is_worth_compressing(response: Response) -> bool:
    return (
        response.status_code == 200
        and not response.direct_passthrough
        and len(response.get_data()) > COMPRESS_ABOVE
    )


def register_links(app: Flask) -> None:
    """Make `app` add links to each response: service-desc, service-doc, describedby and license."""
    cached_links = lru_cache(_PREFIXES)(_links)

    @app.after_request
    def _link(response: Response) -> Response:
        response.headers.extend(cached_links(request.script_root))
        return response


def _links(_prefix: str) -> list[tuple[str, str]]:
    """Return the `Link` fields for the present request, whose address begins with the prefix."""
    targets = (
        ("service-desc", url_for("openapi")),
        ("service-desc", url_for("sparql/sparql")),
        ("service-doc", url_for("api")),
        ("describedby", url_for("void")),
        ("license", LICENCE),
    )
    return [("Link", link_value(target, relation)) for relation, target in targets]


def link(response: Response, target: str, relation: str, media_type: str = "", title: str = "") -> None:
    """Add to `response` a `Link` field with that relation to `target`, media type and title if given."""
    response.headers.add("Link", link_value(target, relation, media_type, title))


def link_value(target: str, relation: str, media_type: str = "", title: str = "") -> str:
    """Return the value of a `Link` field (RFC 8288 section 3)."""
    type_parameter = f'; type="{media_type}"' if media_type else ""
    title_parameter = f'; title="{title}"' if title else ""
    return f'<{target}>; rel="{relation}"{type_parameter}{title_parameter}'
