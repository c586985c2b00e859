"""Queries that run for long: each gives its place to another worker, and they take turns on the processors.

So a short query waits for no long one. Of the long ones those run that have run least, as many as there are
workers, and the others are paused (signals STOP and CONT of POSIX): if all ran at once, none would end in its
time. They are bounded in number, in number for each client, in memory, and in the time that they are paused.
"""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kg.errors import BusyError
from server.engine.evaluation.query_request import Limits
from server.web.request_target import client_name

_FULL = "Too many queries run for long; try again in a moment."
_YOURS = "You have as many long queries running as one client may have; wait until some have ended."
_MEMORY = "The queries that run for long need too much memory together; try again in a moment."
_TURN = 1 / 4  # of the time that a query may take: the first turn; each further one is twice as long
_NICE = 5  # a single one also ends on a busy machine


@dataclass(slots=True)
class _Long:
    """A long query: its process, how long it has run and been paused, and since when it does which."""

    pid: int
    since: float
    ran: float = 0
    paused: float = 0
    runs: bool = True
    memory: int = 0

    def turn(self, first: float) -> int:
        """Return the number of its present turn, from 1 on, if the first one takes so many seconds."""
        return (1 + int(self.ran / first)).bit_length()


class LongQueries:
    """The long queries of one pool; any thread may call any method. `clock` returns seconds."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._lock = threading.Lock()
        self._clients: Counter[str] = Counter()
        self._queries: dict[int, _Long] = {}  # by process ID, in the order of their arrival

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._queries)

    @contextmanager
    def one_more(self, client: str, pid: int) -> Iterator[None]:
        """Count the query of `client` that the process `pid` answers, at low priority, during the context.

        `client` is its address. Raises BusyError if there are too many.
        """
        client = client_name(client)
        with self._lock:
            if len(self._queries) >= self._limits.long:
                raise BusyError(_FULL)
            if self._clients[client] >= self._limits.long_of_client:
                raise BusyError(_YOURS)
            self._clients[client] += 1
            self._queries[pid] = _Long(pid, self._clock())
            self._take_turns()
        with suppress(OSError):  # it may have ended
            os.setpriority(os.PRIO_PROCESS, pid, _NICE)
        try:
            yield
        finally:
            with self._lock:
                self._clients -= Counter((client,))  # drops a client without queries
                del self._queries[pid]
                self._take_turns()

    def check(self, pid: int, parent: int) -> float:
        """Return for how many seconds the process `pid` was paused; looks whose turn it is, and at memory.

        Raises BusyError if it was paused for as long as a query may run, or if all need too much memory
        together and it needs most of it. Memory that it shares with its `parent` does not count.
        """
        with self._lock:
            self._take_turns()
            query = self._queries[pid]
            query.memory = max(0, anonymous_memory(pid) - anonymous_memory(parent))
            sizes = [each.memory for each in self._queries.values()]
            if sum(sizes) > self._limits.long_memory and query.memory == max(sizes):
                raise BusyError(_MEMORY)
            if query.paused > self._limits.timeout:
                raise BusyError(_FULL)
            return query.paused

    def _take_turns(self) -> None:
        """Let those go on that have had the fewest turns, and of these the first ones; pause the others."""
        now = self._clock()
        for query in self._queries.values():
            if query.runs:
                query.ran += now - query.since
            else:
                query.paused += now - query.since
            query.since = now
        first = _TURN * self._limits.timeout
        ordered = sorted(self._queries.values(), key=lambda query: query.turn(first))
        for place, query in enumerate(ordered):
            if query.runs != (runs := place < self._limits.workers):
                query.runs = runs
                with suppress(OSError):  # it may have ended
                    os.kill(query.pid, signal.SIGCONT if runs else signal.SIGSTOP)


def anonymous_memory(pid: int) -> int:
    """Return the bytes of memory of the process `pid` that are in no file; 0 if that is not known."""
    try:
        _, resident, of_files, *_ = map(int, Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return 0
    return (resident - of_files) * resource.getpagesize()
