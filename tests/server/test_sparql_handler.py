"""The way of a query through the event loop: what it leaves to the application, and what may go wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import Client

from kg.errors import CablegraphError
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.processes.waiting import Blocking, Waits
from server.site.site import Site
from server.sparql_endpoint import Endpoint
from server.sparql_handler import SparqlHandler
from server.web.handling import Reply
from server.web.http_errors import ServerFaultError, ServiceCallsError

from .handled import as_wsgi, at_once, client_of
from .talking import BROWSER, COUNT, FORM, QUERY

PATH = f"/sparql?query={quote(COUNT)}"


class Pool:
    """A pool of which each answer is an error."""

    def __init__(self, error: Exception) -> None:
        self.limits, self.version, self._error = Limits(), "v1", error

    async def ask(self, waits: Waits, asked: QueryRequest, client: str) -> QueryAnswer:
        assert isinstance(waits, Blocking)
        assert (asked.query, client) == (COUNT, "192.0.2.1")
        raise self._error


class AllowingServices:
    """Services that leave every query as it is."""

    def allowing(self, asked: QueryRequest) -> QueryRequest:
        return asked


class Services(AllowingServices):
    """Services that answer every query themselves."""

    def answer(self, asked: QueryRequest, client: str) -> QueryAnswer:  # noqa: ARG002
        return QueryAnswer(b"from elsewhere", "solutions", "text/csv", volatile=True)


def replied(error: Exception) -> Reply:
    """Return the reply of a handler whose pool raises `error`."""
    return asyncio.run(awaited(handler_on(Pool(error), Services()), environ_of("192.0.2.1")))


def handler_on(pool: Pool | SlowPool, services: AllowingServices) -> SparqlHandler:
    site = Site(pool, "test", "v1", 60, services, {})  # type: ignore[arg-type]

    async def pages(_: dict[str, Any]) -> Reply:
        raise AssertionError("left to the application")

    return SparqlHandler(Endpoint(site), pages, Blocking(), logging.getLogger("server"))


async def awaited(handler: SparqlHandler, environ: dict[str, Any]) -> Reply:
    return await handler(environ)


def environ_of(client: str) -> dict[str, Any]:
    """Return the environment of a request of `client` for the number of statements."""
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/sparql",
        "QUERY_STRING": f"query={quote(COUNT)}",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "ex.org",
        "HTTP_ACCEPT": "text/csv",
        "REMOTE_ADDR": client,
        "wsgi.input": BytesIO(b""),
    }


@pytest.mark.parametrize(
    "error", [ServerFaultError("on fire"), ZeroDivisionError("on fire"), CablegraphError("?")]
)
def test_a_fault_is_a_problem_without_its_reason_which_is_in_the_log(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    reply = replied(error)
    document = json.loads(reply.body)

    assert reply.status == document["status"] == 500
    assert "fire" not in document["detail"]
    assert reply.combined()["x-request-id"] in document["instance"]
    assert ("on fire" in caplog.text) is ("fire" in str(error))


def test_a_query_that_calls_an_allowed_service_is_answered_where_it_may_block() -> None:
    reply = replied(ServiceCallsError("calls", []))

    assert (reply.status, reply.body) == (200, b"from elsewhere")
    assert reply.combined()["cache-control"] == "no-store"


class SlowPool:
    """A pool that answers when it is told to, and notes who asks."""

    def __init__(self) -> None:
        self.limits, self.version = Limits(long_of_client=2), "v1"
        self.asked: list[str] = []
        self.answering = asyncio.Event()

    async def ask(self, waits: Waits, asked: QueryRequest, client: str) -> QueryAnswer:
        assert isinstance(waits, Blocking)
        assert asked.query == COUNT
        self.asked.append(client)
        await self.answering.wait()
        return QueryAnswer(b"n\r\n1\r\n", "solutions", "text/csv")


def test_a_client_has_some_queries_at_once_and_its_others_wait_while_other_clients_do_not() -> None:
    pool, first, second = SlowPool(), "192.0.2.1", "192.0.2.2"
    handler = handler_on(pool, AllowingServices())

    async def asked() -> list[Reply]:
        clients = [first] * 5 + [second]
        tasks = [asyncio.create_task(awaited(handler, environ_of(client))) for client in clients]
        await asyncio.sleep(0.01)
        assert pool.asked == [first, first, second]
        pool.answering.set()
        return list(await asyncio.gather(*tasks))

    assert [reply.status for reply in asyncio.run(asked())] == [200] * 6
    assert pool.asked == [first, first, second, first, first, first]


LEFT: dict[str, tuple[str, dict[str, Any]]] = {
    "page": (PATH, {"headers": {"Accept": BROWSER}}),
    "perhaps a page": (PATH, {"headers": {"Accept": "text/html;q=0.5, text/turtle, application/json;q=0.1"}}),
    "named page": (f"{PATH}&format=html", {}),
    "description": ("/sparql", {"headers": {"Accept": "text/turtle"}}),
    "method": (PATH, {"method": "PUT"}),
    "long body": ("/sparql", {"method": "POST", "data": COUNT + " " * 65_536, "content_type": QUERY}),
    "long Accept": (PATH, {"headers": {"Accept": ", ".join(["text/csv"] * 100)}}),
    "address": ("/healthz", {}),
}
KEPT: dict[str, tuple[str, dict[str, Any]]] = {
    "answer": (PATH, {}),
    "form": ("/sparql/", {"method": "POST", "data": {"query": COUNT}, "content_type": FORM}),
    "error": ("/sparql?query=ASK", {}),
    "options": ("/sparql", {"method": "OPTIONS"}),
    "address of an answer": ("/sparql", {"method": "POST", "data": {"query": COUNT, "form": "1"}}),
}


@pytest.mark.parametrize(("path", "how", "left"), [
    *(pytest.param(*given, True, id=name) for name, given in LEFT.items()),
    *(pytest.param(*given, False, id=name) for name, given in KEPT.items()),
])  # fmt: skip
def test_only_what_may_be_a_page_is_left_to_the_application(
    app: Flask, path: str, how: dict[str, Any], left: bool
) -> None:
    seen: list[str] = []

    async def noted(environ: Any) -> Reply:
        seen.append(environ["PATH_INFO"])
        return await at_once(app)(environ)

    endpoint = Endpoint(app.extensions["cablegraph.site"])
    through = Client(as_wsgi(SparqlHandler(endpoint, noted, Blocking(), app.logger))).open(path, **how)
    plain = app.test_client().open(path, **how)

    assert bool(seen) is left
    assert _seen(through) == _seen(plain)


def _seen(response: Any) -> Any:
    own = ("X-Request-ID", "Date", "Content-Length")
    body = response.data if response.status_code < 400 else response.data.partition(b"urn:uuid")[0]
    body = re.sub(rb"Answered in [^<]*", b"", body)  # how long it took differs
    return response.status_code, sorted(f for f in response.headers if f[0] not in own), body


def test_both_ways_give_the_same_to_each_method_format_and_refusal(app: Flask) -> None:
    accepts = ("", "*/*", "text/csv", "application/x-nope", "text/plain", "application/sparql-results+xml")
    with client_of(app) as through:
        for method in ("GET", "HEAD", "POST", "QUERY", "OPTIONS"):
            for query in (
                COUNT,
                "ASK {}",
                "DESCRIBE <http://ex.org/moscow>",
                "nonsense",
                "SELECT (RAND() AS ?r) {}",
                # What is told whatever the answer, and what is told of an empty one.
                'SELECT (REPLACE("a", "(a)", "$1b") AS ?x) {}',
                "SELECT ?s { ?s <http://ex.org/sentby> ?o }",
            ):
                for accept in accepts:
                    clients: list[Client] = [through, app.test_client()]
                    body = {"data": query, "content_type": QUERY} if method in ("POST", "QUERY") else {}
                    path = "/sparql" if body else f"/sparql?query={quote(query)}"
                    one, other = (
                        client.open(path, method=method, headers={"Accept": accept}, **body)
                        for client in clients
                    )
                    if "RAND" in query:
                        assert _seen(one)[:2] == _seen(other)[:2]
                    else:
                        assert _seen(one) == _seen(other), (method, query, accept)
