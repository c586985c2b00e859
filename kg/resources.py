"""The folders and files that travel with the code, in a wheel or in a checkout, and what a folder holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """Return the folder `ontology`, `shapes`, `queries` or `records`, whichever way kg was installed.

    A wheel carries the first three under `kg/_data`; in a checkout they lie beside `kg`.
    """
    if name == "records":
        return files("kg") / "records"
    shipped = files("kg") / "_data" / name
    return shipped if shipped.is_dir() else Path(__file__).parent.parent / name


def document(name: str) -> Traversable:
    """Return the file `CITATION.cff` or `LICENSE-DATA`, from the same places."""
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
        """Return the folders that came with the code."""
        return cls(*(folder(name) for name in ("ontology", "shapes", "queries", "records")))


def listed(folder: Traversable, ending: str) -> list[Traversable]:
    """Return the files in `folder` itself whose names have the `ending`, in the order of names."""
    return [file for file in _entries(folder) if file.is_file() and file.name.endswith(ending)]


def walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield each file below `folder` with its path after `prefix`, in the order of names."""
    for entry in _entries(folder):
        if entry.is_dir():
            yield from walk(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry


def _entries(folder: Traversable) -> list[Traversable]:
    """Return what lies in `folder`, but what an editor or Python put there for itself."""
    found = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "__pycache__")))
    return sorted(found, key=lambda entry: entry.name)
