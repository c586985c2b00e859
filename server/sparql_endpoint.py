"""`/sparql`: one query in, its answer out (SPARQL 1.1 Protocol section 2).

The entity tag of an answer is made here, before the query is evaluated, by `entity_tag`. What a client may
word in another way without getting another tag is known here, too: `preferences`, for the answer cache.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from wsgiref.types import WSGIEnvironment

import pyoxigraph
from flask import Flask, Response, g, request
from werkzeug.http import http_date, parse_options_header

from server.data.describing.routes import Catalogue
from server.engine.evaluation import query_text
from server.engine.evaluation.query_request import QueryRequest
from server.http.layers import observers
from server.site import documents, result_pages
from server.site.site import Site
from server.web import response_headers
from server.web.formats import HTML, content_type, worker_type
from server.web.http_errors import NotAcceptableError, RequestError
from server.web.negotiation import Choices, Types
from server.web.sparql_protocol import METHODS, QUERY, Operation, names_format, operation

_PATHS = ("/sparql", "/sparql/")  # no redirect: clients of other endpoints do not follow it
_CONDITIONS = frozenset({"HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH"})
_LONGEST = 500  # characters of Accept and Accept-Encoding that are looked at before the request is read


def register(app: Flask, site: Site, about: Catalogue) -> None:
    """Give `app` the address of the endpoint; `about` describes the service to a request without a query."""
    for rule in _PATHS:
        app.add_url_rule(
            rule,
            f"sparql{rule}",
            lambda: _sparql(site, about),
            methods=METHODS,
            provide_automatic_options=False,
        )


def _sparql(site: Site, about: Catalogue) -> Response:
    if request.method == "OPTIONS":
        return _with_query_header(
            Response(status=204, headers={"Allow": ", ".join(METHODS), **response_headers.PREFLIGHT})
        )
    asked = operation(request)
    if asked.query is None:
        return _with_query_header(_no_query(about))
    g.query = request.environ[observers.QUERY] = asked.query
    types = site.choices.types(request.headers.get("Accept", ""), asked.format_name)
    version = site.data_version
    caching = _caching(site, asked, types, version)
    if _known(caching.get("ETag", "")):
        return Response(status=304, headers=caching)
    return _with_query_header(_answer(site, asked, types, {version: caching}))


def _answer(site: Site, asked: Operation, types: Types, known: Mapping[str, dict[str, str]]) -> Response:
    """Ask the pool; `known` are the headers about caching for a version of the data."""
    answer = site.services.answer(
        QueryRequest(
            query=asked.query or "",
            types={kind: worker_type(kind, media_type) for kind, media_type in types.items()},
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            timeout=asked.timeout,
            base=request.base_url,
        )
    )
    media_type = types[answer.kind]
    if media_type == HTML:
        return documents.fresh_html(
            result_pages.result_page(asked, answer, request.script_root + request.path, request.script_root)
        )
    version = answer.version or site.first_version
    caching = known.get(version) or _caching(site, asked, types, version)  # a reload may lie between
    if answer.volatile:
        caching = {"Cache-Control": "no-store"}
    found = Response(answer.body, headers={"Content-Type": content_type(media_type), **caching})
    if not _CONDITIONS.isdisjoint(request.environ):  # 304 by date, which could not be told before
        found.make_conditional(request)
    return found


def _no_query(about: Catalogue) -> Response:
    """Answer a bare GET: the form for people, the service description for programs."""
    media_type = documents.wanted(documents.PEOPLE_TOO)
    return (
        documents.fresh_html(result_pages.start_page())
        if media_type == HTML
        else about.service_description(media_type)
    )


def _caching(site: Site, asked: Operation, types: Types, version: str) -> dict[str, str]:
    """Return the header fields about caching; those of an answer that is another each time forbid it."""
    if query_text.volatile(asked.query or ""):
        return {"Cache-Control": "no-store"}
    return {
        "ETag": f'"{entity_tag(asked, types, version)}"',
        "Last-Modified": http_date(site.modified),
        "Cache-Control": f"public, max-age={site.max_age}",
    }


def entity_tag(asked: Operation, types: Types, version: str) -> str:
    """Return a digest of all that the answer to this request hangs on (RFC 9110 section 8.8.3)."""
    parts = [
        *(version, pyoxigraph.__version__, request.base_url, response_headers.coding()),
        *(asked.query, asked.default_graphs, asked.named_graphs, sorted(types.items())),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def preferences(choices: Choices, environ: WSGIEnvironment, body: bytes) -> str | None:
    """Return what of Accept and Accept-Encoding the response to a request with that `body` hangs on.

    Here that is the media type for each kind of result; at other addresses, Accept as it was sent. The
    coding is the same everywhere. None: the wording is too odd to be worth a look.
    """
    accept, encodings = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
    if len(accept) + len(encodings) > _LONGEST:
        return None
    wanted = _types(choices, environ, body) if environ.get("PATH_INFO") in _PATHS else accept
    return None if wanted is None else f"{wanted}\n{choices.coding(encodings)}"


def _types(choices: Choices, environ: WSGIEnvironment, body: bytes) -> str | None:
    mimetype, _ = parse_options_header(environ.get("CONTENT_TYPE"))
    try:
        if names_format(environ.get("QUERY_STRING", "").encode("latin-1"), mimetype.lower(), body):
            return ""
        return " ".join(map("=".join, sorted(choices.types(environ.get("HTTP_ACCEPT", "")).items())))
    except (NotAcceptableError, RequestError):
        return None


def _known(tag: str) -> bool:
    """Return whether the client has the answer; it can know the tag only from having been given it."""
    known = request.if_none_match
    return request.method in ("GET", "HEAD") and not known.star_tag and known.contains_weak(tag.strip('"'))


def _with_query_header(response: Response) -> Response:
    response.headers["Accept-Query"] = f'"{QUERY}"'  # RFC 10008
    return response
