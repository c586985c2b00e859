"""Requests and answers between pool and worker."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from server.engine.evaluation.query_request import QueryRequest
from server.engine.processes.wire import decode, encode, receive, request_from_head, request_to_head, send


def test_a_request_comes_back_as_it_was() -> None:
    request = QueryRequest("ASK {}", {"boolean": "text/csv"}, ("a:a",), None, 2.5, "http://e/")

    assert request_from_head(request_to_head(request)) == request


@pytest.mark.parametrize("fetched", [None, (), (("k", b"{}"),), (("k", b"\xff\0"), ("", b""), ("é", b"y"))])
def test_what_was_fetched_travels_behind_the_query(fetched: tuple[tuple[str, bytes], ...] | None) -> None:
    request = QueryRequest("ASK { ?é ?p ?o }", {"boolean": "text/csv"}, fetched=fetched)

    head, body = encode(request)

    assert request_from_head(decode(json.loads(json.dumps(head)), body)) == request


def test_a_message_arrives_whole_though_larger_than_a_socket_holds() -> None:
    here, there = socket.socketpair()
    body = bytes(range(256)) * 20_000
    with here, there:
        sender = threading.Thread(target=send, args=(here, {"é": 1}, body))
        sender.start()
        received = receive(there)
        sender.join()

    assert received == ({"é": 1}, body)


@pytest.mark.parametrize("length", [0, 1, 40])
def test_a_message_arrives_byte_by_byte(length: int) -> None:
    here, there = socket.socketpair()
    with here, there:
        send(here, {"a": 1}, b"x" * length)
        message = there.recv(1 << 10)
        for at in range(len(message)):
            here.sendall(message[at : at + 1])

        assert receive(there) == ({"a": 1}, b"x" * length)


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537])
def test_a_message_arrives_whole_about_the_size_that_goes_in_one_call(length: int) -> None:
    here, there = socket.socketpair()
    with here, there:
        sender = threading.Thread(target=send, args=(here, {"a": 2}, b"y" * length))
        sender.start()

        assert receive(there) == ({"a": 2}, b"y" * length)
        sender.join(10)


def test_a_second_message_that_nobody_asked_for_is_an_end() -> None:
    here, there = socket.socketpair()
    with here, there:
        for _ in range(2):
            send(here, {}, b"x")
        with pytest.raises(EOFError):
            receive(there)


def test_a_closed_socket_is_an_end() -> None:
    here, there = socket.socketpair()
    there.close()
    with here, pytest.raises(EOFError):
        receive(here)
