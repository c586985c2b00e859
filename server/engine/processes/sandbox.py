"""Restrictions of a worker process: no files, no network, a memory limit, and it dies with its parent.

This runs only in forked workers, where coverage is not measured; the tests check what such a worker
can and cannot do. The limits of POSIX hold everywhere, the calls of Linux only on Linux.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import sys
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_NO_NEW_PRIVS = 38
_HIGH = 200  # more descriptors than a process has open at its start
_STATM = Path("/proc/self/statm")
_OOM_SCORE = Path("/proc/self/oom_score_adj")


def end_with(parent: int) -> None:  # pragma: no cover - only in forked processes
    """Make the kernel kill this process when its parent, whose process ID is `parent`, ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call above
        os._exit(0)


def set_name(name: bytes) -> None:  # pragma: no cover - only in forked processes
    """Make lists of processes show this one as `name`, of which the kernel keeps 15 bytes."""
    _prctl(_PR_SET_NAME, name)


def survive_parent() -> None:  # pragma: no cover - only in forked processes
    """Undo `end_with`."""
    _prctl(_PR_SET_PDEATHSIG, 0)


def ignore_terminal() -> None:  # pragma: no cover - only in forked processes
    """Ignore Ctrl-C and SIGTERM; the parent handles them and closes its children when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def renumber(descriptor: int) -> int:
    """Return a copy of `descriptor` with a high number, and close the original.

    Libraries of the parent (libuv) close the numbers that they once opened when a process is forked,
    even if another descriptor has such a number by then.
    """
    least = min(_HIGH, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
    copy = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, least)
    os.close(descriptor)
    return copy


def close_all_but(kept: int) -> None:  # pragma: no cover - only in forked processes
    """Close every inherited descriptor except `kept` and the three standard ones."""
    end = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    end = 65536 if end == resource.RLIM_INFINITY else end
    os.closerange(3, kept)
    os.closerange(max(3, kept + 1), end)


def silence() -> None:  # pragma: no cover - only in forked processes
    """Connect the standard streams to the null device, so that an abort of native code prints nothing."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def limit_of_descriptors(more: int) -> int:
    """Return the limit with which this process can open `more` descriptors, and none after these."""
    free = (number for number in count() if not _in_use(number))
    return next(islice(free, more - 1, None)) + 1 if more else 0


def _in_use(descriptor: int) -> bool:
    try:
        fcntl.fcntl(descriptor, fcntl.F_GETFD)
    except OSError:
        return False
    return True


def restrict(memory: int, files: int = 0) -> None:  # pragma: no cover - only in forked processes
    """Allow `memory` more bytes of address space, no new descriptor, no file, no core, no privileges.

    A process without a new descriptor cannot open a socket, so even a SERVICE call would fail here. One of a
    store on disk may open as many as its store has `files` to open yet.
    """
    with suppress(OSError):  # if allowed: out of memory, the kernel kills workers first
        _OOM_SCORE.write_text("1000", encoding="ascii")
    limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, limit_of_descriptors(files)),
    ]
    if _STATM.exists():
        pages = int(_STATM.read_text(encoding="ascii").split()[0])
        limits.insert(0, (resource.RLIMIT_AS, pages * resource.getpagesize() + memory))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    for name, value in limits:
        hard = resource.getrlimit(name)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (allowed, allowed))


def _prctl(option: int, value: int | bytes) -> None:  # pragma: no cover - only in forked processes
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
