"""The bridge from the event loop to the application, without a network."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest

from server.http.listening.wsgi_gateway import Gateway
from server.web.handling import InThreads, reply_of

from ..handled import at_once

REQUEST = "http.request"
SCOPE = {
    "type": "http",
    "method": "GET",
    "raw_path": b"/a%20b/%ff",
    "query_string": b"q=\xff",
    "http_version": "1.1",
    "scheme": "http",
    "server": ("127.0.0.1", 80),
    "client": ("127.0.0.9", 5),
    "headers": [(b"host", b"x"), (b"accept", b"a"), (b"accept", b"b"), (b"x_y", b"never")],
}


def exchange(
    app: Callable[..., Iterable[bytes]],
    messages: list[dict[str, Any]] | None,
    more: list[tuple[bytes, bytes]],
    **given: Any,
) -> list[dict[str, Any]]:
    """Return what the gateway sends; `messages` None is a client that never sends its body."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if messages is None:
            await asyncio.sleep(60)
            raise AssertionError("waited for too long")
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(dict(message))

    gateway = Gateway(at_once(app), body_timeout=0.05, **given)
    asyncio.run(gateway({**SCOPE, "headers": [*SCOPE["headers"], *more]}, receive, send))  # type: ignore[misc]
    return sent


def echo(
    seen: dict[str, Any], *headers: tuple[str, str], status: str = "200 OK"
) -> Callable[..., Iterable[bytes]]:
    def app(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        seen.update(environ)
        seen["body"] = environ["wsgi.input"].read()
        start(status, list(headers))
        return iter([b"one", b"two"]) if status.startswith("200") else []

    return app


def test_the_environment_is_that_of_pep_3333() -> None:
    seen: dict[str, Any] = {}
    exchange(echo(seen), [], [])

    assert seen["PATH_INFO"] == "/a b/\xff"  # bytes as Latin-1
    assert seen["QUERY_STRING"] == "q=\xff"
    assert (seen["SCRIPT_NAME"], seen["REQUEST_METHOD"]) == ("", "GET")
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"], seen["SERVER_PROTOCOL"]) == (
        "127.0.0.1",
        "80",
        "HTTP/1.1",
    )
    assert (seen["REMOTE_ADDR"], seen["HTTP_HOST"], seen["HTTP_ACCEPT"]) == ("127.0.0.9", "x", "a, b")
    assert "HTTP_X_Y" not in seen
    assert seen["body"] == b""


def test_the_answer_comes_whole_and_with_its_length() -> None:
    start, body = exchange(echo({}, ("X-Name", "value")), [], [])

    assert start["status"] == 200
    assert start["headers"] == [(b"x-name", b"value"), (b"content-length", b"6")]
    assert body["body"] == b"onetwo"


def test_an_application_in_threads_keeps_the_loop_free() -> None:
    names: list[str] = []

    def app(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        names.append(threading.current_thread().name)
        return echo({})(environ, start)

    async def called() -> tuple[int, bytes]:
        reply = await InThreads(app, threads)({"wsgi.input": BytesIO(b"")})
        return reply.status, reply.body

    with ThreadPoolExecutor(1, "wait") as threads:
        assert asyncio.run(called()) == (200, b"onetwo")
    assert [name.partition("_")[0] for name in names] == ["wait"]


def test_the_pieces_of_an_answer_are_closed_even_when_one_fails() -> None:
    closed: list[bool] = []

    class Pieces:
        def __iter__(self) -> Iterable[bytes]:
            raise OSError("gone")

        def close(self) -> None:
            closed.append(True)

    def app(_: dict[str, Any], start: Callable[..., object]) -> Any:
        start("200 OK", [])
        return Pieces()

    with pytest.raises(OSError, match="gone"):
        reply_of(app, {})
    assert closed == [True]


def test_a_header_field_that_would_break_the_head_is_not_sent() -> None:
    """RFC 9110 section 5.5: a recipient may take what follows CR, LF or NUL for another field."""
    for value in ("a\r\nb: c", "a\nb", "a\0b"):
        with pytest.raises(ValueError, match="control character"):
            exchange(echo({}, ("X-Name", value)), [], [])


def test_a_length_that_is_given_is_kept_and_304_gets_none() -> None:
    given, _ = exchange(echo({}, ("Content-Length", "6")), [], [])
    unchanged, _ = exchange(echo({}, status="304 NOT MODIFIED"), [], [])

    assert given["headers"] == [(b"content-length", b"6")]
    assert (unchanged["status"], unchanged["headers"]) == (304, [])


@pytest.mark.parametrize("header", [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")])
def test_a_body_in_pieces_is_put_together(header: tuple[bytes, bytes]) -> None:
    seen: dict[str, Any] = {}
    pieces = [{"type": REQUEST, "body": b"abc", "more_body": True}, {"type": REQUEST, "body": b"de"}]
    exchange(echo(seen), pieces, [header])

    assert (seen["body"], seen["CONTENT_LENGTH"]) == (b"abcde", "5")


def test_a_body_that_does_not_come_ends_the_request_with_a_problem() -> None:
    seen: dict[str, Any] = {}
    start, body = exchange(echo(seen), None, [(b"content-length", b"5")])
    document = json.loads(body["body"])

    assert start["status"] == document["status"] == 408  # RFC 9110 section 15.5.9
    assert dict(start["headers"])[b"connection"] == b"close"
    assert dict(start["headers"])[b"content-type"] == b"application/problem+json"
    assert (document["type"].rpartition("/")[2], document["limit"]) == ("request-timeout", 0.05)
    assert seen == {}


def test_a_client_that_leaves_before_its_body_is_there_asks_nothing() -> None:
    seen: dict[str, Any] = {}
    pieces = [{"type": REQUEST, "body": b"SELECT", "more_body": True}, {"type": "http.disconnect"}]

    assert exchange(echo(seen), pieces, [(b"content-length", b"99")]) == []
    assert seen == {}


@pytest.mark.parametrize(("length", "closed"), [(b"2", False), (b"999999999", True)])
def test_a_body_that_was_not_sent_for_ends_the_connection(length: bytes, closed: bool) -> None:
    """RFC 9110 section 10.1.1: the client may send another request in the place of the body."""
    pieces = [{"type": REQUEST, "body": b"ab"}]
    start, _ = exchange(echo({}), pieces, [(b"expect", b"100-continue"), (b"content-length", length)])

    assert ((b"connection", b"close") in start["headers"]) is closed


FORWARDED = [
    (b"x-forwarded-for", b"192.0.2.7"),
    (b"x-forwarded-host", b"graph.example"),
    (b"x-forwarded-proto", b"https"),
    (b"x-forwarded-prefix", b"/kg"),
]


def test_the_word_of_a_proxy_is_known_before_anything_is_looked_up() -> None:
    seen: dict[str, Any] = {}
    exchange(echo(seen), [], FORWARDED, behind_proxy=True)
    names = ("REMOTE_ADDR", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")

    assert [seen[name] for name in names] == ["192.0.2.7", "graph.example", "https", "/kg"]


def test_nobody_is_believed_who_was_not_asked_for() -> None:
    seen: dict[str, Any] = {}
    exchange(echo(seen), [], FORWARDED)

    assert (seen["REMOTE_ADDR"], seen["HTTP_HOST"], seen["wsgi.url_scheme"]) == ("127.0.0.9", "x", "http")
    assert not [name for name in seen if "FORWARDED" in name]


def test_an_application_that_writes_is_none_for_this_gateway() -> None:
    def app(_: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])(b"written")
        return []

    with pytest.raises(NotImplementedError):
        exchange(app, [], [])
