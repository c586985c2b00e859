"""A line for every request: what it tells, what it keeps to itself, and that nobody can forge one."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import Client

from server.http.layers import observers
from server.http.layers.observers import Exchange, ObserverLayer

from ..handled import as_wsgi, at_once

ID = "0b9f1a34-5a3e-4f0e-9d8e-3c1c8d1f2a77"


def exchange(**given: object) -> Exchange:
    usual = {
        "moment": 1_700_000_000.25,
        "seconds": 0.01234,
        "client": "192.0.2.7",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "size": 17,
        "request_id": ID,
        "query": "ASK { <a:secret> ?p ?o }",
    }
    return Exchange(**(usual | given))  # type: ignore[arg-type]


def test_a_line_has_everything_but_the_query() -> None:
    assert json.loads(observers.access_log_line(exchange(), queries=False)) == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "id": ID,
        "client": "192.0.2.7",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "bytes": 17,
        "ms": 12.3,
    }


def test_the_query_is_there_when_asked_for() -> None:
    assert (
        json.loads(observers.access_log_line(exchange(), queries=True))["query"] == "ASK { <a:secret> ?p ?o }"
    )
    assert "query" not in json.loads(observers.access_log_line(exchange(query=None), queries=True))


def test_no_text_can_forge_a_line_or_move_a_terminal() -> None:
    line = observers.access_log_line(
        exchange(path='/\n{"id": 1}\x1b[2J', method="G\r\nX", query="\u2028"), queries=True
    )

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["path"] == '/\n{"id": 1}\x1b[2J'


def test_lines_are_bounded() -> None:
    line = observers.access_log_line(
        exchange(path="/" * 9000, method="X" * 9000, query="x" * 999_999), queries=True
    )

    assert len(line) < 11_000


@pytest.fixture
def seen() -> list[Exchange]:
    return []


@pytest.fixture
def observed(app: Flask, seen: list[Exchange]) -> Client:
    return Client(as_wsgi(ObserverLayer(at_once(app), [seen.append])))


def test_the_log_has_the_id_that_the_answer_and_its_problem_have(
    observed: Client, seen: list[Exchange]
) -> None:
    fine = observed.get("/sparql?query=ASK%7B%7D", headers={"X-Request-ID": ID})
    wrong = observed.get("/sparql?query=ASK")

    assert [entry.request_id for entry in seen] == [ID, wrong.headers["X-Request-ID"]]
    assert fine.headers["X-Request-ID"] == ID
    assert UUID(wrong.headers["X-Request-ID"]) != UUID(ID)
    assert json.loads(wrong.data)["instance"] == f"urn:uuid:{seen[1].request_id}"


def test_what_was_asked_and_answered_is_told(observed: Client, seen: list[Exchange]) -> None:
    answer = observed.get("/sparql?query=ASK%7B%7D&format=csv", environ_base={"REMOTE_ADDR": "192.0.2.9"})
    observed.head("/sparql?query=ASK%7B%7D&format=csv")
    observed.post("/sparql", data="ASK { ?s ?p ?o }", content_type="application/sparql-query")
    observed.get("/nothing")

    assert [(entry.method, entry.path, entry.status) for entry in seen] == [
        ("GET", "/sparql", 200),
        ("HEAD", "/sparql", 200),
        ("POST", "/sparql", 200),
        ("GET", "/nothing", 404),
    ]
    assert seen[0].client == "192.0.2.9"
    assert [entry.size for entry in seen[:2]] == [len(answer.data), 0]
    assert [entry.query for entry in seen] == ["ASK{}", "ASK{}", "ASK { ?s ?p ?o }", None]
    assert all(0 < entry.seconds < 60 for entry in seen)
    assert abs(seen[0].moment - datetime.now().astimezone().timestamp()) < 60


def test_a_writer_gives_one_line_for_each() -> None:
    lines: list[str] = []
    write = observers.access_log_writer(lines.append, queries=False)
    write(exchange())
    write(exchange(status=404))

    assert [json.loads(line)["status"] for line in lines] == [200, 404]
