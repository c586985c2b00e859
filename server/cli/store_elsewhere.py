"""A store elsewhere for commands: its client, its graph, and the pool that asks it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kg.cache import CachedBuild
from kg.namespaces import Namespaces
from kg.publishing.stores import store_folder
from server.engine.evaluation.query_request import Limits
from server.engine.remote import store_copy
from server.engine.remote.remote_pool import RemotePool
from server.engine.remote.store_client import StoreClient

_OTHER = "the files in {} are of the data {}, not {} as in the store, and are not used"


class Elsewhere:
    """The store at `address`, for a collection with `names`; `log` takes a line.

    `files` is the folder of a store on disk with the same data, of which all but the store itself is used.
    Raises CablegraphError for an address that is not valid.
    """

    def __init__(
        self,
        address: str,
        limits: Limits,
        names: Namespaces,
        log: Callable[[str], None],
        files: Path | None = None,
    ) -> None:
        self.address, self._limits, self._names = address, limits, names
        self._log, self._files = log, files
        self._client = StoreClient(address, limits.result, log)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def build(self) -> CachedBuild:
        """Return what the store has now; raises CablegraphError if it cannot be served.

        Files of other data are not used, and the log is told.
        """
        found = store_copy.build(self._client, self._names)
        if self._files is None:
            return found
        beside = store_folder.built(self._files, self._names.base)
        if beside.version == found.version:
            return replace(beside, store=None)
        self._log(_OTHER.format(self._files, beside.version[:16], found.version[:16]))
        return found

    def pool(self, builds: Callable[[str], CachedBuild], version: str) -> RemotePool:
        """Return the pool that asks the store, whose data had `version`."""
        return RemotePool(self._client, builds, self._limits, version, self._names)

    @property
    def maker(self) -> tuple[str, ...]:
        """The command that makes a release: of a copy of the store."""
        return (sys.executable, "-m", "server.data.downloads.copied_release", self.address)
