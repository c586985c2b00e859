"""Folders and files shipped with the package, in a wheel or a checkout, and listing of folders."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

SHAPE_FOLDERS = ("stated", "graph", "ontology", "queries")  # told in `kg.checking.shacl`


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


def listed(folder: Traversable, ending: str) -> list[Traversable]:
    """Return the files directly in `folder` whose names end with `ending`, sorted by name."""
    return [file for file in entries(folder) if file.is_file() and file.name.endswith(ending)]


def walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield the path, after `prefix`, and the file of everything below `folder`, sorted by name."""
    for entry in entries(folder):
        if entry.is_dir():
            yield from walk(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry


def entries(folder: Traversable) -> list[Traversable]:
    """Return the entries of `folder` sorted by name, without hidden files and Python's caches."""
    found = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "__pycache__")))
    return sorted(found, key=lambda entry: entry.name)
