"""What `serve --store ADDRESS` needs in place of a built graph: the version, the pool, the downloads."""

from __future__ import annotations

import sys
from collections.abc import Callable

from kg.cache import CachedBuild
from kg.namespaces import Namespaces
from server.cli.serve_options import Options
from server.data.downloads.releases import Builds
from server.engine.evaluation.query_request import Limits
from server.engine.remote import store_copy
from server.engine.remote.remote_pool import RemotePool
from server.engine.remote.store_client import StoreClient


def of(options: Options, log: Callable[[str], None]) -> Elsewhere | None:
    """Return the store that `--store` names by its address, or None if it names a folder or nothing.

    What it has is of the collection of `options`, whose names it must have.
    Raises CablegraphError for an address that is none.
    """
    if not isinstance(options.store, str):
        return None
    return Elsewhere(options.store, options.limits, options.collection.names, log)


class Elsewhere:
    """The store at `address`, for a collection with `names`; `log` takes a line.

    Raises CablegraphError for an address that is not valid.
    """

    def __init__(self, address: str, limits: Limits, names: Namespaces, log: Callable[[str], None]) -> None:
        self.address, self._limits, self._names = address, limits, names
        self._client = StoreClient(address, limits.result, log)

    def build(self) -> CachedBuild:
        """Return what the store has now; raises CablegraphError if it cannot be served."""
        return store_copy.build(self._client, self._names)

    def pool(self, builds: Builds, version: str) -> RemotePool:
        """Return the pool that asks the store, whose data had `version`."""
        return RemotePool(self._client, builds, self._limits, version, self._names)

    @property
    def maker(self) -> tuple[str, ...]:
        """The command that makes a release: of a copy of the store."""
        return (sys.executable, "-m", "server.data.downloads.copied_release", self.address)
