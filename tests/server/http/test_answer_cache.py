"""The layer that answers repeated requests from memory."""

from __future__ import annotations

import gzip
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode
from wsgiref.types import WSGIEnvironment

import pytest
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client, TestResponse

from server import create_app, sparql_endpoint
from server.engine.workers.pool import Pool
from server.http.layers.answer_cache import BODY, AnswerCache
from server.http.layers.answer_store import ResponseStore
from server.web.handling import Handler, Reply
from server.web.negotiation import Choices

from ..handled import as_wsgi, at_once, client_of
from ..talking import BROWSER, CONSTRUCT, COUNT, FORM, QUERY

LARGE = "SELECT * { ?s ?p ?o . ?x ?y ?z }"
ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


class Counted:
    """A handler that counts its calls."""

    def __init__(self, app: Flask) -> None:
        self.inner, self.calls = at_once(app), 0

    async def __call__(self, environ: WSGIEnvironment) -> Reply:
        self.calls += 1
        return await self.inner(environ)


class Asked:
    """The same application with and without the layer, and the state of its data."""

    def __init__(self, app: Flask) -> None:
        self.state = "v1"
        self.inner = Counted(app)
        self.answers = ResponseStore(4 << 20)
        preferences = partial(sparql_endpoint.preferences, Choices())
        layer = AnswerCache(self.inner, self.answers, lambda: self.state, preferences)
        self.cached = Client(as_wsgi(layer))
        self.plain = Client(app)

    def ask(self, times: int, path: str, **how: Any) -> list[TestResponse]:
        return [self.cached.open(path, **how) for _ in range(times)]


@pytest.fixture
def asked(app: Flask) -> Asked:
    return Asked(app)


def url(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, **more}, quote_via=quote)


