"""Count each state of the data once, in the background, so that nobody waits for it."""

from __future__ import annotations

import threading

from kg.errors import CablegraphError
from server.describing import counting
from server.describing.counting import Statistics
from server.workers.pool import Pool

_WAIT = 2.0  # seconds that somebody who asks waits for counts that are being made


class Census:
    """The counts of what `pool` holds; `wait` is how many seconds a caller may wait for them."""

    def __init__(self, pool: Pool, wait: float = _WAIT) -> None:
        self._pool, self._wait = pool, wait
        self._lock = threading.Lock()
        self._kept: tuple[str, Statistics] | None = None
        self._running: tuple[str, threading.Thread] | None = None

    def begin(self) -> threading.Thread | None:
        """Begin to count the present data, unless that is done; return the thread that does it."""
        version = self._pool.version
        with self._lock:
            if self._kept is not None and self._kept[0] == version:
                return None
            if self._running is not None and self._running[0] == version and self._running[1].is_alive():
                return self._running[1]
            thread = threading.Thread(target=self._count, args=(version,), name="census", daemon=True)
            self._running = (version, thread)
            thread.start()
            return thread

    def statistics(self) -> Statistics:
        """Return the counts of the present data; `pending` when they take longer than one waits.

        Raises BusyError and ServerFaultError.
        """
        thread = self.begin()
        if thread is not None:
            thread.join(self._wait)
        kept = self._kept
        if kept is not None and kept[0] == self._pool.version:
            return kept[1]
        return counting.pending(self._pool)

    def _count(self, version: str) -> None:
        try:
            with self._pool.apart() as apart:
                found = counting.gather(apart)
        except CablegraphError:  # there are newer data, or the service ends; who asks next begins again
            return
        with self._lock:
            self._kept = (version, found)
