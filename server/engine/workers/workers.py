"""The workers of one state of the graph, and the data process that holds it and forks them."""

from __future__ import annotations

import time
from concurrent.futures import Future
from contextlib import ExitStack, suppress

from kg.errors import BusyError, MemoryLimitError, TimeLimitError
from server.engine.evaluation.query_request import Limits
from server.engine.processes.forking import Parent, is_open, pair
from server.engine.processes.waiting import Waits, receive, send
from server.engine.processes.wire import Head, Incoming, message
from server.engine.workers.free_workers import FreeWorkers, Place, Worker
from server.engine.workers.long_queries import LongQueries
from server.engine.workers.worker import memory_message
from server.web.http_errors import LostProcessError, ServerFaultError

_BUSY = "All workers are busy with other queries; try again in a moment."
_CLOSING = "The service is closing."
LATE = (
    "The query took longer than {seconds:g} s and was stopped. Join on fewer variables, narrow a pattern, "
    "or take a part with LIMIT in a subquery; sending the same query again will not help."
)
_LOOKS = 4  # whether somebody waits for a worker, before a query has to give way even so
_CHECK = 0.25  # seconds between two looks at the memory of a long query, and at whose turn it is


class Workers:
    """Workers forked by one `parent`, the data process, which holds the data of `version`.

    `users` is the number of queries that use them, counted by the owner. `replaced` is the number of
    workers that were killed, or died, and were replaced. `long` counts the long queries of all.
    """

    def __init__(self, parent: Parent, limits: Limits, version: str, long: LongQueries | None = None) -> None:
        self.parent, self.version, self._limits = parent, version, limits
        self.users = 0
        self.replaced = 0
        self.closed = False
        self._long = LongQueries(limits) if long is None else long
        self._free = FreeWorkers()
        try:
            for _ in range(limits.workers):
                self._free.put(self._start())
        except BaseException:
            self._close_sockets()
            raise

    @property
    def alive(self) -> bool:
        """Whether the data process is running."""
        return not self.closed and self.parent.alive

    @property
    def idle(self) -> int:
        """How many workers wait for a query."""
        return len(self._free)

    async def ask(self, waits: Waits, head: Head, query: bytes, client: str = "") -> tuple[Head, bytes]:
        """Return the message with which a worker answers `query` of `client`.

        Raises TimeLimitError, MemoryLimitError, BusyError after `wait` seconds in which no worker became
        free, for too many long queries, or if the workers are closed, LostProcessError if the data
        process was killed, and ServerFaultError if the system allows no further process.
        """
        seconds = min(self._limits.timeout, head.get("timeout", self._limits.timeout))
        worker = await self._next(waits)
        healthy = False
        try:
            reply = await self._reply(
                waits, worker, message(head | {"seconds": 2 * seconds}, query), seconds, client
            )  # it may be paused for as long as it may run
            healthy = True
        finally:
            if healthy and not self.closed and not worker.replaced:
                self._free.put(worker)
            else:
                await waits.call(self._end, worker)
        return reply

    def close(self) -> None:
        """End the workers and the data process; a second call does nothing."""
        if self.closed:
            return
        self.closed = True
        self.parent.close()
        self._close_sockets()

    def _close_sockets(self) -> None:
        for worker in self._free.refuse(BusyError(_CLOSING)):
            worker.sock.close()

    def _start(self) -> Worker:
        here, there = pair()
        with there, ExitStack() as on_failure:
            on_failure.enter_context(here)
            here.setblocking(False)
            worker = Worker(self.parent.fork(there), here)
            on_failure.pop_all()
        return worker

    async def _reply(
        self, waits: Waits, worker: Worker, sent: bytes, seconds: float, client: str
    ) -> tuple[Head, bytes]:
        """Return the message of `worker`; raises as `ask` does if it is late or has died."""
        incoming, deadline = Incoming(), time.monotonic() + seconds
        try:
            await send(waits, worker.sock, sent, deadline)
            if not await self._received_soon(waits, worker, incoming, deadline):
                with self._long.one_more(client, worker.pid):
                    await self._receive_late(waits, worker, incoming, deadline)
        except TimeoutError:
            raise TimeLimitError(LATE.format(seconds=seconds)) from None
        except (EOFError, OSError):
            raise await waits.call(self._reason_of_death) from None
        return incoming.message()

    async def _received_soon(self, waits: Waits, worker: Worker, incoming: Incoming, deadline: float) -> bool:
        """Return whether the message of `worker` came before its query had to give way to others."""
        end = time.monotonic() + self._limits.patience
        look = self._limits.patience / _LOOKS
        while True:
            soon = min(time.monotonic() + look, end, deadline)
            try:
                await receive(waits, worker.sock, incoming, soon)
            except TimeoutError:
                if soon == deadline:
                    raise
                if soon == end or self._free.wanted:
                    return False
            else:
                return True

    async def _receive_late(self, waits: Waits, worker: Worker, incoming: Incoming, deadline: float) -> None:
        """Read the message of a worker whose query runs for long, and meanwhile let others run.

        The time in which it is paused is not part of the time that it may take.
        """
        worker.replaced = True
        with suppress(ServerFaultError):  # the next query tries again
            await waits.call(self._fill_place)
        while (left := deadline + self._long.check(worker.pid, self.parent.pid) - time.monotonic()) > 0:
            with suppress(TimeoutError):
                return await receive(waits, worker.sock, incoming, time.monotonic() + min(_CHECK, left))
        raise TimeoutError

    def _reason_of_death(self) -> MemoryLimitError | BusyError | LostProcessError:
        """Return the error for a worker that died during a query; all workers die with their parent."""
        if self.closed:
            return BusyError(_CLOSING)
        if not self.parent.alive:
            return LostProcessError("The data process was killed.")
        return MemoryLimitError(memory_message(self._limits))

    async def _next(self, waits: Waits) -> Worker:
        if self.closed:
            raise BusyError(_CLOSING)
        worker = await self._take(waits)
        while not self.closed and (worker is None or not is_open(worker.sock)):
            await waits.call(self._replace, worker)
            worker = await self._take(waits)
        if worker is None:
            raise BusyError(_CLOSING)
        return worker

    async def _take(self, waits: Waits) -> Place:
        place = self._free.take()
        if not isinstance(place, Future):
            return place
        while True:
            handed = self._free.handed
            with suppress(TimeoutError):
                return await waits.result(place, self._limits.wait)
            # As long as others get one, the turn of this query comes.
            if (self.closed or self._free.handed == handed) and place.cancel():
                raise BusyError(_CLOSING if self.closed else _BUSY)

    def _end(self, worker: Worker) -> None:
        """End a worker that is not to be used again; another takes its place, unless that is taken."""
        with suppress(ServerFaultError):  # the next query tries again and gets the error
            if self.closed:
                worker.sock.close()
            elif worker.replaced:
                worker.sock.close()
                self.parent.end(worker.pid)
            else:
                self._replace(worker)

    def _replace(self, worker: Place) -> None:
        """Replace `worker` by a new one, or by None if none can be started now."""
        try:
            if worker:
                self._kill(worker)
        finally:
            self._fill_place()

    def _fill_place(self) -> None:
        """Start a worker, or leave the place to be filled later; raises as `Parent.fork` does."""
        place: Place = None
        try:
            place = self._start()
            self.replaced += 1
        finally:
            self._free.put(place)

    def _kill(self, worker: Worker) -> None:
        worker.sock.close()
        self.parent.kill(worker.pid)
