"""A pool whose workers have no data: what they need to know they are sent, from a store elsewhere.

The workers read each query as those of any pool do, so that it is checked by the same grammar, completed with
the known prefixes, and answered in the same formats. Between two readings this process asks the store: a
worker can open no connection.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

from pyoxigraph import Store

from kg.cache import CachedBuild
from kg.errors import BusyError, CablegraphError, SizeLimitError, TimeLimitError
from kg.namespaces import SHIPPED, Namespaces
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.processes.waiting import Waits
from server.engine.remote import store_state
from server.engine.remote.store_client import AT_ONCE, StoreClient
from server.engine.workers.pool import Pool
from server.engine.workers.workers import LATE
from server.web.http_errors import StoreCallError, StoreFailedError

_HINTING = 40  # look-ups in the store for the hints on one answer, which are worth no more
_WRITING = 0.1  # seconds that are left for the answer itself
_BUSY = "Too many queries wait for the store of this service; try again in a moment."


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks at the version of the data, and those that an answer waits for its hints."""

    looking: float = 5.0
    hinting: float = 2.0


class RemotePool(Pool):
    """A pool that asks the store behind `client`, whose data had `version` when it was looked at last.

    `build` looks again: it returns the version, with the file to copy the store into for downloads; it gets
    the version that was served until then. Create the pool before the first thread.
    """

    counts_rows = False  # a store elsewhere would send all of them

    def __init__(
        self,
        client: StoreClient,
        build: Callable[[str], CachedBuild],
        limits: Limits | None = None,
        version: str = "",
        names: Namespaces = SHIPPED,
        pace: Pace = Pace(),
    ) -> None:
        super().__init__(Store, limits, version, names)
        self._client, self._build = client, build
        self._version, self._unsettled = version, False
        self._pace, self._next_look = pace, time.monotonic() + pace.looking
        self._open = threading.BoundedSemaphore(self.limits.long)  # queries that wait for the store
        self._threads = ThreadPoolExecutor(AT_ONCE, "store")

    @property
    def version(self) -> str:
        """The version of the data in the store, as far as it is known."""
        return self._version

    async def ask(self, waits: Waits, request: QueryRequest, client: str = "") -> QueryAnswer:
        """Return the complete answer to `request`, as `Pool.ask` does; it raises the same errors.

        Beside those it raises StoreFailedError and StoreLateError. While the store is being loaded the answer
        is volatile.
        """
        seconds = min(self.limits.timeout, request.timeout or self.limits.timeout)
        version, unsettled = self._version, self._unsettled
        try:
            answer = await self._answer(waits, request, client, time.monotonic() + seconds)
        except TimeLimitError:
            raise TimeLimitError(LATE.format(seconds=seconds)) from None
        return replace(answer, version=version, volatile=answer.volatile or unsettled)

    def reload(self, built: CachedBuild | None = None) -> None:
        """Take the version of `built`, or what the store has now; the store itself has no older data."""
        self._version = (built or self._build(self._version)).version
        self._unsettled = False
        self.reloads += 1

    def mend(self) -> None:
        """Replace killed processes; now and then look whether the data of the store are other ones."""
        super().mend()
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + self._pace.looking
            with suppress(CablegraphError, SyntaxError):  # the client has told the log
                self._look()

    def close(self) -> None:
        """End all processes and connections."""
        super().close()
        self._client.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _look(self) -> None:
        state = store_state.look(self._client, self.names)
        if state.loading:
            self._unsettled = True
        elif state.marked and state.version != self._version:
            self.reload()
        else:
            self._unsettled = False

    async def _answer(self, waits: Waits, request: QueryRequest, client: str, deadline: float) -> QueryAnswer:
        """Return the answer of a worker, which is sent the request again with each result that it lacks."""
        fetched, hints, end = request.fetched or (), request.hints, deadline
        while True:
            try:
                return await super().ask(waits, replace(request, fetched=fetched, hints=hints), client)
            except StoreCallError as missing:
                call = missing
            hinting = hints and end < deadline
            found = await self._found(waits, call, end if hinting else deadline, hinting=hinting)
            if end == deadline:  # the result is there; with hints all that is asked from now on is for these
                end = min(deadline - _WRITING, time.monotonic() + self._pace.hinting)
            if found is not None:
                fetched += ((call.key, found),)
            hints = hints and found is not None and len(fetched) < _HINTING and time.monotonic() < end

    async def _found(self, waits: Waits, call: StoreCallError, end: float, *, hinting: bool) -> bytes | None:
        """Return what the store answers; None for what is only for a hint and fails or takes too long."""
        try:
            return await self._fetched(waits, call, end)
        except (BusyError, SizeLimitError, StoreFailedError, TimeLimitError):
            if hinting:
                return None
            raise

    async def _fetched(self, waits: Waits, call: StoreCallError, deadline: float) -> bytes:
        """Return what the store answers; raises BusyError if too many ask it, else as `StoreClient.ask`."""
        if not self._open.acquire(blocking=False):
            raise BusyError(_BUSY)
        try:
            future = self._threads.submit(self._client.ask, call.form, call.kind, deadline)
        except RuntimeError:
            self._open.release()
            raise BusyError("The service is closing.") from None
        future.add_done_callback(lambda _: self._open.release())
        return await self._result(waits, future, deadline)

    async def _result(self, waits: Waits, future: Future[bytes], deadline: float) -> bytes:
        end = time.monotonic() + self.limits.wait
        while (left := min(end, deadline) - time.monotonic()) > 0:
            try:
                return await waits.result(future, left)
            except TimeoutError:
                if future.cancel():  # it was not sent yet
                    raise BusyError(_BUSY) from None
                end = deadline
        raise TimeLimitError
