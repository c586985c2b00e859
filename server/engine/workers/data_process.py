"""The data process, the parent of all workers: loads the store once, then forks and kills workers.

It never runs a thread or a query, so that forking it is safe and its memory stays shared.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable

from pyoxigraph import Store

from kg.errors import CablegraphError
from server.engine.evaluation.query_request import Limits
from server.engine.workers import sandbox
from server.engine.workers.forking import obey
from server.engine.workers.worker import work
from server.web.http_errors import LostProcessError, ServerFaultError

READY, FAILED = b"R", b"E"
LOADING = 900.0  # seconds for a graph of any size that fits this machine
_LONGEST = 10_000  # characters of a reason


def wait(control: socket.socket, seconds: float = LOADING) -> None:
    """Return when the data process behind `control` has its graph.

    Raises ServerFaultError with the reason when it cannot be loaded, or not within `seconds`, and
    LostProcessError when the process ended without giving a reason.
    """
    try:
        control.settimeout(seconds)
        message = control.recv(1 << 16)
    except TimeoutError:
        raise ServerFaultError(f"The graph cannot be loaded within {seconds:g} s.") from None
    except OSError:
        message = b""
    if not message:
        raise LostProcessError("The graph cannot be loaded: its process ended without a reason.")
    if message != READY:
        raise ServerFaultError(f"The graph cannot be loaded: {message[1:].decode(errors='replace')}")


def run(
    descriptor: int, parent: int, load: Callable[[], Store], limits: Limits
) -> None:  # pragma: no cover - the forked process
    """Load the graph, then obey the socket `descriptor` until it closes.

    While it loads, the process ends with `parent`, later only with the other side of the socket.
    """
    sandbox.set_name(b"cablegraph-data")
    sandbox.end_with(parent)
    sandbox.close_all_but(descriptor)
    control = socket.socket(fileno=descriptor)
    try:
        store = load()
    except (CablegraphError, MemoryError, OSError, SyntaxError, ValueError) as error:
        control.sendall(FAILED + str(error)[:_LONGEST].encode())
        return
    sandbox.survive_parent()
    control.sendall(READY)  # fails, and so ends this process, when nobody is there any more
    obey(control, lambda given, _: _fork(given, store, limits))


def _fork(descriptor: int, store: Store, limits: Limits) -> int:  # pragma: no cover - the forked process
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _work(descriptor, parent, store, limits)
        finally:
            os._exit(0)
    return pid


def _work(
    descriptor: int, parent: int, store: Store, limits: Limits
) -> None:  # pragma: no cover - the forked process
    sandbox.set_name(b"cablegraph-work")
    sandbox.end_with(parent)
    sandbox.close_all_but(descriptor)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    sock = socket.socket(fileno=descriptor)
    sandbox.restrict(limits.memory)
    work(sock, store, limits)
