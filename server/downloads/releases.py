"""The releases that a service offers, and the making of the one for the data that it serves now.

A release is made when somebody first asks (`making.py`): a service that nobody asks for downloads
pays nothing.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path

from kg.cache import Built
from kg.dumps import home, manifest
from kg.dumps.manifest import MANIFEST, Manifest
from kg.dumps.notice import SHOWN
from server.downloads.making import Job, Limits, Making
from server.refusals import ReleaseFailedError, RequestError

MAKER = (sys.executable, "-m", "kg.dumps")
_REMEMBERED = 32  # manifests
_LISTED = 20


class Builds:
    """Remembers the graphs that `build` gave, to find the file of the data that are served."""

    def __init__(self, build: Callable[[], Built]) -> None:
        self._build = build
        self._known: dict[str, Built] = {}

    def __call__(self) -> Built:
        """Return what `build` gives now."""
        built = self._build()
        self._known[built.version] = built
        return built

    def of(self, version: str) -> Built:
        """Return the graph of `version`; raises ReleaseFailedError if it was never built here."""
        if version not in self._known:
            raise ReleaseFailedError
        return self._known[version]


class Releases:
    """The releases in `folder`; `built` returns the graph that is served now, `say` takes a line for the log.

    Every method may be called from any thread. `maker` is the command that makes a release, `limits`
    are the times that it may take.
    """

    def __init__(
        self,
        folder: Path,
        built: Callable[[], Built],
        say: Callable[[str], None] = lambda _: None,
        *,
        maker: Sequence[str] = MAKER,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
    ) -> None:
        self.folder, self.say = folder, say
        self._built, self._maker = built, tuple(maker)
        self._making = Making(say, limits)
        self._lock = threading.Lock()
        self._made: dict[str, str] = {}
        self._manifests: dict[str, Manifest] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all releases that are there."""
        return home.names(self.folder)

    @cached_property
    def recipe(self) -> str:
        """What stands for the code of this process, which does not change."""
        return home.recipe()

    def ready(self) -> str:
        """Return the name of the release of the present data, or nothing while there is none."""
        version = self._built().version
        name = self._made.get(version, "")
        if name and (self.folder / name / MANIFEST).is_file():
            return name
        return home.ready(self.folder, version, self.recipe)

    def present(self) -> str:
        """Return the name of the release of the present data, made if need be.

        Raises ReleaseNotReadyError when that takes longer than a request should wait, and
        ReleaseFailedError when it cannot be made; the log has the reason.
        """
        built = self._built()
        command = (*self._maker, str(self.folder), str(built.nquads), built.version)
        name = f"the release of data {built.version[:SHOWN]}"
        return self._making.made(Job(name, command, self.ready, partial(self._keep, built.version)))

    def manifest(self, name: str) -> Manifest:
        """Return what the release `name` holds; raises RequestError if there is no such release."""
        if name not in self.names:
            known = ", ".join(self.names[-_LISTED:]) or "none yet"
            raise RequestError(f"There is no release {name!r}; there are: {known}.", "not-found")
        if name not in self._manifests:
            found = manifest.from_json((self.folder / name / MANIFEST).read_bytes())
            with self._lock:
                if len(self._manifests) >= _REMEMBERED:
                    self._manifests.clear()
                self._manifests[name] = found
        return self._manifests[name]

    def _keep(self, version: str, name: str) -> None:
        with self._lock:
            self._made[version] = name
