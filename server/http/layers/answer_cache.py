"""Answer repeated requests from memory, in front of the application and without waking it.

A thin layer of WSGI (PEP 3333): a request that was answered before, byte for byte the same in all
that an answer may hang on, gets the same answer again, with an id of its own. Everything else goes
on to the application, whose answer is kept when it says itself that it may be: status 200, a strong
entity tag, no `no-store` (RFC 9110 section 8.8.3, RFC 9111 section 5.2.2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from io import BytesIO
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Response
from werkzeug.http import parse_etags, remove_entity_headers

from server.http.layers.answer_store import Answers, Stored
from server.web.response_headers import request_id

BODY = 65_536  # bytes; the body of a longer question is not worth keeping beside its answer
_BODIED = frozenset({"POST", "QUERY"})
_BODILESS = frozenset({"GET", "HEAD"})
# What one request has for itself.
_OWN = frozenset({"x-request-id", "date"})
# What goes with the bytes; the rest every answer gets anew.
_ABOUT_BODY = frozenset({"content-type", "content-encoding", "etag", "last-modified", "cache-control"})
# What an answer may differ by, beside the address, the method and the body.
_WISHES = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "CONTENT_TYPE")
_VARY = frozenset({"accept", "accept-encoding", ""})
_ADDRESS = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
)
OVER = "cablegraph.over"  # where a limit of requests leaves the seconds that the client has to wait
# Requests with these are rare and left to the application.
_UNUSUAL = frozenset(
    {
        *("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE"),
        *("HTTP_IF_UNMODIFIED_SINCE", "HTTP_CONTENT_ENCODING", "HTTP_AUTHORIZATION", "HTTP_EXPECT"),
    }
)

_FILES = "/dumps/"  # what is below comes from the disk in pieces, and is larger than what belongs here

_HELD = "cablegraph.held"  # where the layer leaves its memory for the application

_READ, _FOUND = "cablegraph.read", "cablegraph.found"  # and where it leaves what is for itself

Parts = tuple[Any, ...]


class _Asked(NamedTuple):
    """What a request asks for, and how it wants it."""

    what: Parts
    how: Parts


class AnswerCache:
    """The application `app` with `answers` in front of it.

    `state` returns what stands for the present data. It must not change before the answers of
    `app` do: then an answer that was begun before the change and ended after it is not kept, and
    nothing that is kept outlives its data.
    """

    def __init__(self, app: WSGIApplication, answers: Answers, state: Callable[[], Hashable]) -> None:
        self._app = app
        self._answers = answers
        self._state = state

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        asked = environ.pop(_READ) if _READ in environ else _asked(environ)
        if asked is None or OVER in environ:
            return self._app(environ, start)
        form = (self._state(), asked)
        stored: Stored | None = environ.pop(_FOUND, None) or self._answers.recall(form)
        if stored is not None:
            return _give(stored, environ, start)
        environ[_HELD] = lambda tag: self._answers.find((asked.what, tag))
        if environ["REQUEST_METHOD"] == "HEAD":  # its answer has no body to keep
            return self._app(environ, start)
        return self._learn(form, environ, start)

    def knows(self, environ: WSGIEnvironment) -> bool:
        """Tell whether this request will be answered from memory, and so without waiting.

        What is found is kept for it: between here and the answer it may leave the memory.
        """
        asked = environ[_READ] = _asked(environ)  # not to be read twice
        if asked is not None:
            environ[_FOUND] = self._answers.recall((self._state(), asked))
        return environ.get(_FOUND) is not None

    def _learn(
        self, form: tuple[Hashable, _Asked], environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        state, asked = form
        heard = _Heard(start)
        body = whole(self._app(environ, heard))
        stored = _keepable(asked.what, heard, body)
        if stored is not None and self._state() == state:
            self._answers.keep(form, _size(asked), stored)
        return [body]


def held(environ: WSGIEnvironment, tag: str) -> Response | None:
    """Return the answer of the entity tag `tag` to a request for the same thing, or None.

    For the application: a client that words its wishes in another way may get the same answer.
    """
    stored: Stored | None = environ[_HELD](tag) if _HELD in environ else None
    if stored is None:
        return None
    about = [(name, value) for name, value in stored.headers if name.lower() in _ABOUT_BODY]
    # Passed through directly, its bytes keep the coding that they have.
    return Response(stored.body, headers=about, direct_passthrough=True)


def whole(pieces: Iterable[bytes]) -> bytes:
    """Return the pieces of an answer as one, and close them as PEP 3333 wants it."""
    try:
        return b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()


class _Heard:
    """A `start_response` that remembers what it was told; `tell` is the server's own."""

    def __init__(self, tell: StartResponse) -> None:
        self._tell = tell
        self.status = ""
        self.headers: list[tuple[str, str]] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], error: Any = None, /
    ) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return self._tell(status, headers, error)


def _asked(environ: WSGIEnvironment) -> _Asked | None:
    """Return all of a request that an answer may hang on; None: leave it to the application."""
    if not environ.keys().isdisjoint(_UNUSUAL) or environ.get("PATH_INFO", "").startswith(_FILES):
        return None
    method, length = environ["REQUEST_METHOD"], environ.get("CONTENT_LENGTH") or "0"
    if method in _BODILESS and length == "0":
        read: tuple[str, bytes] = ("GET", b"")
    elif method in _BODIED and length.isdecimal() and 0 < int(length) <= BODY:
        read = (method, _read(environ, int(length)))
    else:
        return None
    get = environ.get
    return _Asked((*read, *map(get, _ADDRESS)), tuple(map(get, _WISHES)))


def _read(environ: WSGIEnvironment, length: int) -> bytes:
    """Return the body and leave it to be read again."""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return body


def _size(asked: _Asked) -> int:
    return sum(len(part) for part in (*asked.what, *asked.how) if part)


def _keepable(what: Parts, heard: _Heard, body: bytes) -> Stored | None:
    told = _lines(heard.headers)
    vary = {name.strip() for name in told.get("vary", "").lower().split(",")}
    tag = told.get("etag", "")
    if (
        not heard.status.startswith("200 ")
        or not tag.startswith('"')
        or "no-store" in told.get("cache-control", "")
        or not vary <= _VARY
    ):
        return None
    kept = tuple((name, value) for name, value in heard.headers if name.lower() not in _OWN)
    return Stored((what, tag), kept, body)


def _lines(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the headers by their names in small letters, several of a name as one (RFC 9110 section 5.2)."""
    lines: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        lines[key] = f"{lines[key]}, {value}" if key in lines else value
    return lines


def _give(stored: Stored, environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
    method = environ["REQUEST_METHOD"]
    headers = [*stored.headers, ("X-Request-ID", request_id(environ.get("HTTP_X_REQUEST_ID", "")))]
    if method in _BODILESS and _known(stored.name[1], environ.get("HTTP_IF_NONE_MATCH")):
        remove_entity_headers(headers)
        start("304 NOT MODIFIED", headers)
        return []
    start("200 OK", headers)
    return [] if method == "HEAD" else [stored.body]


def _known(tag: str, given: str | None) -> bool:
    """Tell whether the client has the answer (RFC 9110 section 13.1.2)."""
    return given is not None and parse_etags(given).contains_weak(tag.strip('"'))
