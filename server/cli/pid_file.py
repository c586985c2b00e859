"""The file that says which process serves, for as long as it does.

The process holds a lock on the file (flock), which ends with it however it ends; so a file that was
left behind, whose number may be that of another process by now, is told from one that is true.
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
def written(path: Path | None) -> Iterator[None]:
    """Keep the number of this process in the file `path`, if there is to be one, while the context lasts.

    Enter it when all processes of the pool are there, so that none of them holds the lock. The file
    is there whole or not at all. Raises CablegraphError when it cannot be written, or belongs to a
    service that runs.
    """
    if path is None:
        yield
        return
    running = _holder(path)
    if running is not None:
        raise CablegraphError(f"{path} belongs to process {running}, which serves; give another file.")
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
                if _number(path) == os.getpid():
                    path.unlink()


def process(path: Path) -> int:
    """Return the number of the process that serves; raises CablegraphError when none does."""
    found = _holder(path)
    if found is None:
        raise CablegraphError(
            f"{path} belongs to no service that runs. Give the file that "
            "`cablegraph serve --pid-file` writes."
        )
    return found


def _holder(path: Path) -> int | None:
    """Return the number in the file when a process holds the lock on it."""
    try:
        with path.open(encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _number(path)
    except OSError:
        return None
    return None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
