"""The releases that a service offers, the reports of what changed between them, and how both are made.

A release is made when somebody first asks (`background_jobs.py`): a service that nobody asks for downloads
pays nothing.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path

from kg.cache import CachedBuild
from kg.publishing.changes.report_json import JSON
from kg.publishing.dumps import manifest, release_folders
from kg.publishing.dumps.manifest import MANIFEST, Manifest
from kg.publishing.dumps.notice import SHOWN
from kg.store.statistics import Statistics
from server.data.downloads.background_jobs import Job, JobLimits, Making
from server.web.http_errors import ReleaseFailedError, RequestError

MAKER = (sys.executable, "-m", "kg.publishing.dumps")
_REMEMBERED = 32  # manifests
_LISTED = 20


COMPARER = (sys.executable, "-m", "kg.publishing.changes")
FOLDER = "changes"  # below the folder of the releases, which never change themselves
_LIMITS = JobLimits(longest=120.0)


class Builds:
    """Remembers the graphs that `build` gave, to find file and counts of the data that are served.

    `count` returns the counts of such a graph, or None.
    """

    def __init__(
        self,
        build: Callable[[], CachedBuild],
        count: Callable[[CachedBuild], Statistics | None] = lambda _: None,
    ) -> None:
        self._build, self._count = build, count
        self._known: dict[str, tuple[CachedBuild, Statistics | None]] = {}

    def __call__(self, served: str = "") -> CachedBuild:
        """Return what `build` gives now; forget all others but that of the version `served`."""
        built = self._build()
        kept = {served: self._known[served]} if served in self._known else {}
        self._known = kept | {built.version: (built, self._count(built))}
        return built

    def of(self, version: str) -> CachedBuild:
        """Return the graph of `version`; raises ReleaseFailedError if it is not known here."""
        if version not in self._known:
            raise ReleaseFailedError
        return self._known[version][0]

    def statistics(self, version: str) -> Statistics | None:
        """Return the counts of the graph of `version`, or None if there are none."""
        return self._known[version][1] if version in self._known else None


class Releases:
    """The releases in `folder`; `built` returns the graph that is served now, `say` takes a line for the log.

    Every method may be called from any thread. `maker` is the command that makes a release, `limits`
    are the times that it may take.
    """

    def __init__(
        self,
        folder: Path,
        built: Callable[[], CachedBuild],
        say: Callable[[str], None] = lambda _: None,
        *,
        maker: Sequence[str] = MAKER,
        limits: JobLimits = JobLimits(),  # noqa: B008 - it is frozen
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
        return release_folders.names(self.folder)

    @cached_property
    def recipe(self) -> str:
        """What stands for the code of this process, which does not change."""
        return release_folders.recipe()

    def ready(self) -> str:
        """Return the name of the release of the present data, or nothing while there is none."""
        version = self._built().version
        name = self._made.get(version, "")
        if name and (self.folder / name / MANIFEST).is_file():
            return name
        return release_folders.ready(self.folder, version, self.recipe)

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


class ChangeReports:
    """The change reports between the releases of `releases`; `say` takes a line for the log.

    Every method may be called from any thread. `maker` is the command that compares two releases,
    `limits` are the times that it may take.
    """

    def __init__(
        self,
        releases: Releases,
        say: Callable[[str], None] = lambda _: None,
        maker: Sequence[str] = COMPARER,
        limits: JobLimits = _LIMITS,
    ) -> None:
        self._releases, self._maker = releases, tuple(maker)
        self._making = Making(say, limits)

    def between(self, old: str, new: str) -> Path:
        """Return the folder with the report from the release `old` to `new`, made if need be.

        Raises RequestError for a release that is not there, and what `Making.made` raises. Newer
        code makes its own report, as it may tell more.
        """
        for name in (new, old):
            self._releases.manifest(name)
        home = self._releases.folder
        target = home / FOLDER / self._releases.recipe[:SHOWN] / f"{new}-from-{old}"
        command = (*self._maker, str(home / old), str(home / new), str(target))

        def ready() -> str:
            return str(target) if (target / JSON).is_file() else ""

        return Path(self._making.made(Job(f"the changes from {old} to {new}", command, ready)))
