"""Remember what hangs on the version of the data, until there is another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from kg.errors import BusyError

_WAIT = 2.0  # seconds
Kept = TypeVar("Kept")


class PerVersion(Generic[Kept]):
    """Remembers what `make` gave for one data version; makes it anew for the next.

    `wait` is in seconds: for another thread to finish making it.
    """

    def __init__(self, make: Callable[[], Kept], wait: float = _WAIT) -> None:
        self._make = make
        self._wait = wait
        self._lock = threading.Lock()
        self._kept: tuple[str, Kept] | None = None

    def get(self, version: str) -> Kept:
        """Return what was made for `version`; only one thread makes it.

        Raises what `make` raises, and BusyError when another thread takes long to make it.
        """
        kept = self._kept
        if kept is not None and kept[0] == version:
            return kept[1]
        if not self._lock.acquire(timeout=self._wait):
            raise BusyError("The graph has just changed and is being looked through; ask again in a moment.")
        try:
            if self._kept is None or self._kept[0] != version:
                self._kept = (version, self._make())
            return self._kept[1]
        finally:
            self._lock.release()
