"""`/sparql`: the rules of the SPARQL 1.1 Protocol, section 2, from a request to its response.

Two ways lead here. Programs are answered in the event loop (`sparql_handler`), and whatever may be a page
is answered in Flask (`sparql_pages`). Both take the same steps: `Endpoint.prepare` makes of a request either
its response or the query to ask the pool, and `Prepared.reply` makes the response of the answer.

`Endpoint.entity_tag` makes the ETag of a response before the query is evaluated. `preferences` tells the
answer cache which requests have the same tag although their Accept headers differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode
from wsgiref.types import WSGIEnvironment

import pyoxigraph
from werkzeug.http import http_date, is_resource_modified, parse_etags, parse_options_header
from werkzeug.wsgi import get_current_url

from server import answer_details
from server.engine.evaluation import query_text
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.http.layers import observers
from server.site.site import Site
from server.web import response_headers
from server.web.formats import HTML, content_type, worker_type
from server.web.handling import Fields, Reply
from server.web.http_errors import NotAcceptableError, RequestError
from server.web.negotiation import Choices, Types
from server.web.sparql_protocol import METHODS, QUERY, URI_LIMIT, Operation, names_format, operation

PATHS = ("/sparql", "/sparql/")  # no redirect: clients of other endpoints do not follow it
UNDERSTANDS_QUERY = ("Accept-Query", f'"{QUERY}"')  # field of every response (RFC 10008)
_ADDRESS = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("SCRIPT_NAME", "PATH_INFO"),
)
_CONDITIONS = frozenset({"HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH"})
_NO_BODY = frozenset({"GET", "HEAD"})
_CACHED = 64  # addresses under which clients reach this service, and dates, whose form is kept
_LONGEST = 500  # characters of Accept and Accept-Encoding; the cache does not look up longer ones


class Endpoint:
    """The rules for requests to `/sparql` on `site`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._base_url = lru_cache(_CACHED)(_base_url)
        self._date = lru_cache(_CACHED)(_date)

    def prepare(self, environ: WSGIEnvironment) -> Reply | Prepared | None:
        """Return the response to a request, if it needs no evaluation, or what to evaluate.

        None is for a request without a query. Raises RequestError, UpdateRefusedError, NotAcceptableError,
        and HTTPException for a large body.
        """
        if environ["REQUEST_METHOD"] == "OPTIONS":
            allowed = {"Allow": ", ".join(METHODS), **response_headers.PREFLIGHT}
            return Reply(204, [*allowed.items(), UNDERSTANDS_QUERY], b"")
        requested = operation(environ)
        if requested.query is None:
            return None
        environ[observers.QUERY] = requested.query
        if requested.by_form and (address := _address(requested, root(environ))):
            return Reply(303, [("Location", address), UNDERSTANDS_QUERY], b"")
        types = self.site.choices.types(environ.get("HTTP_ACCEPT", ""), requested.format_name)
        version = self.site.data_version
        prepared = Prepared(self, environ, requested, types, version)
        if _client_has(environ, prepared.caching):
            return Reply(304, list(prepared.caching.items()), b"")
        return prepared

    def caching(
        self, environ: WSGIEnvironment, requested: Operation, types: Types, version: str
    ) -> dict[str, str]:
        """Return the caching headers; `no-store` if the answer may differ each time."""
        if query_text.volatile(requested.query or ""):
            return {"Cache-Control": "no-store"}
        return {
            "ETag": f'"{self.entity_tag(environ, requested, types, version)}"',
            "Last-Modified": self._date(self.site.modified),
            "Cache-Control": f"public, max-age={self.site.max_age}",
        }

    def entity_tag(self, environ: WSGIEnvironment, requested: Operation, types: Types, version: str) -> str:
        """Return the entity tag: a digest of all that the response depends on (RFC 9110 section 8.8.3)."""
        coding = self.site.choices.coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        parts = [
            *(version, pyoxigraph.__version__, self.base_url(environ), coding),
            *(requested.query, requested.default_graphs, requested.named_graphs, sorted(types.items())),
        ]
        return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def base_url(self, environ: WSGIEnvironment) -> str:
        """Return the address of the request without its parameters."""
        return self._base_url(*map(environ.get, _ADDRESS))


