"""Work that takes seconds, done by another process when somebody first asks for what it makes.

The web process has no store, so a command makes what is wanted: one at a time, at low priority, in
bounded time. Few requests wait for it; the others are told when to come again.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kg.errors import ReleaseError
from server.web.http_errors import ReleaseFailedError, ReleaseNotReadyError

_WAITING = 2  # requests that may wait at once
_REMEMBERED = 256  # failures


@dataclass(frozen=True, slots=True)
class JobLimits:
    """In seconds: `longest` for one run, `wait` for a request, `pause` before a failure is tried again."""

    longest: float = 3600.0
    wait: float = 20.0
    pause: float = 60.0


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to make: `name` for the log, the command, where it is when it is there, and whom to tell.

    `ready` returns it, or nothing while it is not there. `done` is called with what the command
    wrote to standard output.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[], str]
    done: Callable[[str], None] = lambda _: None


class Making:
    """Makes one job after the other; every method may be called from any thread.

    `say` takes a line for the log.
    """

    def __init__(self, say: Callable[[str], None], limits: JobLimits) -> None:
        self._say, self._limits = say, limits
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(_WAITING)
        self._present: threading.Event | None = None
        self._failed: dict[str, float] = {}

    def made(self, job: Job) -> str:
        """Return what `job` makes, made if need be.

        Raises ReleaseNotReadyError when that takes longer than a request should wait, and
        ReleaseFailedError when it cannot be made; the log has the reason.
        """
        there = job.ready()
        if there:
            return there
        done = self._begin(job)
        if self._waiting.acquire(blocking=False):
            try:
                done.wait(self._limits.wait)
            finally:
                self._waiting.release()
        there = job.ready()
        if there:
            return there
        self._refuse_failed(job)
        raise ReleaseNotReadyError

    def _refuse_failed(self, job: Job) -> None:
        when = self._failed.get(job.name)
        if when is not None and time.monotonic() - when < self._limits.pause:
            raise ReleaseFailedError

    def _begin(self, job: Job) -> threading.Event:
        """Return what will be set when the job that is now being made, this or another, has ended."""
        with self._lock:
            self._refuse_failed(job)
            if self._present is None:
                self._present = threading.Event()
                threading.Thread(target=self._make, args=(job, self._present), daemon=True).start()
            return self._present

    def _make(self, job: Job, done: threading.Event) -> None:
        try:
            self._failed.pop(job.name, None)
            made, told = _run(job.command, self._limits.longest)
            job.done(made)
            self._say(f"made {job.name}")
            for line in told.splitlines():
                self._say(line)
        except (ReleaseError, OSError, subprocess.TimeoutExpired) as error:
            self._say(f"cannot make {job.name}: {error}")
            self._remember(job)
        finally:
            with self._lock:
                self._present = None
            done.set()

    def _remember(self, job: Job) -> None:
        with self._lock:
            if len(self._failed) >= _REMEMBERED:
                self._failed.clear()
            self._failed[job.name] = time.monotonic()


def _run(command: Sequence[str], longest: float) -> tuple[str, str]:
    """Return what the maker wrote; it ends when the pipe closes that only this process holds."""
    read, write = os.pipe()
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, stdin=read, capture_output=True, text=True, timeout=longest, check=False
        )
    finally:
        for end in (read, write):
            with suppress(OSError):
                os.close(end)
    if done.returncode:
        raise ReleaseError(done.stderr.strip() or f"the maker ended with {done.returncode}")
    return done.stdout.strip(), done.stderr.strip()
