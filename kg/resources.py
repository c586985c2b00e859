"""Folders and files shipped with the package, in a wheel or a checkout, and listing of folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """Return the folder `ontology`, `shapes`, `queries` or `records` of a wheel or a checkout.

    A wheel has the first three in `kg/_data`; in a checkout they lie beside `kg`.
    """
    if name == "records":
        return files("kg") / "records"
    shipped = files("kg") / "_data" / name
    return shipped if shipped.is_dir() else Path(__file__).parent.parent / name


def document(name: str) -> Traversable:
    """Return the file `CITATION.cff` or `LICENSE-DATA`, from `kg/_data` or from beside `kg`."""
    shipped = files("kg") / "_data" / name
    return shipped if shipped.is_file() else Path(__file__).parent.parent / name


@dataclass(frozen=True)
class Sources:
    """The four folders that a build reads."""

    ontology: Traversable
    shapes: Traversable
    queries: Traversable
    records: Traversable

    @classmethod
    def shipped(cls) -> Sources:
        """Return the folders that came with the package."""
        return cls(*(folder(name) for name in ("ontology", "shapes", "queries", "records")))


def listed(folder: Traversable, ending: str) -> list[Traversable]:
    """Return the files directly in `folder` whose names end with `ending`, sorted by name."""
    return [file for file in _entries(folder) if file.is_file() and file.name.endswith(ending)]


def walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield the path, after `prefix`, and the file of everything below `folder`, sorted by name."""
    for entry in _entries(folder):
        if entry.is_dir():
            yield from walk(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry


def _entries(folder: Traversable) -> list[Traversable]:
    """Return the entries of `folder` sorted by name, without hidden files and Python's caches."""
    entries = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "__pycache__")))
    return sorted(entries, key=lambda entry: entry.name)
