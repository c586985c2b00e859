"""The PID file of a running service: its process ID in a file that the process keeps locked.

The lock (flock) ends with the process, however that ends. So a file that was left behind, whose number
may be the ID of another process by now, differs from one that is in use.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from kg.errors import CablegraphError


@contextmanager
def hold(path: Path | None) -> Iterator[None]:
    """Hold the process ID of this process in the file `path`, if that is given, while the context lasts.

    Enter the context after all processes of the pool have started, so that none of them holds the lock.
    The file is written whole or not at all. Raises CablegraphError if it cannot be written, or belongs
    to a running service.
    """
    if path is None:
        yield
        return
    running = _holder(path)
    if running is not None:
        raise CablegraphError(f"{path} belongs to process {running}, a running service; give another file.")
    with ExitStack() as stack:
        try:
            file = stack.enter_context(tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False))
            stack.callback(Path(file.name).unlink, missing_ok=True)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.write(f"{os.getpid()}\n")
            file.flush()
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except OSError as error:
            raise CablegraphError(f"{path} cannot be written: {error.strerror}") from None
        try:
            yield
        finally:
            with suppress(OSError):
                if _read_pid(path) == os.getpid():
                    path.unlink()


def process_id(path: Path) -> int:
    """Return the process ID of the running service; raises CablegraphError if there is none."""
    pid = _holder(path)
    if pid is None:
        raise CablegraphError(
            f"{path} belongs to no running service. Give the file that `cablegraph serve --pid-file` writes."
        )
    return pid


def _holder(path: Path) -> int | None:
    """Return the process ID in the file if a process holds the lock on it, else None."""
    try:
        with path.open(encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read_pid(path)
    except OSError:
        return None
    return None


def _read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
