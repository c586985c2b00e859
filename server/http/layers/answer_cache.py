"""The answer cache: a layer that sends stored responses without calling what is behind it.

This is the only place that looks into the store. The cache makes no entity tag. Others do:
`sparql_endpoint` for answers to queries, `documents` for other documents. The cache compares the tag with
If-None-Match. A strong tag, with status 200 and without `no-store`, means that the response may be stored
(RFC 9110 section 8.8.3, RFC 9111 section 5.2.2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from wsgiref.types import WSGIEnvironment

from werkzeug.http import parse_etags, remove_entity_headers

from server.http.layers.answer_store import ResponseStore, StoredResponse
from server.http.layers.rate_limit import SECONDS_OVER
from server.web.handling import Handler, Reply
from server.web.response_headers import request_id

Key = tuple[str | bytes | None, ...]
Preferences = Callable[[WSGIEnvironment, bytes], str | None]

BODY = 65_536  # bytes; the response to a request with a longer body is not stored
# Files below these are sent from the disk: releases in pieces, and the files of the pages, which may change
# while the data stay.
_FILES = ("/dumps/", "/static/")
_WITH_BODY = frozenset({"POST", "QUERY"})
_WITHOUT_BODY = frozenset({"GET", "HEAD"})
_TARGET = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
)
_VARY = frozenset({"accept", "accept-encoding", ""})  # the fields that `preferences` replaces
# Requests with these fields are rare; they are answered anew.
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
    """The handler `inner` with the stored responses `answers` in front of it.

    `state` returns a value that identifies the present data. It must not change before the responses
    of `inner` do. Then a response that began before the change and ended after it is not stored, and no
    stored response outlives its data.

    `preferences` takes a request and its body and returns Accept and Accept-Encoding in a normal form
    (RFC 9111 section 4.1): requests with the same form, and otherwise alike, have the same response. It
    returns None for a request that the cache is not to look up.
    """

    def __init__(
        self,
        inner: Handler,
        answers: ResponseStore,
        state: Callable[[], Hashable],
        preferences: Preferences = as_sent,
    ) -> None:
        self._inner = inner
        self._answers = answers
        self._state = state
        self._preferences = preferences

    async def __call__(self, environ: WSGIEnvironment) -> Reply:
        """Answer one request."""
        key = None if SECONDS_OVER in environ else self._key(environ)
        if key is None:
            return await self._inner(environ)
        state = self._state()
        stored = self._answers.recall((state, key))
        if stored is not None:
            return _respond(stored, environ)
        reply = await self._inner(environ)
        if environ["REQUEST_METHOD"] != "HEAD" and self._state() == state:  # HEAD has no body to store
            self._store(state, key, reply)
        return reply

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """Return all of a request that its response depends on; None if it is not looked up."""
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

    def _store(self, state: Hashable, key: Key, reply: Reply) -> None:
        """Store `reply`, if that is allowed."""
        if reply.status != 200:
            return
        combined = reply.combined()
        if _is_storable(combined):
            fields = tuple((name, value) for name, value in reply.fields if name.lower() not in _OWN)
            stored = StoredResponse(combined["etag"], fields, reply.body)
            self._answers.keep((state, key), sum(len(part) for part in key if part), stored)


def _read(environ: WSGIEnvironment, length: int) -> bytes:
    """Return the body of the request, which can then be read again."""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"].seek(0)
    return body


def _is_storable(fields: Mapping[str, str]) -> bool:
    vary = {name.strip() for name in fields.get("vary", "").lower().split(",")}
    return (
        fields.get("etag", "").startswith('"')
        and "no-store" not in fields.get("cache-control", "")
        and vary <= _VARY
    )


def _respond(stored: StoredResponse, environ: WSGIEnvironment) -> Reply:
    method = environ["REQUEST_METHOD"]
    headers = [*stored.headers, ("X-Request-ID", request_id(environ.get("HTTP_X_REQUEST_ID", "")))]
    if method in _WITHOUT_BODY and _matches(stored.tag, environ.get("HTTP_IF_NONE_MATCH")):
        remove_entity_headers(headers)
        return Reply(304, headers, b"")
    return Reply(200, headers, b"" if method == "HEAD" else stored.body)


def _matches(tag: str, if_none_match: str | None) -> bool:
    """Return whether the client has the response already (RFC 9110 section 13.1.2)."""
    return if_none_match is not None and parse_etags(if_none_match).contains_weak(tag.strip('"'))
