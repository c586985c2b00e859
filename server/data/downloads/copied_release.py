"""Program that makes a release of a store elsewhere, in a process of its own: a copy of it, then its files.

`python -m server.data.downloads.copied_release ADDRESS HOME NQUADS VERSION [COLLECTION]` writes the graphs of
the store at ADDRESS into NQUADS, unless that is there, and then does what `kg.publishing.dumps` does with it.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from kg.cache import CachedBuild
from kg.errors import CablegraphError
from kg.publishing.dumps import __main__ as dumps
from kg.publishing.dumps import background
from kg.reading.collection.collection import Collection
from server.engine.remote import store_copy
from server.engine.remote.store_client import StoreClient


def main(address: str, folder: str, nquads: str, version: str, place: str = "") -> int:
    """Make the release of the store at `address` in `folder`; return the exit code.

    `nquads` is the file for the copy, whose data have `version`; `place` is the folder of the collection.
    """
    try:
        copy(StoreClient(address, store_copy.LARGEST), CachedBuild(Path(nquads), version), place)
    except (CablegraphError, OSError, SyntaxError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return dumps.main(folder, nquads, version, place)


def copy(client: StoreClient, built: CachedBuild, place: str = "") -> None:
    """Write the graphs behind `client` into the file of `built`; raises as `store_copy.copy` does."""
    with closing(client):
        store_copy.copy(client, built, Collection.at(Path(place) if place else None).names)


if __name__ == "__main__":  # pragma: no cover
    background.become_job()
    sys.exit(main(*sys.argv[1:]))
