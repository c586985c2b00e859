"""Background jobs: a child process makes a release or a report when a request first needs it.

The web process has no store, so a command does the work: one job at a time, at low priority, in bounded
time. A few requests wait for it; the others get Retry-After.
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
    """Seconds: `longest` for one run, `wait` for a request, `pause` before a failed job is tried again."""

    longest: float = 3600.0
    wait: float = 20.0
    pause: float = 60.0


@dataclass(frozen=True, slots=True)
class Job:
    """One job: its `name` in the log, and the command that makes the result.

    `ready` returns the result, empty while there is none. `done` is called with what the command wrote to
    standard output.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[], str]
    done: Callable[[str], None] = lambda _: None


class JobRunner:
    """Runs one job after the other; every method may be called from any thread.

    `say` takes a line for the log.
    """

    def __init__(self, say: Callable[[str], None], limits: JobLimits) -> None:
        self._say, self._limits = say, limits
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(_WAITING)
        self._running: threading.Event | None = None
        self._failed: dict[str, float] = {}

    def result(self, job: Job) -> str:
        """Return the result of `job`, which runs if there is none yet.

        Raises ReleaseNotReadyError if that takes longer than a request should wait, and
        ReleaseFailedError if the job fails; the log has the reason.
        """
        result = job.ready()
        if result:
            return result
        done = self._begin(job)
        if self._waiting.acquire(blocking=False):
            try:
                done.wait(self._limits.wait)
            finally:
                self._waiting.release()
        result = job.ready()
        if result:
            return result
        self._refuse_failed(job)
        raise ReleaseNotReadyError

    def _refuse_failed(self, job: Job) -> None:
        when = self._failed.get(job.name)
        if when is not None and time.monotonic() - when < self._limits.pause:
            raise ReleaseFailedError

    def _begin(self, job: Job) -> threading.Event:
        """Return the event that is set when the running job, `job` or another, has ended."""
        with self._lock:
            self._refuse_failed(job)
            if self._running is None:
                self._running = threading.Event()
                threading.Thread(target=self._run, args=(job, self._running), daemon=True).start()
            return self._running

    def _run(self, job: Job, done: threading.Event) -> None:
        try:
            self._failed.pop(job.name, None)
            result, remarks = _output(job.command, self._limits.longest)
            job.done(result)
            self._say(f"made {job.name}")
            for line in remarks.splitlines():
                self._say(line)
        except (ReleaseError, OSError, subprocess.TimeoutExpired) as error:
            self._say(f"cannot make {job.name}: {error}")
            self._remember_failure(job)
        finally:
            with self._lock:
                self._running = None
            done.set()

    def _remember_failure(self, job: Job) -> None:
        with self._lock:
            if len(self._failed) >= _REMEMBERED:
                self._failed.clear()
            self._failed[job.name] = time.monotonic()


def _output(command: Sequence[str], longest: float) -> tuple[str, str]:
    """Return standard output and error of `command`, which ends when the pipe of this process closes."""
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
        raise ReleaseError(done.stderr.strip() or f"the command ended with exit code {done.returncode}")
    return done.stdout.strip(), done.stderr.strip()
