"""The site of one application: worker pool, name, saved queries; values cached for each data version."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import BusyError
from kg.namespaces import Namespaces
from kg.reading.collection.description import Description
from kg.store.layers import OURS
from server.engine.workers.pool import Pool
from server.site.other_services import Services
from server.web.negotiation import Choices

_WAIT = 2.0  # seconds
Made = TypeVar("Made")


class PerVersion(Generic[Made]):
    """Caches the value of `make` for one data version, or makes it anew where `keep` says no of it.

    `wait` is how long, in seconds, to wait for another thread that is making it.
    """

    def __init__(
        self, make: Callable[[], Made], wait: float = _WAIT, keep: Callable[[Made], bool] = lambda _: True
    ) -> None:
        self._make, self._wait, self._keep = make, wait, keep
        self._lock = threading.Lock()
        self._cached: tuple[str, Made] | None = None

    def known(self, version: str) -> bool:
        """Return whether the value for `version` is there, so that `get` does not make it."""
        return self._cached is not None and self._cached[0] == version

    def get(self, version: str) -> Made:
        """Return the value for `version`; only one thread makes it.

        Raises what `make` raises, and BusyError if another thread takes too long to make it.
        """
        cached = self._cached
        if cached is not None and cached[0] == version:
            return cached[1]
        if not self._lock.acquire(timeout=self._wait):
            raise BusyError("The graph has just changed and is being read; try again in a moment.")
        try:
            if self._cached is not None and self._cached[0] == version:
                return self._cached[1]
            made = self._make()
            if self._keep(made):
                self._cached = (version, made)
            return made
        finally:
            self._lock.release()


@dataclass(frozen=True, slots=True)
class Site:
    """What one application serves.

    `queries` are the saved queries by name; they stay the same while it runs. `max_age`, in seconds, is for
    Cache-Control; `downloads` says whether it offers files; `texts` is the folder with texts that pages of
    telegrams show, `drafts` that of the drafts. `about` is what the collection says of itself.
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
    about: Description = OURS
    texts: Path | None = None
    drafts: Path | None = None

    @property
    def names(self) -> Namespaces:
        """The namespaces of the collection."""
        return self.pool.names

    @property
    def modified(self) -> datetime:
        """The second since which this process serves the present data: the earliest Last-Modified."""
        return self.since.get(self.data_version)

    @property
    def data_version(self) -> str:
        """The version of the data that a query sees now; a reload changes it."""
        return self.pool.version or self.first_version


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)  # HTTP dates have whole seconds
