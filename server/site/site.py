"""What one application serves, handed to everything that answers; what is made once a version of data."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar

from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import BusyError
from server.engine.workers.pool import Pool
from server.site.other_services import Services
from server.web.negotiation import Choices

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


@dataclass(frozen=True, slots=True)
class Site:
    """What one application serves.

    `queries` are the saved queries by name, which do not change under it; `downloads` says whether it offers
    files.
    """

    pool: Pool
    name: str
    first_version: str
    max_age: int
    services: Services
    queries: Mapping[str, SavedQuery]
    choices: Choices = field(default_factory=Choices)
    since: PerVersion[datetime] = field(default_factory=lambda: PerVersion(_now))
    downloads: bool = False

    @property
    def modified(self) -> datetime:
        """The second since which this process gives these data, which is as old as its answers can be."""
        return self.since.get(self.data_version)

    @property
    def data_version(self) -> str:
        """The version of the data that a query asked now sees; a reload changes it."""
        return self.pool.version or self.first_version


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)  # as HTTP writes it
