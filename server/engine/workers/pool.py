"""A pool of worker processes that answer SPARQL queries and are killed when they take too long."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from pyoxigraph import Store

from kg.cache import CachedBuild
from kg.errors import BusyError
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.workers import data_process, graph_file
from server.engine.workers.forking import Parent, pair
from server.engine.workers.spares import Spares
from server.engine.workers.wire import Head, encoded
from server.engine.workers.worker import answer_from
from server.engine.workers.workers import Workers
from server.web.http_errors import LostProcessError, ServerFaultError

_ATTEMPTS = 3  # as often as a query that did nothing wrong is asked when its processes are killed
_LOST = "The service has lost its data process; ask again in a moment."
_RELOADING = "The service is starting its data process; ask again in a moment."


class Pool:
    """Workers that share one store, which `load` makes in a process of its own.

    Make it before the first thread; afterwards every thread may use it. `version` names the data
    that `load` gives. Raises CablegraphError when `load` fails.
    """

    def __init__(self, load: Callable[[], Store], limits: Limits | None = None, version: str = "") -> None:
        self.limits = limits or Limits()
        self.reloads = 0
        self._source: Head = {}
        self._closed = False
        self._lock = threading.Lock()  # for who holds which brood; never held for long
        self._starting = threading.Lock()  # for making a brood
        self._nursery = Spares(load, self.limits)
        try:
            self._brood = self._hatch(self._source, version)
        except BaseException:
            self._nursery.close()
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
        """Whether the process that holds the data is there."""
        return self._brood.alive

    @property
    def idle(self) -> int:
        """How many workers wait for a query."""
        return self._brood.idle

    @property
    def replaced(self) -> int:
        """How many workers on the present data had to be replaced."""
        return self._brood.replaced

    @property
    def version(self) -> str:
        """The version of the data that the next query sees."""
        return self._brood.version

    @property
    def process(self) -> int:
        """The id of the process that holds the data, the parent of all workers."""
        return self._brood.parent.pid

    @property
    def spares(self) -> tuple[int, ...]:
        """The ids of the processes that can replace the one with the data."""
        return self._nursery.processes

    def answer(self, request: QueryRequest) -> QueryAnswer:
        """Return the complete answer to `request`, with the version of the data that it was made from.

        Raises QuerySyntaxError, ForbiddenError (service or update), TimeLimitError,
        MemoryLimitError, SizeLimitError, BusyError after `limits.wait` seconds without a free
        worker, NotAcceptableError when the request wants no format of the result's kind, and
        ServerFaultError when the pool itself is broken.
        """
        head, query = encoded(request)
        for _ in range(_ATTEMPTS):
            with self._using() as brood:
                try:
                    reply = brood.ask(head, query)
                except LostProcessError:
                    with suppress(LostProcessError):  # the successor was killed too
                        self._succeed(brood)
                else:
                    return replace(answer_from(*reply), version=brood.version)
        raise ServerFaultError(_LOST)

    def reload(self, built: CachedBuild | None = None) -> None:
        """Let queries that begin from now on see the graph in the file `built`, or what `load` gives now.

        Queries that run end on the data that they began with. Raises CablegraphError when the
        graph cannot be loaded; then nothing changes.
        """
        source = graph_file.source(built) if built else self._source
        with self._starting:
            brood = self._hatch(source, built.version if built else self.version)
            self._source = source
            self._change(brood)
            self.reloads += 1

    def mend(self) -> None:
        """Replace what was killed, except workers, whom the next query replaces.

        Raises AbandonedError when nothing is left that could, and CablegraphError when the graph
        cannot be loaded any more.
        """
        with self._starting:
            if not self._closed:
                self._nursery.mend()
        with self._using() as brood:
            if not brood.alive:
                self._succeed(brood)

    def close(self) -> None:
        """End all processes of the pool and wait for them; a second call does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._brood.close()
        self._nursery.dismiss()  # so that nobody waits for a graph that is being loaded
        with self._starting:
            self._brood.close()  # perhaps another one than before
            self._nursery.close()

    @contextmanager
    def _using(self) -> Iterator[Workers]:
        with self._lock:
            brood = self._brood
            brood.users += 1
        try:
            yield brood
        finally:
            with self._lock:
                brood.users -= 1
                over = not brood.users and brood is not self._brood
            if over:
                brood.close()

    def _succeed(self, lost: Workers) -> None:
        """Put another brood in the place of `lost`, unless somebody has done so."""
        if not self._starting.acquire(timeout=self.limits.wait):
            raise BusyError(_RELOADING)
        try:
            if self._brood is lost and not self._closed:
                self._change(self._hatch(self._source, lost.version))
        finally:
            self._starting.release()

    def _change(self, brood: Workers) -> None:
        with self._lock:
            before, self._brood = self._brood, brood
            over = not before.users
        if over:
            before.close()

    def _hatch(self, source: Head, version: str) -> Workers:
        with ExitStack() as unless_hatched:
            control, there = pair()
            unless_hatched.enter_context(control)
            with there:
                pid, spawner = self._nursery.start(there, source)
            unless_hatched.callback(_bury, pid, spawner)
            data_process.wait(control)
            control.settimeout(None)
            brood = Workers(_Child(pid, control, spawner), self.limits, version)
            unless_hatched.pop_all()
        return brood


class _Child(Parent):
    """A data process, which its own parent waits for."""

    def __init__(self, pid: int, control: socket.socket, spawner: Parent) -> None:
        super().__init__(pid, control)
        self._spawner = spawner

    def close(self) -> None:
        """End the process; its parent, if that is still there, buries it."""
        super().close()
        _bury(self.pid, self._spawner)


def _bury(pid: int, spawner: Parent) -> None:
    with suppress(LostProcessError):
        spawner.kill(pid)
