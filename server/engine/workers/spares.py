"""Two spare processes, made before any thread, that can start further data processes at any time.

Each can also make the other anew, so that whichever is killed there is one to replace it.
"""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress

from pyoxigraph import Store

from server.engine.evaluation.query_request import Limits
from server.engine.workers import data_process, graph_file, sandbox
from server.engine.workers.forking import Parent, obey, pair
from server.engine.workers.wire import Head
from server.web.http_errors import AbandonedError, LostProcessError

_SPARE, _DATA = "spare", "data"
_ALL_LOST = "The service has lost its data processes and must be started again."


class Spares:
    """Starts data processes (`data_process`) that take their graph from `load` or from a file.

    Make it before the first thread. Nothing here is safe to be used by two threads at once.
    """

    def __init__(self, load: Callable[[], Store], limits: Limits) -> None:
        here, there = pair()
        pid = os.fork()
        if pid == 0:  # pragma: no cover - the forked process
            try:
                _run(sandbox.raised(there.detach()), load, limits)
            finally:
                os._exit(0)
        there.close()
        self._own = pid  # the only child of this process
        self._spares = [Parent(pid, here)]
        self.mend()

    @property
    def processes(self) -> tuple[int, ...]:
        """The ids of the spare processes."""
        return tuple(spare.pid for spare in self._spares)

    def mend(self) -> None:
        """Replace a spare process that was killed; raises AbandonedError when both were."""
        for lost in [spare for spare in self._spares if not spare.alive]:
            self._drop(lost)
        if not self._spares:
            raise AbandonedError(_ALL_LOST)
        if len(self._spares) == 1:
            with suppress(LostProcessError):  # killed since it was looked at; the next look tells
                self._start_spare(self._spares[0])

    def start(self, control: socket.socket, source: Head) -> tuple[int, Parent]:
        """Start a data process that obeys `control`; return its id and the spare that started it.

        `source` is empty, then the graph comes from `load`, or has the file as `path` and its
        SHA-256 as `version`. Raises LostProcessError when the spare that was to start it was killed,
        and AbandonedError when none is left.
        """
        self.mend()
        spare = self._spares[0]
        return spare.fork(control, {"kind": _DATA, "source": source}), spare

    def stop(self) -> None:
        """Tell all processes to end, without waiting; may be called while another thread starts one."""
        for spare in tuple(self._spares):
            spare.stop()

    def close(self) -> None:
        """End the spare processes, and what they started, and wait for them."""
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
        if spare.pid == self._own:
            with suppress(ChildProcessError):
                os.waitpid(self._own, 0)


def _run(
    descriptor: int, load: Callable[[], Store], limits: Limits
) -> None:  # pragma: no cover - the forked process
    gc.freeze()  # else garbage of the parent, when collected, closes descriptors that are ours by now
    sandbox.set_name(b"cablegraph-more")
    sandbox.ignore_terminal()
    sandbox.close_all_but(descriptor)
    sandbox.silence()
    control = socket.socket(fileno=descriptor)
    obey(control, lambda given, head: _fork(given, head, load, limits))


def _fork(
    given: int, head: Head, load: Callable[[], Store], limits: Limits
) -> int:  # pragma: no cover - the forked process
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            if head["kind"] == _SPARE:
                _run(given, load, limits)
            else:
                data_process.run(given, parent, _loader(load, head["source"]), limits)
        finally:
            os._exit(0)
    return pid


def _loader(load: Callable[[], Store], source: Head) -> Callable[[], Store]:
    return (lambda: graph_file.load(graph_file.built(source))) if source else load
