"""The workers that wait for a query, and those who wait for a worker, first come, first served."""

from __future__ import annotations

import socket
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass


@dataclass(slots=True)
class Worker:
    """A process that answers queries: its process ID, and the socket to send them to.

    `replaced` is whether another worker has taken its place, since its query runs for long.
    """

    pid: int
    sock: socket.socket
    replaced: bool = False


# None is a place for a worker that is still to be started.
Place = Worker | None


class FreeWorkers:
    """Workers without a query; any thread, and any event loop, may take one and put it back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[Place] = []  # the last one used is the next one: its memory is in the caches
        self._waiting: deque[Future[Place]] = deque()
        self.handed = 0  # how many were given to somebody who waited

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._free)

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for one."""
        return bool(self._waiting)

    def take(self) -> Place | Future[Place]:
        """Return a worker if one is free, else a future one; who no longer waits for that cancels it."""
        with self._lock:
            if self._free:
                return self._free.pop()
            future: Future[Place] = Future()
            self._waiting.append(future)
        return future

    def put(self, place: Place) -> None:
        """Give a worker to whoever has waited for the longest, or keep it."""
        with self._lock:
            while self._waiting:
                future = self._waiting.popleft()
                if future.set_running_or_notify_cancel():
                    self.handed += 1
                    future.set_result(place)
                    return
            self._free.append(place)

    def refuse(self, error: Exception) -> list[Worker]:
        """Raise `error` for all who wait, and return the workers, which are free no longer."""
        with self._lock:
            for future in self._waiting:
                if future.set_running_or_notify_cancel():
                    future.set_exception(error)
            self._waiting.clear()
            workers = [worker for worker in self._free if worker]
            self._free.clear()
        return workers
