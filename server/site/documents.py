"""Documents: pages, JSON and RDF, negotiated, tagged, dated.

The entity tag of every document is made here, by `finished`. Three things have others: the answers of
`/sparql` (`sparql_endpoint.entity_tag`), the pages of questions, and the files for download.
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
from server.web.vocabulary import KNOWN

PEOPLE_TOO = (*GRAPHS, HTML)
_PAGE_OR_JSON = {"json": JSON, "html": HTML}  # by `?format=`


def wanted(offers: tuple[str, ...] = tuple(GRAPHS)) -> str:
    """Return the media type among `offers` that this request wants, by `?format=` before Accept.

    Raises NotAcceptableError when there is none and RequestError for a format that does not exist.
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
    """Return the media type of a graph in the format that `?format=` calls `short_name`."""
    return SHORT_NAMES[short_name][1] or HTML


def written(site: Site, triples: Iterable[Triple], media_type: str) -> Response:
    """Return `triples`, sorted, as a document in the RDF syntax `media_type`, or 304 if the client has it."""
    output = BytesIO()
    write_triples(triples, output, media_type, KNOWN)
    return finished(site, output.getvalue(), media_type)


def page_or_json(
    site: Site, page: Callable[[], str], content: Callable[[], object], media_type: str = "", *, end: str = ""
) -> Response:
    """Return the page, or the content in JSON with `end` behind it; only one of them is made.

    `media_type` is that of the one that is wanted, by default what the client likes more.
    """
    liked = media_type or negotiation.best(request.accept_mimetypes, (JSON, HTML))
    return html(site, page()) if liked == HTML else in_json(site, content(), end=end)


def wanted_page_or_json(name: str, refusal: str) -> str:
    """Return the media type that this request wants, by the `name` of a format before Accept.

    Raises NotAcceptableError with the text `refusal` when it is neither that of a page nor JSON.
    """
    offers = tuple(_PAGE_OR_JSON.values())
    chosen = _PAGE_OR_JSON.get(name) if name else negotiation.best(request.accept_mimetypes, offers)
    if chosen is None:
        raise NotAcceptableError(refusal)
    return chosen


def html(site: Site, text: str) -> Response:
    """Return a page that may be kept as long as the data that it shows."""
    return finished(site, text.encode(), HTML)


def fresh_html(text: str) -> Response:
    """Return a page that is to be asked for anew each time."""
    return Response(text, headers={"Content-Type": content_type(HTML), "Cache-Control": "no-cache"})


def in_json(site: Site, content: object, media_type: str = JSON, *, end: str = "") -> Response:
    """Return `content` in JSON, with `end` behind it."""
    return finished(site, (json_text(content) + end).encode(), media_type)


def finished(site: Site, body: bytes, media_type: str) -> Response:
    """Return `body` with its strong entity tag and its date, or 304 if the client has it."""
    response = Response(body, headers={"Content-Type": content_type(media_type)})
    response.headers["Cache-Control"] = f"public, max-age={site.max_age}"
    digest = hashlib.sha256(f"{media_type} {response_headers.coding()}\0".encode() + body)
    response.set_etag(digest.hexdigest()[:32])
    response.last_modified = site.modified
    response.make_conditional(request)
    return response
