"""Complete responses in memory, up to a number of bytes; the least recently used are dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

_SHARES = 8  # a response may take one of so many shares, so that it cannot push out all others
_OVERHEAD = 2048  # bytes for header fields and Python objects, measured and rounded up


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """One response: its entity tag as in its header, its header fields, its body."""

    tag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class ResponseStore:
    """Responses with at most `capacity` bytes together; any thread may call any method."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._entries: OrderedDict[Hashable, tuple[StoredResponse, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many responses are stored."""
        return len(self._entries)

    def recall(self, key: Hashable) -> StoredResponse | None:
        """Return the response stored under `key`, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def keep(self, key: Hashable, length: int, stored: StoredResponse) -> None:
        """Store `stored` under `key`, which has `length` bytes itself, in place of an earlier response.

        A response that is too large is not stored; responses that no longer fit are dropped.
        """
        size = len(stored.body) + length + _OVERHEAD
        if size > self.capacity // _SHARES:
            return
        with self._lock:
            self.size += size - self._entries.pop(key, (stored, 0))[1]
            self._entries[key] = (stored, size)
            while self.size > self.capacity:
                self.size -= self._entries.popitem(last=False)[1][1]
