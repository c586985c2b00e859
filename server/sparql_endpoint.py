"""`/sparql`: a query in the request, its answer in the response (SPARQL 1.1 Protocol section 2).

`entity_tag` makes the ETag of a response before the query is evaluated. `preferences` tells the answer
cache which requests have the same tag although their Accept headers differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from urllib.parse import urlencode
from wsgiref.types import WSGIEnvironment

import pyoxigraph
from flask import Flask, Response, g, request, url_for
from werkzeug.http import http_date, parse_options_header

from server.answer_details import add_links, page_reference, query_request
from server.data.describing.routes import Catalogue
from server.engine.evaluation import query_text
from server.engine.evaluation.query_request import QueryAnswer
from server.http.layers import observers
from server.site import answer_grounds, documents, result_pages
from server.site.site import Site
from server.web import response_headers
from server.web.formats import HTML, content_type, worker_type
from server.web.http_errors import NotAcceptableError, RequestError
from server.web.negotiation import Choices, Types
from server.web.sparql_protocol import METHODS, QUERY, URI_LIMIT, Operation, names_format, operation

_PATHS = ("/sparql", "/sparql/")  # no redirect: clients of other endpoints do not follow it
_CONDITIONS = frozenset({"HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH"})
_LONGEST = 500  # characters of Accept and Accept-Encoding; the cache does not look up longer ones


def register(app: Flask, site: Site, about: Catalogue) -> None:
    """Give `app` the addresses of the endpoint; `about` describes the service if there is no query."""
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
    requested = operation(request)
    if requested.query is None:
        return _with_query_header(_no_query(about))
    g.query = request.environ[observers.QUERY] = requested.query
    if requested.by_form and (address := _address(requested)):
        return _with_query_header(Response(status=303, headers={"Location": address}))
    types = site.choices.types(request.headers.get("Accept", ""), requested.format_name)
    version = site.data_version
    caching = _caching(site, requested, types, version)
    if _client_has(caching.get("ETag", "")):
        return Response(status=304, headers=caching)
    return _with_query_header(_answer(site, requested, types, {version: caching}))


def _answer(site: Site, requested: Operation, types: Types, known: Mapping[str, dict[str, str]]) -> Response:
    """Return the response with the answer; `known` has the caching headers for a version of the data."""
    written = {kind: worker_type(kind, media_type) for kind, media_type in types.items()}
    answer = site.services.answer(query_request(requested, written, request.base_url))
    response = _response(site, requested, types, answer, known)
    add_links(response, requested, answer)
    return response


def _response(
    site: Site,
    requested: Operation,
    types: Types,
    answer: QueryAnswer,
    known: Mapping[str, dict[str, str]],
) -> Response:
    media_type = types[answer.kind]
    if media_type == HTML:
        return documents.fresh_html(
            result_pages.result_page(
                requested,
                answer,
                request.script_root + request.path,
                request.script_root,
                str(answer_grounds.count(site.pool, answer)),
                page_reference(requested, answer.version or site.first_version),
            )
        )
    version = answer.version or site.first_version
    caching = known.get(version) or _caching(
        site, requested, types, version
    )  # a reload may have come between
    if answer.volatile:
        caching = {"Cache-Control": "no-store"}
    response = Response(answer.body, headers={"Content-Type": content_type(media_type), **caching})
    if not _CONDITIONS.isdisjoint(request.environ):  # 304 by date, which needs the response
        response.make_conditional(request)
    return response


def _address(requested: Operation) -> str:
    """Return the address of the answer that the form of a page asks for; empty if it is too long for one."""
    parameters = {**requested.parameters(), "format": requested.format_name or ()}
    address = f"{url_for('sparql/sparql')}?{urlencode(parameters, doseq=True)}"
    return address if len(address) <= URI_LIMIT else ""


def _no_query(about: Catalogue) -> Response:
    """Return the response to a request without a query: the form, or the service description."""
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    return (
        documents.fresh_html(result_pages.start_page())
        if media_type == HTML
        else about.service_description(media_type)
    )


def _caching(site: Site, requested: Operation, types: Types, version: str) -> dict[str, str]:
    """Return the caching headers; `no-store` if the answer may differ each time."""
    if query_text.volatile(requested.query or ""):
        return {"Cache-Control": "no-store"}
    return {
        "ETag": f'"{entity_tag(requested, types, version)}"',
        "Last-Modified": http_date(site.modified),
        "Cache-Control": f"public, max-age={site.max_age}",
    }


def entity_tag(requested: Operation, types: Types, version: str) -> str:
    """Return the entity tag: a digest of all that the response depends on (RFC 9110 section 8.8.3)."""
    parts = [
        *(version, pyoxigraph.__version__, request.base_url, response_headers.coding()),
        *(requested.query, requested.default_graphs, requested.named_graphs, sorted(types.items())),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def preferences(choices: Choices, environ: WSGIEnvironment, body: bytes) -> str | None:
    """Return the part of Accept and Accept-Encoding that the response to a request depends on.

    At `/sparql` that is the media type for each kind of result; at other addresses, Accept as it was
    sent. To it the content coding is added. Returns None for headers that the cache is not to look up.
    """
    accept, encodings = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
    if len(accept) + len(encodings) > _LONGEST:
        return None
    formats = _types(choices, environ, body) if environ.get("PATH_INFO") in _PATHS else accept
    return None if formats is None else f"{formats}\n{choices.coding(encodings)}"


def _types(choices: Choices, environ: WSGIEnvironment, body: bytes) -> str | None:
    mimetype, _ = parse_options_header(environ.get("CONTENT_TYPE"))
    try:
        if names_format(environ.get("QUERY_STRING", "").encode("latin-1"), mimetype.lower(), body):
            return ""
        return " ".join(map("=".join, sorted(choices.types(environ.get("HTTP_ACCEPT", "")).items())))
    except (NotAcceptableError, RequestError):
        return None


def _client_has(tag: str) -> bool:
    """Return whether the client has the response with this tag, by If-None-Match."""
    known = request.if_none_match
    return request.method in ("GET", "HEAD") and not known.star_tag and known.contains_weak(tag.strip('"'))


def _with_query_header(response: Response) -> Response:
    response.headers["Accept-Query"] = f'"{QUERY}"'  # RFC 10008
    return response
