"""Make the release of a built graph in a process of its own, for a service that has no store itself.

`python -m kg.publishing.dumps HOME NQUADS VERSION` writes the name of the release to standard output, or the
reason why there is none to standard error, where also stands what the release lacks. It gives way
to other processes, and ends when its standard input closes, so that it never outlives who started it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg import cache
from kg.errors import CablegraphError, ReleaseError
from kg.publishing.dumps import background, manifest, release_folders
from kg.publishing.dumps.providers import PROVIDERS


def main(folder: str, nquads: str, version: str) -> int:
    """Return the exit code: 0 done, 2 not done."""
    try:
        name = make(Path(folder), cache.CachedBuild(Path(nquads), version))
        for note in manifest.of(Path(folder) / name).notes:
            print(note.text, *note.findings, sep="\n", file=sys.stderr)  # noqa: T201
        print(name)  # noqa: T201 - this is its answer
    except CablegraphError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def make(folder: Path, built: cache.CachedBuild) -> str:
    """Return the name of the release of `built` in `folder`; raises ReleaseError when there is none."""
    try:
        if cache.sha256(built.nquads) != built.version:
            raise ReleaseError(f"{built.nquads} is no longer the file that is served; reload the service")
        store = cache.store(built)
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"{built.nquads} cannot be read: {error}") from None
    return release_folders.make(folder, store, built.version, PROVIDERS, release_folders.recipe())


if __name__ == "__main__":  # pragma: no cover
    background.become_job()
    sys.exit(main(*sys.argv[1:]))
