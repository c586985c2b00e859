"""The releases that a service offers, and the making of the one for the data that it serves now.

The web process has no store, and making a release takes seconds. So another process makes it, at
low priority, when somebody first asks: a service that nobody asks for downloads pays nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from kg.cache import Built
from kg.dumps import home, manifest
from kg.dumps.manifest import MANIFEST, Manifest
from kg.errors import ReleaseError
from server.refusals import ReleaseFailedError, ReleaseNotReadyError, RequestError

MAKER = (sys.executable, "-m", "kg.dumps")
_LONGEST = 3600.0  # seconds for making one
_WAIT = 20.0  # seconds that a request waits for it
_WAITING = 2  # requests that may wait at once; the others are told to come again
_PAUSE = 60.0  # seconds after a failure before it is tried again
_REMEMBERED = 32  # manifests
_SHOWN = 20


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

    Every method may be called from any thread. `maker` is the command that makes a release, `wait`
    the seconds that a request waits for it, `pause` those before a failure is tried again.
    """

    def __init__(
        self,
        folder: Path,
        built: Callable[[], Built],
        say: Callable[[str], None] = lambda _: None,
        *,
        maker: Sequence[str] = MAKER,
        wait: float = _WAIT,
        pause: float = _PAUSE,
    ) -> None:
        self.folder = folder
        self._built, self._say, self._maker = built, say, tuple(maker)
        self._wait, self._pause = wait, pause
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(_WAITING)
        self._making: tuple[str, threading.Event] | None = None
        self._made: dict[str, str] = {}
        self._failed: tuple[str, float] = ("", 0.0)
        self._manifests: dict[str, Manifest] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all releases that are there."""
        return home.names(self.folder)

    @cached_property
    def _recipe(self) -> str:
        return home.recipe()  # the code of this process does not change

    def ready(self) -> str:
        """Return the name of the release of the present data, or nothing while there is none."""
        version = self._built().version
        name = self._made.get(version, "")
        if name and (self.folder / name / MANIFEST).is_file():
            return name
        return home.ready(self.folder, version, self._recipe)

    def present(self) -> str:
        """Return the name of the release of the present data, made if need be.

        Raises ReleaseNotReadyError when that takes longer than a request should wait, and
        ReleaseFailedError when it cannot be made; the log has the reason.
        """
        name = self.ready()
        if name:
            return name
        done = self._begin(self._built())
        if self._waiting.acquire(blocking=False):
            try:
                done.wait(self._wait)
            finally:
                self._waiting.release()
        name = self.ready()
        if name:
            return name
        if done.is_set():
            raise ReleaseFailedError
        raise ReleaseNotReadyError

    def manifest(self, name: str) -> Manifest:
        """Return what the release `name` holds; raises RequestError if there is no such release."""
        if name not in self.names:
            known = ", ".join(self.names[-_SHOWN:]) or "none yet"
            raise RequestError(f"There is no release {name!r}; there are: {known}.", "not-found")
        if name not in self._manifests:
            found = manifest.from_json((self.folder / name / MANIFEST).read_bytes())
            with self._lock:
                if len(self._manifests) >= _REMEMBERED:
                    self._manifests.clear()
                self._manifests[name] = found
        return self._manifests[name]

    def _begin(self, built: Built) -> threading.Event:
        """Return what will be set when the making of `built`, begun now or before, has ended."""
        with self._lock:
            version, when = self._failed
            if version == built.version and time.monotonic() - when < self._pause:
                raise ReleaseFailedError
            if self._making is None:  # one at a time; that of older data must end first
                self._making = (built.version, threading.Event())
                threading.Thread(target=self._make, args=(built, self._making[1]), daemon=True).start()
            return self._making[1]

    def _make(self, built: Built, done: threading.Event) -> None:
        try:
            name = _run((*self._maker, str(self.folder), str(built.nquads), built.version))
            with self._lock:
                self._made[built.version] = name
            self._say(f"made the release {name}")
        except (ReleaseError, OSError, subprocess.TimeoutExpired) as error:
            self._say(f"cannot make the release of data {built.version[:16]}: {error}")
            with self._lock:
                self._failed = (built.version, time.monotonic())
        finally:
            with self._lock:
                self._making = None
            done.set()


def _run(command: Sequence[str]) -> str:
    """Return what the maker wrote; it ends when the pipe closes that only this process holds."""
    read, write = os.pipe()
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, stdin=read, capture_output=True, text=True, timeout=_LONGEST, check=False
        )
    finally:
        for end in (read, write):
            with suppress(OSError):
                os.close(end)
    if done.returncode:
        raise ReleaseError(done.stderr.strip() or f"the maker ended with {done.returncode}")
    return done.stdout.strip()
