"""The grounds of an answer with its response: counted from its body, as a header, and as links within it.

SPARQL results have a place for links to more about them: `head.link` in JSON, `<link>` in XML. They are
read by no client that does not look for them.
"""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

from flask import Response
from pyoxigraph import QueryResultsFormat

from kg.asking.questions import grounds
from kg.asking.questions.grounds import Grounds
from kg.errors import CablegraphError
from kg.namespaces import SHIPPED, Namespaces
from server.engine.evaluation.query_request import QueryAnswer
from server.engine.workers.pool import Pool
from server.site import documents, pool_queries
from server.site.site import Site
from server.web import response_headers
from server.web.formats import JSON, RESULTS

FIELD = "Rests-On"
_SECONDS = 1.0  # grounds that take longer are left out
_TELEGRAMS = b"/id/telegram/"  # the statements of telegrams have names that begin so
_JSON_HEAD, _XML_HEAD = b'{"head":{', b"</head>"


def count(pool: Pool, answer: QueryAnswer, seconds: float = _SECONDS) -> Grounds:
    """Return the grounds of `answer`, none if it is not a table or they cannot be counted in `seconds`."""
    if not may_have(answer):
        return Grounds()
    named = grounds.named(answer.body.decode(), pool.names)
    try:
        return grounds.count(lambda query: pool_queries.rows(pool, query, seconds), named, pool.names)
    except CablegraphError:  # the answer itself is complete and useful
        return Grounds()


def response(site: Site, answer: QueryAnswer) -> Response:
    """Return the response with the grounds of `answer` in JSON, under the licence of the data."""
    found = count(site.pool, answer).to_json()
    return documents.json(site, {**found, "license": site.about.licence}, end="\n")


def may_have(answer: QueryAnswer) -> bool:
    """Return whether `answer` is a table that may name statements; this costs next to nothing."""
    return answer.kind == "solutions" and _TELEGRAMS in answer.body


def add(response: Response, found: Grounds, address: str, names: Namespaces = SHIPPED) -> None:
    """Add to `response` the header with the grounds `found`, and the link to them at `address`.

    `names` has the namespaces of the collection.
    """
    if not found.statements:
        return
    response.headers[FIELD] = found.to_field(names)
    response.headers.add("Access-Control-Expose-Headers", FIELD)
    response.headers.add("Link", link_value(address))


def link_value(address: str) -> str:
    """Return the value of the field `Link` with the grounds at `address`."""
    return response_headers.link_value(address, "describedby", JSON, "what the answer rests on")


def with_links(body: bytes, media_type: str, addresses: list[str]) -> bytes:
    """Return `body`, SPARQL results, with links to `addresses` in its head where the format has them.

    SPARQL 1.1 Query Results JSON Format section 3.1.2, SPARQL Query Results XML Format section 2.2.
    """
    form = RESULTS.get(media_type)
    if form == QueryResultsFormat.JSON and body.startswith(_JSON_HEAD):
        links = json.dumps(addresses, separators=(",", ":")).encode()
        return _JSON_HEAD + b'"link":' + links + b"," + body[len(_JSON_HEAD) :]
    if form == QueryResultsFormat.XML:
        links = "".join(f"<link href={quoteattr(address)}/>" for address in addresses).encode()
        return body.replace(_XML_HEAD, links + _XML_HEAD, 1)
    return body
