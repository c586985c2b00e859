"""The pool of worker processes, which answer SPARQL queries and are killed at the time limit."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from kg.cache import CachedBuild
from kg.errors import BusyError
from kg.namespaces import SHIPPED, Namespaces
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.processes.forking import Parent, pair
from server.engine.processes.waiting import Blocking, Waits, run
from server.engine.processes.wire import Head, encode
from server.engine.workers import data_process, graph_file
from server.engine.workers.graph_file import Loaded
from server.engine.workers.long_queries import LongQueries
from server.engine.workers.spares import Spares
from server.engine.workers.worker import answer_from
from server.engine.workers.workers import Workers
from server.web.http_errors import LostProcessError, ServerFaultError

_ATTEMPTS = 3  # for a query whose processes are killed from outside
_LOST = "The data process of the service was killed; try again in a moment."
_RELOADING = "The service is starting its data process; try again in a moment."


class Pool:
    """Workers that share one store, which `load` makes in a process of its own.

    Create it before the first thread; then any thread may use it. `version` is the version of the
    data that `load` returns, and `names` has the namespaces of its collection. Raises CablegraphError if
    `load` fails.
    """

    counts_rows = True  # whether a part of a table and the number of all its rows cost one evaluation

    def __init__(
        self,
        load: Callable[[], Loaded],
        limits: Limits | None = None,
        version: str = "",
        names: Namespaces = SHIPPED,
    ) -> None:
        self.limits = limits or Limits()
        self.names = names
        self.reloads = 0
        self._source: Head = {}
        self._closed = False
        self._lock = threading.Lock()  # guards `_workers` and its users; never held for long
        self._starting = threading.Lock()  # held while a data process starts
        self._long = LongQueries(self.limits)
        self._spares = Spares(load, self.limits)
        try:
            self._workers = self._start(self._source, version)
        except BaseException:
            self._spares.close()
            raise

    def __enter__(self) -> Self:
        """Return the pool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pool."""
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the data process is running."""
        return self._workers.alive

    @property
    def idle(self) -> int:
        """How many workers wait for a query."""
        return self._workers.idle

    @property
    def long(self) -> int:
        """How many queries run for long."""
        return len(self._long)

    @property
    def replaced(self) -> int:
        """How many workers on the present data were replaced."""
        return self._workers.replaced

    @property
    def version(self) -> str:
        """The version of the data that the next query sees."""
        return self._workers.version

    @property
    def process(self) -> int:
        """The process ID of the data process, the parent of all workers."""
        return self._workers.parent.pid

    @property
    def spares(self) -> tuple[int, ...]:
        """The process IDs of the spares, which can replace the data process."""
        return self._spares.processes

    def answer(self, request: QueryRequest, client: str = "") -> QueryAnswer:
        """Return what `ask` returns, and raise what it raises; the present thread waits."""
        return run(self.ask(Blocking(), request, client))

    async def ask(self, waits: Waits, request: QueryRequest, client: str = "") -> QueryAnswer:
        """Return the complete answer to `request` of `client`, with the version of its data.

        Raises QuerySyntaxError, ForbiddenError (service or update), TimeLimitError,
        MemoryLimitError, SizeLimitError, BusyError after `limits.wait` seconds in which no worker
        became free or for too many long queries, NotAcceptableError if the request accepts no format of the
        result's kind, and ServerFaultError if the pool itself is broken.
        """
        head, query = encode(request if request.names == self.names else replace(request, names=self.names))
        for _ in range(_ATTEMPTS):
            workers = self._enter()
            try:
                return answer_from(*await workers.ask(waits, head, query, client), workers.version)
            except LostProcessError:
                with suppress(LostProcessError):  # the new one was killed too
                    await waits.call(self._restart, workers)
            finally:
                if self._leave(workers):
                    await waits.call(workers.close)
        raise ServerFaultError(_LOST)

    def reload(self, built: CachedBuild | None = None) -> None:
        """Serve later queries from the graph in the file `built`, or from what `load` returns now.

        Running queries end on the data that they began with. Raises CablegraphError if the graph
        cannot be loaded; then nothing changes.
        """
        source = graph_file.source(built) if built else self._source
        with self._starting:
            workers = self._start(source, built.version if built else self.version)
            self._source = source
            self._use(workers)
            self.reloads += 1

    def mend(self) -> None:
        """Replace killed spares and a killed data process; the next query replaces a killed worker.

        Raises AbandonedError if no process is left that could, and CablegraphError if the graph can
        no longer be loaded.
        """
        with self._starting:
            if not self._closed:
                self._spares.mend()
        workers = self._workers
        if not workers.alive:
            self._restart(workers)

    def close(self) -> None:
        """End all processes of the pool and wait for them; a second call does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._workers.close()
        self._spares.stop()  # so that no thread waits for a graph that is being loaded
        with self._starting:
            self._workers.close()  # a reload may have replaced them
            self._spares.close()

    def _enter(self) -> Workers:
        """Return the present workers, which then have one more user."""
        with self._lock:
            self._workers.users += 1
            return self._workers

    def _leave(self, workers: Workers) -> bool:
        """Return whether nobody uses `workers` any more, so that they are to be closed."""
        with self._lock:
            workers.users -= 1
            return not workers.users and workers is not self._workers

    def _restart(self, lost: Workers) -> None:
        """Replace `lost`, whose data process was killed, unless another thread has done it."""
        if not self._starting.acquire(timeout=self.limits.wait):
            raise BusyError(_RELOADING)
        try:
            if self._workers is lost and not self._closed:
                self._use(self._start(self._source, lost.version))
        finally:
            self._starting.release()

    def _use(self, workers: Workers) -> None:
        with self._lock:
            before, self._workers = self._workers, workers
            unused = not before.users
        if unused:
            before.close()

    def _start(self, source: Head, version: str) -> Workers:
        with ExitStack() as on_failure:
            control, far_end = pair()
            on_failure.enter_context(control)
            with far_end:
                pid, spare = self._spares.start(far_end, source)
            on_failure.callback(_end, pid, spare)
            data_process.wait(control)
            control.settimeout(None)
            workers = Workers(_DataProcess(pid, control, spare), self.limits, version, self._long)
            on_failure.pop_all()
        return workers


class _DataProcess(Parent):
    """A data process that `spare` forked and waits for."""

    def __init__(self, pid: int, control: socket.socket, spare: Parent) -> None:
        super().__init__(pid, control)
        self._spare = spare

    def close(self) -> None:
        """End the process; its spare, if that is still running, waits for it."""
        super().close()
        _end(self.pid, self._spare)


def _end(pid: int, spare: Parent) -> None:
    with suppress(LostProcessError):
        spare.kill(pid)
