"""The folder of a store on disk: what is in it, and whether it is whole and of this version.

`store.json` names the folder of the present store beside it, so that another store takes its place at once.
That folder has the store itself, the same graph as N-Quads, its counts, findings and index for the search.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version as version_of
from pathlib import Path

import pyoxigraph as ox

from kg.cache import GRAPH, CachedBuild
from kg.errors import CablegraphError

MANIFEST, QUADS = "store.json", "quads"
WRITE = "write it with `cablegraph build --store {place}`"
_FORMAT = 1
# What the engine writes anew in a store that is only read.
_CHANGING = ("LOG", "LOCK")
_TABLE = ".sst"  # the ending of its files of data
_DESCRIPTORS = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class StoreManifest:
    """What `store.json` says of the store in `folder`, a name beside it.

    `format`, `program` and `engine` are the versions of what wrote it, `version` is that of the data, `base`
    the base IRI of the collection. `files` has the bytes of each file by its path within `folder`.
    """

    format: int
    program: str
    engine: str
    folder: str
    version: str
    base: str
    statements: int
    files: dict[str, int]

    def to_json(self) -> bytes:
        """Return the content of the file."""
        return f"{json.dumps(asdict(self), ensure_ascii=False, indent=1)}\n".encode()


@dataclass(frozen=True, slots=True)
class DiskStore:
    """A store on disk that is not open: each process opens it for itself, after it was forked."""

    folder: Path

    def open(self) -> ox.Store:
        """Return the store, read-only; raises OSError if it cannot be opened."""
        return ox.Store.read_only(str(self.folder))

    def unopened(self) -> int:
        """Return how many files of the open store are not open in this process; the engine opens 16 at first.

        All of them count where the system does not tell which are open.
        """
        there = {str(file) for file in self.folder.resolve().glob(f"*{_TABLE}")}
        return len(there - {os.path.realpath(file) for file in _DESCRIPTORS.glob("*")})


def manifest(folder: str, version: str, base: str, statements: int, files: dict[str, int]) -> StoreManifest:
    """Return the manifest of a store that this program has written."""
    return StoreManifest(_FORMAT, *_program(), folder, version, base, statements, files)


def sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of each file in the folder of a store, without those that the engine writes anew."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    named = {file.relative_to(folder).as_posix(): file.stat().st_size for file in files}
    return {name: size for name, size in named.items() if not name.rpartition("/")[2].startswith(_CHANGING)}


def read(place: Path) -> StoreManifest:
    """Return the manifest in the folder `place`.

    Raises CablegraphError if it holds no whole store, or one of another version of the program.
    """
    instead = WRITE.format(place=place)
    try:
        given = json.loads((place / MANIFEST).read_bytes())
        named = {field.name: given[field.name] for field in fields(StoreManifest)}
    except FileNotFoundError:
        raise CablegraphError(f"{place} has no store: {MANIFEST} is missing; {instead}") from None
    except OSError as error:
        raise CablegraphError(f"{place / MANIFEST} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise CablegraphError(f"{place / MANIFEST} is not that of a store; {instead}") from None
    found = StoreManifest(**named)
    _refuse_other_version(found, place)
    if problem := _missing(place / found.folder, found.files):
        raise CablegraphError(f"{place} is not a whole store: {problem}; {instead} again")
    return found


def built(place: Path, base: str) -> CachedBuild:
    """Return the store in the folder `place` as a built graph, whose collection has the base IRI `base`.

    Raises CablegraphError if there is no whole store of this version, or one of another base.
    """
    found = read(place)
    if found.base != base:
        raise CablegraphError(
            f"{place} holds things of the base <{found.base}>, not <{base}>; name its collection with "
            "--collection DIR, or for quads of no collection leave that out"
        )
    folder = place.absolute() / found.folder
    return CachedBuild(folder / GRAPH, found.version, store=folder / QUADS)


def _program() -> tuple[str, str]:
    return version_of("cablegraph"), version_of("pyoxigraph")


def _refuse_other_version(found: StoreManifest, place: Path) -> None:
    if (found.format, found.program, found.engine) != (_FORMAT, *_program()):
        raise CablegraphError(
            f"{place} was written by cablegraph {found.program} with pyoxigraph {found.engine} in format "
            f"{found.format}, not by {' with '.join(_program())} in format {_FORMAT}; "
            f"{WRITE.format(place=place)} again"
        )


def _missing(folder: Path, files: dict[str, int]) -> str:
    """Return the first difference between `files` and what is in `folder`; empty if there is none."""
    there = sizes(folder) if folder.is_dir() else {}
    for name, size in files.items():
        if there.get(name) != size:
            return f"{name} has {there.get(name, 0):,} bytes, not {size:,}"
    return ""
