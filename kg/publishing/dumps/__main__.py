"""Program that makes a release in a process of its own, for a service without a store.

`python -m kg.publishing.dumps HOME NQUADS VERSION [COLLECTION]` prints the name of the release to standard
output. The reason for a failure goes to standard error, and so do notes on what the release lacks. It has low
priority, and ends when its standard input closes, so that it never outlives its parent process.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg import cache
from kg.errors import CablegraphError, ReleaseError
from kg.publishing.dumps import background, manifest, providers, release_folders
from kg.reading.collection.collection import Collection


def main(folder: str, nquads: str, version: str, place: str = "") -> int:
    """Make the release of the file `nquads` with the data `version` in `folder`; return the exit code.

    `place` is the folder of the collection, by default ours.
    """
    try:
        collection = Collection.at(Path(place) if place else None)
        name = make(Path(folder), cache.CachedBuild(Path(nquads), version), collection)
        for note in manifest.of(Path(folder) / name).notes:
            print(note.text, *note.findings, sep="\n", file=sys.stderr)  # noqa: T201
        print(name)  # noqa: T201 - the result
    except CablegraphError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def make(folder: Path, built: cache.CachedBuild, collection: Collection) -> str:
    """Return the name of the release of `built` in `folder`, made if necessary; raises ReleaseError."""
    try:
        if cache.sha256(built.nquads) != built.version:
            raise ReleaseError(f"{built.nquads} has changed since the service loaded it; reload the service")
        store = cache.store(built)
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"{built.nquads} cannot be read: {error}") from None
    recipe = release_folders.recipe(collection)
    made_by = providers.of(collection)
    return release_folders.make(folder, store, built.version, made_by, recipe, collection=collection)


if __name__ == "__main__":  # pragma: no cover
    background.become_job()
    sys.exit(main(*sys.argv[1:]))
