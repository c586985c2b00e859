"""What one application serves: handed to everything that answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources.abc import Traversable

from kg.resources import folder
from server.describing.census import Census
from server.downloads.releases import Releases
from server.negotiation import Choices
from server.per_version import PerVersion
from server.services import Services
from server.workers.pool import Pool


@dataclass(frozen=True, slots=True)
class Site:
    """What one application serves; `census` counts the data, if somebody has begun that."""

    pool: Pool
    name: str
    first_version: str
    max_age: int
    services: Services
    queries: Traversable = field(default_factory=lambda: folder("queries"))
    choices: Choices = field(default_factory=Choices)
    since: PerVersion[datetime] = field(default_factory=lambda: PerVersion(_now))
    releases: Releases | None = None
    census: Census | None = None

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
