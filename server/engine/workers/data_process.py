"""The data process, the parent of all workers: it loads the store, then forks and kills workers.

It never runs a thread or a query. So it can fork safely, and its memory stays shared. A store on
disk is opened by each worker for itself; what they read of it they share in the memory of the system.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable

from kg.errors import CablegraphError
from server.engine.evaluation import answer_hints
from server.engine.evaluation.query_request import Limits
from server.engine.processes import sandbox
from server.engine.processes.forking import obey
from server.engine.workers.graph_file import Loaded
from server.engine.workers.worker import files_to_come, opened, refuse, work
from server.web.http_errors import LostProcessError, ServerFaultError

READY, FAILED = b"R", b"E"
LOADING = 900.0  # seconds, for any graph that fits this machine
_LONGEST = 10_000  # characters of an error message


def wait(control: socket.socket, seconds: float = LOADING) -> None:
    """Return when the data process at the other end of `control` has loaded its graph.

    Raises ServerFaultError with the reason if it cannot be loaded, or not within `seconds`, and
    LostProcessError if the process ended without a reason.
    """
    try:
        control.settimeout(seconds)
        message = control.recv(1 << 16)
    except TimeoutError:
        raise ServerFaultError(f"The graph cannot be loaded within {seconds:g} s.") from None
    except OSError:
        message = b""
    if not message:
        raise LostProcessError("The graph cannot be loaded: its process was killed or crashed.")
    if message != READY:
        raise ServerFaultError(f"The graph cannot be loaded: {message[1:].decode(errors='replace')}")


def run(
    descriptor: int, parent: int, load: Callable[[], Loaded], limits: Limits
) -> None:  # pragma: no cover - the forked process
    """Load the graph, then follow commands from the socket `descriptor` until it closes.

    The process ends with `parent` while it loads, and later only with the other side of the socket.
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
    if limits.hints:
        answer_hints.prepare()
    control.sendall(READY)  # raises OSError, which ends this process, if the other side is gone
    obey(control, lambda fd, _: _fork(fd, store, limits))


def _fork(descriptor: int, store: Loaded, limits: Limits) -> int:  # pragma: no cover - the forked process
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _work(descriptor, parent, store, limits)
        finally:
            os._exit(0)
    return pid


def _work(
    descriptor: int, parent: int, store: Loaded, limits: Limits
) -> None:  # pragma: no cover - the forked process
    sandbox.set_name(b"cablegraph-work")
    sandbox.end_with(parent)
    sandbox.close_all_but(descriptor)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    sock = socket.socket(fileno=descriptor)
    try:
        # Before the limit on files, and never in the data process: the threads of a store do not fork.
        own = opened(store)
    except OSError as error:
        refuse(sock, str(error))
        return
    sandbox.restrict(limits.memory, files_to_come(store))
    work(sock, own, limits)
