"""The loop of a worker, run in this process."""

from __future__ import annotations

import socket
import threading

import pytest
from pyoxigraph import Store

from kg.errors import MemoryLimitError, QuerySyntaxError
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.processes.wire import receive, request_to_head, send
from server.engine.workers.worker import answer_from, reply, work
from server.web.http_errors import NotAcceptableError, RequestError, ServerFaultError

TYPES = {"boolean": "text/csv", "solutions": "text/csv"}


def round_trip(store: object, request: QueryRequest) -> QueryAnswer:
    return answer_from(*reply(store, request_to_head(request), Limits()))  # type: ignore[arg-type]


def test_a_worker_answers_until_its_socket_closes(store: Store) -> None:
    here, there = socket.socketpair()
    alarms: list[float] = []
    thread = threading.Thread(target=work, args=(there, store, Limits(), alarms.append))
    thread.start()
    head = request_to_head(QueryRequest("", TYPES)) | {"seconds": 2.0}
    del head["query"]
    with there:
        with here:
            send(here, head, b"ASK {}")
            first = answer_from(*receive(here))
            send(here, head, b"ASK { <a:a> ?p ?o }")
            second = answer_from(*receive(here))
        thread.join(5)

    assert (first.body, second.body) == (b"true", b"false")
    assert alarms == [3.0, 0, 3.0, 0]


def test_errors_arrive_as_they_were(store: Store) -> None:
    with pytest.raises(QuerySyntaxError) as syntax:
        round_trip(store, QueryRequest("SELEC ?x", TYPES))
    with pytest.raises(NotAcceptableError) as kind:
        round_trip(store, QueryRequest("DESCRIBE <a:a>", TYPES))
    with pytest.raises(RequestError) as wrong:
        round_trip(store, QueryRequest("ASK {}", TYPES, default_graphs=("x y",)))

    assert (syntax.value.line, syntax.value.column) == (1, 1)
    assert kind.value.kind == "graph"
    assert wrong.value.problem == "bad-request"


class FailingStore:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def query(self, *_: object, **__: object) -> None:
        raise self.error


def test_too_little_memory_is_said_so() -> None:
    with pytest.raises(MemoryLimitError, match="512 MiB"):
        round_trip(FailingStore(MemoryError()), QueryRequest("ASK {}", TYPES))


def test_a_failure_of_the_engine_is_a_fault_of_this_side() -> None:
    with pytest.raises(ServerFaultError, match="disk on fire"):
        round_trip(FailingStore(OSError("disk on fire")), QueryRequest("ASK {}", TYPES))
