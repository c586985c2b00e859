"""Header fields of every response: request ID, security, CORS, links; and its compression."""

from __future__ import annotations

import random
import uuid
from contextlib import suppress
from functools import lru_cache, partial
from urllib.parse import quote
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, g, request

from server.web import negotiation, request_target
from server.web.http_errors import RequestError
from server.web.sparql_protocol import METHODS, URI_LIMIT

VARY = ("Accept", "Accept-Encoding")
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
# Of the page of `/sparql`, which has scripts of its own and fetches the names that its editor completes.
WITH_SCRIPTS = f"{HEADERS['Content-Security-Policy']}; script-src 'self'; connect-src 'self'"
_SCRIPTED = ("/sparql", "/sparql/")
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Range, Range, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}


_PREFIXES = 16  # that a proxy may send and whose links are kept; beyond, the least recently used is dropped
_IN_PATH = "/%!$&'()*+,;=:@~"  # characters that a path has as they are (RFC 3986 section 3.3)
# The link relations of every response, and the addresses of this service that they lead to.
_RELATIONS = (
    ("service-desc", "/openapi.json"),
    ("service-desc", "/sparql"),
    ("service-doc", "/docs/api"),
    ("describedby", "/.well-known/void"),
)


def register(app: Flask, licence: str) -> None:
    """Make `app` give every request an ID and every response its header fields, `licence` among them."""
    common = lru_cache(_PREFIXES)(partial(common_links, licence))

    def begin() -> None:
        g.request_id = request_id(request.headers.get("X-Request-ID", ""))
        refuse_wrong(request.environ)

    def finish(response: Response) -> Response:
        _set_common(response)
        response.headers.extend(common(request.script_root))
        if response.status_code == 200 and not response.direct_passthrough:
            body, chosen = compressed(response.get_data(), coding())
            if chosen:
                response.set_data(body)
                response.content_encoding = chosen
        return response

    app.before_request(begin)
    app.after_request(finish)


def _set_common(response: Response) -> None:
    """Set the fields that every response has, but keep what a page that may be framed has set for itself."""
    preflight = PREFLIGHT if request.method == "OPTIONS" else {}  # CORS (Fetch section 3.2)
    scripted = request.path in _SCRIPTED and response.mimetype == "text/html"
    policy = {"Content-Security-Policy": WITH_SCRIPTS} if scripted else {}
    for name, value in (HEADERS | policy | preflight).items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = g.request_id
    if "Vary" in response.headers:
        response.vary.update(VARY)
    else:
        response.headers["Vary"] = ", ".join(VARY)


def coding() -> str:
    """Return the content coding of a large response to the present request."""
    return negotiation.best_coding(request.accept_encodings)


def refuse_wrong(environ: WSGIEnvironment) -> None:
    """Raise RequestError if the address of a request is not valid, or too long."""
    request_target.refuse_wrong(environ)
    if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > URI_LIMIT:
        raise RequestError(
            f"Path and parameters are longer than {URI_LIMIT:,} bytes; send the query by POST.",
            "uri-too-long",
        )


def request_id(given: str) -> str:
    """Return the ID that a proxy sent if it is a UUID, and so safe in a log; else a new one of version 4."""
    with suppress(ValueError):
        if given:
            return str(uuid.UUID(given))
    digits = f"{random.getrandbits(128):032x}"  # a name, no secret; `uuid4` asks the system for each
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def compressed(body: bytes, coding: str) -> tuple[bytes, str | None]:
    """Return the body of a response as it is sent, and its content coding, None if it stays as it is."""
    if coding == negotiation.IDENTITY or len(body) <= COMPRESS_ABOVE:
        return body, None
    return negotiation.CODINGS[coding](body), coding


def common_links(licence: str, prefix: str) -> list[tuple[str, str]]:
    """Return the `Link` fields of every response to a request whose address begins with `prefix`."""
    root = quote(prefix, safe=_IN_PATH)  # one that is not valid gets here in the refusal
    links = [*((relation, root + path) for relation, path in _RELATIONS), ("license", licence)]
    return [("Link", link_value(target, relation)) for relation, target in links]


def link(response: Response, target: str, relation: str, media_type: str = "", title: str = "") -> None:
    """Add to `response` a `Link` field with that relation to `target`, media type and title if given."""
    response.headers.add("Link", link_value(target, relation, media_type, title))


def link_value(target: str, relation: str, media_type: str = "", title: str = "") -> str:
    """Return the value of a `Link` field (RFC 8288 section 3)."""
    type_parameter = f'; type="{media_type}"' if media_type else ""
    title_parameter = f'; title="{title}"' if title else ""
    return f'<{target}>; rel="{relation}"{type_parameter}{title_parameter}'
