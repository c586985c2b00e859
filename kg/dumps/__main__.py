"""Make the release of a built graph in a process of its own, for a service that has no store itself.

`python -m kg.dumps HOME NQUADS VERSION` writes the name of the release to standard output, or the
reason why there is none to standard error. It gives way to other processes, and ends when its
standard input closes, so that it never outlives who started it.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from kg import cache
from kg.dumps import home
from kg.dumps.providers import PROVIDERS
from kg.errors import CablegraphError, ReleaseError

_KINDEST = 19


def main(folder: str, nquads: str, version: str) -> int:
    """Return the exit code: 0 done, 2 not done."""
    try:
        print(make(Path(folder), cache.Built(Path(nquads), version)))  # noqa: T201 - this is its answer
    except CablegraphError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def make(folder: Path, built: cache.Built) -> str:
    """Return the name of the release of `built` in `folder`; raises ReleaseError when there is none."""
    try:
        if cache.hashed(built.nquads) != built.version:
            raise ReleaseError(f"{built.nquads} is no longer the file that is served; reload the service")
        store = cache.store(built)
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"{built.nquads} cannot be read: {error}") from None
    return home.make(folder, store, built.version, PROVIDERS, home.recipe())


def _end_with_parent() -> None:  # pragma: no cover - tested in a process of its own
    while os.read(0, 1):  # not through sys.stdin, whose lock would be held when the interpreter ends
        pass
    os._exit(1)


if __name__ == "__main__":  # pragma: no cover
    os.nice(_KINDEST)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.exit(main(*sys.argv[1:]))
