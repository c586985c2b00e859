"""What a data process says when it has its graph, or cannot have it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import CablegraphError
from server.engine.evaluation.query_request import Limits
from server.engine.workers import data_process
from server.engine.workers.pool import Pool
from server.web.http_errors import LostProcessError, ServerFaultError


def test_a_graph_that_cannot_be_loaded_is_said_so() -> None:
    def load() -> Store:
        raise CablegraphError("there is no such graph")

    with pytest.raises(ServerFaultError, match=r"cannot be loaded: there is no such graph"):
        Pool(load, Limits(workers=1))


def test_a_loader_that_dies_is_noticed() -> None:
    def load() -> Store:
        os._exit(3)

    with pytest.raises(LostProcessError, match="killed or crashed"):
        Pool(load, Limits(workers=1))


def test_no_process_is_left_of_a_pool_that_could_not_be_made() -> None:
    def load() -> Store:
        raise CablegraphError("there is no such graph")

    before = children()
    with pytest.raises(ServerFaultError):
        Pool(load, Limits(workers=1))

    assert children() == before


def test_a_loader_that_hangs_is_not_waited_for_without_end() -> None:
    here, there = socket.socketpair()
    with here, there, pytest.raises(ServerFaultError, match=r"within 0\.05 s"):
        data_process.wait(here, 0.05)


def test_a_socket_that_breaks_is_a_lost_process() -> None:
    here, there = socket.socketpair()
    with here:
        here.sendall(b"nobody reads this, so that the closing is an error")
        there.close()
        with pytest.raises(LostProcessError):
            data_process.wait(here)


def children() -> set[str]:
    pid = os.getpid()
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())
