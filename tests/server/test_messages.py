"""Requests and answers between pool and worker."""

from __future__ import annotations

import socket
import time

import pytest

from server.messages import Request, receive, request_from_head, request_to_head, send


def test_a_request_comes_back_as_it_was() -> None:
    request = Request("ASK {}", {"boolean": "text/csv"}, ("a:a",), None, 2.5, "http://e/")

    assert request_from_head(request_to_head(request)) == request


def test_a_message_arrives_whole_though_larger_than_a_socket_holds() -> None:
    import threading

    here, there = socket.socketpair()
    body = bytes(range(256)) * 20_000
    with here, there:
        sender = threading.Thread(target=send, args=(here, {"é": 1}, body))
        sender.start()
        received = receive(there, time.monotonic() + 10)
        sender.join()

    assert received == ({"é": 1}, body)


def test_silence_beyond_the_deadline_is_a_time_out() -> None:
    here, there = socket.socketpair()
    with here, there:
        with pytest.raises(TimeoutError):
            receive(here, time.monotonic() + 0.05)
        with pytest.raises(TimeoutError):
            receive(here, time.monotonic() - 1)


def test_a_closed_socket_is_an_end() -> None:
    here, there = socket.socketpair()
    there.close()
    with here, pytest.raises(EOFError):
        receive(here)
