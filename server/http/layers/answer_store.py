"""Complete responses in memory: as many as fit into a number of bytes, the longest unused leave first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

_LARGEST = 8  # a response may take this part of the whole, so that one cannot drive out all others
_OVERHEAD = 2048  # bytes for headers and for Python's own bookkeeping, measured and rounded up


@dataclass(frozen=True, slots=True)
class Stored:
    """One response: its entity tag as its header writes it, its header fields, its bytes."""

    tag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Answers:
    """Responses of at most `capacity` bytes together; every method may be called from any thread."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._entries: OrderedDict[Hashable, tuple[Stored, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many responses there are."""
        return len(self._entries)

    def recall(self, key: Hashable) -> Stored | None:
        """Return the response that is kept under `key`, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def keep(self, key: Hashable, length: int, stored: Stored) -> None:
        """Keep `stored` under `key`, which takes `length` bytes itself, in place of what was there.

        What is too large is not kept; what no longer fits leaves.
        """
        size = len(stored.body) + length + _OVERHEAD
        if size > self.capacity // _LARGEST:
            return
        with self._lock:
            self.size += size - self._entries.pop(key, (stored, 0))[1]
            self._entries[key] = (stored, size)
            while self.size > self.capacity:
                self.size -= self._entries.popitem(last=False)[1][1]
