"""The answer cache: a WSGI layer that sends stored responses without calling the application.

This is the only place that looks into the store. A stored response starts when the layer is called, so
that the event loop needs no thread for it. Every other request waits until its body is read
(`server.web.wsgi`).

The cache makes no entity tag. The application does: `sparql_endpoint` for answers to queries, `documents`
for other documents. The cache compares the tag with If-None-Match. A strong tag, with status 200 and
without `no-store`, means that the response may be stored (RFC 9110 section 8.8.3, RFC 9111 section
5.2.2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.http import parse_etags, remove_entity_headers

from server.http.layers.answer_store import ResponseStore, StoredResponse
from server.http.layers.rate_limit import SECONDS_OVER
from server.web.response_headers import request_id
from server.web.wsgi import ResponseHead, defer, read_all

Key = tuple[str | bytes | None, ...]
Preferences = Callable[[WSGIEnvironment, bytes], str | None]

BODY = 65_536  # bytes; the response to a request with a longer body is not stored
_FILES = "/dumps/"  # files below it are sent from the disk in pieces, and are too large to store
_WITH_BODY = frozenset({"POST", "QUERY"})
_WITHOUT_BODY = frozenset({"GET", "HEAD"})
_TARGET = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
)
_VARY = frozenset({"accept", "accept-encoding", ""})  # the fields that `preferences` replaces
# Requests with these fields are rare; the application answers them.
_UNUSUAL = frozenset(
    {
        *("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE"),
        *("HTTP_IF_UNMODIFIED_SINCE", "HTTP_CONTENT_ENCODING", "HTTP_AUTHORIZATION", "HTTP_EXPECT"),
    }
)
_OWN = frozenset({"x-request-id", "date"})  # fields that each response has anew


def as_sent(environ: WSGIEnvironment, _body: bytes) -> str:
    """Return Accept and Accept-Encoding as the client sent them."""
    return f"{environ.get('HTTP_ACCEPT', '')}\n{environ.get('HTTP_ACCEPT_ENCODING', '')}"


class AnswerCache:
    """The application `app` with the stored responses `answers` in front of it.

    `state` returns a value that identifies the present data. It must not change before the responses
    of `app` do. Then a response that began before the change and ended after it is not stored, and no
    stored response outlives its data.

    `preferences` takes a request and its body and returns Accept and Accept-Encoding in a normal form
    (RFC 9111 section 4.1): requests with the same form, and otherwise alike, have the same response. It
    returns None for a request that the cache is not to look up.
    """

    def __init__(
        self,
        app: WSGIApplication,
        answers: ResponseStore,
        state: Callable[[], Hashable],
        preferences: Preferences = as_sent,
    ) -> None:
        self._app = app
        self._deferred = defer(app)
        self._answers = answers
        self._state = state
        self._preferences = preferences

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        key = None if SECONDS_OVER in environ else self._key(environ)
        if key is None:
            return self._deferred(environ, start)
        state = self._state()
        stored = self._answers.recall((state, key))
        if stored is not None:
            return _respond(stored, environ, start)
        if environ["REQUEST_METHOD"] == "HEAD":  # its response has no body to store
            return self._deferred(environ, start)
        return self._answer_and_store(state, key, environ, start)

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """Return all of a request that its response depends on; None if the application must answer it."""
        if not environ.keys().isdisjoint(_UNUSUAL) or environ.get("PATH_INFO", "").startswith(_FILES):
            return None
        method, length = environ["REQUEST_METHOD"], environ.get("CONTENT_LENGTH") or "0"
        if method in _WITHOUT_BODY and length == "0":
            method, body = "GET", b""
        elif method in _WITH_BODY and length.isdecimal() and 0 < int(length) <= BODY:
            body = _read(environ, int(length))
        else:
            return None
        preferences = self._preferences(environ, body)
        if preferences is None:
            return None
        return method, body, environ.get("CONTENT_TYPE"), preferences, *map(environ.get, _TARGET)

    def _answer_and_store(
        self, state: Hashable, key: Key, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterator[bytes]:
        """Call the application when the body is read, and store its response."""
        head = ResponseHead(start)
        body = read_all(self._app(environ, head))
        if _is_storable(head) and self._state() == state:
            fields = tuple((name, value) for name, value in head.fields if name.lower() not in _OWN)
            stored = StoredResponse(head.combined()["etag"], fields, body)
            self._answers.keep((state, key), sum(len(part) for part in key if part), stored)
        yield body


def _read(environ: WSGIEnvironment, length: int) -> bytes:
    """Return the body of the request, which can then be read again."""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return body


def _is_storable(head: ResponseHead) -> bool:
    fields = head.combined()
    vary = {name.strip() for name in fields.get("vary", "").lower().split(",")}
    return (
        head.status.startswith("200 ")
        and fields.get("etag", "").startswith('"')
        and "no-store" not in fields.get("cache-control", "")
        and vary <= _VARY
    )


def _respond(stored: StoredResponse, environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
    method = environ["REQUEST_METHOD"]
    headers = [*stored.headers, ("X-Request-ID", request_id(environ.get("HTTP_X_REQUEST_ID", "")))]
    if method in _WITHOUT_BODY and _matches(stored.tag, environ.get("HTTP_IF_NONE_MATCH")):
        remove_entity_headers(headers)
        start("304 NOT MODIFIED", headers)
        return []
    start("200 OK", headers)
    return [] if method == "HEAD" else [stored.body]


def _matches(tag: str, if_none_match: str | None) -> bool:
    """Return whether the client has the response already (RFC 9110 section 13.1.2)."""
    return if_none_match is not None and parse_etags(if_none_match).contains_weak(tag.strip('"'))