class Prepared:
    """A request with a query that must be evaluated on data of `version`; its formats by kind of result."""

    def __init__(
        self, endpoint: Endpoint, environ: WSGIEnvironment, requested: Operation, types: Types, version: str
    ) -> None:
        self.requested, self.types = requested, types
        self.caching = endpoint.caching(environ, requested, types, version)
        self._endpoint, self._environ, self._version = endpoint, environ, version

    @property
    def may_be_page(self) -> bool:
        """Whether the answer is a page, if it is of the right kind."""
        return HTML in self.types.values()

    @property
    def request(self) -> QueryRequest:
        """The request to the pool."""
        written = {kind: worker_type(kind, media_type) for kind, media_type in self.types.items()}
        return answer_details.query_request(self.requested, written, self._endpoint.base_url(self._environ))

    def reply(self, answer: QueryAnswer) -> Reply:
        """Return the response with `answer`, which is no page."""
        endpoint, environ, caching = self._endpoint, self._environ, self.caching
        version = answer.version or endpoint.site.first_version
        if version != self._version:  # a reload came between
            caching = endpoint.caching(environ, self.requested, self.types, version)
        if answer.volatile:
            caching = {"Cache-Control": "no-store"}
        fields = [
            ("Content-Type", content_type(self.types[answer.kind])),
            *caching.items(),
            *self.links(answer),
        ]
        if _is_unchanged(environ, caching):  # by its date, which is known only now
            return Reply(412 if "HTTP_IF_MATCH" in environ else 304, fields, b"")
        return Reply(200, fields, answer.body)

    def links(self, answer: QueryAnswer) -> Fields:
        """Return the fields that the response with `answer` has in any format."""
        found = answer_details.links(self.requested, answer, root(self._environ))
        return [*found, UNDERSTANDS_QUERY]


def root(environ: WSGIEnvironment) -> str:
    """Return the path of this service, which a proxy sends."""
    prefix: str = environ.get("SCRIPT_NAME", "")
    return prefix.rstrip("/")


def _address(requested: Operation, root: str) -> str:
    """Return the address of the answer that the form of a page asks for; empty if it is too long for one."""
    own = {"format": requested.format_name or (), "view": requested.view or ()}
    parameters = {**requested.parameters(), **own}
    address = f"{root}{PATHS[0]}?{urlencode(parameters, doseq=True)}"
    return address if len(address) <= URI_LIMIT else ""


def _base_url(*address: str | None) -> str:
    given = {name: value for name, value in zip(_ADDRESS, address, strict=True) if value is not None}
    return get_current_url(given, strip_querystring=True)


def _date(moment: datetime) -> str:
    return http_date(moment)


def _client_has(environ: WSGIEnvironment, caching: Mapping[str, str]) -> bool:
    """Return whether the client has the response with this tag, by If-None-Match."""
    if "HTTP_IF_NONE_MATCH" not in environ or environ["REQUEST_METHOD"] not in _NO_BODY:
        return False
    known = parse_etags(environ["HTTP_IF_NONE_MATCH"])
    return not known.star_tag and known.contains_weak(caching.get("ETag", "").strip('"'))


def _is_unchanged(environ: WSGIEnvironment, caching: Mapping[str, str]) -> bool:
    """Return whether the client has the response already (RFC 9110 section 13.2.2)."""
    if _CONDITIONS.isdisjoint(environ) or environ["REQUEST_METHOD"] not in _NO_BODY:
        return False
    tag, date = caching.get("ETag"), caching.get("Last-Modified")
    return not is_resource_modified(environ, etag=tag, last_modified=date)


def preferences(choices: Choices, environ: WSGIEnvironment, body: bytes) -> str | None:
    """Return the part of Accept and Accept-Encoding that the response to a request depends on.

    At `/sparql` that is the media type for each kind of result; at other addresses, Accept as it was
    sent. To it the content coding is added. Returns None for headers that the cache is not to look up.
    """
    accept, encodings = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
    if len(accept) + len(encodings) > _LONGEST:
        return None
    formats = _types(choices, environ, body) if environ.get("PATH_INFO") in PATHS else accept
    return None if formats is None else f"{formats}\n{choices.coding(encodings)}"


def _types(choices: Choices, environ: WSGIEnvironment, body: bytes) -> str | None:
    mimetype, _ = parse_options_header(environ.get("CONTENT_TYPE"))
    try:
        if names_format(environ.get("QUERY_STRING", "").encode("latin-1"), mimetype.lower(), body):
            return ""
        return choices.normal(environ.get("HTTP_ACCEPT", ""))
    except (NotAcceptableError, RequestError):
        return None
