"""Two spare processes, forked before any thread, that can start further data processes at any time.

Each can also fork the other again, so that one is left to replace the other if it is killed.
"""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress

from server.engine.evaluation.query_request import Limits
from server.engine.processes import sandbox
from server.engine.processes.forking import Parent, obey, pair
from server.engine.processes.wire import Head
from server.engine.workers import data_process, graph_file
from server.engine.workers.graph_file import Loaded
from server.web.http_errors import AbandonedError, LostProcessError

_SPARE, _DATA = "spare", "data"
_ALL_LOST = "All processes that could replace the data process were killed; start the service again."


class Spares:
    """The two spares, which start data processes (`data_process`) with a graph from `load` or a file.

    Create it before the first thread. Only one thread at a time may use it, except `stop`.
    """

    def __init__(self, load: Callable[[], Loaded], limits: Limits) -> None:
        here, there = pair()
        pid = os.fork()
        if pid == 0:  # pragma: no cover - the forked process
            try:
                _run(sandbox.renumber(there.detach()), load, limits)
            finally:
                os._exit(0)
        there.close()
        self._child = pid  # the only spare that is a child of this process
        self._spares = [Parent(pid, here)]
        self.mend()

    @property
    def processes(self) -> tuple[int, ...]:
        """The process IDs of the spares."""
        return tuple(spare.pid for spare in self._spares)

    def mend(self) -> None:
        """Replace a spare that was killed; raises AbandonedError if both were."""
        for lost in [spare for spare in self._spares if not spare.alive]:
            self._drop(lost)
        if not self._spares:
            raise AbandonedError(_ALL_LOST)
        if len(self._spares) == 1:
            with suppress(LostProcessError):  # killed since the check above; the next call replaces it
                self._start_spare(self._spares[0])

    def start(self, control: socket.socket, source: Head) -> tuple[int, Parent]:
        """Start a data process that obeys `control`; return its process ID and the spare that forked it.

        `source` has a file as `path` and its SHA-256 as `version`, or is empty; then the graph comes
        from `load`. Raises LostProcessError if the spare was killed before it started the process, and
        AbandonedError if none is left.
        """
        self.mend()
        spare = self._spares[0]
        return spare.fork(control, {"kind": _DATA, "source": source}), spare

    def stop(self) -> None:
        """Tell both spares to end, without waiting; may be called while another thread starts a process."""
        for spare in tuple(self._spares):
            spare.stop()

    def close(self) -> None:
        """End the spares and the processes that they started, and wait for them."""
        self.stop()
        while self._spares:
            self._drop(self._spares[0])

    def _start_spare(self, other: Parent) -> None:
        here, there = pair()
        with there, ExitStack() as on_failure:
            on_failure.enter_context(here)
            self._spares.append(Parent(other.fork(there, {"kind": _SPARE}), here))
            on_failure.pop_all()

    def _drop(self, spare: Parent) -> None:
        self._spares.remove(spare)
        spare.close()
        if spare.pid == self._child:
            with suppress(ChildProcessError):
                os.waitpid(self._child, 0)


def _run(
    descriptor: int, load: Callable[[], Loaded], limits: Limits
) -> None:  # pragma: no cover - the forked process
    gc.freeze()  # else the parent's garbage, when collected, may close descriptors that this process reuses
    sandbox.set_name(b"cablegraph-more")
    sandbox.ignore_terminal()
    sandbox.close_all_but(descriptor)
    sandbox.silence()
    control = socket.socket(fileno=descriptor)
    obey(control, lambda fd, head: _fork(fd, head, load, limits))


def _fork(
    descriptor: int, head: Head, load: Callable[[], Loaded], limits: Limits
) -> int:  # pragma: no cover - the forked process
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            if head["kind"] == _SPARE:
                _run(descriptor, load, limits)
            else:
                data_process.run(descriptor, parent, _loader(load, head["source"]), limits)
        finally:
            os._exit(0)
    return pid


def _loader(load: Callable[[], Loaded], source: Head) -> Callable[[], Loaded]:
    return (lambda: graph_file.load(graph_file.built(source))) if source else load
