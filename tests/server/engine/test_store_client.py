"""Queries over HTTP to a store that answers, is away, answers half, or answers something else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx2
import pytest

from kg.errors import BusyError, CablegraphError, SizeLimitError, TimeLimitError
from server.engine.remote import store_address
from server.engine.remote.store_client import StoreClient
from server.web.formats import Kind
from server.web.http_errors import StoreFailedError, StoreLateError

from ..elsewhere import ADDRESS, JSON, TURTLE, client_on, form_of

ASK = [("query", "ASK {}")]
TRUE = b'{"head": {}, "boolean": true}'


def good(**headers: str) -> httpx2.Response:
    return httpx2.Response(200, content=TRUE, headers=JSON | headers)


def ask(client: StoreClient, kind: Kind = "boolean", seconds: float = 5) -> bytes:
    return client.ask(ASK, kind, time.monotonic() + seconds)


class Sequence:
    """Gives one of `answers` after the other; an exception is raised."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers, self.requests = list(answers), list[httpx2.Request]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_the_fields_are_posted_to_the_one_address() -> None:
    answers = Sequence(good())
    with client_on(answers) as (client, log):
        body = client.ask([*ASK, ("default-graph-uri", "x:a")], "boolean", time.monotonic() + 5)

    (request,) = answers.requests
    assert body == TRUE
    assert (request.method, str(request.url)) == ("POST", ADDRESS)
    assert form_of(request) == {"query": "ASK {}", "default-graph-uri": "x:a"}
    assert request.headers["Accept"] == "application/sparql-results+json"
    assert log == []


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(301, headers={"Location": "http://other.example/"}),
        httpx2.Response(400, text="what?"),
        httpx2.Response(401),
        httpx2.Response(503, text="this query took too long"),
        httpx2.Response(200, html="<p>Welcome</p>"),
        httpx2.Response(200, json={"error": "x"}, headers={"Content-Type": "application/problem+json"}),
        httpx2.Response(200, content=b"<s:s> <p:p> <o:o> .", headers=TURTLE),
        good(**{"X-SQL-State": "S1TAT"}),
    ],
)
def test_something_else_is_refused_at_once_and_the_log_has_the_address(answer: httpx2.Response) -> None:
    answers = Sequence(answer)
    with client_on(answers) as (client, log), pytest.raises(StoreFailedError) as caught:
        ask(client)

    assert len(answers.requests) == 1
    assert ADDRESS not in str(caught.value)
    assert log == [f"the store {ADDRESS} failed: {caught.value}"]


@pytest.mark.parametrize(
    ("first", "error"),
    [
        (httpx2.ConnectError("refused"), StoreFailedError),
        (httpx2.RemoteProtocolError("peer closed connection without sending complete message body"), None),
        (httpx2.ReadError("reset"), StoreFailedError),
        (httpx2.Response(502), StoreFailedError),
        (httpx2.Response(503, headers={"Retry-After": "7"}), BusyError),
        (httpx2.Response(429, headers={"Retry-After": "soon"}), BusyError),
    ],
)
def test_what_may_pass_is_tried_again_and_then_said(
    first: httpx2.Response | Exception, error: type[CablegraphError] | None
) -> None:
    with client_on(Sequence(first, good())) as (client, log):
        assert ask(client) == TRUE
        assert [line.rpartition(" ")[2] for line in log[1:]] == ["again"]
    with client_on(Sequence(first, first, first)) as (client, log), pytest.raises(error or StoreFailedError):
        ask(client)
    assert len(log) == 1


def test_no_other_attempt_is_made_after_the_deadline() -> None:
    answers = Sequence(httpx2.ConnectError("refused"), good())
    with (
        client_on(answers, pauses=[0.1]) as (client, _),
        pytest.raises(StoreFailedError, match="cannot be reached"),
    ):
        ask(client, seconds=0.05)

    assert len(answers.requests) == 1


def test_a_late_connection_is_told_from_a_late_answer() -> None:
    with client_on(Sequence(httpx2.ConnectTimeout("late"))) as (client, _), pytest.raises(StoreLateError):
        ask(client)
    with client_on(Sequence(httpx2.ReadTimeout("late"))) as (client, _), pytest.raises(TimeLimitError):
        ask(client)


class Pieces(httpx2.SyncByteStream):
    """A body in pieces; `end` is called after them."""

    def __init__(self, count: int, end: Callable[[], object] = lambda: None) -> None:
        self._count, self._end = count, end

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self._count):
            yield b"x" * 1000
        self._end()


def broken() -> None:
    raise httpx2.RemoteProtocolError("peer closed connection")


def test_a_large_answer_is_not_read_to_its_end() -> None:
    body = Pieces(1 << 60)
    with (
        client_on(Sequence(httpx2.Response(200, stream=body, headers=JSON)), 4000) as (client, _),
        pytest.raises(SizeLimitError, match="4,000 bytes"),
    ):
        ask(client)


def test_an_answer_that_comes_slowly_ends_at_the_deadline() -> None:
    body = Pieces(1 << 60)
    with (
        client_on(Sequence(httpx2.Response(200, stream=body, headers=JSON)), 1 << 60) as (client, _),
        pytest.raises(TimeLimitError),
    ):
        ask(client, seconds=0.02)


def test_half_an_answer_is_never_taken_for_a_whole_one() -> None:
    halves = [httpx2.Response(200, stream=Pieces(1, broken), headers=JSON) for _ in range(3)]
    with client_on(Sequence(*halves)) as (client, _), pytest.raises(StoreFailedError, match="broke off"):
        ask(client)

    unbounded = httpx2.Response(200, stream=Pieces(1), headers=TURTLE)
    with client_on(Sequence(unbounded)) as (client, _), pytest.raises(StoreFailedError, match="where its"):
        ask(client, "graph")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://ex.org/",
        "http://",
        "http://ex.org/#a",
        "http://ex.org:0/",
        "http://[::1/",
        "http://é.org/",
        "x",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(CablegraphError, match="not a valid address"):
        store_address.check(address)


def test_a_password_does_not_belong_into_the_address() -> None:
    with pytest.raises(CablegraphError, match=store_address.AUTHORIZATION):
        store_address.check("http://me:secret@ex.org/sparql")

    assert "Authorization" not in store_address.headers({})
    assert store_address.headers({store_address.AUTHORIZATION: "Bearer x"})["Authorization"] == "Bearer x"


def test_a_folder_is_told_from_an_address() -> None:
    given = ("http://ex.org/", "HTTPS://ex.org", "store", "folder/http:/x")

    assert [store_address.is_address(text) for text in given] == [True, True, False, False]
