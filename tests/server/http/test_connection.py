"""A connection over raw sockets: what is no request, what comes slowly, what comes twice."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest

from server.http.listening.connection import CONNECTIONS, HEAD_LIMIT, with_idle_limit, without_upgrade
from server.web.sparql_protocol import BODY_LIMIT

from .test_http_server import ask, connected, visited

LARGE = b"x" * (32 << 20)
HOST = b"Host: x\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST
POST = b"POST / HTTP/1.1\r\n" + HOST


def app(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
    """Answer with method, path and body, a large text, or after a while."""
    body = environ["wsgi.input"].read()  # type: ignore[attr-defined]
    path = str(environ["PATH_INFO"])
    if path == "/slow":
        time.sleep(0.3)
    start(
        "204 NO CONTENT" if path == "/none" else "200 OK", [("X-Name", str(environ.get("HTTP_X_NAME", "")))]
    )
    if path in ("/large", "/none"):
        return [LARGE] if path == "/large" else []
    return [f"{environ['REQUEST_METHOD']} {path} ".encode() + body]


def exchange(*parts: bytes, shut: bool = False, seconds: float = 15.0, pause: float = 0.0) -> bytes:
    """Return all that a server sends to one client, which sends `parts` and perhaps shuts its side."""
    got: list[bytes] = []

    def visit(where: str) -> None:
        with connected(where) as sock:
            for part in parts:
                with suppress(BrokenPipeError, ConnectionResetError):
                    sock.sendall(part)
                time.sleep(pause)
            if shut:
                sock.shutdown(socket.SHUT_WR)
            got.append(rest(sock))
        assert ask(where, "GET", "/")[2] == b"GET / "  # and the next client is served

    visited(app, visit, connection=with_idle_limit(seconds))
    return got[0]


def rest(sock: socket.socket) -> bytes:
    sock.settimeout(8)
    pieces = bytearray()
    with suppress(ConnectionResetError):
        while piece := sock.recv(1 << 20):
            pieces += piece
    return bytes(pieces)


def statuses(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


def problem(answers: bytes) -> dict[str, object]:
    """Return the problem document in an answer, which says that the connection ends."""
    head, _, body = answers.partition(b"\r\n\r\n")
    assert b"\r\nconnection: close" in head
    assert b"\r\ncontent-type: application/problem+json" in head
    assert b"\r\nx-content-type-options: nosniff" in head
    assert b"\r\nserver:" not in head.lower()
    assert int(head.partition(b"content-length: ")[2].split(b"\r\n")[0]) == len(body)
    document = json.loads(body)
    assert document["instance"].rpartition(":")[2].encode() in head
    return dict(document)


# What could be read in two ways (RFC 9112 section 11.2) or in none.

CHUNKED = b"Transfer-Encoding: chunked\r\n"
NO_REQUESTS = {
    "both lengths": POST
    + CHUNKED
    + b"Content-Length: 4\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: x\r\n\r\n",
    "both lengths, the other way": POST + b"Content-Length: 4\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a list of lengths": POST + b"Content-Length: 1, 1\r\n\r\na",
    "a signed length": POST + b"Content-Length: +1\r\n\r\na",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "an endless length": POST + b"Content-Length: 99999999999999999999\r\n\r\n",
    "an unknown coding": POST + b"Transfer-Encoding: nonsense\r\n\r\n",
    "chunked and then not": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a chunk without a length": POST + CHUNKED + b"\r\nzz\r\nabc\r\n0\r\n\r\n",
    "a chunk that is longer": POST + CHUNKED + b"\r\n2\r\nabc\r\n0\r\n\r\n",
    "a chunk length without end": POST + CHUNKED + b"\r\n" + b"f" * 40 + b"\r\n",
    "a null in a name": GET + b"X\0Y: z\r\n\r\n",
    "a null in a value": GET + b"X: y\0z\r\n\r\n",
    "a space before the colon": POST + b"Content-Length : 1\r\n\r\na",
    "a folded line": GET + b"X: a\r\n b\r\n\r\n",
    "a return without a line": GET + b"X: a\rb\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"host: y\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "another version": b"GET / HTTP/2.0\r\n" + HOST + b"\r\n",
    "a tunnel": b"CONNECT x:443 HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("data", NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_what_could_be_read_in_two_ways_is_refused_once_and_nothing_after_it_is_read(data: bytes) -> None:
    answers = exchange(data, GET + b"\r\n")

    assert statuses(answers) == [400]
    assert problem(answers)["type"] == "https://w3id.org/cablegraph/problems/bad-request"
    assert b"/evil" not in answers


@pytest.mark.parametrize(
    ("data", "status", "name"),
    [
        (b"GET /" + b"a" * HEAD_LIMIT + b" HTTP/1.1\r\n\r\n", 414, "uri-too-long"),
        (GET + b"X: " + b"a" * 400_000 + b"\r\n\r\n", 431, "headers-too-large"),
        (GET + b"A: b\r\n" * HEAD_LIMIT + b"\r\n", 431, "headers-too-large"),
    ],
    ids=["address", "one header", "many headers"],
)
def test_a_head_that_is_too_large_is_refused_with_its_limit(data: bytes, status: int, name: str) -> None:
    answers = exchange(data)

    assert statuses(answers) == [status]
    document = problem(answers)
    assert str(document["type"]).endswith(f"/{name}")
    assert document["limit"] in (8192, 65_536)


def test_a_refusal_never_takes_the_place_of_another_answer() -> None:
    slow = b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n"
    wrong_head = exchange(slow + GET + b"X\0: y\r\n\r\n" + GET + b"\r\n")
    cut_off = exchange(slow + GET, shut=True)
    wrong_body = exchange(slow + POST + CHUNKED + b"\r\nzz\r\n")

    assert statuses(wrong_head) == statuses(cut_off) == [200]
    assert wrong_head.endswith(b"GET /slow ")
    assert cut_off.endswith(b"GET /slow ")
    assert statuses(wrong_body) == []


def test_a_body_that_goes_wrong_after_its_answer_gets_no_second_one() -> None:
    """The application answers a body that is too large before it is there."""
    head = POST + b"Content-Length: %d\r\n\r\n" % (BODY_LIMIT + 1)
    answers = exchange(head, shut=True, pause=0.3)

    assert statuses(answers) == [200]


# What HTTP/1.1 allows.


def test_requests_that_are_sent_together_are_answered_in_their_order() -> None:
    paths = ["/slow", "/b", "/c", "/slow", "/d"]
    answers = exchange(
        b"".join(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab" % p.encode() for p in paths)
        + GET
        + b"Connection: close\r\n\r\n"
    )

    assert statuses(answers) == [200] * 6
    assert re.findall(rb"POST (\S+) ab", answers) == [path.encode() for path in paths]
    assert answers.endswith(b"GET / ")


def test_chunks_extensions_and_trailers_make_one_body() -> None:
    body = b"3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nX-Name: y\r\nHost: evil\r\n\r\n"
    answers = exchange(POST + CHUNKED + b"Connection: close\r\n\r\n" + body)

    assert statuses(answers) == [200]
    assert b"\r\nx-name: \r\n" in answers  # a trailer is no header (RFC 9110 section 6.5.1)
    assert answers.endswith(b"POST / abcde")


def test_a_client_that_shuts_its_side_down_gets_its_answers() -> None:
    slow = b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n"
    one, two = exchange(slow, shut=True), exchange(slow + GET + b"\r\n", shut=True, pause=0.6)

    assert one.endswith(b"GET /slow ")
    assert b"\r\nconnection: close" in one
    assert statuses(two) == [200, 200]


def test_a_request_that_is_cut_off_is_not_carried_out() -> None:
    answers = exchange(POST + b"Content-Length: 100\r\n\r\nSELECT", shut=True)

    assert statuses(answers) == [400]
    assert "before the request was complete" in str(problem(answers)["detail"])


def test_a_client_that_says_nothing_and_shuts_its_side_hears_nothing() -> None:
    assert exchange(shut=True) == b""


def test_a_body_is_asked_for_before_it_is_sent() -> None:
    """RFC 9110 section 10.1.1."""
    head = POST + b"Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"
    answers = exchange(head, b"abc", pause=0.2)

    assert statuses(answers) == [100, 200]
    assert answers.endswith(b"POST / abc")


@pytest.mark.parametrize("size", [1000, 1])
def test_another_protocol_that_is_offered_is_passed_over(size: int) -> None:
    """RFC 9110 section 7.8: a server may ignore Upgrade."""
    offer = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nX-Name: y\r\n"
    )
    data = POST + offer + b"Content-Length: 3\r\n\r\nabc" + GET + offer + b"\r\n" + GET + b"\r\n"
    answers = exchange(*(data[at : at + size] for at in range(0, len(data), size)), shut=True)

    assert statuses(answers) == [200, 200, 200]
    assert b"\r\nx-name: y\r\n" in answers
    assert answers.count(b"POST / abc") == 1
    assert answers.endswith(b"GET / ")


def test_a_wish_to_end_survives_the_passing_over() -> None:
    head = without_upgrade(
        b"GET", b"/", [(b"connection", b"close, Upgrade"), (b"upgrade", b"h2c"), (b"host", b"x")]
    )

    assert head == b"GET / HTTP/1.1\r\nconnection: close\r\nhost: x\r\n\r\n"


def test_answers_carry_a_date_and_no_name_of_the_server() -> None:
    head = exchange(GET + b"\r\n", shut=True).partition(b"\r\n\r\n")[0].lower()

    assert re.search(rb"\r\ndate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d gmt", head)
    assert b"server" not in head
    assert b"uvicorn" not in head


@pytest.mark.parametrize("start", [b"HEAD / HTTP/1.1\r\n", b"GET /none HTTP/1.1\r\n"])
def test_an_answer_without_a_body_is_followed_by_the_next(start: bytes) -> None:
    answers = exchange(start + HOST + b"\r\n" + GET + b"\r\n", shut=True)
    first = answers[: answers.index(b"HTTP/1.1", 1)]

    assert len(statuses(answers)) == 2
    assert first.endswith(b"\r\n\r\n")
    assert (b"transfer-encoding" in first, b"content-length" in first) == (False, start.startswith(b"HEAD"))


def test_an_old_client_gets_its_answer_and_the_end() -> None:
    answers = exchange(b"GET / HTTP/1.0\r\n\r\n")

    assert answers.endswith(b"GET / ")


# Slow clients, and many.


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHo", GET], ids=repr)
def test_a_client_that_sends_no_request_is_sent_away(sent: bytes) -> None:
    begin = time.monotonic()

    assert exchange(sent, seconds=0.2) == b""
    assert time.monotonic() - begin < 12  # by default it would be fifteen seconds


def test_a_head_that_drips_is_sent_away_all_the_same() -> None:
    begin = time.monotonic()
    exchange(GET, *[b"A: b\r\n"] * 60, seconds=0.2, pause=0.02)

    assert time.monotonic() - begin < 5


def test_a_body_that_drips_is_sent_away_all_the_same() -> None:
    begin = time.monotonic()
    answers = exchange(POST + b"Content-Length: 500\r\n\r\n", *[b"x"] * 70, seconds=0.2, pause=0.02)

    assert statuses(answers) == []
    assert time.monotonic() - begin < 6


def test_a_client_that_asks_now_and_then_is_not_sent_away() -> None:
    def visit(where: str) -> None:
        with connected(where) as sock:
            for _ in range(8):  # twice as long as it may be silent within a request
                sock.sendall(GET + b"\r\n")
                time.sleep(0.25)
                assert sock.recv(4096).endswith(b"GET / ")

    visited(app, visit, connection=with_idle_limit(1.0))


def test_an_answer_may_take_longer_than_a_request() -> None:
    slow = b"GET /slow HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"

    assert exchange(slow, seconds=0.1).endswith(b"GET /slow ")


def test_a_client_that_does_not_read_its_answer_is_sent_away() -> None:
    def visit(where: str) -> None:
        with connected(where) as sock:
            sock.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            assert sock.recv(12) == b"HTTP/1.1 200"
            time.sleep(1)
            assert len(rest(sock)) < len(LARGE)  # what was on its way, and no more
        assert ask(where, "GET", "/")[2] == b"GET / "

    visited(app, visit, connection=with_idle_limit(0.2))


def test_beyond_the_limit_others_are_told_to_come_back_until_somebody_leaves() -> None:
    def visit(where: str) -> None:
        with ExitStack() as guests:
            socks = [guests.enter_context(connected(where)) for _ in range(CONNECTIONS + 20)]
            answers = rest(socks[-1])
            assert statuses(answers) == [503]
            assert b"\r\nretry-after: 1\r\n" in answers
            assert str(problem(answers)["type"]).endswith("/busy")
            socks[0].sendall(GET + b"\r\n")
            assert socks[0].recv(12) == b"HTTP/1.1 200"
        for _ in range(100):
            with suppress(OSError):
                if ask(where, "GET", "/")[2] == b"GET / ":
                    return
        raise AssertionError("nobody is let in any more")

    visited(app, visit)
