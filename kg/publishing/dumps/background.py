"""Background job of a service: a low-priority child process that ends with the service."""

from __future__ import annotations

import os
import threading

_NICENESS = 10  # a tenth of the share of a query, where 19 has a seventieth and can take minutes


def become_job() -> None:  # pragma: no cover - tested in processes of its own
    """Lower the priority of this process, and end it when standard input closes."""
    os.nice(_NICENESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:  # pragma: no cover
    while os.read(0, 1):  # not through sys.stdin, whose lock would be held when the interpreter ends
        pass
    os._exit(1)
