"""Responses with HTML, JSON or RDF: content negotiation, entity tag, date and Cache-Control.

`response` makes the entity tag of every document. Three kinds of response have other tags: those of `/sparql`
(`sparql_endpoint.Endpoint.entity_tag`), the pages of saved queries, and the files for download.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from io import BytesIO

from flask import Response, request
from pyoxigraph import Triple

from server.engine.evaluation.sorted_graphs import write_triples
from server.site.site import Site
from server.web import negotiation, response_headers
from server.web.formats import GRAPHS, HTML, JSON, SHORT_NAMES, content_type, json_text
from server.web.http_errors import NotAcceptableError
from server.web.vocabulary import prefixes

RDF_OR_HTML = (*GRAPHS, HTML)
_PAGE_OR_JSON = {"json": JSON, "html": HTML}  # by `?format=`


def requested_type(offers: tuple[str, ...] = tuple(GRAPHS)) -> str:
    """Return the media type among `offers` that the present request asks for; `?format=` overrides Accept.

    Raises NotAcceptableError if none is acceptable, and RequestError for an unknown format.
    """
    name = request.args.get("format", "")
    if name:
        chosen = negotiation.choose(request.accept_mimetypes, name).get("graph")
    else:
        chosen = negotiation.best(request.accept_mimetypes, offers)
    if chosen not in offers:
        html = " and in HTML" if HTML in offers else ""
        raise NotAcceptableError(f"This is described in RDF{html} only.", "graph")
    return chosen


def type_of(short_name: str) -> str:
    """Return the media type for a graph of the `?format=` value `short_name`."""
    return SHORT_NAMES[short_name][1] or HTML


def rdf(site: Site, triples: Iterable[Triple], media_type: str) -> Response:
    """Return a response with `triples`, sorted, in the RDF syntax `media_type`; 304 if the client has it."""
    output = BytesIO()
    write_triples(triples, output, media_type, prefixes(site.names))
    return response(site, output.getvalue(), media_type)


def page_or_json(
    site: Site, page: Callable[[], str], content: Callable[[], object], media_type: str = "", *, end: str = ""
) -> Response:
    """Return a response with the page, or with the content in JSON followed by `end`; only one is made.

    `media_type` chooses between them; by default the Accept header does.
    """
    preferred = media_type or negotiation.best(request.accept_mimetypes, (JSON, HTML))
    return html(site, page()) if preferred == HTML else json(site, content(), end=end)


def requested_page_or_json(name: str, refusal: str) -> str:
    """Return HTML or JSON, as the present request asks; the format `name`, if not empty, overrides Accept.

    Raises NotAcceptableError with the text `refusal` if it asks for neither.
    """
    offers = tuple(_PAGE_OR_JSON.values())
    chosen = _PAGE_OR_JSON.get(name) if name else negotiation.best(request.accept_mimetypes, offers)
    if chosen is None:
        raise NotAcceptableError(refusal)
    return chosen


def html(site: Site, text: str) -> Response:
    """Return a response with a page that may be cached as long as the data that it shows."""
    return response(site, text.encode(), HTML)


def unfinished_html(text: str) -> Response:
    """Return a response with a page that lacks what had no answer in time, and that no cache may keep."""
    return unfinished(Response(text, headers={"Content-Type": content_type(HTML)}))


def unfinished(made: Response) -> Response:
    """Return the response `made` as one that lacks something for now, and that no cache may keep."""
    made.headers["Cache-Control"] = "no-store"
    return made


def fresh_html(text: str) -> Response:
    """Return a response with a page that caches must revalidate each time."""
    return Response(text, headers={"Content-Type": content_type(HTML), "Cache-Control": "no-cache"})


def json(site: Site, content: object, media_type: str = JSON, *, end: str = "") -> Response:
    """Return a response with `content` in JSON, followed by `end`."""
    return response(site, (json_text(content) + end).encode(), media_type)


def response(site: Site, body: bytes, media_type: str) -> Response:
    """Return a response with `body`, its strong entity tag and its date; 304 if the client has it."""
    document = Response(body, headers={"Content-Type": content_type(media_type)})
    document.headers["Cache-Control"] = f"public, max-age={site.max_age}"
    digest = hashlib.sha256(f"{media_type} {response_headers.coding()}\0".encode() + body)
    document.set_etag(digest.hexdigest()[:32])
    document.last_modified = site.modified
    document.make_conditional(request)
    return document
