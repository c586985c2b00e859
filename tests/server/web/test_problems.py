"""Problem documents (RFC 9457) and what each error becomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)

from kg.errors import (
    BusyError,
    CablegraphError,
    MemoryLimitError,
    QueryError,
    QuerySyntaxError,
    SizeLimitError,
    TimeLimitError,
)
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
from server.web import problem_types, problems
from server.web.http_errors import (
    NotAcceptableError,
    RequestError,
    ServerFaultError,
    ServiceRefusedError,
    UpdateRefusedError,
)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (QuerySyntaxError("x", 1, 2), 400, "query-syntax"),
        (RequestError("x"), 400, "bad-request"),
        (RequestError("x", "unsupported-media-type"), 415, "unsupported-media-type"),
        (UpdateRefusedError("x"), 403, "read-only"),
        (ServiceRefusedError("x"), 403, "service-not-allowed"),
        (NotFound(), 404, "not-found"),
        (MethodNotAllowed(["GET"]), 405, "method-not-allowed"),
        (NotAcceptableError("x"), 406, "not-acceptable"),
        (RequestEntityTooLarge(), 413, "body-too-large"),
        (TimeLimitError("x"), 503, "query-timeout"),
        (MemoryLimitError("x"), 503, "query-memory"),
        (SizeLimitError("x"), 422, "result-too-large"),
        (BusyError("x"), 503, "busy"),
        (ServerFaultError("secret"), 500, "internal-error"),
        (QueryError("secret"), 500, "internal-error"),
        (CablegraphError("secret"), 500, "internal-error"),
        (InternalServerError("secret"), 500, "internal-error"),
        (HTTPException("secret"), 500, "internal-error"),
    ],
)
def test_each_error_has_its_problem(error: CablegraphError | HTTPException, status: int, name: str) -> None:
    document = problems.document(error, "urn:uuid:x", {})

    assert document["type"] == f"https://w3id.org/cablegraph/problems/{name}"
    assert (document["status"], document["instance"]) == (status, "urn:uuid:x")
    assert document["title"]
    assert document["detail"]
    assert "secret" not in json.dumps(document)


def test_a_busy_service_tells_when_to_ask_again() -> None:
    assert problems.headers(BusyError("x", retry_after=3)) == {"Retry-After": "3"}
    assert problems.headers(TimeLimitError("x")) == {}


def test_every_problem_has_a_page_that_explains_it(client: FlaskClient) -> None:
    for name, problem in problem_types.PROBLEMS.items():
        response = client.get(f"/problems/{name}")
        assert response.status_code == 200
        assert problem.title in response.text


def test_an_unknown_problem_is_not_found(client: FlaskClient) -> None:
    response = client.get("/problems/none")

    assert response.status_code == 404
    assert json.loads(response.data)["type"].endswith("/not-found")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("text/csv", "application/problem+json"),
        ("application/json", "application/json"),
        ("text/plain", "text/plain; charset=utf-8"),
        (BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_errors_come_in_the_form_that_the_client_reads(
    client: FlaskClient, accept: str | None, expected: str
) -> None:
    response = client.get("/sparql?query=SELECT%20ten", headers={"Accept": accept} if accept else {})

    assert (response.status_code, response.content_type) == (400, expected)
    assert response.headers["Cache-Control"] == "no-store"
    assert "SELECT ten" in response.text


def test_a_page_about_a_problem_escapes_what_it_shows(client: FlaskClient) -> None:
    response = client.get("/sparql?query=%3Cscript%3E", headers={"Accept": BROWSER})

    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text


def test_a_busy_service_answers_503_with_retry_after(loader: Callable[[], Store]) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8)) + " }"
    with (
        Pool(loader, Limits(timeout=1, workers=1, wait=0.2, patience=9)) as pool,
        ThreadPoolExecutor() as threads,
    ):
        first, second = (create_app(pool, data_version="v", queries={}).test_client() for _ in range(2))
        late = threads.submit(first.post, "/sparql", data={"query": runaway})
        while pool.idle:  # from now on the runaway has a second
            pass
        busy = second.get("/sparql?query=ASK%7B%7D")

        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "1")
        assert late.result().status_code == 503
        assert "Retry-After" not in late.result().headers


def test_without_the_data_process_health_is_bad_and_answers_are_faults(loader: Callable[[], Store]) -> None:
    pool = Pool(loader, Limits(workers=1, wait=0.1))
    client = create_app(pool, data_version="v", queries={}).test_client()
    pool.close()

    assert client.get("/healthz").status_code == 503
    assert client.get("/sparql?query=ASK%7B%7D").status_code in (500, 503)


def test_what_nobody_foresaw_shows_no_trace(app: Flask, pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(pool, data_version="v", queries={})
    app.add_url_rule("/broken", view_func=lambda: 1 / 0)
    response = app.test_client().get("/broken")

    assert response.status_code == 500
    assert json.loads(response.data)["type"].endswith("/internal-error")
    assert "Traceback" not in response.text
    assert "ZeroDivisionError" not in response.text
    assert "ZeroDivisionError" in caplog.text