def seen(response: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return what must not differ between two answers to the same request, each header once but Link."""
    headers = sorted(h for h in response.headers if h[0] not in ("X-Request-ID", "Date"))
    single = [name for name, _ in headers if name != "Link"]
    assert len(single) == len(set(single))
    return response.status_code, headers, response.data


REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "get": (url(COUNT), {}),
    "get with a trailing slash": (url(COUNT).replace("sparql", "sparql/"), {}),
    "csv": (url(COUNT), {"headers": {"Accept": "text/csv"}}),
    "format": (url(COUNT, format="xml"), {}),
    "turtle": (url(CONSTRUCT), {}),
    "graph": (url(COUNT, **{"default-graph-uri": "http://ex.org/one"}), {}),
    "compressed": (url(LARGE), {"headers": {"Accept-Encoding": "gzip"}}),
    "form": ("/sparql", {"method": "POST", "data": {"query": COUNT}}),
    "text": ("/sparql", {"method": "POST", "data": COUNT, "content_type": QUERY}),
    "query": ("/sparql", {"method": "QUERY", "data": COUNT, "content_type": QUERY}),
}


@pytest.mark.parametrize(("path", "how"), REQUESTS.values(), ids=REQUESTS)
def test_the_second_answer_is_the_first_and_wakes_nobody(
    asked: Asked, path: str, how: dict[str, Any]
) -> None:
    first, second, third = asked.ask(3, path, **how)

    assert first.status_code == 200
    assert asked.inner.calls == 1
    assert seen(first) == seen(second) == seen(third) == seen(asked.plain.open(path, **how))
    assert len({response.headers["X-Request-ID"] for response in (first, second, third)}) == 3


def test_the_files_of_the_pages_are_not_stored(asked: Asked) -> None:
    first, second = asked.ask(2, "/static/page.css")

    assert first.status_code == second.status_code == 200
    assert asked.inner.calls == 2
    assert len(asked.answers) == 0


def test_a_request_keeps_its_own_id(asked: Asked) -> None:
    asked.ask(1, url(COUNT))
    (again,) = asked.ask(1, url(COUNT), headers={"X-Request-ID": ID})
    (bad,) = asked.ask(1, url(COUNT), headers={"X-Request-ID": "<x>"})

    assert again.headers["X-Request-ID"] == ID
    assert bad.headers["X-Request-ID"] not in (ID, "<x>")


def test_head_is_answered_as_get_without_the_body(asked: Asked) -> None:
    before = asked.cached.head(url(COUNT))
    got = asked.cached.get(url(COUNT))
    after = asked.cached.head(url(COUNT))

    assert asked.inner.calls == 2
    assert before.data == after.data == b""
    assert seen(before)[:2] == seen(after)[:2] == seen(got)[:2]
    assert int(after.headers["Content-Length"]) == len(got.data)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_sent_again(asked: Asked, method: str) -> None:
    tag = asked.cached.get(url(COUNT)).headers["ETag"]
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        how: dict[str, Any] = {"method": method, "headers": {"If-None-Match": known}}
        (answer,) = asked.ask(1, url(COUNT), **how)
        assert (answer.status_code, answer.data) == (304, b"")
        plain = asked.plain.open(url(COUNT), **how)
        assert {"ETag", "Cache-Control", "Vary"} <= set(answer.headers.keys())  # RFC 9110 section 15.4.5
        for name in set(answer.headers.keys()) & set(plain.headers.keys()) - {"X-Request-ID", "Date"}:
            assert answer.headers[name] == plain.headers[name]
        assert not {"Content-Length", "Content-Type"} & set(answer.headers.keys())
    assert asked.inner.calls == 1


def test_what_the_client_does_not_have_is_sent(asked: Asked) -> None:
    first = asked.cached.get(url(COUNT))
    (other,) = asked.ask(1, url(COUNT), headers={"If-None-Match": '"x"'})

    assert asked.inner.calls == 1
    assert seen(other) == seen(first)


def test_a_post_is_not_conditional(asked: Asked) -> None:
    how: dict[str, Any] = {"method": "POST", "data": {"query": COUNT}}
    (first,) = asked.ask(1, "/sparql", **how)
    (again,) = asked.ask(1, "/sparql", headers={"If-None-Match": first.headers["ETag"]}, **how)

    assert (again.status_code, again.data) == (200, first.data)


def test_requests_that_differ_in_anything_have_answers_of_their_own(asked: Asked) -> None:
    one = {"default-graph-uri": "http://ex.org/one"}
    answers = [
        asked.cached.get(url(LARGE)),
        asked.cached.get(url(LARGE), headers={"Accept": "text/csv"}),
        asked.cached.get(url(LARGE), headers={"Accept-Encoding": "gzip"}),
        asked.cached.get(url(LARGE, **one)),
        asked.cached.get(url(LARGE, **{"named-graph-uri": "http://ex.org/one"})),
        asked.cached.get(url(COUNT)),
    ]
    for _ in range(2):
        assert len({(a.headers["ETag"], a.data) for a in answers}) >= len(answers) - 1
        assert len({a.headers["ETag"] for a in answers}) == len(answers)
    assert gzip.decompress(answers[2].data) == answers[0].data
    assert asked.inner.calls == len(answers)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"base_url": "http://one.test/"}, {"base_url": "http://two.test/"}),
        ({"base_url": "http://one.test/"}, {"base_url": "https://one.test/"}),
        ({"base_url": "http://one.test/"}, {"base_url": "http://one.test/prefix/"}),
    ],
    ids=["host", "scheme", "prefix"],
)
def test_a_relative_iri_means_the_address_that_was_asked(
    asked: Asked, one: dict[str, str], other: dict[str, str]
) -> None:
    query = url("SELECT (<x> AS ?x) {}", format="csv")
    answers = [asked.cached.get(query, **how).text for how in (one, other, one, other)]

    assert answers[:2] == answers[2:]
    assert [text.split()[1] for text in answers[:2]] == [f"{how['base_url']}x" for how in (one, other)]


def test_the_address_behind_a_proxy_is_the_one_that_counts(app: Flask, asked: Asked) -> None:
    layer = AnswerCache(at_once(app), asked.answers, lambda: "v1")
    client = Client(ProxyFix(as_wsgi(layer), x_host=1))  # as its documentation says: around everything else
    query = url("SELECT (<x> AS ?x) {}", format="csv")
    texts = [client.get(query, headers={"X-Forwarded-Host": host}).text for host in ("a.test", "b.test")]

    assert [text.split()[1] for text in texts] == ["http://a.test/x", "http://b.test/x"]


ACCEPT = "application/sparql-results+json, */*;q=0.1"
WORDINGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "accept": (url(LARGE), {}, {"headers": {"Accept": ACCEPT}}),
    "spaces": (
        url(COUNT),
        {"headers": {"Accept": ACCEPT}},
        {"headers": {"Accept": ACCEPT.replace(", ", ",")}},
    ),
    "coding": (
        url(LARGE),
        {"headers": {"Accept-Encoding": "gzip"}},
        {"headers": {"Accept-Encoding": "gzip, deflate"}},
    ),
    "format": (url(COUNT, format="csv"), {}, {"headers": {"Accept": BROWSER}}),
    "text": (
        "/sparql",
        {"method": "POST", "data": COUNT, "content_type": QUERY},
        {"method": "POST", "data": COUNT, "content_type": QUERY, "headers": {"Accept": "*/*"}},
    ),
    "format in a form": (
        "/sparql",
        {"method": "POST", "data": {"query": COUNT, "format": "csv"}},
        {"method": "POST", "data": {"query": COUNT, "format": "csv"}, "headers": {"Accept": BROWSER}},
    ),
}


@pytest.mark.parametrize(("path", "one", "other"), WORDINGS.values(), ids=WORDINGS)
def test_another_wording_of_the_same_wish_gets_the_same_answer_and_wakes_nobody(
    asked: Asked, path: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = asked.cached.open(path, **one), asked.cached.open(path, **other)

    assert asked.inner.calls == len(asked.answers) == 1
    assert seen(first) == seen(second) == seen(asked.plain.open(path, **other))


@pytest.mark.parametrize(
    ("path", "how"),
    [
        (url(COUNT), {}),
        (url(COUNT) + "&format=csv&format=", {}),
        (url(COUNT) + "&format=&format=csv", {}),
        (url(f"{COUNT} # &format=csv"), {}),
        ("/sparql", {"method": "POST", "data": f"{COUNT} # &format=csv&", "content_type": QUERY}),
        ("/sparql?format=csv", {"method": "POST", "data": {"query": COUNT, "format": ""}}),
        ("/sparql?format=&format=ttl", {}),
        ("/queries/", {}),
    ],
)
def test_another_wish_gets_another_answer(asked: Asked, path: str, how: dict[str, Any]) -> None:
    for accept in ("application/json, text/turtle", "application/xml, application/n-triples, text/html"):
        wish: dict[str, Any] = {**how, "headers": {"Accept": accept}}
        plain = seen(asked.plain.open(path, **wish))
        assert plain[0] == 200
        assert [seen(answer) for answer in asked.ask(2, path, **wish)] == [plain] * 2


def test_what_is_not_acceptable_is_not_answered_with_what_somebody_else_has_accepted(asked: Asked) -> None:
    asked.ask(1, url(COUNT))
    long = ", ".join(["text/csv"] * 100)

    assert asked.ask(1, url(COUNT), headers={"Accept": "application/x-nope"})[0].status_code == 406
    assert asked.ask(1, url(COUNT), headers={"Accept": long})[0].mimetype == "text/csv"
    assert asked.ask(1, url(COUNT) + "&%ff", headers={"Accept": "text/csv"})[0].status_code == 400
    assert len(asked.answers) == 1


@pytest.mark.parametrize(
    ("path", "how"),
    [
        (url("SELECT (RAND() AS ?r) {}"), {}),
        (url("SELECT (NOW() AS ?r) {}"), {}),
        (url("nonsense"), {}),
        (url("INSERT DATA {}"), {}),
        ("/none", {}),
        ("/healthz", {}),
        (url(COUNT), {"headers": {"Accept": BROWSER}}),
        (url(COUNT), {"headers": {"Range": "bytes=0-3"}}),
        (url(COUNT), {"headers": {"If-Modified-Since": "Mon, 01 Jan 1990 00:00:00 GMT"}}),
        (url(COUNT), {"headers": {"Accept": "application/x-nope"}}),
        ("/sparql", {"method": "OPTIONS"}),
        (url(COUNT), {"method": "PUT"}),
        ("/sparql", {"method": "POST", "data": COUNT + " " * BODY, "content_type": QUERY}),
        ("/sparql", {"method": "POST", "data": "", "content_type": QUERY}),
        (url(COUNT), {"method": "GET", "data": "x"}),
    ],
)
def test_what_may_not_be_kept_is_asked_each_time(asked: Asked, path: str, how: dict[str, Any]) -> None:
    answers = asked.ask(2, path, **how)

    assert asked.inner.calls == 2
    assert len(asked.answers) == 0
    assert {answer.status_code for answer in answers} == {asked.plain.open(path, **how).status_code}


def test_a_body_without_a_length_is_left_to_the_application(asked: Asked) -> None:
    how: dict[str, Any] = {
        "method": "POST",
        "input_stream": BytesIO(COUNT.encode()),
        "content_type": QUERY,
        "environ_overrides": {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    }
    (answer,) = asked.ask(1, "/sparql", **how)

    assert answer.status_code == 200
    assert len(asked.answers) == 0


def test_new_data_have_new_answers(asked: Asked) -> None:
    asked.ask(2, url(COUNT))
    asked.state = "v2"
    asked.ask(2, url(COUNT))

    assert asked.inner.calls == 2


def test_an_answer_that_new_data_overtook_is_not_kept(asked: Asked, app: Flask) -> None:
    async def slow(environ: WSGIEnvironment) -> Reply:
        asked.state = "v2"
        return await at_once(app)(environ)

    client = Client(as_wsgi(AnswerCache(slow, asked.answers, lambda: asked.state)))

    assert client.get(url(COUNT)).status_code == 200
    assert len(asked.answers) == 0


def small(*fields: tuple[str, str]) -> Handler:
    async def handler(_: WSGIEnvironment) -> Reply:
        return Reply(200, [("Content-Type", "text/plain"), *fields], b"x")

    return handler


TAG = ("ETag", '"t"')


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ([TAG], 1),
        ([TAG, ("Vary", "Accept, Accept-Encoding")], 1),
        ([TAG, ("Vary", "accept"), ("Vary", "Cookie")], 0),
        ([TAG, ("Vary", "*")], 0),
        ([TAG, ("Cache-Control", "no-store")], 0),
        ([TAG, ("Cache-Control", "no-cache")], 1),  # asked for anew, and known to be the same
        ([("ETag", 'W/"t"')], 0),
        ([], 0),
    ],
)
def test_only_what_the_application_vouches_for_is_kept(headers: list[tuple[str, str]], kept: int) -> None:
    answers = ResponseStore(1 << 20)
    client = Client(as_wsgi(AnswerCache(small(*headers), answers, lambda: "")))

    assert client.get("/").data == client.get("/").data == b"x"
    assert len(answers) == kept


def test_the_tag_of_one_address_says_nothing_about_another() -> None:
    answers = ResponseStore(1 << 20)

    async def path(environ: WSGIEnvironment) -> Reply:
        return Reply(200, [TAG], environ["PATH_INFO"].encode())

    client = Client(as_wsgi(AnswerCache(path, answers, lambda: "")))

    assert [client.get(path).data for path in ("/a", "/b", "/a", "/b")] == [b"/a", b"/b", b"/a", b"/b"]


@pytest.mark.parametrize(("size", "asks"), [(0, 2), (8 << 20, 1)])
def test_the_service_has_the_layer_unless_it_is_off(pool: Pool, size: int, asks: int) -> None:
    app = create_app(pool, data_version="v1")
    asked: list[str] = []
    app.before_request(lambda: asked.append(request.path))
    with client_of(app, cache_size=size) as client:
        pages = [client.get("/queries/", headers={"Accept": "application/json"}) for _ in range(2)]
        answers = [client.post("/sparql", data={"query": COUNT}, content_type=FORM) for _ in range(2)]

    assert len(asked) == asks
    assert {answer.status_code for answer in (*pages, *answers)} == {200}
    assert len({answer.headers["X-Request-ID"] for answer in answers}) == 2
