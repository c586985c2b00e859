"""The answer cache: repeated requests are answered from memory, before the application hears of them.

This is the one place where it is asked, a layer of WSGI. A response that it has starts with the call, so
that the event loop needs no thread for it; everything else is put off until its body is read
(`server.web.wsgi`).

The cache makes no entity tag. The application does, in `sparql_endpoint` for the answers to queries and in
`documents` for all other documents; the cache compares it with If-None-Match, and takes one that is strong,
at status 200 and without `no-store`, as the word that the response may be kept (RFC 9110 section 8.8.3,
RFC 9111 section 5.2.2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.http import parse_etags, remove_entity_headers

from server.http.layers.answer_store import Answers, Stored
from server.http.layers.rate_limit import SECONDS_OVER
from server.web.response_headers import request_id
from server.web.wsgi import ResponseHead, defer, read_all

Key = tuple[str | bytes | None, ...]
Preferences = Callable[[WSGIEnvironment, bytes], str | None]

BODY = 65_536  # bytes; the body of a longer request is not worth keeping beside its response
_FILES = "/dumps/"  # what is below comes from the disk in pieces, and is larger than what belongs here
_WITH_BODY = frozenset({"POST", "QUERY"})
_WITHOUT_BODY = frozenset({"GET", "HEAD"})
_TARGET = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
)
_VARY = frozenset({"accept", "accept-encoding", ""})  # what `preferences` stands for
# Requests with these are rare and left to the application.
_UNUSUAL = frozenset(
    {
        *("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE"),
        *("HTTP_IF_UNMODIFIED_SINCE", "HTTP_CONTENT_ENCODING", "HTTP_AUTHORIZATION", "HTTP_EXPECT"),
    }
)
_OWN = frozenset({"x-request-id", "date"})  # what each response has for itself


def as_sent(environ: WSGIEnvironment, _body: bytes) -> str:
    """Return the preferences of a client as it words them."""
    return f"{environ.get('HTTP_ACCEPT', '')}\n{environ.get('HTTP_ACCEPT_ENCODING', '')}"


class AnswerCache:
    """The application `app` with `answers` in front of it.

    `state` returns what stands for the present data. It must not change before the responses of
    `app` do: then a response that was begun before the change and ended after it is not kept, and
    nothing that is kept outlives its data.

    `preferences` returns, of a request and its body, what stands for Accept and Accept-Encoding: requests
    that differ only in them and have the same there have the same response (normalized as in RFC 9111
    section 4.1). None: do not look for it.
    """

    def __init__(
        self,
        app: WSGIApplication,
        answers: Answers,
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
        if environ["REQUEST_METHOD"] == "HEAD":  # its response has no body to keep
            return self._deferred(environ, start)
        return self._learn(state, key, environ, start)

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """Return all of a request that a response may hang on; None: leave it to the application."""
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

    def _learn(
        self, state: Hashable, key: Key, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterator[bytes]:
        """Ask the application once the body is read, and keep its response."""
        head = ResponseHead(start)
        body = read_all(self._app(environ, head))
        if _may_be_kept(head) and self._state() == state:
            kept = tuple((name, value) for name, value in head.fields if name.lower() not in _OWN)
            stored = Stored(head.combined()["etag"], kept, body)
            self._answers.keep((state, key), sum(len(part) for part in key if part), stored)
        yield body


def _read(environ: WSGIEnvironment, length: int) -> bytes:
    """Return the body and leave it to be read again."""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return body


def _may_be_kept(head: ResponseHead) -> bool:
    fields = head.combined()
    vary = {name.strip() for name in fields.get("vary", "").lower().split(",")}
    return (
        head.status.startswith("200 ")
        and fields.get("etag", "").startswith('"')
        and "no-store" not in fields.get("cache-control", "")
        and vary <= _VARY
    )


def _respond(stored: Stored, environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
    method = environ["REQUEST_METHOD"]
    headers = [*stored.headers, ("X-Request-ID", request_id(environ.get("HTTP_X_REQUEST_ID", "")))]
    if method in _WITHOUT_BODY and _matches(stored.tag, environ.get("HTTP_IF_NONE_MATCH")):
        remove_entity_headers(headers)
        start("304 NOT MODIFIED", headers)
        return []
    start("200 OK", headers)
    return [] if method == "HEAD" else [stored.body]


def _matches(tag: str, given: str | None) -> bool:
    """Return whether the client has the response already (RFC 9110 section 13.1.2)."""
    return given is not None and parse_etags(given).contains_weak(tag.strip('"'))
