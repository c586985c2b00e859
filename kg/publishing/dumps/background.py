"""Work for a service in a process of its own: kindly, and never longer than the service lives."""

from __future__ import annotations

import os
import threading

_KINDEST = 19


def attach() -> None:  # pragma: no cover - tested in processes of its own
    """Give way to other processes from now on, and end when standard input closes."""
    os.nice(_KINDEST)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:  # pragma: no cover
    while os.read(0, 1):  # not through sys.stdin, whose lock would be held when the interpreter ends
        pass
    os._exit(1)
