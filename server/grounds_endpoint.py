"""`/sparql/grounds`: what the rows of an answer rest on, in JSON; and the link to it from that answer.

The address takes the same requests as `/sparql` and keeps nothing: the query is evaluated again when somebody
follows the link. So an answer of `/sparql` costs no more than before. For a query that is too long for a
link, see `hints_endpoint`.

The answers to saved questions have their grounds in a header, too: see `server/pages/questions/routes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Flask, Response, request, url_for

from server.engine.evaluation.query_request import QueryAnswer
from server.hints_endpoint import query_request
from server.site import answer_grounds, documents
from server.site.site import Site
from server.web.formats import OFFERS, Kind
from server.web.http_errors import RequestError
from server.web.sparql_protocol import Operation, operation

_LONGEST = 3_000  # bytes of the address in a link
_METHODS = ("GET", "HEAD", "POST", "QUERY")
# The answer is made and not sent, in the first format of each kind.
_TYPES: Mapping[Kind, str] = MappingProxyType({kind: types[0] for kind, types in OFFERS.items()})


def register(app: Flask, site: Site) -> None:
    """Give `app` the address of the grounds."""
    app.add_url_rule("/sparql/grounds", "grounds", lambda: _grounds(site), methods=_METHODS)


def _grounds(site: Site) -> Response:
    requested = operation(request)
    if requested.query is None:
        raise RequestError("Send the query of the answer, as to /sparql.")
    answer = site.services.answer(query_request(requested, _TYPES))
    found = answer_grounds.count(site.pool, answer)
    return documents.json(site, found.to_json(), end="\n")


def add_link(response: Response, requested: Operation, answer: QueryAnswer) -> None:
    """Add to the `response` to `requested` a link to what `answer` rests on, if it may name statements."""
    if answer_grounds.may_have(answer):
        address = url_for("grounds")
        target = f"{address}?{urlencode(requested.parameters(), doseq=True)}"
        answer_grounds.add_link(response, target if len(target) <= _LONGEST else address)
