"""Folders of a collection: ours with its own files added, and ours with its base IRI in place of ours."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from importlib.resources.abc import Traversable
from typing import IO, Any

from kg.errors import DataError, Finding
from kg.resources import entries

Step = str | os.PathLike[str]


class MergedFolder(Traversable):
    """A folder with the entries of several folders; folders of one name are merged, too.

    Listing it raises DataError if two of them have a file of one name, other than a README.
    """

    def __init__(self, name: str, folders: Sequence[Traversable]) -> None:
        self._name, self._folders = name, tuple(folders)

    @property
    def name(self) -> str:
        """Return the name of the folder."""
        return self._name.rpartition("/")[2]

    def iterdir(self) -> Iterator[Traversable]:
        """Yield the entries of all folders, those of the first before the others."""
        found: dict[str, list[Traversable]] = {}
        for folder in self._folders:
            for entry in entries(folder):
                found.setdefault(entry.name, []).append(entry)
        yield from (self._entry(name, same) for name, same in found.items())

    def _entry(self, name: str, same: Sequence[Traversable]) -> Traversable:
        path = f"{self._name}/{name}"
        if len(same) == 1:
            return same[0]
        if all(entry.is_dir() for entry in same):
            return MergedFolder(path, same)
        if name.endswith(".md"):
            return same[-1]
        text = "cablegraph, or another collection, has a file of this name, which is read too; rename it"
        raise DataError([Finding(path, 0, text)])

    def joinpath(self, *descendants: Step) -> Traversable:
        """Return the entry of that name, or a path that does not exist."""
        place: Traversable = self
        for name in "/".join(os.fspath(step) for step in descendants).split("/"):
            found = [entry for entry in place.iterdir() if entry.name == name] if place.is_dir() else []
            missing = self._folders[0] if isinstance(place, MergedFolder) else place
            place = found[0] if found else missing.joinpath(name)
        return place

    def __truediv__(self, child: Step) -> Traversable:
        """Return the entry of that name."""
        return self.joinpath(child)

    def is_dir(self) -> bool:
        """Return whether this is a folder."""
        return True

    def is_file(self) -> bool:
        """Return whether this is a file."""
        return False

    def read_bytes(self) -> bytes:
        """Raise IsADirectoryError."""
        raise IsADirectoryError(self._name)

    def read_text(self, encoding: str | None = None) -> str:
        """Raise IsADirectoryError, whatever the `encoding`."""
        raise IsADirectoryError(encoding, self._name)

    def open(self, mode: str = "r", *_: Any, **__: Any) -> IO[Any]:
        """Raise IsADirectoryError, whatever the `mode`."""
        raise IsADirectoryError(mode, self._name)


class RewrittenFile(Traversable):
    """A file or folder whose texts are changed by `rewrite` when they are read."""

    def __init__(self, place: Traversable, rewrite: Callable[[str], str]) -> None:
        self._place, self._rewrite = place, rewrite

    @property
    def name(self) -> str:
        """Return the name of the file or folder."""
        return self._place.name

    def iterdir(self) -> Iterator[Traversable]:
        """Yield the entries of the folder."""
        return (RewrittenFile(entry, self._rewrite) for entry in self._place.iterdir())

    def joinpath(self, *descendants: Step) -> Traversable:
        """Return the entry of that name."""
        return RewrittenFile(self._place.joinpath(*descendants), self._rewrite)

    def __truediv__(self, child: Step) -> Traversable:
        """Return the entry of that name."""
        return self.joinpath(child)

    def is_dir(self) -> bool:
        """Return whether this is a folder."""
        return self._place.is_dir()

    def is_file(self) -> bool:
        """Return whether this is a file."""
        return self._place.is_file()

    def read_bytes(self) -> bytes:
        """Return the content of the file, rewritten."""
        return self._rewrite(self._place.read_bytes().decode("utf-8")).encode()

    def read_text(self, encoding: str | None = None) -> str:
        """Return the text of the file, rewritten."""
        return self._rewrite(self._place.read_text(encoding=encoding or "utf-8"))

    def open(self, mode: str = "r", *_: Any, **__: Any) -> IO[Any]:
        """Return the rewritten content as a file."""
        return io.BytesIO(self.read_bytes()) if "b" in mode else io.StringIO(self.read_text())
