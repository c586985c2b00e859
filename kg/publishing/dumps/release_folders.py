"""Folder of releases, with one sub-folder for each, which never changes once it is there.

The name of a release is the first 16 digits of its data version. Newer code may write the same data
in another way, or more files: that is another edition, `…-2` and so on, and the earlier one stays.
"""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import pyoxigraph as ox

from kg import cache
from kg.errors import ReleaseError
from kg.publishing.dumps import write
from kg.publishing.dumps.manifest import MANIFEST, SUMS
from kg.publishing.dumps.notice import SHOWN
from kg.publishing.dumps.providers import Provider
from kg.publishing.dumps.write import Progress
from kg.reading.collection.collection import Collection
from kg.resources import write_atomically

_NAME = re.compile(rf"([0-9a-f]{{{SHOWN}}})(?:-([1-9][0-9]{{0,5}}))?")
_MAKING, _LOCK, _RECIPE = ".making", ".lock", ".recipe"


def default() -> Path:
    """Return the default folder of releases, beside the built graphs in the user's cache folder."""
    return platformdirs.user_cache_path("cablegraph") / "dumps"


def recipe(collection: Collection | None = None) -> str:
    """Return the fingerprint of the code, the sources and the libraries that make releases now."""
    return cache.fingerprint(collection or Collection.shipped())


def names(home: Path) -> tuple[str, ...]:
    """Return the names of the releases in `home`, editions of the same data in their order."""
    matches = [match for entry in _entries(home) if (match := _NAME.fullmatch(entry))]
    matches.sort(key=lambda match: (match[1], int(match[2] or 1)))
    return tuple(match[0] for match in matches)


def newest(home: Path, version: str) -> str:
    """Return the name of the newest edition of the data `version`, or an empty text."""
    return next((name for name in reversed(names(home)) if name.startswith(version[:SHOWN])), "")


def before(home: Path, name: str) -> tuple[str, ...]:
    """Return the releases made before `name`, the latest first, without other editions of its data.

    The order is by modification time.
    """
    made = {other: (home / other / MANIFEST).stat().st_mtime_ns for other in names(home)}
    own = name[:SHOWN]
    older = (other for other in made if not other.startswith(own) and made[other] <= made[name])
    return tuple(sorted(older, key=lambda other: (-made[other], other)))


def ready(home: Path, version: str, made_by: str) -> str:
    """Return the name of the newest release of `version` if `made_by` is its recipe, or an empty text."""
    name = newest(home, version)
    try:
        return name if name and (home / name / _RECIPE).read_text(encoding="ascii") == made_by else ""
    except OSError:
        return ""


def make(  # noqa: PLR0913 - four have defaults
    home: Path,
    store: ox.Store,
    version: str,
    providers: Sequence[Provider] = (),
    made_by: str = "",
    progress: Progress = lambda _: None,
    *,
    collection: Collection | None = None,
) -> str:
    """Return the name of the release of the data `version` in `store`, made if it does not exist.

    `collection` is by default ours.

    Only one process makes a release at a time; files of a killed process are removed. Raises
    ReleaseError if it cannot be made; nothing has changed then.
    """
    with _exclusive_lock(home):
        shutil.rmtree(home / _MAKING, ignore_errors=True)
        existing = ready(home, version, made_by)
        if existing:
            return existing
        with write.temporary(home / _MAKING) as folder:
            write.write(folder, store, version, providers, progress, collection)
            write_atomically(folder / _RECIPE, made_by.encode())
            return _keep(folder, home, version, made_by)


def _keep(folder: Path, home: Path, version: str, made_by: str) -> str:
    """Publish the release in `folder` unless the newest edition has the same bytes; return its name."""
    before = newest(home, version)
    if before and _same(folder, home / before):
        write_atomically(home / before / _RECIPE, made_by.encode())
        return before
    name = _next(before) if before else version[:SHOWN]
    write.publish(folder, home / name)
    return name


def _next(name: str) -> str:
    version, _, number = name.partition("-")
    return f"{version}-{int(number or 1) + 1}"


def _same(one: Path, other: Path) -> bool:
    return (one / SUMS).read_bytes() == (other / SUMS).read_bytes()


def _entries(home: Path) -> list[str]:
    try:
        return [entry.name for entry in home.iterdir() if (entry / MANIFEST).is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ReleaseError(f"{home} cannot be read: {error.strerror}") from None


@contextmanager
def _exclusive_lock(home: Path) -> Iterator[None]:
    """Hold the lock of `home`, which the system releases however this process ends."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with (home / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise ReleaseError(f"{home} cannot be written to: {error.strerror}") from None
