"""The releases that a service offers, the change reports between them, and the commands that make both.

A release is made at the first request (`background_jobs.py`), so that a service without downloads has no
cost.
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
from kg.reading.collection.collection import Collection
from kg.store.statistics import Statistics
from server.data.downloads.background_jobs import Job, JobLimits, JobRunner
from server.web.http_errors import ReleaseFailedError, RequestError

MAKER = (sys.executable, "-m", "kg.publishing.dumps")
_REMEMBERED = 32  # manifests
_LISTED = 20  # names in a message
COMPARER = (sys.executable, "-m", "kg.publishing.changes")
FOLDER = "changes"  # below the folder of the releases; a release itself never changes
_LIMITS = JobLimits(longest=120.0)


class Builds:
    """The builds that are served or were made last: the file of each graph and its counts, by data version.

    `build` makes one; `count` returns the counts of its graph, or None.
    """

    def __init__(
        self,
        build: Callable[[], CachedBuild],
        count: Callable[[CachedBuild], Statistics | None] = lambda _: None,
    ) -> None:
        self._build, self._count = build, count
        self._known: dict[str, tuple[CachedBuild, Statistics | None]] = {}

    def __call__(self, served: str = "") -> CachedBuild:
        """Return a new build; keep it and that of the version `served`, and forget all others."""
        built = self._build()
        kept = {served: self._known[served]} if served in self._known else {}
        self._known = kept | {built.version: (built, self._count(built))}
        return built

    def of(self, version: str) -> CachedBuild:
        """Return the build of `version`; raises ReleaseFailedError if it was forgotten or never made here."""
        if version not in self._known:
            raise ReleaseFailedError
        return self._known[version][0]

    def search(self, version: str) -> Path | None:
        """Return where the build of `version` has its index for the search, or None without such a build."""
        return self._known[version][0].search if version in self._known else None

    def kept(self, version: str) -> Path | None:
        """Return where the build of `version` has the answers that its store keeps, or None without one."""
        return self._known[version][0].answers if version in self._known else None

    def names(self, version: str) -> Path | None:
        """Return where the build of `version` has all names, if its store keeps them, or None without one."""
        return self._known[version][0].names if version in self._known else None

    def statistics(self, version: str) -> Statistics | None:
        """Return the counts of the graph of `version`, or None without any."""
        return self._known[version][1] if version in self._known else None


class Releases:
    """The releases in `folder`; `built` returns the build that is served now, `say` takes a line for the log.

    Every method may be called from any thread. `maker` is the command that makes a release, `limits`
    bound its time. `collection` is by default ours.
    """

    def __init__(
        self,
        folder: Path,
        built: Callable[[], CachedBuild],
        say: Callable[[str], None] = lambda _: None,
        *,
        maker: Sequence[str] = MAKER,
        limits: JobLimits = JobLimits(),  # noqa: B008 - it is frozen
        collection: Collection | None = None,
    ) -> None:
        self.folder, self.say = folder, say
        self._collection = collection
        self._built, self._maker = built, tuple(maker)
        self._jobs = JobRunner(say, limits)
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}
        self._manifests: dict[str, Manifest] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all releases in the folder."""
        return release_folders.names(self.folder)

    @cached_property
    def recipe(self) -> str:
        """The fingerprint of the code that makes releases; it is constant within a process."""
        return release_folders.recipe(self._collection)

    def ready(self) -> str:
        """Return the name of the release of the present data, empty while there is none."""
        version = self._built().version
        name = self._names.get(version, "")
        if name and (self.folder / name / MANIFEST).is_file():
            return name
        return release_folders.ready(self.folder, version, self.recipe)

    def current(self) -> str:
        """Return the name of the release of the present data, which is made if there is none yet.

        Raises ReleaseNotReadyError if that takes longer than a request should wait, and
        ReleaseFailedError if it cannot be made; the log has the reason.
        """
        built = self._built()
        place = self._collection.place if self._collection else None
        command = (*self._maker, str(self.folder), str(built.nquads), built.version)
        command += (str(place),) if place else ()
        name = f"the release of data {built.version[:SHOWN]}"
        return self._jobs.result(Job(name, command, self.ready, partial(self._keep, built.version)))

    def manifest(self, name: str) -> Manifest:
        """Return the manifest of the release `name`; raises RequestError if there is no such release."""
        if name not in self.names:
            known = ", ".join(self.names[-_LISTED:]) or "none yet"
            raise RequestError(f"There is no release called {name!r}; there are: {known}.", "not-found")
        if name not in self._manifests:
            parsed = manifest.from_json((self.folder / name / MANIFEST).read_bytes())
            with self._lock:
                if len(self._manifests) >= _REMEMBERED:
                    self._manifests.clear()
                self._manifests[name] = parsed
        return self._manifests[name]

    def _keep(self, version: str, name: str) -> None:
        with self._lock:
            self._names[version] = name


class ChangeReports:
    """The change reports between the releases of `releases`; `say` takes a line for the log.

    Every method may be called from any thread. `maker` is the command that compares two releases,
    `limits` bound its time.
    """

    def __init__(
        self,
        releases: Releases,
        say: Callable[[str], None] = lambda _: None,
        maker: Sequence[str] = COMPARER,
        limits: JobLimits = _LIMITS,
    ) -> None:
        self._releases, self._maker = releases, tuple(maker)
        self._jobs = JobRunner(say, limits)

    def between(self, old: str, new: str) -> Path:
        """Return the folder with the change report from the release `old` to `new`; make it if there is none.

        Raises RequestError for an unknown release, and what `JobRunner.result` raises. The folder is named
        after the code as well, since newer code may report more.
        """
        for name in (new, old):
            self._releases.manifest(name)
        home = self._releases.folder
        target = home / FOLDER / self._releases.recipe[:SHOWN] / f"{new}-from-{old}"
        command = (*self._maker, str(home / old), str(home / new), str(target))

        def ready() -> str:
            return str(target) if (target / JSON).is_file() else ""

        return Path(self._jobs.result(Job(f"the changes from {old} to {new}", command, ready)))
